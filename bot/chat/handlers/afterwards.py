"""The buttons of a card that is on its way or over: ask again, a receipt, a refund."""

from bot.chat.context import Context
from bot.chat.handlers import money
from bot.chat.language import _, current
from bot.chat.words import state_word
from bot.domain.roles import Right, Role
from bot.domain.transactions import AT_MTN, Transaction
from bot.service import history, receipts, roles
from bot.store import transactions
from bot.store.cards import Card
from bot.store.database import Tx


def status_now(tx: Tx, context: Context, card: Card) -> str:
    """Have MTN asked at once; the card changes by itself when it answers."""
    txn = _readable(tx, context, card)
    history.look_again(tx, txn)
    state = _("It is {state}.").format(state=state_word(txn))
    asked = _("MTN is asked now; the card changes when it answers otherwise.")
    return f"{state} {asked}" if txn.state in AT_MTN else state


def receipt(tx: Tx, context: Context, card: Card) -> str:
    """Have the receipt sent to where the card is."""
    txn = _readable(tx, context, card)
    role = roles.role_of(tx.conn, context.policy, context.user_id, txn.desk_id)
    receipts.ask(tx, context.user_id, txn, context.place, language=current(), nameless=role is Role.AUDITOR)
    return _("The receipt is on its way.")


def refund(tx: Tx, context: Context, card: Card) -> str:
    """Begin a refund of all that is left: a card of its own, to be confirmed and approved like any other."""
    txn = _readable(tx, context, card)
    money.draft_refund_of(tx, context, txn)
    return _("See the card below: nothing moves before Confirm.")


def _readable(tx: Tx, context: Context, card: Card) -> Transaction:
    """Return the card's transaction, to whoever may read it now: the card may have been shown to others long ago."""
    txn = transactions.get(tx.conn, card.txn_id)
    roles.demand(tx, context.policy, context.user_id, txn.desk_id, Right.READ, closed_too=True)
    return txn

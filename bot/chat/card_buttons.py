"""The buttons of a card, by its state. Whoever presses one is checked at the press; a button gives no right.

What decides comes first, what tells comes in a row of its own. Labels alone carry the meaning.
"""

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.keyboards import Verb, data
from bot.chat.language import _
from bot.domain.purging import is_removed
from bot.domain.transactions import AT_MTN, Kind, State
from bot.service.views import CardView
from bot.store.cards import CardRole

# What MTN may be asked about under the reference, by its own support too.
KNOWN_BY_REFERENCE = AT_MTN | {State.SUCCESSFUL, State.FAILED, State.REJECTED, State.UNSENT}
Buttons = list[tuple[str, Verb]]
# Decoration: apps that do not know colours show none.
STYLES = {Verb.CONFIRM: "success", Verb.APPROVE: "success", Verb.CONFIRM_REPEAT: "danger", Verb.REJECT: "danger"}


def of_card(view: CardView) -> InlineKeyboardMarkup | None:
    """Return the buttons that fit a card's state, or None when there is nothing to press."""
    checking = view.card.role is CardRole.CHECKER
    deciding = _checkers(view) if checking else _makers(view)
    rows = [[_button(view, *one) for one in deciding], [_button(view, *one) for one in _telling(view)]]
    if view.txn.state in KNOWN_BY_REFERENCE and not checking:
        rows[1].append(InlineKeyboardButton(_("Copy reference"), copy_text=CopyTextButton(view.txn.reference_id)))
    filled = [row for row in rows if row]
    return InlineKeyboardMarkup(filled) if filled else None


def _button(view: CardView, label: str, verb: Verb) -> InlineKeyboardButton:
    again = view.card.repeat_nonce if verb is Verb.CONFIRM_REPEAT else None
    pressed = data(verb, view.txn.short_code, again or view.card.nonce)
    return InlineKeyboardButton(label, callback_data=pressed, style=STYLES.get(verb))


def _makers(view: CardView) -> Buttons:
    txn, cancel = view.txn, (_("Cancel"), Verb.CANCEL)
    if txn.state is State.DRAFT:
        if txn.payee_name is None:
            return [cancel]
        return [
            (_("Yes, once more"), Verb.CONFIRM_REPEAT) if txn.repeat_asked else (_("Confirm"), Verb.CONFIRM),
            cancel,
        ]
    if txn.state in (State.AWAITING_APPROVAL, State.READY):
        return [cancel]
    retry, review = (_("Retry (same payment)"), Verb.RETRY), (_("Admins: review"), Verb.REVIEW)
    return [retry, cancel, review] if view.can_retry else []


def _checkers(view: CardView) -> Buttons:
    if view.txn.state is State.AWAITING_APPROVAL:
        return [(_("Approve"), Verb.APPROVE), (_("Reject"), Verb.REJECT)]
    return [(_("Close as not sent"), Verb.UNSENT)] if view.txn.state is State.REVIEW else []


def _telling(view: CardView) -> Buttons:
    """Return what only asks, or begins something of its own that has to be confirmed."""
    txn = view.txn
    if txn.state in AT_MTN:
        return [(_("Status now"), Verb.STATUS)]
    if txn.state is not State.SUCCESSFUL or view.card.role is CardRole.CHECKER:
        return []
    refund = [(_("Refund"), Verb.REFUND)] if txn.kind is Kind.REQUEST_TO_PAY and not is_removed(txn.msisdn) else []
    return [(_("Receipt"), Verb.RECEIPT), *refund]

"""Every button press: who pressed is checked here and now, the rest is looked up by the nonce."""

from collections.abc import Callable

from telegram import Update

from bot import tracing
from bot.chat import keyboards
from bot.chat.context import Context
from bot.chat.formats import escape
from bot.chat.handlers import afterwards, asking, contacts, desk, history, languages, money, notify
from bot.chat.keyboards import Press, Verb
from bot.chat.language import _, later, ngettext
from bot.domain.refusals import Refusal, Why
from bot.domain.transactions import State
from bot.service import approvals, payments, review
from bot.service.payments import Confirmed
from bot.store import cards, people, transactions
from bot.store.cards import Card, CardRole
from bot.store.database import Tx

CONFIRMED = {
    Confirmed.SENDING: later("Sending."),
    Confirmed.ASKING_APPROVAL: later("Waiting for approval."),
    Confirmed.ASKING_AGAIN: later("The same is open, or was just made. Look at the card."),
}
NOT_OURS = later("This button no longer works.")


async def press(_update: Update, context: Context) -> None:
    """Decide in one transaction, then stop the spinner: the decision never depends on that answer."""
    query = context.origin.callback_query
    pressed = keyboards.read(query.data or "") if query and query.message else None
    if pressed is None:
        context.answer_press(_(NOT_OURS))
        return
    if pressed.verb in keyboards.OF_STEPS:  # the open question's own buttons never come here
        context.answer_press(asking.not_open(context, pressed.nonce))
        return
    text = await context.commit(lambda tx: _decide(tx, context, pressed))
    context.answer_press(text)


def _decide(tx: Tx, context: Context, pressed: Press) -> str:
    # Whoever presses is met, but a press in a private chat is no more than that chat's own person's.
    context.meet(tx)
    decide = OTHER_VERBS.get(pressed.verb)
    if decide is not None:
        return decide(tx, context, pressed)
    return CARD_VERBS[pressed.verb](tx, context, _card(tx, context, pressed))


def _reading(tx: Tx, context: Context, pressed: Press) -> str:
    money.choose_reading(tx, context, pressed.nonce, int(pressed.subject) if pressed.subject.isdecimal() else -1)
    return ""


def _desk(tx: Tx, context: Context, pressed: Press) -> str:
    desk_id = int(pressed.subject) if pressed.subject.isdecimal() else 0
    return _("{desk}. Now type your command.").format(desk=desk.remember_desk(tx, context, desk_id))


def _card(tx: Tx, context: Context, pressed: Press) -> Card:
    """Find the card by nonce, chat and verb; anything that does not fit together is not ours."""
    message = context.message
    card = cards.pressed(tx, pressed.nonce, message.chat.id, message.message_id)
    if card is None:
        raise Refusal(Why.CARD_EXPIRED)
    checker = pressed.verb in (Verb.APPROVE, Verb.REJECT, Verb.UNSENT)
    repeat = pressed.verb is Verb.CONFIRM_REPEAT
    theirs = (card.role is CardRole.CHECKER) == checker or pressed.verb is Verb.STATUS
    fits = theirs and (not repeat or pressed.nonce == card.repeat_nonce)
    txn = transactions.get(tx.conn, card.txn_id)
    if not fits or txn.short_code != pressed.subject:
        raise Refusal(Why.CARD_EXPIRED)
    tracing.follow(txn.trace)
    return card


def _confirm(tx: Tx, context: Context, card: Card) -> str:
    return _(CONFIRMED[payments.confirm(tx, context.policy, context.user_id, card)])


def _confirm_repeat(tx: Tx, context: Context, card: Card) -> str:
    return _(CONFIRMED[payments.confirm(tx, context.policy, context.user_id, card, again=True)])


def _cancel(tx: Tx, context: Context, card: Card) -> str:
    txn = payments.cancel(tx, context.policy, context.user_id, card)
    if txn.state is State.CANCELLED:
        return _("Cancelled.")
    return _("Nothing more will be sent; it may have gone through.")


def _retry(tx: Tx, context: Context, card: Card) -> str:
    payments.retry(tx, context.policy, context.user_id, card)
    return _("Trying the same payment again.")


def _approve(tx: Tx, context: Context, card: Card) -> str:
    decided = approvals.approve(tx, context.policy, context.user_id, card)
    if decided.missing <= 0:
        return _("Approved.")
    return ngettext("Approved; {n} more needed.", "Approved; {n} more needed.", decided.missing).format(
        n=decided.missing
    )


def _reject(tx: Tx, context: Context, card: Card) -> str:
    decided = approvals.reject(tx, context.policy, context.user_id, card)
    maker = escape(people.name_of(tx.conn, decided.txn.maker_id))
    question = _("Why was {code} rejected? Reply to this message, and {maker} is told.")
    context.say(tx, question.format(code=decided.txn.short_code, maker=maker), ask=True, subject=f"reason:{card.id}")
    return _("Rejected.")


def _review(tx: Tx, context: Context, card: Card) -> str:
    review.hand_over(tx, context.policy, context.user_id, card)
    return _("It will not be sent again; admins look at it now.")


def _unsent(tx: Tx, context: Context, card: Card) -> str:
    missing = review.close_as_unsent(tx, context.policy, context.user_id, card)
    return _("Noted; another admin must say so too.") if missing else _("Closed as not sent.")


CARD_VERBS: dict[Verb, Callable[[Tx, Context, Card], str]] = {
    Verb.CONFIRM: _confirm,
    Verb.CONFIRM_REPEAT: _confirm_repeat,
    Verb.CANCEL: _cancel,
    Verb.RETRY: _retry,
    Verb.APPROVE: _approve,
    Verb.REJECT: _reject,
    Verb.REVIEW: _review,
    Verb.UNSENT: _unsent,
    Verb.STATUS: afterwards.status_now,
    Verb.RECEIPT: afterwards.receipt,
    Verb.REFUND: afterwards.refund,
}
# What is on no card: each finds out for itself whether its button still counts.
OTHER_VERBS: dict[Verb, Callable[[Tx, Context, Press], str]] = {
    Verb.READING: _reading,
    Verb.DESK: _desk,
    Verb.LANGUAGE: languages.pressed,
    Verb.CONTACT: contacts.press,
    Verb.CONTACTS: contacts.turn,
    Verb.OLDER: history.turn,
    Verb.NEWER: history.turn,
    Verb.NOTIFY: lambda tx, context, pressed: notify.pressed(tx, context, pressed.subject),
}

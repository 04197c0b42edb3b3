"""What /pay, /request and /refund end in: a draft and its card, or a question with two buttons."""

from dataclasses import replace
from typing import Any

from bot.chat import keyboards
from bot.chat.context import Context
from bot.chat.formats import money, quote
from bot.chat.handlers.desk import choose_desk
from bot.chat.language import _, later
from bot.chat.parsing import Choices, Order, RefundLine
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right
from bot.domain.transactions import CONFIRM_WITHIN, Kind, Transaction
from bot.service import history, payments, refundable, roles
from bot.service.payments import Intent
from bot.service.seats import Seat
from bot.store import questions, transactions
from bot.store.database import Tx
from momo import Money, Msisdn, clean_note

# What MTN is told where no note was typed.
NOTES = {
    Kind.TRANSFER: later("Payment"),
    Kind.DEPOSIT: later("Deposit"),
    Kind.REQUEST_TO_PAY: later("Payment request"),
    Kind.REFUND: later("Refund"),
}


def draft_order(tx: Tx, context: Context, kind: Kind, order: Order) -> None:
    """Make a payment or a request out of a typed order."""
    intent = Intent(kind, order.msisdn, order.amount, clean_note(order.note, _(NOTES[kind])))
    _draft(tx, context, context.seat(tx), intent)


def draft_refund(tx: Tx, context: Context, line: RefundLine) -> None:
    """Make a refund of an earlier request; by default of all that is left."""
    seat = context.seat(tx)
    if seat.desk is None and seat.choices:
        choose_desk(tx, context)
        return
    seat.demand(Right.MOVE)
    original = history.find(tx, seat, line.reference)
    _draft(tx, context, seat, _refund(tx, original, line.amount, line.reason))


def draft_refund_of(tx: Tx, context: Context, original: Transaction) -> None:
    """Make a refund of all that is left of a transaction whose card is pressed, in the till it belongs to; once."""
    roles.demand(tx, context.policy, context.user_id, original.desk_id, Right.MOVE)
    intent = _refund(tx, original, None, "")
    if transactions.drafts_refunding(tx.conn, original.id, context.user_id):
        raise Refusal(Why.ALREADY_CHOSEN)
    place = replace(context.place, reply_to=context.message.message_id)
    payments.draft(tx, context.policy, context.user_id, original.desk_id, place, intent, context.origin.update_id)


def _refund(tx: Tx, original: Transaction, amount: Money | None, reason: str) -> Intent:
    """Return what a refund asks for, if there is enough left."""
    left = refundable.amount(tx, original, amount)
    note = clean_note(reason, _(NOTES[Kind.REFUND]))
    return Intent(Kind.REFUND, original.msisdn, left, note, original.id, original.payee_name or "")


def _draft(tx: Tx, context: Context, seat: Seat, intent: Intent) -> None:
    if seat.desk is None and seat.choices:
        choose_desk(tx, context)
        return
    desk = seat.demand(Right.MOVE)
    payments.draft(tx, context.policy, context.user_id, desk.id, context.place, intent, context.origin.update_id)


def ask_order(tx: Tx, context: Context, kind: Kind, choices: Choices[Order]) -> None:
    """Ask back which of two orders was meant."""
    readings = [
        {"kind": kind, "msisdn": str(o.msisdn), "amount": o.amount.wire(), "note": o.note} for o in choices.readings
    ]
    labels = [_label(o) for o in choices.readings]
    _ask(tx, context, readings, labels)


def _label(order: Order) -> str:
    if not order.note:
        return money(order.amount)
    return _("{amount}, note: {note}").format(amount=money(order.amount), note=order.note[:30])


def ask_refund(tx: Tx, context: Context, choices: Choices[RefundLine]) -> None:
    """Ask back which of two refunds was meant."""
    readings = [
        {
            "kind": Kind.REFUND,
            "reference": line.reference,
            "amount": line.amount.wire() if line.amount else None,
            "reason": line.reason,
        }
        for line in choices.readings
    ]
    labels = [money(line.amount) if line.amount else _("All that is left") for line in choices.readings]
    _ask(tx, context, readings, labels)


def _ask(tx: Tx, context: Context, readings: list[dict[str, Any]], labels: list[str]) -> None:
    context.seat(tx)
    question = questions.add(tx, context.message.chat.id, context.user_id, readings, tx.now + CONFIRM_WITHIN)
    text = f"{quote(context.message.text or '')}\n{_('This can be read in two ways. Which one do you mean?')}"
    context.say(tx, text, keyboard=keyboards.of_question(question, labels))


def choose_reading(tx: Tx, context: Context, nonce: str, place: int) -> None:
    """Carry on with the reading a button stands for; once."""
    question = questions.find(tx.conn, nonce, context.message.chat.id)
    if question is None or question.user_id != context.user_id:
        raise Refusal(Why.NOT_YOUR_CARD)
    if question.expires_at <= tx.now:
        raise Refusal(Why.CARD_EXPIRED)
    if not 0 <= place < len(question.readings):
        raise Refusal(Why.CARD_EXPIRED)
    if not questions.choose(tx, question.id, place):
        raise Refusal(Why.ALREADY_CHOSEN)
    context.show_choice(tx)
    _carry_on(tx, context, question.readings[place])


def _carry_on(tx: Tx, context: Context, reading: dict[str, Any]) -> None:
    currency = context.policy.market.currency
    amount = Money.parse(reading["amount"], currency) if reading["amount"] else None
    if reading["kind"] == Kind.REFUND:
        draft_refund(tx, context, RefundLine(reading["reference"], amount, reading["reason"]))
    elif amount is not None:
        order = Order(Msisdn(reading["msisdn"]), amount, reading["note"])
        draft_order(tx, context, Kind(reading["kind"]), order)

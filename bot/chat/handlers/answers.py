"""What a typed answer means at each step, and what a form that is complete becomes."""

from collections.abc import Callable

from bot.chat import phonebook
from bot.chat.amounts import Ambiguous, parse_amount
from bot.chat.context import Context, Form
from bot.chat.handlers import money as drafts
from bot.chat.handlers.asking import Question, Step
from bot.chat.handlers.questions import either
from bot.chat.naming import parse_name
from bot.chat.numbers import parse_number
from bot.chat.parsing import COMMANDS, Order, RefundLine, is_everything, parse_reference
from bot.service import contacts, history, refundable
from bot.store.database import Tx
from momo import Money, Msisdn

# Exact, as the form keeps it, or asked back.
Answer = str | Question


def read(tx: Tx, context: Context, form: Form, step: Step, typed: str) -> Answer:
    """Return what was typed as the form keeps it, or the question that makes it clear.

    Raises:
        BadInput, Refusal: it is no answer; the same question stays open.
    """
    return READERS[step](tx, context, form, typed)


def check(tx: Tx, context: Context, form: Form, step: Step, answer: str) -> None:
    """Refuse now what would be refused at the end, while the question is still open."""
    if step is Step.REFUND_AMOUNT and answer:
        original = history.find(tx, context.seat(tx), form["reference"])
        refundable.amount(tx, original, _money(context, answer))
    if step is Step.CONTACT_NUMBER:
        contacts.demand_unsaved(tx, context.seat(tx), Msisdn(answer))


def _money(context: Context, answer: str) -> Money:
    return Money.parse(answer, context.policy.market.currency)


def _number(tx: Tx, context: Context, _form: Form, typed: str) -> Answer:
    """Take a phone number, or the name of a contact."""
    if contacts.called(tx, context.seat(tx), typed):
        return str(contacts.named(tx, context.seat(tx), typed).msisdn)
    return str(parse_number(typed, context.policy.market))


def _amount(_tx: Tx, context: Context, _form: Form, typed: str) -> Answer:
    amount = parse_amount(typed, context.policy.market)
    return either(amount.readings) if isinstance(amount, Ambiguous) else amount.value.wire()


def _reference(tx: Tx, context: Context, _form: Form, typed: str) -> Answer:
    return history.find(tx, context.seat(tx), parse_reference(typed)).reference_id


def _refund_amount(tx: Tx, context: Context, form: Form, typed: str) -> Answer:
    return "" if is_everything(typed.strip()) else _amount(tx, context, form, typed)


def _words(_tx: Tx, _context: Context, _form: Form, typed: str) -> Answer:
    return typed


def _new_number(_tx: Tx, context: Context, _form: Form, typed: str) -> Answer:
    return str(parse_number(typed, context.policy.market))


def _name(_tx: Tx, _context: Context, _form: Form, typed: str) -> Answer:
    return parse_name(typed)


READERS: dict[Step, Callable[[Tx, Context, Form, str], Answer]] = {
    Step.NUMBER: _number,
    Step.AMOUNT: _amount,
    Step.NOTE: _words,
    Step.REFERENCE: _reference,
    Step.REFUND_AMOUNT: _refund_amount,
    Step.REASON: _words,
    Step.CONTACT_NUMBER: _new_number,
    Step.CONTACT_NAME: _name,
    Step.NEW_NAME: _name,
}


def finish(tx: Tx, context: Context, form: Form) -> None:
    """Carry out what was asked for, every answer being there.

    Raises:
        Refusal: it may not be; the last question stays open, and a way back with it.
    """
    FINISHED.get(form["command"], _order)(tx, context, form)


def _order(tx: Tx, context: Context, form: Form) -> None:
    order = Order(Msisdn(form["msisdn"]), _money(context, form["amount"]), form["note"])
    drafts.draft_order(tx, context, COMMANDS[form["command"]], order)


def _refund(tx: Tx, context: Context, form: Form) -> None:
    amount = _money(context, form["amount"]) if form["amount"] else None
    drafts.draft_refund(tx, context, RefundLine(form["reference"], amount, form["note"], everything=amount is None))


def _contact(tx: Tx, context: Context, form: Form) -> None:
    contacts.save(tx, context.seat(tx), context.place, form["name"], Msisdn(form["msisdn"]))


def _rename(tx: Tx, context: Context, form: Form) -> None:
    seat = context.seat(tx)
    contact = contacts.pressed(tx, seat, form["contact"])
    contacts.rename(tx, seat, contact, form["name"])
    context.say(tx, phonebook.renamed(contact.name, form["name"]))


FINISHED: dict[str, Callable[[Tx, Context, Form], None]] = {
    "refund": _refund,
    "contact": _contact,
    "rename": _rename,
}

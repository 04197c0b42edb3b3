"""What is asked at each step, with what may be meant. The answers offered are exact: nothing is read out of a label."""

from collections.abc import Callable

from bot.chat.context import Context, Form
from bot.chat.formats import escape, money
from bot.chat.handlers.asking import Guess, Question, Step
from bot.chat.language import _, later
from bot.chat.parsing import COMMANDS
from bot.chat.phonebook import whom
from bot.service import contacts, guesses, history, refundable
from bot.store.database import Tx
from momo import Money, Msisdn

WHOM = {
    "pay": later("Whom do you want to pay? Type the phone number."),
    "request": later("Who shall be asked for money? Type the phone number."),
    "deposit": later("Into whose account shall money go? Type the phone number."),
}


def put(tx: Tx, context: Context, form: Form, step: Step) -> Question:
    """Return the question of a step.

    Raises:
        Refusal: there is nothing to ask, such as a payment of which nothing is left to refund.
    """
    return QUESTIONS[step](tx, context, form)


def _number(tx: Tx, context: Context, form: Form) -> Question:
    likely = guesses.numbers(tx, form["desk"], COMMANDS[form["command"]])
    return Question(_(WHOM[form["command"]]), [_somebody(context, one) for one in likely])


def _somebody(context: Context, one: guesses.Somebody) -> Guess:
    return Guess(whom(one.name, one.msisdn, private=context.is_private), str(one.msisdn))


def _amount(tx: Tx, context: Context, form: Form) -> Question:
    likely = guesses.amounts(tx, form["desk"], COMMANDS[form["command"]], Msisdn(form["msisdn"]))
    text = _("How much, in {currency}?").format(currency=context.policy.market.currency)
    return Question(text, [Guess(money(one), one.wire()) for one in likely], per_row=2)


def _note(_tx: Tx, _context: Context, _form: Form) -> Question:
    return Question(_("A note for the receiver and for MTN?"))


def _reference(tx: Tx, context: Context, form: Form) -> Question:
    offered = [
        Guess(f"{txn.short_code} · {money(rest)} · {_payer(context, txn.payee_name, txn.msisdn)}", txn.reference_id)
        for txn, rest in guesses.collections(tx, form["desk"])
    ]
    return Question(_("Which payment shall be given back? Type its reference; it is on the card."), offered)


def _payer(context: Context, name: str | None, msisdn: Msisdn) -> str:
    return whom(name or "", msisdn, private=context.is_private)


def _refund_amount(tx: Tx, context: Context, form: Form) -> Question:
    original = history.find(tx, context.seat(tx), form["reference"])
    left = money(refundable.amount(tx, original, None))
    text = _("How much? {amount} is left; all of it, if you skip this.").format(amount=left)
    return Question(text, [Guess(_("All: {amount}").format(amount=left), "")])


def _reason(_tx: Tx, _context: Context, _form: Form) -> Question:
    return Question(_("Why?"))


def _contact_number(tx: Tx, context: Context, form: Form) -> Question:
    likely = guesses.unsaved(tx, form["desk"])
    return Question(_("Which number shall be saved? Type it."), [_somebody(context, one) for one in likely])


def _contact_name(_tx: Tx, _context: Context, _form: Form) -> Question:
    return Question(_("Under which name?"))


def _new_name(tx: Tx, context: Context, form: Form) -> Question:
    contact = contacts.pressed(tx, context.seat(tx), form["contact"])
    return Question(_("How shall {name} be called from now on?").format(name=escape(contact.name)))


def either(readings: tuple[Money, ...]) -> Question:
    """Return the question that follows an amount with two meanings."""
    meant = _(" or ").join(f"<b>{money(reading)}</b>" for reading in readings)
    text = _("Do you mean {either}? Type it again, without a separator for thousands.").format(either=meant)
    return Question(text, [Guess(money(reading), reading.wire()) for reading in readings], per_row=2)


QUESTIONS: dict[Step, Callable[[Tx, Context, Form], Question]] = {
    Step.NUMBER: _number,
    Step.AMOUNT: _amount,
    Step.NOTE: _note,
    Step.REFERENCE: _reference,
    Step.REFUND_AMOUNT: _refund_amount,
    Step.REASON: _reason,
    Step.CONTACT_NUMBER: _contact_number,
    Step.CONTACT_NAME: _contact_name,
    Step.NEW_NAME: _new_name,
}

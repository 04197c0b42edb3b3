"""The step-by-step commands: their steps, how a question is put, and when it is over.

    /pay, /request, /deposit  ->  NUMBER         ->  AMOUNT         ->  NOTE    ->  card
    /refund                   ->  REFERENCE      ->  REFUND_AMOUNT  ->  REASON  ->  card
    /contacts add             ->  CONTACT_NUMBER ->  CONTACT_NAME   ->  saved

What is asked at each step is in `questions`, what an answer means in `answers`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from bot.chat import keyboards
from bot.chat.context import Context, Form, Turn
from bot.chat.failures import words_of
from bot.chat.formats import escape
from bot.chat.language import _
from bot.domain.roles import Right
from bot.store.database import Tx
from bot.store.times import from_ms, to_ms

# Longer than this an open question does not wait: whatever is typed then is meant for something else.
WAITS = timedelta(days=1)


class Step(IntEnum):
    """What is being asked. The numbers are kept in the database."""

    NUMBER = 1
    AMOUNT = 2
    NOTE = 3
    REFERENCE = 4
    REFUND_AMOUNT = 5
    REASON = 6
    CONTACT_NUMBER = 7
    CONTACT_NAME = 8
    NEW_NAME = 9


ORDER = (Step.NUMBER, Step.AMOUNT, Step.NOTE)
FLOWS: dict[str, tuple[Step, ...]] = {
    "pay": ORDER,
    "request": ORDER,
    "deposit": ORDER,
    "refund": (Step.REFERENCE, Step.REFUND_AMOUNT, Step.REASON),
    "contact": (Step.CONTACT_NUMBER, Step.CONTACT_NAME),
    "rename": (Step.NEW_NAME,),
}
OF_MONEY = FLOWS.keys() - {"contact", "rename"}
# Under which name the answer of a step is kept in the form.
FIELDS = {
    Step.NUMBER: "msisdn",
    Step.AMOUNT: "amount",
    Step.NOTE: "note",
    Step.REFERENCE: "reference",
    Step.REFUND_AMOUNT: "amount",
    Step.REASON: "note",
    Step.CONTACT_NUMBER: "msisdn",
    Step.CONTACT_NAME: "name",
    Step.NEW_NAME: "name",
}
# Left out, these are empty: no note, no reason, and of a refund all that is left.
OPTIONAL = frozenset({Step.NOTE, Step.REFUND_AMOUNT, Step.REASON})


@dataclass(frozen=True, slots=True)
class Guess:
    """An answer offered on a button, exact as the form keeps it."""

    label: str
    answer: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what may be meant."""

    text: str
    guesses: Sequence[Guess] = ()
    per_row: int = 1


def begun(tx: Tx, command: str, desk_id: int, known: Form) -> Form:
    """Return the form of a command that begins, with what is known already."""
    return {"command": command, "desk": desk_id, "since_ms": to_ms(tx.now), **known}


def next_step(form: Form) -> Step | None:
    """Return the first step that has no answer yet, or None."""
    return next((step for step in FLOWS[form["command"]] if FIELDS[step] not in form), None)


def step_before(form: Form, step: Step) -> Step:
    """Return the step before this one; before the first, the first."""
    flow = FLOWS[form["command"]]
    return flow[max(flow.index(step) - 1, 0)]


def ask(tx: Tx, context: Context, form: Form, step: Step, question: Question) -> Turn:
    """Put a question; its buttons carry a nonce of its own, and what they stand for is in the form.

    In groups a typed answer must be a reply to be seen at all: where there are no buttons Telegram is told to make it
    one, and where there are, the question says so.
    """
    nonce, optional = tx.mint.nonce(), step in OPTIONAL
    labels = [guess.label for guess in question.guesses]
    back = step_before(form, step) is not step
    keyboard = keyboards.of_step(labels, question.per_row, nonce, skip=optional, back=back)
    text = f"{_to(context)}{question.text} {_how(context, optional=optional, buttons=bool(labels), back=back)}"
    if context.is_private or labels:
        context.say(tx, text, keyboard=keyboard)
    else:
        context.say(tx, text, ask=True)
    kept = {"nonce": nonce, "guesses": [guess.answer for guess in question.guesses], "update": context.origin.update_id}
    return Turn(form | kept, step)


def _to(context: Context) -> str:
    """Name the person asked where the question cannot be a reply to what they typed: they pressed a button."""
    user = context.origin.effective_user
    if user is None or context.is_private or context.origin.callback_query is None:
        return ""
    return f'<a href="tg://user?id={user.id}">{escape(user.full_name)}</a>: '


def _how(context: Context, *, optional: bool, buttons: bool, back: bool) -> str:
    """Say how to answer, and how to get out."""
    if context.is_private:
        return _("Type it, or press Skip or /skip.") if optional else _("/cancel leaves.")
    if buttons:
        return _("Press a button, or reply to this message.")
    if optional:
        return _("Reply with it, or with /skip. /back goes back, /cancel leaves.")
    return _("/back goes back, /cancel leaves.") if back else _("/cancel leaves.")


def over(tx: Tx, context: Context) -> str | None:
    """Return why the open question is over, whatever the answer; None when it is not.

    Since it was put the till may have been closed, the role taken away, another till chosen, or a day have passed.
    """
    form, seat = context.form, context.seat(tx)
    if seat.choices or (seat.desk and seat.desk.id != form.get("desk")):
        return _("You work for another till now, so this question is over. Type the command again.")
    refusal = seat.refusal(Right.MOVE)
    if refusal is not None:
        return words_of(refusal, context)
    if tx.now - from_ms(form["since_ms"]) > WAITS:
        return _("This question waited for more than a day and is over. Type the command again.")
    return None


def not_open(context: Context, nonce: str) -> str:
    """Return what is said to a press on a question that is not the presser's open one."""
    if context.asked_of_another(lambda form: form.get("nonce") == nonce):
        return _("This question is asked of somebody else.")
    return _("This question is over.")

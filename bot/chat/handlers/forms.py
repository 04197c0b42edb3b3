"""/pay, /request, /deposit and /refund: in one line, or asked step by step.

One conversation for all of them, so that a person has one question open at a time in a chat. Whatever an update does
to it is one transaction with the mark that the update is done: replayed after a death it finds all of it, or nothing.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import ConversationHandler

from bot.chat import freetext, keyboards
from bot.chat.context import OVER, Context, Form, Turn
from bot.chat.handlers import answers, asking, caps, questions
from bot.chat.handlers import money as drafts
from bot.chat.handlers.asking import FIELDS, OPTIONAL, Question, Step
from bot.chat.handlers.desk import choose_desk
from bot.chat.keyboards import Press, Verb
from bot.chat.language import _
from bot.chat.naming import parse_order_to
from bot.chat.parsing import COMMANDS, Choices, parse_refund
from bot.domain.roles import Right
from bot.service import contacts, freeze
from bot.store import outbox
from bot.store.database import Tx

END = ConversationHandler.END
Handler = Callable[[Update, Context], Coroutine[Any, Any, int]]


async def command(_update: Update, context: Context) -> int:
    """Take a command: a whole line makes a card, the bare command starts asking."""
    name = (context.message.text or "").split()[0].lstrip("/").partition("@")[0].lower()
    return await _carry_out(context, name, context.arguments())


async def words(update: Update, context: Context) -> int:
    """Take a sentence in a private chat that begins like a command: "pay 0772123456 5k rent"."""
    await caps.typed(update, context)
    name, arguments = freetext.command_in(context.message.text or "") or ("pay", "")
    return await _carry_out(context, name, arguments)


async def _carry_out(context: Context, name: str, arguments: str) -> int:
    if not arguments:
        return await begin(context, name)
    return await take(context, lambda tx: _line(tx, context, name, arguments))


async def take(context: Context, fn: Callable[[Tx], Turn]) -> int:
    """Run one step and return where it leads, as ConversationHandler wants to know it."""
    turn = await context.take_step(fn)
    context.answer_press()
    return END if turn.step is None else turn.step


async def begin(context: Context, name: str, **known: str) -> int:
    """Start asking, with what is known already; with several tills, ask for the till instead."""

    def first(tx: Tx) -> Turn:
        seat = context.seat(tx)
        if seat.desk is None and seat.choices:
            choose_desk(tx, context)
            return OVER
        desk = seat.demand(Right.MOVE)
        if context.origin.callback_query is None:
            context.demand_fresh(tx)
        if name in asking.OF_MONEY:
            freeze.demand_moving(tx)
        return _go_on(tx, context, asking.begun(tx, name, desk.id, known))

    return await take(context, first)


def _go_on(tx: Tx, context: Context, form: Form) -> Turn:
    """Ask what is still to be known; when nothing is, do what was asked for."""
    step = asking.next_step(form)
    if step is not None:
        return asking.ask(tx, context, form, step, questions.put(tx, context, form, step))
    answers.finish(tx, context, form)
    return OVER


# A whole line


def _line(tx: Tx, context: Context, name: str, arguments: str) -> Turn:
    seat = context.seat(tx)
    if not seat.choices:
        seat.demand(Right.MOVE)  # a stranger learns nothing, not even what is wrong with the line
    context.demand_fresh(tx)
    return _refund(tx, context, arguments) if name == "refund" else _order(tx, context, name, arguments)


def _order(tx: Tx, context: Context, name: str, arguments: str) -> Turn:
    saved = {contact.name: contact.msisdn for contact in contacts.of_seat(tx, context.seat(tx))}
    read = parse_order_to(name, arguments, context.policy.market, saved)
    if isinstance(read, Choices):
        drafts.ask_order(tx, context, COMMANDS[name], read)
    else:
        drafts.draft_order(tx, context, COMMANDS[name], read)
    return OVER


def _refund(tx: Tx, context: Context, arguments: str) -> Turn:
    seat, read = context.seat(tx), parse_refund(arguments, context.policy.market)
    if isinstance(read, Choices):
        drafts.ask_refund(tx, context, read)
    elif read.is_open and seat.desk is not None:
        # "half", "for the soup": words where the amount would stand. All of it is shown, and never just assumed.
        known = {"reference": read.reference, "note": read.reason}
        return _go_on(tx, context, asking.begun(tx, "refund", seat.desk.id, known))
    else:
        drafts.draft_refund(tx, context, read)
    return OVER


# Step by step


def typed(step: Step) -> Handler:
    """Return the handler of what is typed at a step."""

    async def answer(_update: Update, context: Context) -> int:
        text = context.message.text or ""
        return await take(context, lambda tx: _typed(tx, context, step, text))

    return answer


def _typed(tx: Tx, context: Context, step: Step, text: str) -> Turn:
    if _answers_another(tx, context):
        context.say(tx, _("You replied to a question that is asked of somebody else. Reply to your own."))
        return Turn(context.form, step)
    return _unless_over(tx, context, lambda form: _answered(tx, context, form, step, text))


def _answered(tx: Tx, context: Context, form: Form, step: Step, text: str) -> Turn:
    answer = answers.read(tx, context, form, step, text)
    if isinstance(answer, Question):
        return asking.ask(tx, context, form, step, answer)
    return _accept(tx, context, form, step, answer)


def _answers_another(tx: Tx, context: Context) -> bool:
    """Tell whether this is a reply to the open question of somebody else in the same group."""
    replied = context.message.reply_to_message
    if replied is None:
        return False
    asked_by = outbox.answered_update(tx.conn, context.message.chat.id, replied.message_id)
    return asked_by is not None and context.asked_of_another(lambda form: form.get("update") == asked_by)


def _accept(tx: Tx, context: Context, form: Form, step: Step, answer: str) -> Turn:
    answers.check(tx, context, form, step, answer)
    return _go_on(tx, context, form | {FIELDS[step]: answer})


def _unless_over(tx: Tx, context: Context, go_on: Callable[[Form], Turn]) -> Turn:
    why = asking.over(tx, context)
    if why is None:
        return go_on(dict(context.form))
    context.say(tx, why)
    return OVER


def skipped(step: Step) -> Handler:
    """Return the handler of /skip at a step."""

    async def skip(_update: Update, context: Context) -> int:
        return await take(context, lambda tx: _unless_over(tx, context, lambda form: _skip(tx, context, form, step)))

    return skip


def _skip(tx: Tx, context: Context, form: Form, step: Step) -> Turn:
    if step not in OPTIONAL:
        context.say(tx, _("This answer cannot be left out. /back goes back, /cancel leaves."), ask=True)
        return Turn(form, step)
    return _accept(tx, context, form, step, "")


def returned(step: Step) -> Handler:
    """Return the handler of /back at a step."""

    async def back(_update: Update, context: Context) -> int:
        return await take(context, lambda tx: _unless_over(tx, context, lambda form: _back(tx, context, form, step)))

    return back


def _back(tx: Tx, context: Context, form: Form, step: Step) -> Turn:
    """Ask the step before again; its answer is forgotten, and those after it are kept."""
    before = asking.step_before(form, step)
    return _go_on(tx, context, {field: value for field, value in form.items() if field != FIELDS[before]})


async def leave(_update: Update, context: Context) -> int:
    """Leave the questions; nothing was started."""
    return await take(context, lambda tx: _leave(tx, context))


def _leave(tx: Tx, context: Context) -> Turn:
    context.say(tx, _("Left. Nothing was started."))
    return OVER


# Buttons


def pressed(step: Step) -> Handler:
    """Return the handler of the buttons at a step: of the presser's own open question; all others do nothing."""

    async def press(_update: Update, context: Context) -> int:
        query = context.origin.callback_query
        data = keyboards.read(query.data or "") if query else None
        if data is None or not _fits(data, context.form):
            context.answer_press(asking.not_open(context, data.nonce if data else ""))
            return step
        return await take(context, lambda tx: _pressed(tx, context, step, data))

    return press


def _fits(data: Press, form: Form) -> bool:
    """Tell whether a button belongs to the open question, and is one that it has."""
    offered = [str(place) for place in range(len(form.get("guesses", ())))]
    return data.nonce == form.get("nonce") and (data.verb is not Verb.PICK or data.subject in offered)


def _pressed(tx: Tx, context: Context, step: Step, data: Press) -> Turn:
    context.show_choice(tx)
    return _unless_over(tx, context, lambda form: PRESSED[data.verb](tx, context, form, step, data))


def _pick(tx: Tx, context: Context, form: Form, step: Step, data: Press) -> Turn:
    return _accept(tx, context, form, step, form["guesses"][int(data.subject)])


PRESSED: dict[Verb, Callable[[Tx, Context, Form, Step, Press], Turn]] = {
    Verb.PICK: _pick,
    Verb.SKIP: lambda tx, context, form, step, _data: _skip(tx, context, form, step),
    Verb.BACK: lambda tx, context, form, step, _data: _back(tx, context, form, step),
    Verb.LEAVE: lambda tx, context, _form, _step, _data: _leave(tx, context),
}

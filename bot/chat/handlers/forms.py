"""/pay, /request and /refund: in one line, or asked step by step.

One conversation for all three, so that a person has one question open at a time. Its steps:

    /pay, /request  ->  NUMBER  ->  AMOUNT  ->  NOTE    ->  card
    /refund         ->  REFERENCE -> REFUND_AMOUNT -> REASON -> card

A step's answer is one field, so "5 000" is 5000 there. /cancel leaves; any of the three commands starts over.
"""

from collections.abc import Callable, Coroutine
from enum import IntEnum
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, ConversationHandler, MessageHandler

from bot.chat import keyboards
from bot.chat.access import OWN_TEXT, OWN_WORDS
from bot.chat.amounts import Ambiguous, parse_amount
from bot.chat.context import FORMS, Context
from bot.chat.formats import money
from bot.chat.handlers import money as drafts
from bot.chat.handlers.desk import choose_desk
from bot.chat.keyboards import Verb
from bot.chat.language import _, later
from bot.chat.numbers import parse_number
from bot.chat.parsing import Choices, Order, RefundLine, parse_order, parse_reference, parse_refund
from bot.domain.roles import Right
from bot.domain.transactions import Kind, Transaction
from bot.service import history, refundable
from bot.store.database import Tx
from momo import Money, Msisdn

END = ConversationHandler.END
COMMANDS = {"pay": Kind.TRANSFER, "request": Kind.REQUEST_TO_PAY}
FIRST_QUESTIONS = {
    "pay": later("Whom do you want to pay? Type the phone number."),
    "request": later("Who shall be asked for money? Type the phone number."),
}
LEAVE = later("/cancel leaves.")


class Step(IntEnum):
    """What is being asked."""

    NUMBER = 1
    AMOUNT = 2
    NOTE = 3
    REFERENCE = 4
    REFUND_AMOUNT = 5
    REASON = 6


async def order(_update: Update, context: Context) -> int:
    """Take /pay or /request: a whole line makes a card, the bare command starts asking."""
    command, arguments = _command(context), context.arguments()
    if arguments:
        await context.commit(lambda tx: _order_line(tx, context, command, arguments), ends_form=True)
        return END
    if not await _may_start(context):
        return END
    context.clear_form()
    context.form["command"] = command
    await context.reply(f"{_(FIRST_QUESTIONS[command])} {_(LEAVE)}", ask=True)
    return Step.NUMBER


def _command(context: Context) -> str:
    return (context.message.text or "").split()[0].lstrip("/").partition("@")[0].lower()


async def _may_start(context: Context) -> bool:
    """Check the right before the first question; with several tills, ask for the till instead."""

    def check(tx: Tx) -> bool:
        seat = context.seat(tx)
        if seat.desk is None and seat.choices:
            choose_desk(tx, context)
            return False
        seat.demand(Right.MOVE)
        context.demand_fresh(tx)
        return True

    return await context.till.store.tx(check)


def _order_line(tx: Tx, context: Context, command: str, arguments: str) -> None:
    seat = context.seat(tx)
    if not seat.choices:
        seat.demand(Right.MOVE)  # a stranger learns nothing, not even what is wrong with the line
    context.demand_fresh(tx)
    read = parse_order(command, arguments, context.policy.market)
    if isinstance(read, Choices):
        drafts.ask_order(tx, context, COMMANDS[command], read)
    else:
        drafts.draft_order(tx, context, COMMANDS[command], read)


async def number(_update: Update, context: Context) -> int:
    """Take the phone number and ask the amount."""
    msisdn = parse_number(context.message.text or "", context.policy.market)
    context.form["msisdn"] = str(msisdn)
    question = _("How much, in {currency}?").format(currency=context.policy.market.currency)
    await context.reply(f"{question} {_(LEAVE)}", ask=True)
    return Step.AMOUNT


async def amount(_update: Update, context: Context) -> int:
    """Take the amount and ask for a note."""
    read = _amount(context)
    if read is None:
        return await _ask_amount_again(context, Step.AMOUNT)
    context.form["amount"] = read.wire()
    await _ask_optional(context, _("A note for the receiver and for MTN?"))
    return Step.NOTE


async def _ask_optional(context: Context, question: str) -> None:
    """Ask what may be left out: by a button in private; in groups the answer must be a reply, so by /skip."""
    if context.is_private:
        # A name that a replay of this update gives again: the question is said once.
        nonce = context.form["skip"] = str(context.origin.update_id)
        await context.reply(f"{question} {_('Type it, or press Skip or /skip.')}", keyboard=keyboards.skip(nonce))
    else:
        await context.reply(f"{question} {_('Reply with it, or with /skip.')}", ask=True)


def _amount(context: Context) -> Money | None:
    """Read the typed amount; None when it can be read in two ways."""
    read = parse_amount(context.message.text or "", context.policy.market)
    return None if isinstance(read, Ambiguous) else read.value


async def _ask_amount_again(context: Context, step: Step) -> int:
    read = parse_amount(context.message.text or "", context.policy.market)
    readings = read.readings if isinstance(read, Ambiguous) else ()
    either = _(" or ").join(f"<b>{money(reading)}</b>" for reading in readings)
    question = _("Do you mean {either}? Type it again, without a separator for thousands.")
    await context.reply(question.format(either=either), ask=True)
    return step


async def note(_update: Update, context: Context) -> int:
    """Take the note, or none, and show the card."""
    if _skips_another_question(context):
        return Step.NOTE
    form, text = dict(context.form), _typed(context)
    typed = Order(Msisdn(form["msisdn"]), Money.parse(form["amount"], context.policy.market.currency), text)
    kind = COMMANDS[form["command"]]
    await context.commit(lambda tx: drafts.draft_order(tx, context, kind, typed), ends_form=True)
    context.answer_press()
    return END


def _skips_another_question(context: Context) -> bool:
    """Tell whether this is a press on the Skip of a question that is over; its presser is told."""
    query = context.origin.callback_query
    pressed = keyboards.read(query.data or "") if query else None
    if pressed is None or pressed.nonce == context.form.get("skip"):
        return False
    context.answer_press(_("This question is over."))
    return True


def _typed(context: Context) -> str:
    """Return what was typed; nothing for a press on Skip or for /skip."""
    text = context.message.text or ""
    skipped = context.origin.callback_query is not None or text.startswith("/skip")
    return "" if skipped else text


async def refund(_update: Update, context: Context) -> int:
    """Take /refund: a whole line makes a card, the bare command starts asking."""
    arguments = context.arguments()
    if arguments:
        await context.commit(lambda tx: _refund_line(tx, context, arguments), ends_form=True)
        return END
    if not await _may_start(context):
        return END
    context.clear_form()
    context.form["command"] = "refund"
    question = _("Which payment shall be given back? Type its reference; it is on the card.")
    await context.reply(f"{question} {_(LEAVE)}", ask=True)
    return Step.REFERENCE


def _refund_line(tx: Tx, context: Context, arguments: str) -> None:
    seat = context.seat(tx)
    if not seat.choices:
        seat.demand(Right.MOVE)
    context.demand_fresh(tx)
    read = parse_refund(arguments, context.policy.market)
    if isinstance(read, Choices):
        drafts.ask_refund(tx, context, read)
    else:
        drafts.draft_refund(tx, context, read)


async def reference(_update: Update, context: Context) -> int:
    """Take the reference, check that something is left, and ask how much."""
    typed = parse_reference(context.message.text or "")

    def check(tx: Tx) -> tuple[Transaction, Money]:
        original = history.find(tx, context.seat(tx), typed)
        return original, refundable.amount(tx, original, None)

    original, left = await context.till.store.tx(check)
    context.form["reference"] = original.reference_id
    question = _("How much? {amount} is left; all of it, if you skip this.")
    await _ask_optional(context, question.format(amount=money(left)))
    return Step.REFUND_AMOUNT


async def refund_amount(_update: Update, context: Context) -> int:
    """Take the amount, or all that is left, and ask the reason."""
    if _skips_another_question(context):
        return Step.REFUND_AMOUNT
    if _typed(context):
        read = _amount(context)
        if read is None:
            return await _ask_amount_again(context, Step.REFUND_AMOUNT)
        await context.till.store.tx(lambda tx: _demand_refundable(tx, context, read))
        context.form["amount"] = read.wire()
    context.answer_press()
    await _ask_optional(context, _("Why?"))
    return Step.REASON


def _demand_refundable(tx: Tx, context: Context, wanted: Money) -> None:
    """Refuse now what would be refused at the end, while the question is still open."""
    refundable.amount(tx, history.find(tx, context.seat(tx), context.form["reference"]), wanted)


async def reason(_update: Update, context: Context) -> int:
    """Take the reason, or none, and show the card."""
    if _skips_another_question(context):
        return Step.REASON
    form = dict(context.form)
    wanted = Money.parse(form["amount"], context.policy.market.currency) if "amount" in form else None
    line = RefundLine(form["reference"], wanted, _typed(context))
    await context.commit(lambda tx: drafts.draft_refund(tx, context, line), ends_form=True)
    context.answer_press()
    return END


async def cancel(_update: Update, context: Context) -> int:
    """Leave the questions; nothing was started."""
    context.clear_form()
    await context.reply(_("Left. Nothing was started."))
    return END


def _or_skip(step: Callable[[Update, Context], Coroutine[Any, Any, int]]) -> list[BaseHandler[Update, Context, object]]:
    """Return the handlers of a step whose answer may be left out."""
    return [
        MessageHandler(OWN_TEXT, step),
        CommandHandler("skip", step, filters=OWN_WORDS),
        CallbackQueryHandler(step, pattern=f"^{Verb.SKIP}:"),
    ]


def conversation() -> ConversationHandler[Context]:
    """Return the one conversation, kept in the till's database."""
    return ConversationHandler(
        entry_points=[
            CommandHandler(["pay", "request"], order, filters=OWN_WORDS),
            CommandHandler("refund", refund, filters=OWN_WORDS),
        ],
        states={
            Step.NUMBER: [MessageHandler(OWN_TEXT, number)],
            Step.AMOUNT: [MessageHandler(OWN_TEXT, amount)],
            Step.NOTE: _or_skip(note),
            Step.REFERENCE: [MessageHandler(OWN_TEXT, reference)],
            Step.REFUND_AMOUNT: _or_skip(refund_amount),
            Step.REASON: _or_skip(reason),
        },
        fallbacks=[CommandHandler("cancel", cancel, filters=OWN_WORDS)],
        allow_reentry=True,
        name=FORMS,
        persistent=True,
    )

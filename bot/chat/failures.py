"""The one error handler: what a person got wrong becomes a sentence, everything else is tried again."""

from bot.chat import sentences
from bot.chat.badinput import BadInput
from bot.chat.context import Context
from bot.chat.formats import plain
from bot.chat.language import _
from bot.chat.numbers import example_number
from bot.chat.parsing import COMMANDS
from bot.domain.purging import is_removed
from bot.domain.refusals import Refusal, Why
from bot.domain.transactions import Transaction
from bot.store.database import Tx
from momo import Money

# Telegram shows no more of an answer to a press.
LONGEST_ANSWER = 200


async def on_error(_: object, context: Context) -> None:
    """Turn a handler's exception into an answer, or hand it to the inbox.

    A refusal of a press is answered on the button, where only the presser sees it; one of a typed command
    in the chat. Anything else is our fault: the inbox tries the update again, or keeps it as a dead letter.
    """
    error = context.error
    if isinstance(error, Refusal):
        text = words_of(error, context)
    elif isinstance(error, BadInput):
        text = sentences.bad_input(error)
    else:
        if error is not None and hasattr(context, "origin"):
            context.till.failures[context.origin.update_id] = error
        return
    await _answer(context, text)


async def _answer(context: Context, text: str) -> None:
    if context.origin.callback_query is not None:
        context.answer_press(plain(text)[:LONGEST_ANSWER], alert=True)
        return

    def say(tx: Tx) -> None:
        context.meet(tx)  # a refusal undid it, and somebody who may not yet may soon
        # Inside a conversation the next message is the answer to the same question.
        ways_out = "\n" + _("/back goes back, /cancel leaves.") if context.form else ""
        context.say(tx, text + ways_out, ask=bool(context.form))

    await context.commit(say)


def words_of(error: Refusal, context: Context) -> str:
    """Return what is said to whoever is refused; where less would do, with the line that does."""
    said = sentences.refusal(_with_facts(error, context))
    line = None if context.origin.callback_query else _line_that_does(error)
    return said if line is None else f"{said} {sentences.for_example(line)}"


def _line_that_does(error: Refusal) -> str | None:
    """Return the command as it was meant, with an amount that passes; None where there is no such amount."""
    txn, left = error.facts.get("txn"), error.facts.get("left")
    if not isinstance(txn, Transaction) or not isinstance(left, Money) or not left.amount:
        return None
    if error.why is Why.MORE_THAN_LEFT:
        return f"/refund {txn.short_code} {left.wire()}"
    command = next((name for name, kind in COMMANDS.items() if kind is txn.kind), None)
    return None if command is None or is_removed(txn.msisdn) else f"/{command} {txn.msisdn} {left.wire()}"


def _with_facts(error: Refusal, context: Context) -> Refusal:
    """Add who asked and where, for the sentence that tells a stranger what the owner needs, and right examples."""
    error.facts["number"] = example_number(context.policy.market)
    if error.why is Why.NO_ROLE:
        owner = context.user_id in context.policy.owners
        error.facts.update(user_id=context.user_id, chat_id=context.message.chat.id, owner=owner)
    return error

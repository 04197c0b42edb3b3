"""/receipt and /verify: a receipt of what went through, and whether one that is shown is this bot's."""

import re

from telegram import Update

from bot.chat import receipts
from bot.chat.context import Context
from bot.chat.handlers.desk import choose_desk
from bot.chat.language import current
from bot.chat.parsing import parse_reference
from bot.domain.roles import Right, Role
from bot.service import history, roles
from bot.service import receipts as issued
from bot.store.database import Tx

# The /start by which a receipt's QR code opens the bot.
SCANNED = re.compile(rf"^/start(?:@\w+)?\s+{receipts.LINK}")


async def receipt(_update: Update, context: Context) -> None:
    """Have the receipt of a transaction sent here: a text and a page."""

    def give(tx: Tx) -> None:
        seat = context.seat(tx)
        if not (seat.sees_all or seat.choices):
            seat.demand(Right.READ)
        reference = parse_reference(context.arguments())
        if seat.choices and seat.desk is None:
            choose_desk(tx, context)
            return
        txn = history.find(tx, seat, reference)
        nameless = seat.role is Role.AUDITOR
        issued.ask(tx, context.user_id, txn, context.place, language=current(), nameless=nameless)

    await context.commit(give)


async def verify(_update: Update, context: Context) -> None:
    """Say whether a receipt is genuine: its code alone, its whole text, or the message that is replied to."""

    def tell(tx: Tx) -> None:
        seat = context.seat(tx)
        issued.demand_reader(tx, context.policy, seat)
        shown = _shown(context)
        found = issued.check(tx, context.policy, seat, receipts.read_code(shown))
        nameless = not roles.has_anywhere(tx, context.policy, context.user_id, Right.MOVE)
        context.say(tx, _verdict(context, found, shown, nameless=nameless))

    await context.commit(tell)


def _shown(context: Context) -> str:
    """Return what was typed, or with nothing typed the message replied to."""
    replied = context.message.reply_to_message
    quoted = (replied.text or replied.caption or "") if replied else ""
    return context.arguments() or quoted


def _verdict(context: Context, found: issued.Genuine | None, shown: str, *, nameless: bool) -> str:
    if found is None:
        return receipts.forged()
    surroundings = "" if receipts.is_code_alone(shown) else shown
    return receipts.genuine(
        found, context.till.zone, sandbox=context.policy.is_sandbox, nameless=nameless, shown=surroundings
    )

"""Before every other handler: whether this person types or presses more than a minute allows."""

from datetime import datetime

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.chat.caps import too_many_commands, too_many_presses
from bot.chat.context import Context
from bot.domain.roles import Right
from bot.service import roles
from bot.store.database import Tx


async def typed(_update: Update, context: Context) -> None:
    """Count a command. Over the cap nobody else handles it, and its person is told so once a minute.

    It counts in the minute in which it was typed: what waited while the bot was away was not typed all at once.

    Raises:
        ApplicationHandlerStop: it is over the cap, and done.
    """
    caps, update_id = context.till.caps, context.origin.update_id
    if caps.commands.admits(context.user_id, update_id, context.message.date):
        return
    tells = caps.told.admits(context.user_id, update_id, await _now(context))
    await context.commit(lambda tx: context.say(tx, too_many_commands()) if tells else None)
    raise ApplicationHandlerStop


async def stop_typed(update: Update, context: Context) -> None:
    """Let an admin's /freeze through however many commands came before it; count anybody else's."""

    def may_stop(tx: Tx) -> bool:
        return roles.has_anywhere(tx, context.policy, context.user_id, Right.APPROVE)

    if not await context.till.store.tx(may_stop):
        await typed(update, context)


async def pressed(_update: Update, context: Context) -> None:
    """Count a press; one over the cap does nothing but say so on its button.

    Raises:
        ApplicationHandlerStop: it is over the cap.
    """
    presses = context.till.caps.presses
    if not presses.admits(context.user_id, context.origin.update_id, await _now(context)):
        context.answer_press(too_many_presses(), alert=True)
        raise ApplicationHandlerStop


async def _now(context: Context) -> datetime:
    return await context.till.store.tx(lambda tx: tx.now)

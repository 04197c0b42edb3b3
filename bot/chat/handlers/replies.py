"""Words that are no command: the reason for a rejection, or somebody looking for help."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.handlers import caps
from bot.chat.handlers.desk import demand_some_role
from bot.chat.language import _
from bot.service import approvals
from bot.store import cards, outbox
from bot.store.cards import Card
from bot.store.database import Tx


async def reply(_update: Update, context: Context) -> None:
    """Pass a rejecter's reason on to the maker; any other reply is not for us."""

    def pass_on(tx: Tx) -> None:
        card = _card_replied_to(tx, context)
        if card and approvals.give_reason(tx, context.user_id, card, (context.message.text or "")[:500]):
            context.say(tx, _("The maker is told."))

    await context.commit(pass_on)


def _card_replied_to(tx: Tx, context: Context) -> Card | None:
    replied = context.message.reply_to_message
    if replied is None:
        return None
    chat_id = context.message.chat.id
    what, _colon, card_id = (outbox.subject_of(tx.conn, chat_id, replied.message_id) or "").partition(":")
    return (
        cards.get(tx.conn, int(card_id)) if what == "reason" else cards.on_message(tx.conn, chat_id, replied.message_id)
    )


async def words(update: Update, context: Context) -> None:
    """Say in private what can be typed here. It is an answer, so it counts as one to a command does."""
    await caps.typed(update, context)

    def say(tx: Tx) -> None:
        demand_some_role(context.seat(tx))
        context.say(tx, _("I know a few commands only. Type /help to see them."))

    await context.commit(say)

"""What happens to chats: a group becomes a supergroup."""

from telegram import Update

from bot.chat.context import Context
from bot.service import chats as service


async def migrated(_: Update, context: Context) -> None:
    """Move everything of a group to its new chat id. Telegram tells it twice, in the old chat and in the new."""
    message = context.message
    old = message.migrate_from_chat_id or message.chat.id
    new = message.migrate_to_chat_id or message.chat.id

    await context.commit(lambda tx: service.move(tx, old, new))

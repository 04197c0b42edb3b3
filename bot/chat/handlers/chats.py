"""What happens to chats: a group becomes a supergroup."""

from typing import Any

from telegram import Update
from telegram.ext import Application, ConversationHandler

from bot.chat.context import Context
from bot.service import chats as service


async def migrated(_: Update, context: Context) -> None:
    """Move everything of a group to its new chat id. Telegram tells it twice, in the old chat and in the new."""
    message = context.message
    old = message.migrate_from_chat_id or message.chat.id
    new = message.migrate_to_chat_id or message.chat.id

    await context.commit(lambda tx: service.move(tx, old, new))
    _move_questions(context.application, old, new)


def _move_questions(app: Application[Any, Any, Any, Any, Any, Any], old: int, new: int) -> None:
    """Let PTB know the open questions by their new chat, as the database does since the move."""
    for forms in app.user_data.values():
        if str(old) in forms:
            forms[str(new)] = forms.pop(str(old))
    for handler in app.handlers[0]:
        if isinstance(handler, ConversationHandler):
            states: Any = handler._conversations  # noqa: SLF001 - PTB has no other door to it
            for key in [key for key in states if key[0] == old]:
                states[(new, *key[1:])] = states.pop(key)

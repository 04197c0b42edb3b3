"""Sending a file: like a message, but it is uploaded."""

from typing import Any

from telegram import Bot, InputFile, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.chat.documents.paper import File

# A large file on a slow line; the limits of a message would give it up.
UPLOAD_SECONDS = 300.0
# Telegram's words for a topic or a message to reply to that is gone.
NO_SUCH_PLACE = ("thread not found", "topic", "replied not found")


async def send(bot: Bot, chat_id: int, file: File, caption: str, extras: dict[str, Any]) -> int:
    """Send a file with its caption and return the message's id; without its topic, if that is gone."""
    reply_to = extras.get("reply_to")
    where = {
        "message_thread_id": extras.get("thread_id"),
        "reply_parameters": ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
    }
    how = {"caption": caption, "parse_mode": ParseMode.HTML, "write_timeout": UPLOAD_SECONDS}
    try:
        return await _upload(bot, chat_id, file, how | where)
    except BadRequest as error:
        if not any(words in error.message.lower() for words in NO_SUCH_PLACE):
            raise
    return await _upload(bot, chat_id, file, how)


async def _upload(bot: Bot, chat_id: int, file: File, how: dict[str, Any]) -> int:
    if isinstance(file.content, bytes):
        return await _hand_over(bot, chat_id, file, InputFile(file.content, file.name), how)
    with file.content.open("rb") as opened:  # streamed: a large file is never whole in memory
        return await _hand_over(bot, chat_id, file, InputFile(opened, file.name, read_file_handle=False), how)


async def _hand_over(bot: Bot, chat_id: int, file: File, given: InputFile, how: dict[str, Any]) -> int:
    if file.is_picture:
        return (await bot.send_photo(chat_id, given, **how)).message_id
    return (await bot.send_document(chat_id, given, disable_content_type_detection=True, **how)).message_id

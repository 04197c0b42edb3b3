"""The one message that does not go through the outbox: that the outbox, with all the rest, cannot be written."""

import asyncio
import contextlib
from collections.abc import Iterable

import structlog
from telegram import Bot
from telegram.error import ChatMigrated, TelegramError
from telegram.request import BaseRequest

from bot.chat.language import _, later, speak
from bot.chat.transport import AiohttpRequest

TRY_SECONDS = 5.0

# What ``store.soundness`` says of a file and what to do about it, marked here for the catalogues.
CAUSES_AND_REMEDIES = (
    later("the disk is full"),
    later("the file is damaged"),
    later("the disk reports an error"),
    later("it cannot be written"),
    later("it cannot be opened"),
    later("another program has it open"),
    later("free space on it"),
    later("keep a copy of it and put a backup in its place with python -m bot restore"),
    later("look at the disk, its permissions and the log"),
)

log = structlog.get_logger(__name__)


def words(reason: str, remedy: str, language: str) -> str:
    """Return what is said, as plain text; nobody's own language can be looked up any more."""
    with speak(language):
        return _(
            "🛑 I have stopped: the database could not be read or written ({reason}). What to do: {remedy}, then start"
            " me again. Nothing is lost: what was on its way is looked up at the next start. Send nothing a second"
            " time."
        ).format(reason=_(reason), remedy=_(remedy))


async def say(
    token: str,
    api_url: str,
    chats: Iterable[int],
    text: str,
    request: BaseRequest | None = None,
    *,
    seconds: float = TRY_SECONDS,
) -> None:
    """Send *text* once to each chat, as far as that works within *seconds*; never raises for Telegram.

    *request* carries the calls in place of the HTTP to Telegram.
    """
    carrier = request or AiohttpRequest()
    bot = Bot(token, f"{api_url.rstrip('/')}/bot", request=carrier, get_updates_request=carrier)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await carrier.initialize()
            await asyncio.gather(*(_say(bot, chat, text) for chat in chats))
    await carrier.shutdown()


async def _say(bot: Bot, chat_id: int, text: str) -> None:
    try:
        await bot.send_message(chat_id, text)
    except ChatMigrated as moved:
        await _say(bot, moved.new_chat_id, text)
    except TelegramError as error:
        log.warning("the last words were not delivered", chat=chat_id, error=error.message)

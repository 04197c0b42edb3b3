"""One look at Telegram from outside the running bot: who we are there, and who else fetches our updates."""

from dataclasses import dataclass
from datetime import timedelta

from telegram import Bot
from telegram.error import Conflict, TelegramError
from telegram.request import BaseRequest

from bot.chat.transport import AiohttpRequest

# Another program that fetches takes its turn back within this time, and ours is broken off.
LISTEN_SECONDS = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """What Telegram says. ``error``: it did not let us in, or was not reached; the rest is empty then."""

    username: str = ""
    webhook_url: str = ""
    waiting: int = 0
    webhook_error: str = ""
    rival: bool = False
    error: str = ""


async def look(token: str, api_url: str, *, listen: bool, request: BaseRequest | None = None) -> Seen:
    """Ask Telegram about this bot; never raises for Telegram. *listen*: find out, too, whether somebody fetches.

    Nothing is acknowledged and nothing is set: what waits there goes on waiting.
    """
    carrier = request or AiohttpRequest()
    bot = Bot(token, f"{api_url.rstrip('/')}/bot", request=carrier, get_updates_request=carrier)
    await carrier.initialize()
    try:
        return await _look(bot, listen=listen)
    except TelegramError as error:
        return Seen(error=error.message)
    finally:
        await carrier.shutdown()


async def _look(bot: Bot, *, listen: bool) -> Seen:
    me, hook = await bot.get_me(), await bot.get_webhook_info()
    rival = listen and not hook.url and await _is_fetched(bot)
    return Seen(me.username or "", hook.url, hook.pending_update_count, hook.last_error_message or "", rival)


async def _is_fetched(bot: Bot) -> bool:
    try:
        await bot.get_updates(limit=1, timeout=timedelta(seconds=LISTEN_SECONDS), read_timeout=2 * LISTEN_SECONDS)
    except Conflict:
        return True
    return False

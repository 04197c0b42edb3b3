"""Telegram: whether the token is let in, how updates come, and whether somebody else takes them."""

from collections.abc import Iterator

from bot.chat import probe
from bot.chat.probe import Seen
from bot.checking.findings import Finding, fine, warning, wrong
from bot.settings import Settings
from bot.wiring import Outside, webhook_url

SUBJECT = "telegram"


async def look(settings: Settings, outside: Outside, *, running: bool) -> list[Finding]:
    """Ask Telegram who we are there. While the bot is *running* nobody listens beside it: it would be broken off."""
    token = settings.telegram_bot_token.get_secret_value()
    seen = await probe.look(token, settings.telegram_api_url, listen=not running, request=outside.telegram)
    return list(_said(settings, seen, running=running))


def _said(settings: Settings, seen: Seen, *, running: bool) -> Iterator[Finding]:
    if seen.error:
        cure = "check TELEGRAM_BOT_TOKEN, TELEGRAM_API_URL and this machine's way to the internet"
        yield wrong(SUBJECT, f"not let in or not reached: {seen.error}", cure)
        return
    yield fine(SUBJECT, f"let in as @{seen.username}, {seen.waiting} updates waiting")
    if seen.rival:
        cure = "stop that program; if you do not know it, have @BotFather revoke the token: somebody else has it"
        yield wrong(SUBJECT, "another program fetches this bot's updates", cure)
    if seen.webhook_error:
        cure = "see that PUBLIC_URL leads to this machine by https, with a certificate that Telegram knows"
        yield warning(SUBJECT, f"Telegram's last call to our address failed: {seen.webhook_error}", cure)
    wanted = webhook_url(settings)
    if seen.webhook_url != wanted:
        now = seen.webhook_url or "none: updates are fetched"
        text = f"the webhook is {now}, the settings want {wanted or 'none'}"
        yield warning(SUBJECT, text, "restart the bot" if running else "the bot sets it when it starts")

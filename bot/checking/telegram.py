"""Telegram: whether the token is let in, how updates come, and whether somebody else takes them."""

from collections.abc import Iterator

from bot.chat import probe
from bot.chat.probe import Seen
from bot.domain.checkup import Finding, fine, warning, wrong
from bot.domain.marking import later
from bot.settings import Settings
from bot.wiring import Outside, webhook_url

SUBJECT = later("telegram")
HOOK_DIFFERS = later("the webhook is {now}, the settings want {wanted} (- is none: updates are fetched)")


async def look(settings: Settings, outside: Outside, *, running: bool) -> list[Finding]:
    """Ask Telegram who we are there. While the bot is *running* nobody listens beside it: it would be broken off."""
    token = settings.telegram_bot_token.get_secret_value()
    seen = await probe.look(token, settings.telegram_api_url, listen=not running, request=outside.telegram)
    return list(_said(settings, seen, running=running))


def _said(settings: Settings, seen: Seen, *, running: bool) -> Iterator[Finding]:
    if seen.error:
        cure = later("check TELEGRAM_BOT_TOKEN, TELEGRAM_API_URL and this machine's way to the internet")
        yield wrong(SUBJECT, later("not let in or not reached: {error}"), cure, error=seen.error)
        return
    yield fine(SUBJECT, later("let in as @{name}, {n} updates waiting"), name=seen.username, n=seen.waiting)
    if seen.rival:
        cure = later("stop that program; if you do not know it, have @BotFather revoke the token: somebody else has it")
        yield wrong(SUBJECT, later("another program fetches this bot's updates"), cure)
    if seen.webhook_error:
        text = later("Telegram's last call to our address failed: {error}")
        cure = later("see that PUBLIC_URL leads to this machine by https, with a certificate that Telegram knows")
        yield warning(SUBJECT, text, cure, error=seen.webhook_error)
    wanted = webhook_url(settings)
    if seen.webhook_url != wanted:
        cure = later("restart the bot") if running else later("the bot sets it when it starts")
        yield warning(SUBJECT, HOOK_DIFFERS, cure, now=seen.webhook_url or "-", wanted=wanted or "-")

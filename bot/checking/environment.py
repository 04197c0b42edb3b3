"""What the settings themselves leave open: they can be started with, and may still not be what is meant."""

from collections.abc import Iterator

from bot.checking.findings import Finding, fine, warning
from bot.settings import Settings

SUBJECT = "settings"


def look(settings: Settings) -> Iterator[Finding]:
    """Say in which world the bot works, and what nobody has decided."""
    world = "no real money" if settings.is_sandbox else "REAL MONEY"
    yield fine(SUBJECT, f"{settings.momo_target_environment}, {settings.momo_currency}, {world}")
    if not settings.public_url:
        yield warning(
            SUBJECT,
            "PUBLIC_URL is empty: MTN cannot call back, so ends are found out by asking, some seconds later",
            "set PUBLIC_URL to the https address under which this machine is reached, or leave it if that is meant",
        )
    if not settings.is_sandbox:
        yield from _live(settings)


def _live(settings: Settings) -> Iterator[Finding]:
    for name in settings.limits_left_open:
        yield warning(SUBJECT, f"{name} is not set: there is no such limit on real money", f"set {name}")
    if settings.admin_chat_id is None:
        yield warning(
            SUBJECT,
            "ADMIN_CHAT_ID is not set: approvals are asked of each admin in private",
            "set it to the id of a group of the admins, which the bot tells when somebody writes there",
        )
    if len(settings.owner_ids) < 2:
        yield warning(
            SUBJECT,
            "there is one owner: if that phone is lost, nobody can give roles or release a stop",
            "add a second person's id to OWNER_IDS",
        )

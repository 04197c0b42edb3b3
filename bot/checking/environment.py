"""What the settings themselves leave open: they can be started with, and may still not be what is meant."""

from collections.abc import Iterator

from bot.domain.checkup import Finding, fine, warning
from bot.domain.marking import later
from bot.settings import Settings

SUBJECT = later("settings")


def look(settings: Settings) -> Iterator[Finding]:
    """Say in which world the bot works, and what nobody has decided."""
    world = later("{environment}, {currency}, no real money")
    if not settings.is_sandbox:
        world = later("{environment}, {currency}, REAL MONEY")
    yield fine(SUBJECT, world, environment=settings.momo_target_environment, currency=settings.momo_currency)
    if not settings.public_url:
        yield warning(
            SUBJECT,
            later("PUBLIC_URL is empty: MTN cannot call back, so ends are found out by asking, some seconds later"),
            later("set PUBLIC_URL to the https address of this machine, or leave it if that is meant"),
        )
    if not settings.is_sandbox:
        yield from _live(settings)


def _live(settings: Settings) -> Iterator[Finding]:
    for name in settings.limits_left_open:
        text, cure = later("{name} is not set: there is no such limit on real money"), later("set {name}")
        yield warning(SUBJECT, text, cure, name=name)
    if settings.admin_chat_id is None:
        yield warning(
            SUBJECT,
            later("ADMIN_CHAT_ID is not set: approvals are asked of each admin in private"),
            later("set it to the id of a group of the admins, which the bot tells when somebody writes there"),
        )
    if len(settings.owner_ids) < 2:
        yield warning(
            SUBJECT,
            later("there is one owner: if that phone is lost, nobody can give roles or release a stop"),
            later("add a second person's id to OWNER_IDS"),
        )

"""The copies the bot makes by itself: whether there is one that is new enough."""

import asyncio
from datetime import datetime, timedelta

from bot.domain.checkup import Finding, fine, warning, wrong
from bot.domain.marking import later
from bot.settings import Settings
from bot.store import backup
from bot.wiring import Outside

SUBJECT = later("backups")
# A copy and one that could not be made: only the second in a row is worth a word.
LATE = 2
CURE = later("see that the bot runs; its log and the admins' chat say why a copy failed")


async def look(settings: Settings, outside: Outside) -> list[Finding]:
    """Say how old the newest copy is."""
    if settings.backup_directory is None:
        text = later("BACKUP_DIRECTORY is not set: the bot makes no copies by itself")
        cure = later("set it to a directory on another disk, unless something else runs python -m bot backup")
        return [] if settings.is_sandbox else [warning(SUBJECT, text, cure)]
    try:
        copies = await asyncio.to_thread(backup.copies, settings.backup_directory)
    except OSError as error:
        cure = later("make that directory for the bot's user, or mount its disk")
        return [wrong(SUBJECT, later("BACKUP_DIRECTORY cannot be read: {error}"), cure, error=error.strerror)]
    return [_newest(settings, copies[-1][0] if copies else None, outside.clock())]


def _newest(settings: Settings, newest: datetime | None, now: datetime) -> Finding:
    if newest is None:
        return warning(SUBJECT, later("there is no copy yet"), CURE)
    hours, every = (now - newest) // timedelta(hours=1), settings.backup_every_hours
    if now - newest > LATE * timedelta(hours=every):
        text = later("the newest copy is {hours} hours old, one is due every {every}")
        return warning(SUBJECT, text, CURE, hours=hours, every=every)
    return fine(SUBJECT, later("the newest copy is {hours} hours old"), hours=hours)

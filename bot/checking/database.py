"""The database and what is around it: asked of the bot that runs, or read from outside when none does."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from bot.checking.findings import Finding, fine, warning, wrong
from bot.service.health import LONGEST_LAG
from bot.settings import Settings
from bot.store import inspection, surroundings
from bot.store.inspection import Inspected
from bot.store.lock import AlreadyRunning, FileLock
from bot.store.soundness import Unusable
from bot.web import control
from bot.web.control import NoAnswer

SUBJECT, DISK = "database", "disk"
RUNS = "a bot is at work on it"
CURE_OF_SHUT = "give that folder to the bot's user, or set DATABASE_PATH to a place of its own"


@dataclass(frozen=True, slots=True)
class Held:
    """What was found; ``running``: a bot works on it now, and said so itself."""

    findings: list[Finding]
    running: bool = False


async def look(settings: Settings) -> Held:
    """Return what the running bot says of its database, or what the file itself says."""
    path = settings.database_path
    if (shut := await asyncio.to_thread(_shut, path.absolute().parent)) is not None:
        return Held([wrong(SUBJECT, f"this user may write nothing in {shut}", CURE_OF_SHUT)])
    if not path.parent.is_dir():
        return Held([_none_yet(path)])
    try:
        said = await control.ask(settings.control_path, "check")
    except (NoAnswer, OSError) as error:
        return Held([wrong(SUBJECT, f"the bot that runs did not answer: {error}", "look at its log")])
    around = await asyncio.to_thread(_around, settings)
    found = await _of_file(settings) if said is None else _of_running(said)
    return Held([*found, *around], running=said is not None)


def _shut(folder: Path) -> Path | None:
    """Return the folder, or what there is of the way to it, if nothing can be made in it; None if all is well."""
    there = next(place for place in (folder, *folder.parents) if place.is_dir())
    try:
        with TemporaryFile(dir=there):  # it has no name, and is gone at once
            return None
    except OSError:
        return there


def _none_yet(path: Path) -> Finding:
    return fine(SUBJECT, f"there is none yet; the first start makes {path}")


def _of_running(said: dict[str, Any]) -> Iterator[Finding]:
    if "error" in said:
        yield wrong(SUBJECT, f"{RUNS}, but cannot tell how it is: {said['error']}", "look at its log")
        return
    yield fine(SUBJECT, f"{RUNS}: version {said['version']}, {said['audit_rows']} audit rows")
    yield from _state(said["broken"], frozen=said["frozen"])
    for what, seconds in (("lookup at MTN", said["poll_seconds"]), ("message", said["outbox_seconds"])):
        if seconds >= LONGEST_LAG.total_seconds():
            yield warning(SUBJECT, f"a {what} is overdue by {seconds} s", "look at the lines about MTN and Telegram")


async def _of_file(settings: Settings) -> list[Finding]:
    path = settings.database_path
    if not path.exists():
        return [_none_yet(path)]
    lock = FileLock(path.with_name(f"{path.name}.lock"))
    try:
        await lock.acquire(0)
        return list(_of_inspected(await asyncio.to_thread(inspection.inspect, path)))
    except AlreadyRunning as error:
        return [warning(SUBJECT, str(error), "the bot is starting or stopping: check again in a minute")]
    except (Unusable, OSError) as error:
        return [wrong(SUBJECT, str(error), "put a backup in its place, as the README says")]
    finally:
        lock.release()


def _of_inspected(seen: Inspected) -> Iterator[Finding]:
    if seen.version > seen.newest:
        text = f"it is of version {seen.version}, this program knows {seen.newest}"
        yield wrong(SUBJECT, text, "start the newer program")
        return
    migrates = f", brought to {seen.newest} by the next start" if seen.version < seen.newest else ""
    yield fine(SUBJECT, f"sound, version {seen.version}{migrates}, {seen.audit_rows} audit rows")
    yield from _state(seen.broken, frozen=seen.frozen)


def _state(broken: int | None, *, frozen: bool) -> Iterator[Finding]:
    if broken is None:
        yield fine("audit trail", "it holds")
    else:
        cure = "keep a copy of the file, find out who can write it, compare /audit with earlier digests"
        yield wrong("audit trail", f"it does not hold from row {broken} on", cure)
    if frozen:
        yield warning("sending", "it is stopped", "an admin finds out why with /audit and sends /thaw")


def _around(settings: Settings) -> list[Finding]:
    """Say what around the file is not as it should be; nothing is mended here."""
    seen = surroundings.look(settings.database_path)
    said = [warning(DISK, text, "see the sentence itself") for text in surroundings.warnings(seen)]
    return said or [fine(DISK, "rights, room and kind of disk are as they should be")]

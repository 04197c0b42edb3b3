"""The database and what is around it: asked of the bot that runs, or read from outside when none does."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from bot.domain.checkup import Finding, fine, warning, wrong
from bot.domain.marking import later
from bot.service.health import LONGEST_LAG
from bot.settings import Settings
from bot.store import inspection, surroundings
from bot.store.inspection import Inspected
from bot.store.lock import AlreadyRunning, FileLock
from bot.store.soundness import Unusable
from bot.web import control
from bot.web.control import NoAnswer

SUBJECT, TRAIL, SENDING = later("database"), later("audit trail"), later("sending")
LOOK_AT_LOG = later("look at its log")
CURE_OF_SHUT = later("give that folder to the bot's user, or set DATABASE_PATH to a place of its own")
OVERDUE = {
    "poll_seconds": later("a lookup at MTN is overdue by {seconds} s"),
    "outbox_seconds": later("a message has been waiting for {seconds} s"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """What was found; ``running``: a bot works on it now, and said so itself."""

    findings: list[Finding]
    running: bool = False


async def look(settings: Settings) -> Held:
    """Return what the running bot says of its database, or what the file itself says."""
    path = settings.database_path
    if (shut := await asyncio.to_thread(_shut, path.absolute().parent)) is not None:
        return Held([wrong(SUBJECT, later("this user may write nothing in {folder}"), CURE_OF_SHUT, folder=shut)])
    if not path.parent.is_dir():
        return Held([_none_yet(path)])
    try:
        said = await control.ask(settings.control_path, "check")
    except (NoAnswer, OSError) as error:
        return Held([wrong(SUBJECT, later("the bot that runs did not answer: {error}"), LOOK_AT_LOG, error=error)])
    if said is not None:
        return await of_running(settings, said)
    return Held([*await _of_file(settings), *await asyncio.to_thread(_around, path)])


async def of_running(settings: Settings, said: dict[str, Any]) -> Held:
    """Return what a running bot has *said* of its database, with what is around the file."""
    return Held([*_told(said), *await asyncio.to_thread(_around, settings.database_path)], running=True)


def _shut(folder: Path) -> Path | None:
    """Return the folder, or what there is of the way to it, if nothing can be made in it; None if all is well."""
    there = next(place for place in (folder, *folder.parents) if place.is_dir())
    try:
        with TemporaryFile(dir=there):  # it has no name, and is gone at once
            return None
    except OSError:
        return there


def _none_yet(path: Path) -> Finding:
    return fine(SUBJECT, later("there is none yet; the first start makes {path}"), path=path)


def _told(said: dict[str, Any]) -> Iterator[Finding]:
    if "error" in said:
        text = later("a bot is at work on it, but cannot tell how it is: {error}")
        yield wrong(SUBJECT, text, LOOK_AT_LOG, error=said["error"])
        return
    text = later("a bot is at work on it: version {version}, {rows} audit rows")
    yield fine(SUBJECT, text, version=said["version"], rows=said["audit_rows"])
    yield from _state(said["broken"], frozen=said["frozen"])
    for name, late in OVERDUE.items():
        if said[name] >= LONGEST_LAG.total_seconds():
            yield warning(SUBJECT, late, later("look at the lines about MTN and Telegram"), seconds=said[name])


async def _of_file(settings: Settings) -> list[Finding]:
    path = settings.database_path
    if not path.exists():
        return [_none_yet(path)]
    lock = FileLock(path.with_name(f"{path.name}.lock"))
    try:
        await lock.acquire(0)
        return list(_of_inspected(await asyncio.to_thread(inspection.inspect, path)))
    except AlreadyRunning as error:
        cure = later("the bot is starting or stopping: check again in a minute")
        return [warning(SUBJECT, "{error}", cure, error=error)]
    except (Unusable, OSError) as error:
        return [wrong(SUBJECT, "{error}", later("put a backup in its place with python -m bot restore"), error=error)]
    finally:
        lock.release()


def _of_inspected(seen: Inspected) -> Iterator[Finding]:
    facts = {"version": seen.version, "newest": seen.newest, "rows": seen.audit_rows}
    if seen.version > seen.newest:
        text = later("it is of version {version}, this program knows {newest}")
        yield wrong(SUBJECT, text, later("start the newer program"), **facts)
        return
    sound = later("sound, version {version}, {rows} audit rows")
    if seen.version < seen.newest:
        sound = later("sound, version {version}, brought to {newest} by the next start, {rows} audit rows")
    yield fine(SUBJECT, sound, **facts)
    yield from _state(seen.broken, frozen=seen.frozen)


def _state(broken: int | None, *, frozen: bool) -> Iterator[Finding]:
    if broken is None:
        yield fine(TRAIL, later("it holds"))
    else:
        text = later("it does not hold from row {row} on")
        cure = later("keep a copy of the file, find out who can write it, compare /audit with earlier digests")
        yield wrong(TRAIL, text, cure, row=broken)
    if frozen:
        yield warning(SENDING, later("it is stopped"), later("an admin finds out why with /audit and sends /thaw"))


def _around(path: Path) -> list[Finding]:
    """Say what around the file is not as it should be; nothing is mended here."""
    said = list(surroundings.warnings(surroundings.look(path)))
    return said or [fine(surroundings.DISK, later("rights, room and kind of disk are as they should be"))]

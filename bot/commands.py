"""What an operator does to the database from a shell, beside a running bot or in its absence."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot import extracting
from bot.domain.mint import Mint
from bot.extracting import NotExtracted
from bot.service import accounts, health
from bot.service.backups import Backups
from bot.service.purging import Purging
from bot.settings import Settings
from bot.store import restoring
from bot.store.bells import Bells
from bot.store.database import Database
from bot.store.extracts import NoSuchDesk
from bot.store.lock import AlreadyRunning, FileLock
from bot.store.restoring import Restored
from bot.store.times import to_ms
from bot.web import control
from bot.web.control import Command
from bot.wiring import Outside

LOCK_SECONDS = 0.5


def of(settings: Settings, database: Database, outside: Outside) -> Mapping[str, Command]:
    """Return what an open database does for somebody on this machine, by name."""
    return {
        "backup": backups_of(database, outside).make,
        "check": lambda _: database.tx(health.report),
        "purge": purging_of(settings, database).command,
    }


def backups_of(database: Database, outside: Outside) -> Backups:
    """Return what makes copies of an open database."""
    return Backups(database, outside.clock, Mint(outside.entropy))


def purging_of(settings: Settings, database: Database) -> Purging:
    """Return what removes personal data from an open database."""
    return Purging(database, settings.owner_ids)


async def back_up(settings: Settings, dest: Path, lock_seconds: float = 30.0) -> dict[str, Any]:
    """Have a copy made at an absolute path; see ``Backups.make``, and ``have_done`` for what it raises."""
    return await have_done(settings, "backup", lock_seconds, dest=str(dest))


async def purge(settings: Settings, before: datetime, desk: str, *, dry_run: bool) -> dict[str, Any]:
    """Have what is older than a moment removed; see ``Purging.command``, and ``have_done`` for what it raises."""
    return await have_done(settings, "purge", before=str(to_ms(before)), desk=desk, dry_run="yes" if dry_run else "")


async def export(settings: Settings, desk: str, dest: Path) -> dict[str, Any]:
    """Put everything of a desk into files in a new directory; return how many rows of each kind, or an ``error``.

    It is read off a copy, so that the till waits no longer than for a backup. See ``have_done`` for what it raises.
    """
    try:
        part = await asyncio.to_thread(extracting.begin, dest, Mint(Outside().entropy).nonce())
    except NotExtracted as error:
        return {"error": str(error)}
    try:
        made = await back_up(settings, part / extracting.COPY)
        if "error" in made:
            return made
        return await asyncio.to_thread(extracting.finish, part, dest, desk)
    except NoSuchDesk as error:
        return {"error": str(error)}
    finally:
        await asyncio.to_thread(extracting.discard, part)


async def have_done(settings: Settings, name: str, lock_seconds: float = 30.0, **request: str) -> dict[str, Any]:
    """Have the running bot do a command, or do it here when none runs.

    Raises:
        AlreadyRunning: a bot holds the database and listens for no commands, not even after *lock_seconds*.
        NewerDatabase, Unusable: it cannot be opened.
        NoAnswer: the bot did not say what came of it.
        OSError: it is another user's.
    """
    until = time.monotonic() + lock_seconds
    while True:
        answer = await control.ask(settings.control_path, name, **request)
        if answer is not None:
            return answer
        if not await asyncio.to_thread(settings.database_path.exists):  # to open it would make one
            return {"error": f"there is no database {settings.database_path}"}
        try:
            return await _do_here(settings, name, request)
        except AlreadyRunning:
            # A bot that starts or stops holds the database and does not listen yet, or no more.
            if time.monotonic() >= until:
                raise


async def _do_here(settings: Settings, name: str, request: dict[str, str]) -> dict[str, Any]:
    """Open the database and do the command."""
    outside = Outside()
    database = Database(settings.database_path, outside.clock, Mint(outside.entropy), Bells())
    try:
        await database.open(LOCK_SECONDS)
        return await of(settings, database, outside)[name](request)
    finally:
        await database.close()


async def restore(settings: Settings, source: Path) -> list[str]:
    """Put a copy in the database's place; return what was done and what comes next, in sentences.

    Raises:
        AlreadyRunning: a bot holds the database.
        RestoreFailed, Unusable, OSError: nothing was put in place.
    """
    path, outside = settings.database_path.absolute(), Outside()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = FileLock(path.with_name(f"{path.name}.lock"))
    await lock.acquire(LOCK_SECONDS)
    try:
        restored = await asyncio.to_thread(
            restoring.restore,
            path,
            source,
            account=accounts.name(settings.momo_base_url, settings.momo_target_environment, settings.momo_currency),
            incarnation=Mint(outside.entropy).nonce(),
            now=outside.clock(),
        )
    finally:
        lock.release()
    return list(_what_next(restored, source, settings.journal_path))


def _what_next(restored: Restored, source: Path, journal: Path) -> Iterator[str]:
    seen = restored.seen
    yield f"{source} is now {restored.path}: sound, version {seen.version}, {seen.audit_rows} audit rows."
    if restored.kept is not None:
        yield f"What was there is kept as {restored.kept}."
    if seen.version < seen.newest:
        yield f"The next start brings it to version {seen.newest}."
    yield "Now start the bot. It sends nothing and says so to the admins: it knows that this is an older copy."
    if journal.exists():
        yield f"It asks MTN about everything that the journal {journal} names and this copy has forgotten."
    else:
        yield f"There is no journal {journal}: what was sent after this copy was made is on MTN's statement alone."
    yield "When two people have compared /audit and /people with what they know, and sent /thaw, it goes on."

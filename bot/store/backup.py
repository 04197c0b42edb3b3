"""A full copy of the database, made while the bot works and checked before it gets its name.

What lives here: how a copy is made and what must hold of it. What must not: who asks for one, and how.

A copy has an incarnation of its own, so that a start from it is known for a restore whatever journal lies beside
it. A kill leaves at most hidden files ``.momo-desk-….part``, which nobody takes for a backup. In a directory copies
name themselves by their moment: which is the newest, and which are old, is read from the names alone.
"""

import asyncio
import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.mint import Mint
from bot.store import audit, facts
from bot.store.database import Database
from bot.store.disk import sync
from bot.store.soundness import reason
from bot.store.space import LEAST, free_bytes

Free = Callable[[Path], int]

MOMENT = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"momo-desk-([0-9]{8}T[0-9]{6}Z)-[0-9a-f]{12}\.db")


class BackupFailed(Exception):
    """There is no new copy; the text says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A finished copy: its size in bytes; how many rows its audit trail has, and the last one's hash in hex."""

    path: Path
    size: int
    rows: int
    head: str


async def make(database: Database, dest: Path, now: datetime, mint: Mint, free: Free = free_bytes) -> Copy:
    """Copy the database to *dest*: a path where nothing is, or a directory in which the copy names itself.

    Transactions wait while SQLite writes the copy; it is checked beside them.

    Raises:
        BackupFailed: for whatever reason.
    """
    try:
        part = await asyncio.to_thread(_begin, dest, mint.nonce())
        try:
            await asyncio.to_thread(_leave_room, part, database.path, free)
            await database.copy_into(part)
            return await asyncio.to_thread(_finish, part, dest, now, mint.nonce())
        finally:
            part.unlink(missing_ok=True)
    except (OSError, sqlite3.Error, ValueError) as error:
        raise BackupFailed(f"no backup was made to {dest}: {_why(error)}") from error


def copies(folder: Path) -> list[tuple[datetime, Path]]:
    """Return the copies that named themselves in a directory, oldest first, each with the moment it is of.

    Raises:
        OSError: the directory is not there, or cannot be read.
    """
    named = ((NAME.fullmatch(path.name), path) for path in folder.iterdir())
    return sorted((_moment(name[1]), path) for name, path in named if name)


def _moment(text: str) -> datetime:
    return datetime.strptime(text, MOMENT).replace(tzinfo=UTC)


def prune(folder: Path, keep: int) -> list[Path]:
    """Remove all but the *keep* newest copies of a directory; nothing else in it is touched. Return what went."""
    old = [path for _, path in copies(folder)[:-keep]]
    for path in old:
        path.unlink(missing_ok=True)
    return old


def _why(error: Exception) -> str:
    if isinstance(error, sqlite3.Error):
        return reason(error)
    return str(error.strerror if isinstance(error, OSError) else error)


def _begin(dest: Path, nonce: str) -> Path:
    """Return a new empty file beside the copy's place, from the start readable by nobody else."""
    folder = dest if dest.is_dir() else dest.parent
    if not folder.is_dir():
        raise BackupFailed(f"there is no directory {folder}: make it, or name another")
    if folder is not dest:
        _refuse_taken(dest)
    part = folder / f".momo-desk-{nonce}.part"
    part.touch(0o600, exist_ok=False)
    return part


def _refuse_taken(path: Path) -> None:
    if os.path.lexists(path):
        raise BackupFailed(f"{path} exists already: name a new file, or a directory")


def _leave_room(part: Path, original: Path, free: Free) -> None:
    """Refuse to take the room without which the bot takes no new work."""
    there = original.stat()
    if part.stat().st_dev == there.st_dev and free(part) - there.st_size < LEAST:
        raise BackupFailed("the copy would leave too little room on the database's disk: choose another disk")


def _finish(part: Path, dest: Path, now: datetime, incarnation: str) -> Copy:
    """Make it a copy, check it, bring it to the disk, and only then give it its name."""
    with closing(sqlite3.connect(part, isolation_level=None)) as conn:
        conn.row_factory = sqlite3.Row
        conn.execute("PRAGMA journal_mode = MEMORY")  # what fails is thrown away whole
        facts.renew_incarnation(conn, incarnation)
        _check(conn)
        rows, head = audit.count(conn), audit.head(conn).hash.hex()
    when = now.astimezone(UTC)
    path = dest / f"momo-desk-{when:{MOMENT}}-{head[:12]}.db" if dest.is_dir() else dest
    size = part.stat().st_size
    sync(part)
    _refuse_taken(path)
    part.rename(path)
    try:
        sync(path.parent)
    except OSError:
        path.unlink()
        raise
    return Copy(path, size, rows, head)


def _check(conn: sqlite3.Connection) -> None:
    """Refuse a copy that nobody should ever put back."""
    if [str(row[0]) for row in conn.execute("PRAGMA integrity_check")] != ["ok"]:
        raise BackupFailed("no backup was made: the copy fails SQLite's integrity check, and so may the database")
    if conn.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise BackupFailed("no backup was made: rows of the database refer to rows that are not there")
    broken, known = audit.first_break(conn), audit.last_verdict(conn)
    # A break that is on record and told is no reason to go on without backups for ever.
    if broken is not None and (known is None or known.broken is None):
        raise BackupFailed(f"no backup was made: the audit trail is broken at row {broken}")

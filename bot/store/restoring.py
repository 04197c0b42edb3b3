"""A copy put in the database's place, whole or not at all, with what was there kept under another name.

What lives here: files. What must not: what the next start makes of it; that is in ``service.restored``.

Up to the one rename at the end the old database is where it was and whole; from then on the copy is, which was read
and checked before. A kill leaves at most a hidden ``.….part``, and perhaps a second name of the old file.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.store import audit, facts, inspection, soundness
from bot.store.disk import sync
from bot.store.inspection import Inspected
from bot.store.soundness import DAMAGED, Unusable, reason

# What SQLite keeps beside a file: next to another one it would destroy it.
BESIDE = ("-wal", "-shm", "-journal")


class RestoreFailed(Exception):
    """Nothing was put in place; the text says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done. ``kept``: where the database that was there is now; None when there was none."""

    path: Path
    kept: Path | None
    seen: Inspected


def restore(path: Path, source: Path, *, account: str, incarnation: str, now: datetime) -> Restored:
    """Put a checked copy of *source* in the place of the database at *path*, whose lock the caller holds.

    It gets an incarnation of its own: whatever the source was, the next start knows it for a restored copy.

    Raises:
        RestoreFailed, Unusable, OSError: nothing was changed, except perhaps for a hidden file.
    """
    seen = _demand_fit(path, source, account)
    part = path.with_name(f".{path.name}-{incarnation}.part")
    try:
        _copy(source, part, like=path if path.exists() else path.parent)
        _make_another(part, incarnation)
        kept = _set_aside(path, now)
        part.rename(path)
        sync(path.parent)
    finally:
        part.unlink(missing_ok=True)
    return Restored(path, kept, seen)


def _demand_fit(path: Path, source: Path, account: str) -> Inspected:
    if not source.is_file():
        raise RestoreFailed(f"there is no file {source}")
    if path.exists() and source.samefile(path):
        raise RestoreFailed(f"{source} is the database itself: name a copy of it")
    if source.with_name(f"{source.name}-wal").exists():
        raise RestoreFailed(f"{source} has a -wal file beside it, so it is no finished copy: name one made by `backup`")
    seen = inspection.inspect(source)
    if seen.version > seen.newest:
        raise RestoreFailed(
            f"{source} is of version {seen.version}, this program knows {seen.newest}: install the newer program first"
        )
    with soundness.unusable(source), soundness.without_traces(source), closing(soundness.reading(source)) as conn:
        conn.row_factory = sqlite3.Row
        bound, verdict = facts.get(conn, facts.ACCOUNT), audit.last_verdict(conn)
    if bound not in (None, account):
        raise RestoreFailed(f"{source} belongs to the MTN account [{bound}], the settings name [{account}]")
    # As for backups: a break that is on record and told is no reason to have nothing.
    if seen.broken is not None and (verdict is None or verdict.broken is None):
        raise RestoreFailed(f"the audit trail of {source} does not hold from row {seen.broken} on: somebody changed it")
    return seen


def _copy(source: Path, part: Path, like: Path) -> None:
    """Copy the file for nobody but the owner of what it replaces; that matters when root restores."""
    part.touch(0o600, exist_ok=False)
    shutil.copyfile(source, part)
    if os.geteuid() == 0:
        owner = like.stat()
        os.chown(part, owner.st_uid, owner.st_gid)


def _make_another(part: Path, incarnation: str) -> None:
    """Give the copy its own name, read it whole, and bring it to the disk."""
    with closing(sqlite3.connect(part, isolation_level=None)) as conn:
        conn.row_factory = sqlite3.Row
        conn.execute("PRAGMA journal_mode = MEMORY")  # what fails is thrown away whole
        facts.renew_incarnation(conn, incarnation)
    soundness.check(part)
    sync(part)


def _set_aside(path: Path, now: datetime) -> Path | None:
    """Give what is there a second name, and take away what must not lie beside another file."""
    kept = path.with_name(f"{path.name}.replaced-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    if os.path.lexists(kept):
        raise RestoreFailed(f"{kept} exists already: wait a second")
    if path.exists():
        _fold_in(path)
    for end in BESIDE:  # only of a file that is damaged, or not there: any other has none left
        if (beside := path.with_name(path.name + end)).exists():
            beside.rename(kept.with_name(kept.name + end))
    if not path.exists():
        return None
    _link(path, kept)
    sync(path.parent)
    return kept


def _fold_in(path: Path) -> None:
    """Have SQLite write what is only in the -wal file into the database itself, so that one file is all of it.

    What is damaged is left as it is: there SQLite would only throw the -wal file away.
    """
    try:
        soundness.check(path)
        with closing(sqlite3.connect(path, isolation_level=None)) as conn:
            busy, _, _ = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except Unusable as error:
        if DAMAGED not in str(error):
            raise
    except sqlite3.DatabaseError as error:
        raise RestoreFailed(f"{path} cannot be set aside: {reason(error)}") from error
    else:
        if busy:
            raise RestoreFailed(f"{path} cannot be set aside: another program has it open")


def _link(path: Path, kept: Path) -> None:
    """Two names for one file; where the disk has no such thing, a copy."""
    try:
        os.link(path, kept)
    except OSError:
        shutil.copy2(path, kept)
        sync(kept)

"""Whether a file can be worked with at all, found out before anything is changed in it, and what its errors mean."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

FULL, DAMAGED = "the disk is full", "the file is damaged"
REASONS = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_IOERR: "the disk reports an error",
    sqlite3.SQLITE_READONLY: "it cannot be written",
    sqlite3.SQLITE_PERM: "it cannot be written",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_BUSY: "another program has it open",
    sqlite3.SQLITE_LOCKED: "another program has it open",
}
# What to do about it; about everything else: look at the disk.
REMEDIES = {
    FULL: "free space on it",
    DAMAGED: "keep a copy of it and put a backup in its place with python -m bot restore",
}
LOOK = "look at the disk, its permissions and the log"


class Unusable(Exception):
    """The file cannot be worked with; its text says why, and what to do. Nothing was repaired or changed."""

    def __init__(self, path: Path, why: str, remedy: str) -> None:
        super().__init__(f"the database {path} cannot be used: {why}; {remedy}. Nothing was repaired or changed")


def reason(error: sqlite3.Error) -> str:
    """Return what an error of SQLite means, in plain words."""
    # Its lowest byte names the kind; an error that Python raised has none.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return REASONS.get(code) or str(error)


def remedy(error: sqlite3.Error) -> str:
    """Return what somebody has to do before the program is started again."""
    return REMEDIES.get(reason(error), LOOK)


def check(path: Path) -> None:
    """Read the whole file, if there is one, without changing a byte of it.

    Raises:
        Unusable: it is no database, it is damaged, or it cannot be read.
    """
    if not path.exists():
        return
    _demand_readable(path)
    with unusable(path), without_traces(path), ThreadPoolExecutor(1) as beside:
        orphans = beside.submit(_first, path, "PRAGMA foreign_key_check")  # years of trade take seconds to read
        (found,) = _first(path, "PRAGMA quick_check(1)")
        if found != "ok":
            raise Unusable(path, f"{DAMAGED} ({found.splitlines()[-1]})", REMEDIES[DAMAGED])
        orphan = orphans.result()
    if orphan is not None:
        rows = f"a row of {orphan[0]} belongs to a row of {orphan[2]} that is not there"
        raise Unusable(path, f"{DAMAGED} ({rows})", REMEDIES[DAMAGED])


def _first(path: Path, question: str) -> Any:
    with closing(reading(path)) as conn:
        return conn.execute(question).fetchone()


@contextmanager
def unusable(path: Path) -> Iterator[None]:
    """Turn what SQLite says about a file into ``Unusable``."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise Unusable(path, f"{reason(error)} ({error})", remedy(error)) from error


def reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _demand_readable(path: Path) -> None:
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise Unusable(path, f"{error.strerror}", LOOK) from error


@contextmanager
def without_traces(path: Path) -> Iterator[None]:
    """Take away what SQLite puts beside a file that it only reads; nobody else has it open, by our lock."""
    beside = [path.with_name(path.name + end) for end in ("-shm", "-wal")]
    new = [file for file in beside if not file.exists()]
    try:
        yield
    finally:
        for file in new:
            file.unlink(missing_ok=True)

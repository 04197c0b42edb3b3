"""What a database file holds, read from outside without changing a byte of it."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.store import audit, freezes, migrations, soundness


@dataclass(frozen=True, slots=True)
class Inspected:
    """``newest``: the version this program knows. ``broken``: the first row at which the audit trail does not hold."""

    version: int
    newest: int
    audit_rows: int
    broken: int | None
    frozen: bool


def inspect(path: Path) -> Inspected:
    """Read the whole file, its version and its audit trail.

    Raises:
        Unusable: it is no database, it is damaged, or it cannot be read.
    """
    soundness.check(path)
    with soundness.unusable(path), soundness.without_traces(path), closing(soundness.reading(path)) as conn:
        conn.row_factory = sqlite3.Row
        return of(conn)


def of(conn: sqlite3.Connection) -> Inspected:
    """Read the version and the audit trail through an open connection; a file of a later version is not read."""
    version, newest = migrations.version(conn), migrations.newest()
    if version > newest:
        return Inspected(version, newest, 0, None, frozen=False)
    frozen = version == newest and freezes.in_force(conn) is not None
    return Inspected(version, newest, audit.count(conn), audit.first_break(conn), frozen)

"""The schema's versions: numbered SQL files beside this one, each applied in one transaction with its number."""

import sqlite3
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from bot.store.disk import sync


class NewerDatabase(Exception):
    """The file was written by a later version of this program."""


def available() -> list[tuple[int, str]]:
    """Return (version, SQL text) of every migration, in order."""
    files = [f for f in resources.files(__package__).iterdir() if f.name.endswith(".sql")]
    return [(int(f.name[:4]), f.read_text("utf-8")) for f in sorted(files, key=lambda f: f.name)]


def newest() -> int:
    """Return the version this program knows."""
    return available()[-1][0]


def version(conn: sqlite3.Connection) -> int:
    """Return the version a file is of; 0 when it holds nothing yet."""
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def statements(script: str) -> Iterator[str]:
    """Yield the script's statements one by one: ``executescript`` would commit the open transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def migrate(conn: sqlite3.Connection) -> None:
    """Bring the schema to the newest version.

    Raises:
        NewerDatabase: the file's version is above ours.
    """
    steps = available()
    have, ours = version(conn), steps[-1][0]
    if have > ours:
        raise NewerDatabase(f"the database is of version {have}, this program knows {ours}: start the newer program")
    if 0 < have < ours:
        _keep_copy(conn, have + 1)
    for step, script in steps:
        if step > have:
            _apply(conn, step, script)


def _keep_copy(conn: sqlite3.Connection, step: int) -> None:
    """Copy the file as it is before *step*, for whoever wants to go back; only the newest such copy is kept."""
    file = conn.execute("PRAGMA database_list").fetchone()[2]
    if not file:
        return  # in memory
    path = Path(file)
    copy, part = path.with_name(f"{path.name}.before-{step}"), path.with_name(f"{path.name}.before.part")
    part.unlink(missing_ok=True)
    part.touch(0o600)
    conn.execute("VACUUM INTO ?", (str(part),))
    sync(part)
    part.rename(copy)
    sync(path.parent)
    for older in set(path.parent.glob(f"{path.name}.before-*")) - {copy}:
        older.unlink()


def _apply(conn: sqlite3.Connection, step: int, script: str) -> None:
    conn.execute("BEGIN IMMEDIATE")
    try:
        for statement in statements(script):
            conn.execute(statement)
        conn.execute(f"PRAGMA user_version = {step:d}")
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise

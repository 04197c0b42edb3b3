"""Every migration, broken off at each of its statements: the old version or the new one, never between, no row lost."""

import functools
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.store import migrations
from bot.store.database import prepare
from bot.store.migrations import available
from bot.store.soundness import check

NEWEST = available()[-1][0]
EARLIER = range(1, NEWEST)
Data = dict[str, list[tuple[Any, ...]]]

# Migrates a file and is killed at its n-th statement.
KILLED = """
import sys
from pathlib import Path
from tests.bot.store.test_migrations_cut_short import Breaking, die, opened
conn = opened(Path(sys.argv[1]))
conn.at, conn.breaks = int(sys.argv[2]), die
from bot.store.database import prepare
prepare(conn)
"""


class BrokenOff(BaseException):
    """The end of the process, as far as the file is concerned."""


def break_off() -> None:
    raise BrokenOff


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Breaking(sqlite3.Connection):
    """A connection that breaks at the statement number ``at``, counted from BEGIN on."""

    at = -1
    count = 0
    breaks: Callable[[], None] = staticmethod(break_off)

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        if self.count or sql.startswith("BEGIN"):
            self.count += 1
        if self.count == self.at:
            self.at = -1
            self.breaks()
        return super().execute(sql, *parameters)


def opened(path: Path | str = ":memory:") -> Breaking:
    return sqlite3.connect(path, isolation_level=None, factory=Breaking)


def of_version(version: int, path: Path | str = ":memory:") -> Breaking:
    """A database as the program of *version* left it, with rows in it."""
    conn = opened(path)
    for number, script in available()[:version]:
        migrations._apply(conn, number, script)
        if number == 1:
            fill(conn)
    return conn


def fill(conn: sqlite3.Connection) -> None:
    conn.execute("INSERT INTO desk(id, chat_id, title, opened_by, opened_at_ms) VALUES(1, -1, 'Shop', 1, 1)")
    conn.execute("INSERT INTO fact VALUES('key', 'value')")
    for n in (1, 2, 3):
        conn.execute(
            "INSERT INTO txn(reference_id, short_code, callback_token, kind, amount_minor, currency, decimals,"
            " party_hash, body_sha256, desk_id, maker_id, approvals_needed, src_update_id, created_at_ms,"
            " expires_at_ms, next_at_ms)"
            " VALUES(?, ?, ?, 'transfer', 1250, 'EUR', 2, zeroblob(32), zeroblob(32), 1, 11, 0, ?, 1, 2, 1)",
            (f"00000000-0000-4000-8000-00000000000{n}", f"00000{n}", f"{n:043d}", n),
        )


def data(conn: sqlite3.Connection, like: Data | None = None) -> Data:
    """Every row of every table, each column by its name; *like*: only the tables and columns of that."""
    tables = [row[0] for row in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    found: Data = {}
    for table in tables if like is None else like:
        columns = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")] if like is None else like[table][0]
        names = ", ".join(f'"{name}"' for name in columns)
        rows = conn.execute(f"SELECT {names} FROM {table} ORDER BY 1, 2").fetchall() if names else []  # noqa: S608
        found[table] = [tuple(columns), *(tuple(row) for row in rows)]
    return found


def state(conn: sqlite3.Connection) -> tuple[int, list[Any]]:
    """The version and the schema: what must belong together."""
    schema = conn.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").fetchall()
    return conn.execute("PRAGMA user_version").fetchone()[0], [tuple(row) for row in schema]


def statements_from(version: int) -> int:
    """How many statements bring a database of *version* to the newest."""
    with closing(of_version(version)) as conn:
        conn.count = 0
        migrations.migrate(conn)
        return conn.count


@functools.cache
def whole() -> list[tuple[int, list[Any]]]:
    """What a database of each version is, and nothing between them."""
    found = []
    for version in range(1, NEWEST + 1):
        with closing(of_version(version)) as conn:
            found.append(state(conn))
    return found


def copied(conn: Breaking) -> Breaking:
    copy = opened()
    conn.backup(copy)
    return copy


@pytest.mark.parametrize("version", EARLIER)
def test_a_migration_broken_off_anywhere_leaves_a_whole_version_and_ends_at_the_next_start(version: int) -> None:
    versions, old = whole(), of_version(version)
    before = data(old)
    for at in range(1, statements_from(version) + 1):
        with closing(copied(old)) as conn:
            conn.at = at
            with pytest.raises(BrokenOff):
                migrations.migrate(conn)
            assert not conn.in_transaction
            assert state(conn) in versions, f"between two versions at statement {at}"
            assert data(conn, before) == before
            migrations.migrate(conn)
            assert state(conn) == versions[-1]
            assert data(conn, before) == before
    old.close()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 1.0])
def test_a_kill_in_a_migration_is_survived(tmp_path: Path, share: float) -> None:
    path = tmp_path / "till.db"
    with closing(of_version(1, path)) as conn:
        before = data(conn)
    at = 1 + int(share * (statements_from(1) - 1))
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path), str(at)], check=False)
    assert killed.returncode == -signal.SIGKILL
    check(path)
    with closing(opened(path)) as conn:
        assert conn.execute("PRAGMA user_version").fetchone()[0] < NEWEST
        prepare(conn)
        assert conn.execute("PRAGMA user_version").fetchone()[0] == NEWEST
        conn.row_factory = None
        assert data(conn, before) == before


def copies(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.glob("*.before*"))


def test_before_a_migration_the_file_is_copied_for_nobody_else_to_read(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    (tmp_path / "till.db.before-1").touch()
    (tmp_path / "till.db.before.part").touch()
    with closing(of_version(1, path)) as conn:
        before = data(conn)
        migrations.migrate(conn)
    assert copies(path) == ["till.db.before-2"]
    copy = tmp_path / "till.db.before-2"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(opened(copy)) as conn:
        assert conn.execute("PRAGMA user_version").fetchone()[0] == 1
        assert data(conn) == before


def test_a_new_file_and_one_of_the_newest_version_are_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    for _ in range(2):
        with closing(opened(path)) as conn:
            migrations.migrate(conn)
    assert copies(path) == []

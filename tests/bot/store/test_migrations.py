import sqlite3
from collections.abc import Iterator

import pytest

from bot.store import migrations
from bot.store.migrations import NewerDatabase, available, migrate, statements


@pytest.fixture
def empty() -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    yield conn
    conn.close()


def version(conn: sqlite3.Connection) -> int:
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def objects(conn: sqlite3.Connection) -> list[str]:
    return [row[0] for row in conn.execute("SELECT name FROM sqlite_schema ORDER BY name")]


def test_versions_count_from_one_without_a_gap() -> None:
    assert [number for number, _ in available()] == list(range(1, len(available()) + 1))


def test_a_new_file_is_brought_to_the_newest_version(empty: sqlite3.Connection) -> None:
    migrate(empty)
    assert version(empty) == available()[-1][0]
    assert "txn" in objects(empty)


def test_migrating_twice_changes_nothing(empty: sqlite3.Connection) -> None:
    migrate(empty)
    before = objects(empty)
    migrate(empty)
    assert objects(empty) == before


def test_a_newer_file_is_left_alone(empty: sqlite3.Connection) -> None:
    empty.execute("PRAGMA user_version = 99")
    with pytest.raises(NewerDatabase, match="start the newer program"):
        migrate(empty)
    assert objects(empty) == []


def test_a_migration_that_fails_leaves_the_old_version_whole(empty: sqlite3.Connection) -> None:
    migrate(empty)
    before = (version(empty), objects(empty))
    with pytest.raises(sqlite3.OperationalError):
        migrations._apply(empty, 999, "CREATE TABLE extra(a);\nCREATE TABLE txn(a);\n")
    assert (version(empty), objects(empty)) == before


def test_a_trigger_is_one_statement() -> None:
    script = "CREATE TABLE a(b);\nCREATE TRIGGER c BEFORE DELETE ON a\n BEGIN SELECT 1; SELECT 2; END;\n"
    assert [s.split()[1] for s in statements(script)] == ["TABLE", "TRIGGER"]


@pytest.mark.parametrize(("number", "script"), available())
def test_no_statement_of_a_migration_is_lost(number: int, script: str) -> None:
    assert "".join(statements(script)).strip() == script.strip()


def test_every_table_is_strict(empty: sqlite3.Connection) -> None:
    migrate(empty)
    loose = [row["name"] for row in rows(empty, "PRAGMA table_list") if row["schema"] == "main" and not row["strict"]]
    assert [name for name in loose if not name.startswith("sqlite_")] == []


def rows(conn: sqlite3.Connection, sql: str) -> list[sqlite3.Row]:
    conn.row_factory = sqlite3.Row
    return conn.execute(sql).fetchall()

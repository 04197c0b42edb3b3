# ruff: noqa: S608 - the SQL is put together from the parameters of these tests
"""What is written for ever: rows the schema lets nobody change, delete or replace."""

import sqlite3
from typing import Any

import pytest

from bot.store import audit
from tests.support.till import Till

Conn = sqlite3.Connection


def refused(words: str) -> Any:
    return pytest.raises(sqlite3.IntegrityError, match=words)


@pytest.fixture
def history(till: Till) -> Conn:
    """A database in which each append-only table has rows."""
    till.paid()
    till.ready(amount="150")
    return till.store.conn


@pytest.mark.parametrize("table", ["observation", "decision", "audit"])
@pytest.mark.parametrize("deed", ["UPDATE {table} SET at_ms = at_ms", "DELETE FROM {table}"])
def test_history_is_neither_changed_nor_deleted(history: Conn, table: str, deed: str) -> None:
    with refused("append-only"):
        history.execute(deed.format(table=table))


@pytest.mark.parametrize("table", ["observation", "decision", "audit"])
def test_history_is_not_replaced_either(history: Conn, table: str) -> None:
    before = [tuple(row) for row in history.execute(f"SELECT * FROM {table}")]
    with pytest.raises(sqlite3.IntegrityError):
        history.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")
    assert [tuple(row) for row in history.execute(f"SELECT * FROM {table}")] == before


@pytest.mark.parametrize(
    "deed", ["DELETE FROM txn", "INSERT OR REPLACE INTO txn SELECT * FROM txn WHERE state = 'DRAFT'"]
)
def test_a_transaction_is_neither_deleted_nor_replaced(till: Till, deed: str) -> None:
    till.draft()
    with refused("no delete"):
        till.store.conn.execute(deed)


def test_a_trail_row_must_follow_the_last_one(history: Conn) -> None:
    with refused("audit chain broken"):
        history.execute(
            "INSERT INTO audit(at_ms, actor, event, data, prev, hash) VALUES(1, 'x', 'x', '{}', ?, ?)",
            (bytes(32), b"h" * 32),
        )


def test_a_trail_row_cannot_be_slipped_in_before_others(history: Conn) -> None:
    prev = history.execute("SELECT hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()[0]
    with refused("audit chain broken"):
        history.execute(
            "INSERT INTO audit(id, at_ms, actor, event, data, prev, hash) VALUES(0, 1, 'x', 'x', '{}', ?, ?)",
            (prev, audit.GENESIS),
        )

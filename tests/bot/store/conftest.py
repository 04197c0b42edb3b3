import sqlite3
from collections.abc import Iterator

import pytest

from tests.support.clock import Clock
from tests.support.fixtures import till
from tests.support.store import MemoryStore

__all__ = ["till"]


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    """An empty database with one desk, open to raw SQL."""
    store = MemoryStore(Clock())
    store.conn.execute("INSERT INTO desk(id, chat_id, title, opened_by, opened_at_ms) VALUES(1, -1, 'Shop', 1, 1)")
    yield store.conn
    store.conn.close()

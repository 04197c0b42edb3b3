"""A disk that fails: one connection for one transaction, which goes wrong at a statement or at COMMIT."""

import random
import sqlite3
from typing import Any

LAST_STATEMENT = 12


class DiskFailed(sqlite3.OperationalError):
    """What SQLite raises; a class of its own, so that nobody takes it for another error."""


class FailingConnection:
    """A connection of which one execution fails. Whether a failed COMMIT is durable is drawn too."""

    def __init__(self, conn: sqlite3.Connection, r: random.Random) -> None:
        self._conn = conn
        self._left = r.randint(1, LAST_STATEMENT)
        self._at_commit = r.random() < 0.5
        self._rolls_back, self._durable = r.random() < 0.3, r.random() < 0.5

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        """Execute a statement, or fail in its place. A full disk rolls back by itself."""
        if sql == "COMMIT":
            self._conn.execute("COMMIT" if self._at_commit and self._durable else "ROLLBACK")
            raise DiskFailed("disk I/O error")
        self._left -= not self._at_commit and not sql.startswith("BEGIN")
        if self._left == 0 and sql != "ROLLBACK":
            if self._rolls_back:
                self._conn.execute("ROLLBACK")
            raise DiskFailed("database or disk is full")
        return self._conn.execute(sql, *parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._conn, name)

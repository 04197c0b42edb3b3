"""Seals: what a finished transaction's row is hashed to, written into the trail, and computed again at night.

A seal covers every column the row had when it ended; columns that later versions add stand behind them.
"""

import hashlib
import json
import sqlite3
from dataclasses import dataclass

from bot.domain.transactions import FINAL
from bot.store import audit
from bot.store.database import Tx

MARKS = ", ".join(f"'{state}'" for state in sorted(FINAL))


@dataclass(frozen=True, slots=True)
class Look:
    """A slice of finished transactions that was looked at: where it ended, and those that differ, all by id."""

    last_id: int | None
    wrong: list[int]


def seal(tx: Tx, txn_id: int, actor: str) -> None:
    """Write a transaction's seal into the trail: it is over."""
    row = tx.conn.execute("SELECT * FROM txn WHERE id = ?", (txn_id,)).fetchone()
    audit.append(tx, audit.SEALED, actor, txn_id=txn_id, columns=len(row), seal=_digest(row, len(row)))


def _digest(row: sqlite3.Row, columns: int) -> str:
    values = [value.hex() if isinstance(value, bytes) else value for value in tuple(row)[:columns]]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def look(conn: sqlite3.Connection, after_id: int, limit: int) -> Look:
    """Compare finished transactions with what the trail says of them, at most *limit* from behind an id on."""
    rows = conn.execute(
        f"SELECT * FROM txn WHERE id > ? AND (state IN ({MARKS}) OR final_at_ms IS NOT NULL OR EXISTS"
        " (SELECT 1 FROM audit WHERE txn_id = txn.id AND event = 'sealed')) ORDER BY id LIMIT ?",
        (after_id, limit),
    ).fetchall()
    return Look(rows[-1]["id"] if rows else None, [row["id"] for row in rows if not _fits(conn, row)])


def _fits(conn: sqlite3.Connection, row: sqlite3.Row) -> bool:
    """Tell whether the trail ends where the row stands. Rows of the first version have no seal."""
    moves = conn.execute(
        "SELECT count(*) AS n, (SELECT t FROM audit WHERE txn_id = :id AND event = 'move' ORDER BY id DESC LIMIT 1)"
        " AS state FROM audit WHERE txn_id = :id AND event = 'move'",
        {"id": row["id"]},
    ).fetchone()
    if (moves["n"], moves["state"]) != (row["version"], row["state"]):
        return False
    sealed = conn.execute("SELECT data FROM audit WHERE txn_id = ? AND event = 'sealed'", (row["id"],)).fetchone()
    if sealed is None:
        return True
    data = json.loads(sealed["data"])
    return bool(data["seal"] == _digest(row, data["columns"]))

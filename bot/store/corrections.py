"""What people say really happened to transactions that are over."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.store.database import Tx
from bot.store.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Correction:
    """One person's word about one transaction."""

    user_id: int
    at: datetime
    text: str


def add(tx: Tx, txn_id: int, user_id: int, text: str) -> int:
    """Keep a correction and return its id."""
    cursor = tx.conn.execute(
        "INSERT INTO correction(txn_id, user_id, at_ms, text) VALUES(?, ?, ?, ?)",
        (txn_id, user_id, to_ms(tx.now), text),
    )
    return int(cursor.lastrowid or 0)


def of(conn: sqlite3.Connection, txn_id: int) -> list[Correction]:
    """Return a transaction's corrections, oldest first."""
    rows = conn.execute("SELECT * FROM correction WHERE txn_id = ? ORDER BY id", (txn_id,))
    return [Correction(row["user_id"], from_ms(row["at_ms"]), row["text"]) for row in rows]

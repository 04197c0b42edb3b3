"""That MTN called back: evidence of when it rang, never of what it said. At most one mark between two looks."""

import sqlite3
from datetime import datetime

from bot.store.database import Tx
from bot.store.times import from_ms, to_ms


def mark(tx: Tx, callback_token: str) -> None:
    """Write down that the transaction of this token was called back about, once until MTN is asked again."""
    tx.conn.execute(
        "INSERT INTO callback(txn_id, attempts, polls, at_ms) SELECT id, attempts, polls, :now FROM txn"
        " WHERE callback_token = :token ON CONFLICT DO NOTHING",
        {"now": to_ms(tx.now), "token": callback_token},
    )


def of(conn: sqlite3.Connection, txn_id: int) -> list[datetime]:
    """Return when MTN called back about a transaction, in order."""
    rows = conn.execute("SELECT at_ms FROM callback WHERE txn_id = ? ORDER BY at_ms", (txn_id,))
    return [from_ms(row["at_ms"]) for row in rows]

"""Transactions that are over and are to be asked about once more."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.store.bells import Bell
from bot.store.database import Tx
from bot.store.times import from_ms, to_ms

# What MTN can be asked about again: it ended a transaction, or did not know it.
ENDED = "state IN ('SUCCESSFUL', 'FAILED', 'REJECTED', 'UNSENT')"


def ask(tx: Tx, txn_ids: Iterable[int], quiet: timedelta = timedelta(0)) -> None:
    """Have transactions asked about; not those that were within *quiet*, or still are to be."""
    now = to_ms(tx.now)
    tx.conn.executemany(
        "INSERT INTO recheck(txn_id, asked_at_ms, next_at_ms) VALUES(:txn, :now, :now)"
        " ON CONFLICT(txn_id) DO UPDATE SET asked_at_ms = :now, next_at_ms = :now"
        " WHERE next_at_ms IS NULL AND asked_at_ms <= :before",
        [{"txn": txn_id, "now": now, "before": now - quiet // timedelta(milliseconds=1)} for txn_id in txn_ids],
    )
    tx.rings(Bell.RECHECKS)


def due(tx: Tx, limit: int) -> list[int]:
    """Return the transactions to ask about now, longest waiting first."""
    rows = tx.conn.execute(
        "SELECT txn_id FROM recheck WHERE next_at_ms <= ? ORDER BY next_at_ms LIMIT ?", (to_ms(tx.now), limit)
    )
    return [row["txn_id"] for row in rows]


def next_later_at(tx: Tx) -> datetime | None:
    """Return when the next one that must still wait is to be asked about, or None."""
    row = tx.conn.execute("SELECT min(next_at_ms) AS at FROM recheck WHERE next_at_ms > ?", (to_ms(tx.now),)).fetchone()
    return None if row["at"] is None else from_ms(row["at"])


def put_off(tx: Tx, txn_id: int, wait: timedelta | None) -> None:
    """Ask again after *wait*, or (None) not any more."""
    next_at = None if wait is None else to_ms(tx.now + wait)
    tx.conn.execute("UPDATE recheck SET next_at_ms = ? WHERE txn_id = ?", (next_at, txn_id))


def ended_since(conn: sqlite3.Connection, since: datetime) -> list[int]:
    """Return the transactions that ended after a moment and that MTN can be asked about."""
    rows = conn.execute(f"SELECT id FROM txn WHERE final_at_ms >= ? AND {ENDED} ORDER BY +id", (to_ms(since),))
    return [row["id"] for row in rows]

"""What was seen that must not happen: evidence, written once."""

import json
import sqlite3
from datetime import datetime

from bot.store.database import Tx
from bot.store.times import to_ms


def add(tx: Tx, kind: str, txn_id: int | None, facts: dict[str, object]) -> None:
    """Write one down. *facts* hold no personal data."""
    tx.conn.execute(
        "INSERT INTO anomaly(kind, txn_id, at_ms, data) VALUES(?, ?, ?, ?)",
        (kind, txn_id, to_ms(tx.now), json.dumps(facts, sort_keys=True)),
    )


def count(conn: sqlite3.Connection, after: datetime, until: datetime) -> int:
    """Return how many were seen after a moment and until another one."""
    row = conn.execute("SELECT count(*) FROM anomaly WHERE at_ms > ? AND at_ms <= ?", (to_ms(after), to_ms(until)))
    return int(row.fetchone()[0])


def seen(conn: sqlite3.Connection, kind: str, txn_id: int | None, since: datetime) -> bool:
    """Tell whether this was seen since a moment, of the same transaction or, as now, of none."""
    row = conn.execute(
        "SELECT 1 FROM anomaly WHERE kind = ? AND txn_id IS ? AND at_ms >= ?", (kind, txn_id, to_ms(since))
    ).fetchone()
    return row is not None


def contradicts(conn: sqlite3.Connection, txn_id: int, since: datetime) -> bool:
    """Tell whether anything was seen of a transaction since a moment that does not fit it."""
    row = conn.execute("SELECT 1 FROM anomaly WHERE txn_id = ? AND at_ms >= ? LIMIT 1", (txn_id, to_ms(since)))
    return row.fetchone() is not None

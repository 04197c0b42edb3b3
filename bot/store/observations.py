"""What was seen of a transaction: the only evidence that can end one."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.store.database import Tx
from bot.store.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing seen: an attempt's answer (POST), a lookup's (GET), or what a person says (HUMAN)."""

    at: datetime
    source: str
    http_status: int | None
    code: str | None
    momo_status: str | None


def add(
    tx: Tx,
    txn_id: int,
    source: str,
    *,
    http_status: int | None = None,
    code: str | None = None,
    momo_status: str | None = None,
    actor: str | None = None,
) -> int:
    """Keep one observation (source POST, GET or HUMAN) and return its id."""
    cursor = tx.conn.execute(
        "INSERT INTO observation(txn_id, at_ms, source, http_status, code, momo_status, actor)"
        " VALUES(?, ?, ?, ?, ?, ?, ?)",
        (txn_id, to_ms(tx.now), source, http_status, code, momo_status, actor),
    )
    return int(cursor.lastrowid or 0)


def people(conn: sqlite3.Connection, txn_id: int) -> set[str]:
    """Return who has said of a transaction that it was never sent."""
    rows = conn.execute("SELECT DISTINCT actor FROM observation WHERE txn_id = ? AND source = 'HUMAN'", (txn_id,))
    return {row["actor"] for row in rows}


def of(conn: sqlite3.Connection, txn_id: int) -> list[Observation]:
    """Return all that was seen of a transaction, oldest first."""
    rows = conn.execute("SELECT * FROM observation WHERE txn_id = ? ORDER BY id", (txn_id,))
    return [
        Observation(from_ms(row["at_ms"]), row["source"], row["http_status"], row["code"], row["momo_status"])
        for row in rows
    ]

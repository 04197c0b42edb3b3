"""What was seen of a transaction: the only evidence that can end one."""

import sqlite3

from bot.store.database import Tx
from bot.store.times import to_ms


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

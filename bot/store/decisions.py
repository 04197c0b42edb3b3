"""Approvals and rejections: one per person and transaction, never changed."""

import sqlite3

from bot.store.database import Tx
from bot.store.times import to_ms


def add(tx: Tx, txn_id: int, user_id: int, decision: str) -> None:
    """Keep a decision, "approve" or "reject"."""
    tx.conn.execute(
        "INSERT INTO decision(txn_id, user_id, decision, at_ms) VALUES(?, ?, ?, ?)",
        (txn_id, user_id, decision, to_ms(tx.now)),
    )


def approvers(conn: sqlite3.Connection, txn_id: int) -> list[int]:
    """Return who approved, in order."""
    rows = conn.execute(
        "SELECT user_id FROM decision WHERE txn_id = ? AND decision = 'approve' ORDER BY at_ms", (txn_id,)
    )
    return [row["user_id"] for row in rows]


def rejecter(conn: sqlite3.Connection, txn_id: int) -> int | None:
    """Return who rejected, or None."""
    row = conn.execute("SELECT user_id FROM decision WHERE txn_id = ? AND decision = 'reject'", (txn_id,)).fetchone()
    return None if row is None else int(row["user_id"])


def has_decided(conn: sqlite3.Connection, txn_id: int, user_id: int) -> bool:
    """Tell whether this person has decided already."""
    row = conn.execute("SELECT 1 FROM decision WHERE txn_id = ? AND user_id = ?", (txn_id, user_id)).fetchone()
    return row is not None


def last_by(conn: sqlite3.Connection, txn_id: int) -> str | None:
    """Return the name of who decided last, or None when nobody has."""
    row = conn.execute(
        "SELECT coalesce(p.name, d.user_id) AS name FROM decision d LEFT JOIN person p ON p.user_id = d.user_id"
        " WHERE d.txn_id = ? ORDER BY d.at_ms DESC LIMIT 1",
        (txn_id,),
    ).fetchone()
    return None if row is None else str(row["name"])

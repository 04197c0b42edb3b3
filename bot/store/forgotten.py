"""What a restored copy had forgotten: rows made of journal lines, followed until MTN has said how they ended."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.transactions import Kind, Transaction
from bot.store.bells import Bell
from bot.store.database import Tx
from bot.store.journal import Line
from bot.store.times import from_ms, to_ms
from momo import Money

FOLLOWED, NEVER_THERE = "FOLLOWED", "NEVER_THERE"
CLAIMS = "state IN ('FOLLOWED', 'SUCCESSFUL')"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """One reference id that may be at MTN and of which this database has no transaction that says so."""

    reference_id: str
    short_code: str
    kind: Kind
    amount: Money
    api_user: str
    sent_at: datetime
    state: str
    word: str | None
    polls: int
    not_found: int
    first_not_found_at: datetime | None


def add(tx: Tx, line: Line) -> bool:
    """Follow what a journal line names from now on; False when it is followed, or has ended, already."""
    cursor = tx.conn.execute(
        "INSERT INTO forgotten(reference_id, short_code, kind, amount_minor, currency, decimals, party_hash,"
        " original_reference_id, api_user, sent_at_ms, next_at_ms) VALUES(:reference_id, :short_code, :kind,"
        " :amount_minor, :currency, :decimals, :party_hash, :original, :api_user, :at, :now) ON CONFLICT DO NOTHING",
        {
            "reference_id": line.reference_id,
            "short_code": line.short_code,
            "kind": line.kind,
            "amount_minor": line.amount_minor,
            "currency": line.currency,
            "decimals": line.decimals,
            "party_hash": bytes.fromhex(line.party_hash),
            "original": line.original,
            "api_user": line.api_user,
            "at": line.at,
            "now": to_ms(tx.now),
        },
    )
    return cursor.rowcount == 1


def find(conn: sqlite3.Connection, reference_id: str) -> Forgotten | None:
    """Return what is followed, or was, under a reference id."""
    row = conn.execute("SELECT * FROM forgotten WHERE reference_id = ?", (reference_id,)).fetchone()
    return None if row is None else _read(row)


def change(tx: Tx, row: Forgotten, **changes: Any) -> None:
    """Change columns of what is still followed; moments as datetimes under the column's name without ``_ms``."""
    values = {f"{name}_ms" if name.endswith("_at") else name: value for name, value in changes.items()}
    assignments = ", ".join(f"{name} = :{name}" for name in values)
    tx.conn.execute(
        f"UPDATE forgotten SET {assignments} WHERE reference_id = :key AND state = 'FOLLOWED'",
        {name: to_ms(value) if isinstance(value, datetime) else value for name, value in values.items()}
        | {"key": row.reference_id},
    )
    tx.rings(Bell.MONEY)


def due(tx: Tx, limit: int) -> list[Forgotten]:
    """Return what MTN is to be asked about now, the longest overdue first."""
    rows = tx.conn.execute(
        "SELECT * FROM forgotten WHERE state = 'FOLLOWED' AND next_at_ms <= ? ORDER BY next_at_ms LIMIT ?",
        (to_ms(tx.now), limit),
    )
    return [_read(row) for row in rows]


def next_due_at(conn: sqlite3.Connection) -> datetime | None:
    """Return when MTN is to be asked next, or None when nothing is followed any more."""
    row = conn.execute("SELECT min(next_at_ms) AS at FROM forgotten WHERE state = 'FOLLOWED'").fetchone()
    return None if row["at"] is None else from_ms(row["at"])


def next_later_at(tx: Tx) -> datetime | None:
    """Return when MTN is to be asked next about one that must still wait, or None."""
    row = tx.conn.execute(
        "SELECT min(next_at_ms) AS at FROM forgotten WHERE state = 'FOLLOWED' AND next_at_ms > ?", (to_ms(tx.now),)
    ).fetchone()
    return None if row["at"] is None else from_ms(row["at"])


def refunds_claimed(conn: sqlite3.Connection, original_reference_id: str) -> int:
    """Return the minor units that forgotten refunds gave back of a payment, or perhaps did."""
    row = conn.execute(
        f"SELECT coalesce(sum(amount_minor), 0) AS sum FROM forgotten WHERE original_reference_id = ? AND {CLAIMS}",
        (original_reference_id,),
    ).fetchone()
    return int(row["sum"])


def same_again(tx: Tx, txn: Transaction, since: datetime) -> bool:
    """Tell whether the same was asked of MTN lately, or is still open there, and had been forgotten here."""
    row = tx.conn.execute(
        "SELECT 1 FROM forgotten WHERE party_hash = (SELECT party_hash FROM txn WHERE id = :id) AND kind = :kind"
        " AND amount_minor = :amount AND (state = 'FOLLOWED' OR sent_at_ms >= :since)",
        {
            "id": txn.id,
            "kind": txn.kind,
            "amount": txn.amount.minor_units(txn.decimals),
            "since": to_ms(since),
        },
    ).fetchone()
    return row is not None


def _read(row: sqlite3.Row) -> Forgotten:
    first = row["first_not_found_at_ms"]
    return Forgotten(
        row["reference_id"],
        row["short_code"],
        Kind(row["kind"]),
        Money.from_minor(row["amount_minor"], row["currency"], row["decimals"]),
        row["api_user"],
        from_ms(row["sent_at_ms"]),
        row["state"],
        row["word"],
        row["polls"],
        row["not_found"],
        None if first is None else from_ms(first),
    )

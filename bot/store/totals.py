"""Sums over many transactions, for reports: how they ended, and what is open."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.store.times import from_ms, to_ms
from bot.store.transactions import OPEN, UNDECIDED


@dataclass(frozen=True, slots=True)
class Ended:
    """How many of a kind ended in a state, and their amounts together in minor units."""

    kind: str
    state: str
    count: int
    minor: int
    currency: str
    decimals: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many are in a state that is no end, and since when the oldest was confirmed."""

    state: str
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Failed:
    """How many of a kind failed for the same cause; ``code`` is MTN's word for it, None when it gave none."""

    kind: str
    code: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person decided about one transaction."""

    user_id: int
    decision: str
    short_code: str


def ended(conn: sqlite3.Connection, after: datetime, until: datetime, desk_id: int | None = None) -> list[Ended]:
    """Return what became final after a moment and until another one, by kind and state; of one desk, or of all."""
    rows = conn.execute(
        "SELECT kind, state, count(*) AS count, sum(amount_minor) AS minor, currency, decimals FROM txn"
        " WHERE final_at_ms > :after AND final_at_ms <= :until AND desk_id = coalesce(:desk, desk_id)"
        " GROUP BY kind, state, currency, decimals ORDER BY kind, state",
        {"after": to_ms(after), "until": to_ms(until), "desk": desk_id},
    )
    return [Ended(*row) for row in rows]


def failed(conn: sqlite3.Connection, after: datetime, until: datetime, desk_id: int | None = None) -> list[Failed]:
    """Return what became final so without moving money because MTN said so, by cause, the most frequent first."""
    rows = conn.execute(
        "SELECT kind, CASE state WHEN 'REJECTED' THEN refused_code ELSE failure_code END AS code, count(*) AS count"
        " FROM txn WHERE final_at_ms > :after AND final_at_ms <= :until AND desk_id = coalesce(:desk, desk_id)"
        " AND state IN ('FAILED', 'REJECTED') GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
        {"after": to_ms(after), "until": to_ms(until), "desk": desk_id},
    )
    return [Failed(*row) for row in rows]


def decided(conn: sqlite3.Connection, after: datetime, until: datetime, desk_id: int | None = None) -> list[Decision]:
    """Return who approved and who rejected what between two moments, in the order of it."""
    rows = conn.execute(
        "SELECT user_id, decision, short_code FROM decision JOIN txn ON txn.id = decision.txn_id"
        " WHERE at_ms > :after AND at_ms <= :until AND desk_id = coalesce(:desk, desk_id) ORDER BY at_ms, short_code",
        {"after": to_ms(after), "until": to_ms(until), "desk": desk_id},
    )
    return [Decision(*row) for row in rows]


def waiting(conn: sqlite3.Connection, desk_id: int | None = None) -> list[Waiting]:
    """Return what was confirmed and is not over, by state; of one desk, or of all."""
    rows = conn.execute(
        "SELECT state, count(*) AS count, min(confirmed_at_ms) AS since FROM"
        f" (SELECT * FROM txn WHERE {OPEN} UNION ALL SELECT * FROM txn WHERE {UNDECIDED} AND state <> 'DRAFT')"
        " WHERE desk_id = coalesce(:desk, desk_id) GROUP BY state ORDER BY since",
        {"desk": desk_id},
    )
    return [Waiting(row["state"], row["count"], from_ms(row["since"])) for row in rows]

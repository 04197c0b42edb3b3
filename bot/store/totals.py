"""Sums over many transactions, for reports: how they ended, and what is open."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.store.times import from_ms, to_ms


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


def ended(conn: sqlite3.Connection, after: datetime, until: datetime) -> list[Ended]:
    """Return what became final after a moment and until another one, by kind and state."""
    rows = conn.execute(
        "SELECT kind, state, count(*) AS count, sum(amount_minor) AS minor, currency, decimals FROM txn"
        " WHERE final_at_ms > :after AND final_at_ms <= :until GROUP BY kind, state, currency, decimals"
        " ORDER BY kind, state",
        {"after": to_ms(after), "until": to_ms(until)},
    )
    return [Ended(*row) for row in rows]


def waiting(conn: sqlite3.Connection) -> list[Waiting]:
    """Return what was confirmed and is not over, by state."""
    rows = conn.execute(
        "SELECT state, count(*) AS count, min(confirmed_at_ms) AS since FROM txn WHERE state IN"
        " ('READY', 'UNKNOWN', 'PENDING', 'REVIEW') GROUP BY state UNION ALL"
        " SELECT state, count(*), min(confirmed_at_ms) FROM txn WHERE state IN ('DRAFT', 'AWAITING_APPROVAL')"
        " AND state = 'AWAITING_APPROVAL' GROUP BY state"
    )
    return [Waiting(row["state"], row["count"], from_ms(row["since"])) for row in rows]

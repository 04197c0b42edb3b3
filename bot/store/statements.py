"""What has become of money: the refunds of a payment, and how transactions ended from day to day."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.domain.transactions import Kind, State
from bot.store.times import from_ms, to_ms
from momo import Money


@dataclass(frozen=True, slots=True)
class GivenBack:
    """One refund that went through."""

    short_code: str
    amount: Money
    at: datetime


def given_back(conn: sqlite3.Connection, original_id: int) -> list[GivenBack]:
    """Return the refunds of a payment that went through, oldest first."""
    rows = conn.execute(
        "SELECT short_code, amount_minor, currency, decimals, final_at_ms FROM txn"
        " WHERE original_id = ? AND state = 'SUCCESSFUL' ORDER BY final_at_ms, id",
        (original_id,),
    )
    return [
        GivenBack(
            row["short_code"],
            Money.from_minor(row["amount_minor"], row["currency"], row["decimals"]),
            from_ms(row["final_at_ms"]),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Ended:
    """How many transactions of one kind and amount ended in one state."""

    kind: Kind
    state: State
    amount: Money
    count: int


def ended(conn: sqlite3.Connection, since: datetime, until: datetime, desk_id: int | None) -> list[Ended]:
    """Return what became final from a moment on and before another one, in a desk or (None) in all of them."""
    rows = conn.execute(
        "SELECT kind, state, amount_minor, currency, decimals, count(*) AS count FROM txn"
        " WHERE final_at_ms >= :since AND final_at_ms < :until AND (:desk IS NULL OR desk_id = :desk)"
        " GROUP BY kind, state, amount_minor, currency, decimals",
        {"since": to_ms(since), "until": to_ms(until), "desk": desk_id},
    )
    return [
        Ended(
            Kind(row["kind"]),
            State(row["state"]),
            Money.from_minor(row["amount_minor"], row["currency"], row["decimals"]),
            row["count"],
        )
        for row in rows
    ]


def still_open(conn: sqlite3.Connection, since: datetime, until: datetime, desk_id: int | None) -> int:
    """Count what was confirmed between two moments and is not over."""
    row = conn.execute(
        "SELECT count(*) AS n FROM txn WHERE created_at_ms >= :since AND created_at_ms < :until"
        " AND (:desk IS NULL OR desk_id = :desk)"
        " AND state IN ('AWAITING_APPROVAL', 'READY', 'UNKNOWN', 'PENDING', 'REVIEW')",
        {"since": to_ms(since), "until": to_ms(until), "desk": desk_id},
    ).fetchone()
    return int(row["n"])

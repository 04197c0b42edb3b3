"""Transactions as lines of a statement, read a page at a time: a whole one is never in memory."""

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.transactions import Kind, State
from bot.store.times import from_ms, to_ms
from momo import Money, Msisdn

APPROVERS = (
    "(SELECT group_concat(coalesce(person.name, decision.user_id), ', ') FROM decision"
    " LEFT JOIN person ON person.user_id = decision.user_id"
    " WHERE decision.txn_id = txn.id AND decision.decision = 'approve') AS approved_by"
)
SELECT = (
    "SELECT txn.*, p.msisdn, p.payee_name, p.note, desk.title, coalesce(maker.name, txn.maker_id) AS maker,"
    f" {APPROVERS}"
    " FROM txn JOIN txn_party p ON p.txn_id = txn.id JOIN desk ON desk.id = txn.desk_id"
    " LEFT JOIN person maker ON maker.user_id = txn.maker_id"
)
OF_DESK = "(:desk IS NULL OR txn.desk_id = :desk)"
ENDED = f"final_at_ms >= :since AND final_at_ms < :until AND {OF_DESK}"


@dataclass(frozen=True, slots=True)
class Span:
    """Which lines: those of a desk, or (None) of every one, between two moments."""

    since: datetime
    until: datetime
    desk_id: int | None

    @property
    def values(self) -> dict[str, Any]:
        """Return the parameters of a query."""
        return {"since": to_ms(self.since), "until": to_ms(self.until), "desk": self.desk_id}


@dataclass(frozen=True, slots=True)
class Line:
    """One transaction. ``at``: when it ended, or was begun if it has not; ``final``: whether it has."""

    id: int
    at: datetime
    final: bool
    till: str
    short_code: str
    reference_id: str
    kind: Kind
    state: State
    amount: Money
    decimals: int
    msisdn: Msisdn
    name: str
    note: str
    made_by: str
    approved_by: str
    mtn_id: str
    failure_code: str | None


def count_ended(conn: sqlite3.Connection, span: Span) -> int:
    """Count what became final."""
    return int(conn.execute(f"SELECT count(*) FROM txn WHERE {ENDED}", span.values).fetchone()[0])


def ended(conn: sqlite3.Connection, span: Span, after: Line | None, limit: int) -> list[Line]:
    """Return the next lines of what became final, in the order in which it did."""
    # The index is entered at the last page's end: behind its beginning, every page would walk all those before it.
    span = replace(span, since=max(span.since, after.at)) if after else span
    place = {"at": to_ms(after.at) if after else -1, "id": after.id if after else 0, "limit": limit}
    rows = conn.execute(
        f"{SELECT} WHERE {ENDED} AND (final_at_ms, txn.id) > (:at, :id) ORDER BY final_at_ms, txn.id LIMIT :limit",
        span.values | place,
    )
    return [_read(row) for row in rows]


def still_open(conn: sqlite3.Connection, span: Span) -> list[Line]:
    """Return what was begun and is not over, oldest first. It is never much: drafts and approvals end by themselves."""
    rows = conn.execute(
        f"{SELECT} WHERE txn.state IN ('DRAFT', 'AWAITING_APPROVAL', 'READY', 'UNKNOWN', 'PENDING', 'REVIEW')"
        f" AND created_at_ms >= :since AND created_at_ms < :until AND {OF_DESK} ORDER BY created_at_ms, txn.id",
        span.values,
    )
    return [_read(row) for row in rows]


def _read(row: sqlite3.Row) -> Line:
    final = row["final_at_ms"] is not None
    return Line(
        id=row["id"],
        at=from_ms(row["final_at_ms"] if final else row["created_at_ms"]),
        final=final,
        till=row["title"],
        short_code=row["short_code"],
        reference_id=row["reference_id"],
        kind=Kind(row["kind"]),
        state=State(row["state"]),
        amount=Money.from_minor(row["amount_minor"], row["currency"], row["decimals"]),
        decimals=row["decimals"],
        msisdn=Msisdn(row["msisdn"]),
        name=row["payee_name"] or "",
        note=row["note"],
        made_by=str(row["maker"]),
        approved_by=row["approved_by"] or "",
        mtn_id=row["financial_transaction_id"] or "",
        failure_code=row["refused_code"] if row["state"] == State.REJECTED else row["failure_code"],
    )

"""What is due: whom to send, and whom to ask MTN about, now and next. Found by indices of what is open."""

from datetime import datetime

from bot.store.database import Tx
from bot.store.times import from_ms, to_ms
from bot.store.transactions import OPEN

MAY_LEAVE = "NOT EXISTS(SELECT 1 FROM freeze WHERE ended_at_ms IS NULL)"
# So many of the open ones that were made last are young: somebody may stand there and wait.
YOUNG = 200


def ready(tx: Tx, limit: int) -> list[int]:
    """Return the ids of what is authorised and may be sent, the youngest first: somebody is waiting for it."""
    rows = tx.conn.execute(
        f"SELECT id FROM txn WHERE state = 'READY' AND +next_at_ms <= ? AND {MAY_LEAVE} ORDER BY id DESC LIMIT ?",
        (to_ms(tx.now), limit),
    )
    return [row["id"] for row in rows]


def to_observe(tx: Tx, limit: int) -> list[int]:
    """Return the ids of what MTN is to be asked about: first the hinted and the young, then the longest overdue.

    At least half are the latter. So somebody who waits is not behind a backlog, and after an hour without MTN the
    backlog is through in half of one.
    """
    hinted = f"(SELECT * FROM txn INDEXED BY txn_hinted WHERE {OPEN} AND hinted_at_ms >= next_at_ms)"
    young = f"(SELECT * FROM txn WHERE {OPEN} ORDER BY id DESC LIMIT {YOUNG})"
    urgent = dict.fromkeys([*_due(tx, hinted, "hinted_at_ms", limit), *_due(tx, young, "id DESC", limit)])
    first = list(urgent)[: limit - limit // 2]
    return list(dict.fromkeys([*first, *_due(tx, "txn", "next_at_ms", limit)]))[:limit]


def _due(tx: Tx, among: str, order: str, limit: int) -> list[int]:
    rows = tx.conn.execute(
        f"SELECT id FROM {among} WHERE {OPEN} AND state <> 'READY'"
        f" AND next_at_ms <= :now AND lease_until_ms <= :now ORDER BY {order} LIMIT :limit",
        {"now": to_ms(tx.now), "limit": limit},
    )
    return [row["id"] for row in rows]


def next_later_at(tx: Tx) -> datetime | None:
    """Return when MTN is to be asked about the next transaction that must still wait, or None."""
    asked = f"FROM txn WHERE {OPEN} AND state <> 'READY'"
    row = tx.conn.execute(
        f"SELECT min(at) AS at FROM (SELECT min(next_at_ms) AS at {asked} AND next_at_ms > :now"
        f" UNION ALL SELECT min(lease_until_ms) {asked} AND +next_at_ms <= :now AND lease_until_ms > :now)",
        {"now": to_ms(tx.now)},
    ).fetchone()
    return None if row["at"] is None else from_ms(row["at"])


def overdue_since(tx: Tx) -> datetime | None:
    """Return since when the most overdue transaction should have been sent or asked about; None when none is late."""
    row = tx.conn.execute(
        f"SELECT next_at_ms FROM txn WHERE {OPEN} AND (state <> 'READY' OR {MAY_LEAVE})"
        " AND next_at_ms <= :now AND lease_until_ms <= :now ORDER BY next_at_ms LIMIT 1",
        {"now": to_ms(tx.now)},
    ).fetchone()
    return None if row is None else from_ms(row["next_at_ms"])

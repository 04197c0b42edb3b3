"""Which of a till's transactions are open and which have ended, by the short codes that people know them by."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from bot.domain.transactions import Kind
from bot.store.times import to_ms


def still_open(conn: sqlite3.Connection, desk_id: int, kinds: Iterable[Kind] = Kind) -> list[str]:
    """Return the short codes of a desk's transactions (of some *kinds*) that are not over, oldest first."""
    rows = conn.execute(
        "SELECT short_code, kind FROM txn WHERE desk_id = ? AND state IN"
        " ('AWAITING_APPROVAL', 'READY', 'UNKNOWN', 'PENDING', 'REVIEW') ORDER BY id",
        (desk_id,),
    )
    wanted = set(kinds)
    return [row["short_code"] for row in rows if row["kind"] in wanted]


def ended_since(conn: sqlite3.Connection, desk_id: int, since: datetime) -> list[str]:
    """Return those of a desk's transactions that ended after a moment, or whose end nobody has heard of yet."""
    rows = conn.execute(
        "SELECT short_code FROM txn WHERE desk_id = :desk AND final_at_ms IS NOT NULL AND (final_at_ms > :since"
        " OR id IN (SELECT card.txn_id FROM outbox JOIN card ON card.id = outbox.payload ->> 'card_id'"
        " WHERE kind = 'end' AND held = 0 AND state IN ('NEW', 'SENDING'))) ORDER BY final_at_ms, id",
        {"desk": desk_id, "since": to_ms(since)},
    )
    return [row["short_code"] for row in rows]

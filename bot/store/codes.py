"""Which of a till's transactions are open and which have ended, by the short codes that people know them by."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from bot.domain.transactions import Kind
from bot.store.times import to_ms

# Whose end waits to be told.
UNTOLD = (
    "SELECT card.txn_id FROM outbox JOIN card ON card.id = outbox.payload ->> 'card_id'"
    " WHERE outbox.kind = 'end' AND outbox.held = 0"
)


def still_open(conn: sqlite3.Connection, desk_id: int, kinds: Iterable[Kind] = Kind) -> list[str]:
    """Return the short codes of a desk's transactions (of some *kinds*) that are not over, oldest first."""
    rows = conn.execute(
        "SELECT short_code, kind FROM txn WHERE desk_id = ? AND state <> 'SUCCESSFUL' AND state IN"
        " ('AWAITING_APPROVAL', 'READY', 'UNKNOWN', 'PENDING', 'REVIEW') ORDER BY +id",
        (desk_id,),
    )
    wanted = set(kinds)
    return [row["short_code"] for row in rows if row["kind"] in wanted]


def ended_since(conn: sqlite3.Connection, desk_id: int, since: datetime) -> list[str]:
    """Return those of a desk's transactions that ended after a moment, or whose end nobody has heard of yet."""
    rows = conn.execute(
        "SELECT short_code FROM txn WHERE +desk_id = :desk AND final_at_ms IS NOT NULL AND id IN"
        " (SELECT id FROM txn WHERE final_at_ms > :since"
        f" UNION ALL {UNTOLD} AND outbox.state = 'NEW' UNION ALL {UNTOLD} AND outbox.state = 'SENDING')"
        " ORDER BY final_at_ms, id",
        {"desk": desk_id, "since": to_ms(since)},
    )
    return [row["short_code"] for row in rows]

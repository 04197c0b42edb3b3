"""How much there is of what, for graphs and alerts: each answered from an index, however many rows are over."""

import sqlite3
from datetime import datetime

from bot.store.times import from_ms


def transactions(conn: sqlite3.Connection) -> dict[tuple[str, str], int]:
    """Return how many transactions there are, by state and kind."""
    return {(row["state"], row["kind"]): row["n"] for row in conn.execute("SELECT state, kind, n FROM tally")}


def oldest_at_mtn(conn: sqlite3.Connection, state: str) -> datetime | None:
    """Return when the oldest transaction in *state*, one of those at MTN, was authorised; None when there is none."""
    # The list of states is the partial index's own, or SQLite would not use it.
    row = conn.execute(
        "SELECT min(confirmed_at_ms) AS at FROM txn WHERE state = ? AND state IN ('UNKNOWN', 'PENDING', 'REVIEW')",
        (state,),
    ).fetchone()
    return None if row["at"] is None else from_ms(row["at"])


def waiting_updates(conn: sqlite3.Connection) -> int:
    """Return how many updates are not handled yet."""
    return _count(conn, "inbox WHERE done = 0")


def waiting_messages(conn: sqlite3.Connection) -> int:
    """Return how many messages are still to be sent."""
    return _count(conn, "outbox WHERE state = 'NEW'")


def dead_letters(conn: sqlite3.Connection) -> dict[str, int]:
    """Return how many updates and how many messages were given up."""
    return {"inbox": _count(conn, "inbox WHERE done = 2"), "outbox": _count(conn, "outbox WHERE state = 'DEAD'")}


def _count(conn: sqlite3.Connection, what: str) -> int:
    return int(conn.execute(f"SELECT count(*) FROM {what}").fetchone()[0])

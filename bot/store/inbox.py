"""Telegram's updates: stored in one transaction with the offset, before they are acknowledged."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.store import facts
from bot.store.bells import Bell
from bot.store.database import Tx
from bot.store.times import to_ms

OFFSET, OFFSET_AT = "telegram_offset", "telegram_offset_at"
QUIET_MS = 6 * 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Stored:
    """An update waiting to be handled; ``chat_id`` is what its order is kept within."""

    update_id: int
    chat_id: int
    body: dict[str, Any]
    tries: int


def offset(tx: Tx) -> int:
    """Return the id of the first update not stored yet; 0 before the first, and after a quiet week.

    After a week without updates Telegram goes on from a random id, perhaps a lower one: asking from the old
    offset would then acknowledge it unseen. From 0 everything unacknowledged comes, and what is known is known.
    """
    moved_at = int(facts.get(tx.conn, OFFSET_AT) or 0)
    quiet = to_ms(tx.now) - moved_at > QUIET_MS
    return 0 if quiet else int(facts.get(tx.conn, OFFSET) or 0)


def store(tx: Tx, updates: Iterable[tuple[int, int, dict[str, Any]]], *, in_order: bool = True) -> None:
    """Keep (update id, chat id, raw update) triples; one seen before changes nothing.

    Updates fetched come in order, and the offset moves behind the last. A webhook's may overtake each other:
    the offset stays, so that fetching after a switch back cannot acknowledge one that never came.
    """
    last = None
    for update_id, chat_id, body in updates:
        tx.conn.execute(
            "INSERT INTO inbox(update_id, chat_id, received_at_ms, body) VALUES(:update_id, :chat_id, :now, :body)"
            " ON CONFLICT DO NOTHING",
            {"update_id": update_id, "chat_id": chat_id, "now": to_ms(tx.now), "body": json.dumps(body)},
        )
        last = update_id
        tx.rings(Bell.INBOX)
    if last is not None and in_order:
        facts.put(tx.conn, OFFSET, str(last + 1))
        facts.put(tx.conn, OFFSET_AT, str(to_ms(tx.now)))


def heads(conn: sqlite3.Connection, limit: int) -> list[Stored]:
    """Return the oldest unhandled update of each chat: what comes after it must wait for it."""
    rows = conn.execute(
        "SELECT * FROM inbox WHERE done = 0 AND update_id IN"
        " (SELECT min(update_id) FROM inbox WHERE done = 0 GROUP BY chat_id) ORDER BY update_id LIMIT ?",
        (limit,),
    )
    return [Stored(r["update_id"], r["chat_id"], json.loads(r["body"]), r["tries"]) for r in rows]


def mark_done(conn: sqlite3.Connection, update_id: int) -> bool:
    """Mark an update handled; False when it already was."""
    return conn.execute("UPDATE inbox SET done = 1 WHERE update_id = ? AND done = 0", (update_id,)).rowcount == 1


def mark_failed(conn: sqlite3.Connection, update_id: int, error: str, tries_allowed: int) -> bool:
    """Count a failed try; True when that was the last one and the update is now a dead letter."""
    row = conn.execute(
        "UPDATE inbox SET tries = tries + 1, error = :error, done = CASE WHEN tries + 1 >= :allowed THEN 2 ELSE 0 END"
        " WHERE update_id = :update_id AND done = 0 RETURNING done",
        {"error": error, "allowed": tries_allowed, "update_id": update_id},
    ).fetchone()
    return row is not None and row["done"] == 2


def forget_bodies(tx: Tx, older_than_ms: int) -> None:
    """Empty the bodies of handled updates received before a moment: they hold personal data."""
    tx.conn.execute(
        "UPDATE inbox SET body = NULL WHERE done <> 0 AND body IS NOT NULL AND received_at_ms < ?",
        (older_than_ms,),
    )

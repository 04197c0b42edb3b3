"""Who was seen leaving which chat. Whoever was never seen there is taken for present."""

import sqlite3
from datetime import datetime

from bot.store.bells import Bell
from bot.store.database import Tx
from bot.store.times import to_ms


def note(tx: Tx, chat_id: int, user_id: int, at: datetime, *, away: bool) -> bool:
    """Keep what was seen of a person; tell whether that changed anything. News older than what is known do not."""
    was = is_away(tx.conn, chat_id, user_id)
    tx.conn.execute(
        "INSERT INTO membership(chat_id, user_id, away, seen_at_ms) VALUES(:chat, :user, :away, :at)"
        " ON CONFLICT(chat_id, user_id) DO UPDATE SET away = excluded.away, seen_at_ms = excluded.seen_at_ms"
        " WHERE excluded.seen_at_ms >= seen_at_ms",
        {"chat": chat_id, "user": user_id, "away": away, "at": to_ms(at)},
    )
    changed = is_away(tx.conn, chat_id, user_id) != was
    if changed:
        tx.rings(Bell.MENUS)
    return changed


def is_away(conn: sqlite3.Connection, chat_id: int, user_id: int) -> bool:
    """Tell whether a person is known to have left a chat."""
    row = conn.execute(
        "SELECT 1 FROM membership WHERE chat_id = ? AND user_id = ? AND away = 1", (chat_id, user_id)
    ).fetchone()
    return row is not None


def move_chat(tx: Tx, old: int, new: int) -> None:
    """A group became a supergroup: who had left it has still left it."""
    tx.conn.execute("UPDATE OR REPLACE membership SET chat_id = ? WHERE chat_id = ?", (new, old))

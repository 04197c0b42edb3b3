"""What people look for, kept while its pages may be turned: a day."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.store.database import Tx
from bot.store.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Finding:
    """One search and the message that shows it. ``desk_id``: None where every desk is seen."""

    id: int
    nonce: str
    user_id: int
    chat_id: int
    thread_id: int | None
    reply_to: int | None
    desk_id: int | None
    typed: str
    at: datetime
    message_id: int | None


def add(
    tx: Tx,
    user_id: int,
    chat_id: int,
    *,
    thread_id: int | None,
    reply_to: int | None,
    desk_id: int | None,
    typed: str,
) -> Finding:
    """Keep a search and return it with its nonce."""
    row = tx.conn.execute(
        "INSERT INTO finding(nonce, user_id, chat_id, thread_id, reply_to, desk_id, typed, at_ms)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
        (tx.mint.nonce(), user_id, chat_id, thread_id, reply_to, desk_id, typed, to_ms(tx.now)),
    ).fetchone()
    return _read(row)


def get(conn: sqlite3.Connection, finding_id: int) -> Finding | None:
    """Return the search of this row id, or None when its time is over."""
    row = conn.execute("SELECT * FROM finding WHERE id = ?", (finding_id,)).fetchone()
    return None if row is None else _read(row)


def pressed(conn: sqlite3.Connection, nonce: str, chat_id: int) -> Finding | None:
    """Return the search whose pages a button with this nonce turns in this chat, or None."""
    row = conn.execute("SELECT * FROM finding WHERE nonce = ? AND chat_id = ?", (nonce, chat_id)).fetchone()
    return None if row is None else _read(row)


def set_message(tx: Tx, finding_id: int, message_id: int, *, chat_id: int) -> None:
    """Record which message shows the search, unless it has moved to another chat meanwhile."""
    tx.conn.execute("UPDATE finding SET message_id = ? WHERE id = ? AND chat_id = ?", (message_id, finding_id, chat_id))


def forget(tx: Tx, older_than: datetime) -> None:
    """Drop the searches made before a moment: what was typed may hold numbers and names."""
    tx.conn.execute("DELETE FROM finding WHERE at_ms < ?", (to_ms(older_than),))


def _read(row: sqlite3.Row) -> Finding:
    return Finding(
        row["id"],
        row["nonce"],
        row["user_id"],
        row["chat_id"],
        row["thread_id"],
        row["reply_to"],
        row["desk_id"],
        row["typed"],
        from_ms(row["at_ms"]),
        row["message_id"],
    )

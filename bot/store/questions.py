"""Lines with two readings, kept until a button says which one was meant."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.store.database import Tx
from bot.store.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked back; ``chosen`` is the reading picked, None until then."""

    id: int
    nonce: str
    chat_id: int
    user_id: int
    readings: list[dict[str, Any]]
    expires_at: datetime
    chosen: int | None


def add(tx: Tx, chat_id: int, user_id: int, readings: list[dict[str, Any]], expires_at: datetime) -> Question:
    """Keep a question and return it with its nonce."""
    row = tx.conn.execute(
        "INSERT INTO question(nonce, chat_id, user_id, readings, expires_at_ms) VALUES(?, ?, ?, ?, ?) RETURNING *",
        (tx.mint.nonce(), chat_id, user_id, json.dumps(readings), to_ms(expires_at)),
    ).fetchone()
    return _read(row)


def find(conn: sqlite3.Connection, nonce: str, chat_id: int) -> Question | None:
    """Return the question a button with this nonce answers in this chat, or None."""
    row = conn.execute("SELECT * FROM question WHERE nonce = ? AND chat_id = ?", (nonce, chat_id)).fetchone()
    return None if row is None else _read(row)


def choose(tx: Tx, question_id: int, reading: int) -> bool:
    """Settle the question; False when it was settled before."""
    cursor = tx.conn.execute("UPDATE question SET chosen = ? WHERE id = ? AND chosen IS NULL", (reading, question_id))
    return cursor.rowcount == 1


def _read(row: sqlite3.Row) -> Question:
    return Question(
        row["id"],
        row["nonce"],
        row["chat_id"],
        row["user_id"],
        json.loads(row["readings"]),
        from_ms(row["expires_at_ms"]),
        row["chosen"],
    )

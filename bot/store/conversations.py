"""Where each person stands in a step-by-step command, and what was typed so far."""

import json
import sqlite3
from typing import Any

from bot.store.database import Tx


def load_states(conn: sqlite3.Connection, name: str) -> dict[tuple[int, ...], int]:
    """Return every open conversation of this name: (chat id, user id) to step."""
    rows = conn.execute("SELECT key, state FROM conversation WHERE name = ?", (name,))
    return {tuple(json.loads(row["key"])): row["state"] for row in rows}


def save_state(tx: Tx, name: str, key: tuple[int | str, ...], state: int | None) -> None:
    """Keep where one conversation stands; None when it is over."""
    if state is None:
        tx.conn.execute("DELETE FROM conversation WHERE name = ? AND key = ?", (name, json.dumps(key)))
        return
    tx.conn.execute(
        "INSERT INTO conversation(name, key, state) VALUES(:name, :key, :state)"
        " ON CONFLICT(name, key) DO UPDATE SET state = excluded.state",
        {"name": name, "key": json.dumps(key), "state": state},
    )


def move_chat(tx: Tx, old: int, new: int) -> list[dict[str, Any]]:
    """A group became a supergroup: who was asked something there is asked it here. Return the forms that moved."""
    for row in tx.conn.execute("SELECT name, key, state FROM conversation").fetchall():
        chat_id, *others = json.loads(row["key"])
        if chat_id == old:
            save_state(tx, row["name"], (old, *others), None)
            save_state(tx, row["name"], (new, *others), row["state"])
    moved = []
    for user_id, forms in load_forms(tx.conn).items():
        if str(old) in forms:
            moved.append(forms.pop(str(old)))
            save_form(tx, user_id, forms | {str(new): moved[-1]})
    return moved


def load_forms(conn: sqlite3.Connection) -> dict[int, dict[str, Any]]:
    """Return what each person has typed so far."""
    return {row["user_id"]: json.loads(row["data"]) for row in conn.execute("SELECT * FROM form")}


def save_form(tx: Tx, user_id: int, data: dict[str, Any]) -> None:
    """Keep what a person has typed so far; nothing typed, nothing kept."""
    if not data:
        tx.conn.execute("DELETE FROM form WHERE user_id = ?", (user_id,))
        return
    tx.conn.execute(
        "INSERT INTO form(user_id, data) VALUES(:user, :data) ON CONFLICT(user_id) DO UPDATE SET data = excluded.data",
        {"user": user_id, "data": json.dumps(data)},
    )


def forget(tx: Tx, user_id: int, chat: str) -> None:
    """Close what a person was asked in one chat, and drop what they typed there."""
    tx.conn.execute("DELETE FROM conversation WHERE key = ?", (json.dumps((int(chat), user_id)),))
    save_form_of(tx, user_id, int(chat), {})


def save_form_of(tx: Tx, user_id: int, chat_id: int, form: dict[str, Any]) -> None:
    """Keep what a person has typed so far in one chat, and leave what they typed in others as it is."""
    row = tx.conn.execute("SELECT data FROM form WHERE user_id = ?", (user_id,)).fetchone()
    others = {chat: typed for chat, typed in json.loads(row["data"] if row else "{}").items() if chat != str(chat_id)}
    save_form(tx, user_id, others | ({str(chat_id): form} if form else {}))

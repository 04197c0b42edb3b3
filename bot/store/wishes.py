"""What each chat wishes to be told."""

import sqlite3
from dataclasses import replace
from datetime import time

from bot.domain.wishes import Quiet, Told, Wishes
from bot.store.database import Tx

NOT_AT_ALL = -1
USUAL = Wishes()


def of(conn: sqlite3.Connection, chat_id: int) -> Wishes:
    """Return a chat's wishes; the usual ones of a chat that never said any."""
    row = conn.execute("SELECT * FROM wish WHERE chat_id = ?", (chat_id,)).fetchone()
    if row is None:
        return USUAL
    quiet = None if row["quiet_from"] is None else Quiet(_time(row["quiet_from"]), _time(row["quiet_until"]))
    closing = row["closing"]
    return Wishes(
        success=Told(row["success"]),
        failure=Told(row["failure"]),
        from_minor=row["from_minor"],
        news=bool(row["news"]),
        sound=bool(row["sound"]),
        quiet=quiet,
        closing_at=None if closing is None or closing == NOT_AT_ALL else _time(closing),
        closing_off=closing == NOT_AT_ALL,
        thread_id=row["thread_id"],
    )


def put(tx: Tx, chat_id: int, wishes: Wishes) -> None:
    """Keep a chat's wishes in place of those it had."""
    quiet, closing = wishes.quiet, wishes.closing_at
    tx.conn.execute("DELETE FROM wish WHERE chat_id = ?", (chat_id,))
    tx.conn.execute(
        "INSERT INTO wish(chat_id, success, failure, from_minor, news, sound, quiet_from, quiet_until,"
        " closing, thread_id) VALUES(:chat, :success, :failure, :least, :news, :sound, :quiet_from, :quiet_until,"
        " :closing, :thread)",
        {
            "chat": chat_id,
            "success": wishes.success,
            "failure": wishes.failure,
            "least": wishes.from_minor,
            "news": wishes.news,
            "sound": wishes.sound,
            "quiet_from": None if quiet is None else _minutes(quiet.start),
            "quiet_until": None if quiet is None else _minutes(quiet.end),
            "closing": NOT_AT_ALL if wishes.closing_off else None if closing is None else _minutes(closing),
            "thread": wishes.thread_id,
        },
    )


def thread_of(conn: sqlite3.Connection, chat_id: int) -> int | None:
    """Return the topic in which a chat takes what answers nobody, or None."""
    row = conn.execute("SELECT thread_id FROM wish WHERE chat_id = ?", (chat_id,)).fetchone()
    return None if row is None else row["thread_id"]


def take_thread(tx: Tx, chat_id: int, thread_id: int | None) -> None:
    """Let a chat take what answers nobody in this topic, or in none."""
    wishes = of(tx.conn, chat_id)
    if wishes.thread_id != thread_id:
        put(tx, chat_id, replace(wishes, thread_id=thread_id))


def move_chat(tx: Tx, old: int, new: int) -> None:
    """A group became a supergroup: it wishes what it wished, unless it has said otherwise there."""
    tx.conn.execute(
        "UPDATE wish SET chat_id = :new WHERE chat_id = :old AND NOT EXISTS(SELECT 1 FROM wish WHERE chat_id = :new)",
        {"new": new, "old": old},
    )


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute

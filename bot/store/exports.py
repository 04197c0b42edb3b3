"""Tables of transactions that people asked for: what is wanted, and how far each is."""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime

from bot.store.bells import Bell
from bot.store.database import Tx
from bot.store.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked for. ``desk_id``: None for every till; ``masked``, ``nameless``: what is left out."""

    user_id: int
    chat_id: int
    thread_id: int | None
    reply_to: int | None
    desk_id: int | None
    form: str
    first: date
    last: date
    masked: bool
    nameless: bool
    language: str


@dataclass(frozen=True, slots=True)
class Export:
    """One table. ``total``: its rows, None before they were counted; ``parts``: its files, once it is made."""

    id: int
    wanted: Wanted
    asked_at: datetime
    tries: int
    total: int | None
    done: int
    parts: int | None
    message_id: int | None


def add(tx: Tx, wanted: Wanted) -> Export:
    """Write down what is wanted."""
    row = tx.conn.execute(
        "INSERT INTO export(user_id, chat_id, thread_id, reply_to, desk_id, form, first, last, masked, nameless,"
        " language, asked_at_ms) VALUES(:user, :chat, :thread, :reply, :desk, :form, :first, :last, :masked,"
        " :nameless, :language, :now) RETURNING *",
        {
            "user": wanted.user_id,
            "chat": wanted.chat_id,
            "thread": wanted.thread_id,
            "reply": wanted.reply_to,
            "desk": wanted.desk_id,
            "form": wanted.form,
            "first": wanted.first.isoformat(),
            "last": wanted.last.isoformat(),
            "masked": wanted.masked,
            "nameless": wanted.nameless,
            "language": wanted.language,
            "now": to_ms(tx.now),
        },
    ).fetchone()
    tx.rings(Bell.EXPORTS)
    return _read(row)


def get(conn: sqlite3.Connection, export_id: int) -> Export:
    """Return the export of this row id, which must exist."""
    return _read(conn.execute("SELECT * FROM export WHERE id = ?", (export_id,)).fetchone())


def waiting(conn: sqlite3.Connection) -> list[Export]:
    """Return what is to be made, oldest first."""
    return [_read(row) for row in conn.execute("SELECT * FROM export WHERE state = 'WAITING' ORDER BY id")]


def is_waiting_for(conn: sqlite3.Connection, user_id: int) -> bool:
    """Tell whether a table of this person's is still to be made."""
    row = conn.execute("SELECT 1 FROM export WHERE state = 'WAITING' AND user_id = ?", (user_id,)).fetchone()
    return row is not None


def begin(tx: Tx, export_id: int, total: int) -> None:
    """Write down that it is being made, from its first row, and how many rows it will have."""
    tx.conn.execute(
        "UPDATE export SET tries = tries + 1, total = ?, done = 0 WHERE id = ? AND state = 'WAITING'",
        (total, export_id),
    )


def progress(tx: Tx, export_id: int, done: int) -> None:
    """Write down how many rows are made."""
    tx.conn.execute("UPDATE export SET done = ? WHERE id = ?", (done, export_id))


def finish(tx: Tx, export_id: int, parts: int) -> None:
    """Write down that it is made, in so many files."""
    tx.conn.execute(
        "UPDATE export SET state = 'MADE', done = total, parts = ? WHERE id = ? AND state = 'WAITING'",
        (parts, export_id),
    )


def give_up(tx: Tx, export_id: int) -> None:
    """Make it no more."""
    tx.conn.execute("UPDATE export SET state = 'GIVEN_UP' WHERE id = ? AND state = 'WAITING'", (export_id,))


def make_again(tx: Tx, export_id: int) -> None:
    """Have it made anew: its files went before they were sent."""
    tx.conn.execute("UPDATE export SET state = 'WAITING' WHERE id = ? AND state = 'MADE'", (export_id,))
    tx.rings(Bell.EXPORTS)


def set_message(tx: Tx, export_id: int, message_id: int, *, chat_id: int) -> None:
    """Record which message shows how far it is, unless that has moved to another chat meanwhile."""
    tx.conn.execute("UPDATE export SET message_id = ? WHERE id = ? AND chat_id = ?", (message_id, export_id, chat_id))


def _read(row: sqlite3.Row) -> Export:
    wanted = Wanted(
        row["user_id"],
        row["chat_id"],
        row["thread_id"],
        row["reply_to"],
        row["desk_id"],
        row["form"],
        date.fromisoformat(row["first"]),
        date.fromisoformat(row["last"]),
        bool(row["masked"]),
        bool(row["nameless"]),
        row["language"],
    )
    return Export(
        row["id"],
        wanted,
        from_ms(row["asked_at_ms"]),
        row["tries"],
        row["total"],
        row["done"],
        row["parts"],
        row["message_id"],
    )

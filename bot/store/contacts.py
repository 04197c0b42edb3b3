"""A desk's contacts: numbers saved under a name."""

import sqlite3
from dataclasses import dataclass

from bot.store.bells import Bell
from bot.store.database import Tx
from bot.store.times import to_ms
from momo import Msisdn


@dataclass(frozen=True, slots=True)
class Contact:
    """A saved number. ``mtn_name`` is None until MTN was asked, empty when it gave none."""

    id: int
    desk_id: int
    name: str
    words: str
    msisdn: Msisdn
    mtn_name: str | None
    nonce: str
    added_by: int
    chat_id: int
    thread_id: int | None
    message_id: int | None


def words_of(name: str) -> str:
    """Return the form of a name by which contacts are found: in lower case, with single blanks."""
    return " ".join(name.casefold().split())


def add(tx: Tx, desk_id: int, name: str, msisdn: Msisdn, added_by: int, chat_id: int, thread_id: int | None) -> Contact:
    """Save a number, told so in a chat; its name and number are not among the desk's contacts yet."""
    row = tx.conn.execute(
        "INSERT INTO contact(desk_id, name, words, msisdn, nonce, added_by, added_at_ms, chat_id, thread_id)"
        " VALUES(:desk, :name, :words, :msisdn, :nonce, :by, :now, :chat, :thread) RETURNING *",
        {
            "desk": desk_id,
            "chat": chat_id,
            "thread": thread_id,
            "name": name,
            "words": words_of(name),
            "msisdn": str(msisdn),
            "nonce": tx.mint.nonce(),
            "by": added_by,
            "now": to_ms(tx.now),
        },
    ).fetchone()
    tx.rings(Bell.LOOKUPS)
    return read(row)


def rename(tx: Tx, contact_id: int, name: str) -> None:
    """Give a contact another name."""
    tx.conn.execute("UPDATE contact SET name = ?, words = ? WHERE id = ?", (name, words_of(name), contact_id))


def delete(tx: Tx, contact_id: int) -> None:
    """Forget a contact."""
    tx.conn.execute("DELETE FROM contact WHERE id = ?", (contact_id,))


def name_at_mtn(tx: Tx, contact_id: int, mtn_name: str) -> None:
    """Keep the name MTN gave for the number; empty when it gave none."""
    tx.conn.execute("UPDATE contact SET mtn_name = ? WHERE id = ?", (mtn_name, contact_id))


def set_message(tx: Tx, contact_id: int, message_id: int, *, chat_id: int) -> None:
    """Record which message tells that it is saved, unless that has moved to another chat meanwhile."""
    tx.conn.execute("UPDATE contact SET message_id = ? WHERE id = ? AND chat_id = ?", (message_id, contact_id, chat_id))


def of_desk(conn: sqlite3.Connection, desk_id: int) -> list[Contact]:
    """Return a desk's contacts by name."""
    return [read(row) for row in conn.execute("SELECT * FROM contact WHERE desk_id = ? ORDER BY words", (desk_id,))]


def get(conn: sqlite3.Connection, contact_id: int) -> Contact | None:
    """Return the contact of this row id, or None when it was deleted."""
    return _one(conn.execute("SELECT * FROM contact WHERE id = ?", (contact_id,)))


def of_nonce(conn: sqlite3.Connection, desk_id: int, nonce: str) -> Contact | None:
    """Return the desk's contact whose buttons carry this nonce, or None."""
    return _one(conn.execute("SELECT * FROM contact WHERE nonce = ? AND desk_id = ?", (nonce, desk_id)))


def of_number(conn: sqlite3.Connection, desk_id: int, msisdn: Msisdn) -> Contact | None:
    """Return the desk's contact with this number, or None."""
    return _one(conn.execute("SELECT * FROM contact WHERE msisdn = ? AND desk_id = ?", (str(msisdn), desk_id)))


def of_name(conn: sqlite3.Connection, desk_id: int, name: str) -> Contact | None:
    """Return the desk's contact of exactly this name, however it is spaced or capitalised, or None."""
    return _one(conn.execute("SELECT * FROM contact WHERE words = ? AND desk_id = ?", (words_of(name), desk_id)))


def unnamed(conn: sqlite3.Connection, limit: int) -> list[Contact]:
    """Return the contacts whose name MTN has not been asked for, oldest first."""
    rows = conn.execute("SELECT * FROM contact WHERE mtn_name IS NULL ORDER BY id LIMIT ?", (limit,))
    return [read(row) for row in rows]


def _one(cursor: sqlite3.Cursor) -> Contact | None:
    row = cursor.fetchone()
    return None if row is None else read(row)


def read(row: sqlite3.Row) -> Contact:
    """Return the contact of a row."""
    return Contact(
        row["id"],
        row["desk_id"],
        row["name"],
        row["words"],
        Msisdn(row["msisdn"]),
        row["mtn_name"],
        row["nonce"],
        row["added_by"],
        row["chat_id"],
        row["thread_id"],
        row["message_id"],
    )

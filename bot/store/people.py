"""Desks, people and their roles."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.domain.roles import Role
from bot.store import facts
from bot.store.bells import Bell
from bot.store.database import Tx
from bot.store.times import from_ms, to_ms

EVERY_DESK = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """A till: one chat an owner has opened."""

    id: int
    chat_id: int
    title: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A role one person has, in one desk or (``desk_id`` 0) in every one."""

    user_id: int
    desk_id: int
    role: Role
    granted_at: datetime


def open_desk(tx: Tx, chat_id: int, title: str, opened_by: int) -> Desk:
    """Open a chat as a desk, or open it again."""
    row = tx.conn.execute(
        "INSERT INTO desk(chat_id, title, opened_by, opened_at_ms) VALUES(:chat, :title, :by, :now)"
        " ON CONFLICT(chat_id) DO UPDATE SET title = excluded.title, closed_at_ms = NULL RETURNING *",
        {"chat": chat_id, "title": title, "by": opened_by, "now": to_ms(tx.now)},
    ).fetchone()
    tx.rings(Bell.MENUS)
    return _desk(row)


def close_desk(tx: Tx, desk_id: int) -> None:
    """Shut a desk; its transactions live on."""
    tx.conn.execute("UPDATE desk SET closed_at_ms = ? WHERE id = ?", (to_ms(tx.now), desk_id))
    tx.rings(Bell.MENUS)


def desk_of_chat(conn: sqlite3.Connection, chat_id: int, *, closed_too: bool = False) -> Desk | None:
    """Return the open desk of this chat (or *closed_too*), or None."""
    row = conn.execute(
        "SELECT * FROM desk WHERE chat_id = ? AND (closed_at_ms IS NULL OR ?)", (chat_id, closed_too)
    ).fetchone()
    return None if row is None else _desk(row)


def desk(conn: sqlite3.Connection, desk_id: int) -> Desk:
    """Return the desk of this row id, which must exist."""
    return _desk(conn.execute("SELECT * FROM desk WHERE id = ?", (desk_id,)).fetchone())


def find_desk(conn: sqlite3.Connection, named: str) -> Desk | None:
    """Return the desk, shut or not, of this title (in capitals or not) or this chat id; None for none, or several."""
    fits = [desk for desk in every_desk(conn) if named.casefold() in (desk.title.casefold(), str(desk.chat_id))]
    return fits[0] if len(fits) == 1 else None


def is_closed(conn: sqlite3.Connection, desk_id: int) -> bool:
    """Tell whether a desk is shut."""
    row = conn.execute("SELECT 1 FROM desk WHERE id = ? AND closed_at_ms IS NULL", (desk_id,)).fetchone()
    return row is None


def open_desks(conn: sqlite3.Connection) -> list[Desk]:
    """Return every open desk."""
    return [_desk(row) for row in conn.execute("SELECT * FROM desk WHERE closed_at_ms IS NULL ORDER BY id")]


def every_desk(conn: sqlite3.Connection) -> list[Desk]:
    """Return every desk there ever was, shut or not."""
    return [_desk(row) for row in conn.execute("SELECT * FROM desk ORDER BY id")]


def move_chat(tx: Tx, old: int, new: int) -> None:
    """A group became a supergroup: everything of the old chat id belongs to the new one, at once.

    Message ids begin anew there: what was shown in the old chat cannot be edited in the new one.
    """
    tx.conn.execute("UPDATE card SET message_id = NULL, reply_to = NULL WHERE chat_id = ?", (old,))
    tx.conn.execute("UPDATE balance_view SET message_id = NULL WHERE chat_id = ?", (old,))
    tx.conn.execute("UPDATE outbox SET message_id = NULL WHERE chat_id = ?", (old,))
    tx.conn.execute("UPDATE contact SET message_id = NULL WHERE chat_id = ?", (old,))
    tx.conn.execute("UPDATE finding SET message_id = NULL, reply_to = NULL WHERE chat_id = ?", (old,))
    tx.conn.execute("UPDATE export SET message_id = NULL, reply_to = NULL WHERE chat_id = ?", (old,))
    for table in ("card", "outbox", "question", "balance_view", "contact", "finding", "export"):
        tx.conn.execute(f"UPDATE {table} SET chat_id = :new WHERE chat_id = :old", {"new": new, "old": old})
    # Should the new chat have been opened by itself already, it stays the desk it is.
    tx.conn.execute(
        "UPDATE desk SET chat_id = :new WHERE chat_id = :old AND NOT EXISTS(SELECT 1 FROM desk WHERE chat_id = :new)",
        {"new": new, "old": old},
    )
    facts.put(tx.conn, f"moved:{old}", str(new))


def moved_to(conn: sqlite3.Connection, chat_id: int) -> int:
    """Return the id a chat has now: its own, or the one it moved to."""
    return int(facts.get(conn, f"moved:{chat_id}") or chat_id)


def meet(tx: Tx, user_id: int, name: str, language: str | None, *, private: bool) -> None:
    """Remember a person who spoke to us; in a private chat also that we may write to them."""
    changed = tx.conn.execute(
        "INSERT INTO person(user_id, name, language, started) VALUES(:id, :name, :language, :private)"
        " ON CONFLICT(user_id) DO UPDATE SET name = excluded.name, language = excluded.language,"
        " started = max(started, excluded.started)"
        " WHERE name <> excluded.name OR language IS NOT excluded.language OR started < excluded.started",
        {"id": user_id, "name": name, "language": language, "private": private},
    )
    if changed.rowcount:
        tx.rings(Bell.MENUS)


def name_of(conn: sqlite3.Connection, user_id: int) -> str:
    """Return the name a person goes by, or the numeric id of one never met."""
    row = conn.execute("SELECT name FROM person WHERE user_id = ?", (user_id,)).fetchone()
    return str(user_id) if row is None else str(row["name"])


def label_of(conn: sqlite3.Connection, user_id: int) -> str:
    """Return a person's name with the numeric id, or the id alone."""
    name = name_of(conn, user_id)
    return name if name == str(user_id) else f"{name} ({user_id})"


def has_started(conn: sqlite3.Connection, user_id: int) -> bool:
    """Tell whether the bot may write to this person in private."""
    row = conn.execute("SELECT started FROM person WHERE user_id = ?", (user_id,)).fetchone()
    return row is not None and bool(row["started"])


def stopped(tx: Tx, user_id: int) -> None:
    """Remember that this person blocked the bot."""
    tx.conn.execute("UPDATE person SET started = 0 WHERE user_id = ?", (user_id,))


def remember_desk(tx: Tx, user_id: int, desk_id: int) -> None:
    """Remember which desk a person works for in the private chat."""
    tx.conn.execute("UPDATE person SET desk_id = ? WHERE user_id = ?", (desk_id, user_id))


def remembered_desk(conn: sqlite3.Connection, user_id: int) -> int | None:
    """Return the desk chosen last in the private chat, or None."""
    row = conn.execute("SELECT desk_id FROM person WHERE user_id = ?", (user_id,)).fetchone()
    return None if row is None else row["desk_id"]


def grant(tx: Tx, user_id: int, desk_id: int, role: Role, granted_by: int) -> None:
    """Give a person a role in a desk, in place of the one they had there; for every desk, in place of all."""
    if desk_id == EVERY_DESK:
        tx.conn.execute("DELETE FROM role WHERE user_id = ? AND desk_id <> ?", (user_id, EVERY_DESK))
    tx.conn.execute(
        "INSERT INTO role(user_id, desk_id, role, granted_by, granted_at_ms) VALUES(:user, :desk, :role, :by, :now)"
        " ON CONFLICT(user_id, desk_id) DO UPDATE SET role = excluded.role, granted_by = excluded.granted_by,"
        " granted_at_ms = CASE WHEN role = excluded.role THEN granted_at_ms ELSE excluded.granted_at_ms END",
        {"user": user_id, "desk": desk_id, "role": role, "by": granted_by, "now": to_ms(tx.now)},
    )
    tx.rings(Bell.MENUS)


def revoke(tx: Tx, user_id: int, desk_id: int) -> None:
    """Take a person's role in a desk away; for every desk, all their roles."""
    tx.conn.execute(
        "DELETE FROM role WHERE user_id = :user AND (desk_id = :desk OR :desk = :every)",
        {"user": user_id, "desk": desk_id, "every": EVERY_DESK},
    )
    tx.rings(Bell.MENUS)


def grants(conn: sqlite3.Connection, user_id: int | None = None) -> list[Grant]:
    """Return the roles of one person, or of everybody, oldest first."""
    whose, values = ("", ()) if user_id is None else ("WHERE user_id = ?", (user_id,))
    rows = conn.execute(f"SELECT * FROM role {whose} ORDER BY granted_at_ms, user_id", values)
    return [Grant(r["user_id"], r["desk_id"], Role(r["role"]), from_ms(r["granted_at_ms"])) for r in rows]


def _desk(row: sqlite3.Row) -> Desk:
    return Desk(row["id"], row["chat_id"], row["title"])

"""Which language people and tills have chosen, and the one that Telegram tells of a person."""

import sqlite3
from typing import NamedTuple

from bot.store.bells import Bell
from bot.store.database import Tx


class Spoken(NamedTuple):
    """A person's languages: what was chosen with /language, and what Telegram tells; either may be unknown."""

    chosen: str | None
    told: str | None


def of_person(conn: sqlite3.Connection, user_id: int) -> Spoken:
    """Return a person's languages; one who was never met has none."""
    row = conn.execute("SELECT chosen_language, language FROM person WHERE user_id = ?", (user_id,)).fetchone()
    return Spoken(None, None) if row is None else Spoken(row["chosen_language"], row["language"])


def choose(tx: Tx, user_id: int, language: str) -> None:
    """Remember the language a person chose; they have been met."""
    tx.conn.execute("UPDATE person SET chosen_language = ? WHERE user_id = ?", (language, user_id))
    tx.rings(Bell.MENUS)


def of_desk(conn: sqlite3.Connection, desk_id: int) -> str | None:
    """Return the language chosen for a desk, or None."""
    row = conn.execute("SELECT language FROM desk WHERE id = ?", (desk_id,)).fetchone()
    return None if row is None else row["language"]


def choose_for_desk(tx: Tx, desk_id: int, language: str) -> None:
    """Remember the language in which a desk's chat is spoken to."""
    tx.conn.execute("UPDATE desk SET language = ? WHERE id = ?", (language, desk_id))

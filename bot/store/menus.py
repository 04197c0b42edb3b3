"""The command menus as Telegram has them."""

import sqlite3
from typing import NamedTuple

from bot.store.database import Tx


class Menu(NamedTuple):
    """A menu of one scope in one language, both as Telegram writes them; no commands: there is to be none."""

    scope: str
    language: str
    commands: str


def shown(conn: sqlite3.Connection) -> list[Menu]:
    """Return every menu that was set."""
    return [Menu(*row) for row in conn.execute("SELECT scope, language, commands FROM menu")]


def keep(tx: Tx, menu: Menu) -> None:
    """Remember that a menu was set, or taken away."""
    if menu.commands:
        tx.conn.execute(
            "INSERT INTO menu(scope, language, commands) VALUES(:scope, :language, :commands)"
            " ON CONFLICT(scope, language) DO UPDATE SET commands = excluded.commands",
            menu._asdict(),
        )
    else:
        tx.conn.execute("DELETE FROM menu WHERE scope = :scope AND language = :language", menu._asdict())

"""The last balances MTN told, and the /balance messages waiting for newer ones."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.store.bells import Bell
from bot.store.database import Tx
from bot.store.times import from_ms, to_ms
from momo import Money


@dataclass(frozen=True, slots=True)
class Known:
    """What MTN said an account holds, and when."""

    product: str
    available: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class View:
    """One /balance message. ``outcome``: None while MTN is asked, then "ok" or why there is no answer."""

    id: int
    chat_id: int
    thread_id: int | None
    currency: str | None
    asked_at: datetime
    message_id: int | None
    outcome: str | None
    asked_by: int | None = None


def keep(tx: Tx, product: str, available: Money) -> None:
    """Keep what MTN just told."""
    tx.conn.execute(
        "INSERT INTO balance(product, currency, amount, at_ms) VALUES(:product, :currency, :amount, :now)"
        " ON CONFLICT(product, currency) DO UPDATE SET amount = excluded.amount, at_ms = excluded.at_ms",
        {
            "product": product,
            "currency": available.currency,
            "amount": str(available.amount),
            "now": to_ms(tx.now),
        },
    )


def known(conn: sqlite3.Connection, currency: str) -> list[Known]:
    """Return the last known balances in a currency."""
    rows = conn.execute("SELECT * FROM balance WHERE currency = ? ORDER BY product", (currency,))
    return [Known(r["product"], Money(Decimal(r["amount"]), r["currency"]), from_ms(r["at_ms"])) for r in rows]


def add_view(tx: Tx, chat_id: int, thread_id: int | None, currency: str | None, asked_by: int | None = None) -> View:
    """Write down that somebody in a chat asked for the balance."""
    row = tx.conn.execute(
        "INSERT INTO balance_view(chat_id, thread_id, currency, asked_at_ms, asked_by)"
        " VALUES(?, ?, ?, ?, ?) RETURNING *",
        (chat_id, thread_id, currency, to_ms(tx.now), asked_by),
    ).fetchone()
    tx.rings(Bell.LOOKUPS)
    return _view(row)


def view(conn: sqlite3.Connection, view_id: int) -> View:
    """Return the view of this row id, which must exist."""
    return _view(conn.execute("SELECT * FROM balance_view WHERE id = ?", (view_id,)).fetchone())


def open_views(conn: sqlite3.Connection) -> list[View]:
    """Return the views MTN has not been asked for yet."""
    return [_view(row) for row in conn.execute("SELECT * FROM balance_view WHERE outcome IS NULL ORDER BY id")]


def close_view(tx: Tx, view_id: int, outcome: str) -> None:
    """Write down how asking MTN ended."""
    tx.conn.execute("UPDATE balance_view SET outcome = ? WHERE id = ?", (outcome, view_id))


def set_message(tx: Tx, view_id: int, message_id: int, *, chat_id: int) -> None:
    """Record which message shows the view, unless it has moved to another chat meanwhile."""
    tx.conn.execute(
        "UPDATE balance_view SET message_id = ? WHERE id = ? AND chat_id = ?", (message_id, view_id, chat_id)
    )


def _view(row: sqlite3.Row) -> View:
    return View(
        row["id"],
        row["chat_id"],
        row["thread_id"],
        row["currency"],
        from_ms(row["asked_at_ms"]),
        row["message_id"],
        row["outcome"],
        row["asked_by"],
    )

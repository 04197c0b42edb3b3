"""Cards: the messages that show a transaction, and the nonces that make their buttons unforgeable."""

import sqlite3
from dataclasses import dataclass
from enum import StrEnum

from bot.store import people
from bot.store.database import Tx


class CardRole(StrEnum):
    """Whose card it is."""

    MAKER = "maker"
    CHECKER = "checker"


@dataclass(frozen=True, slots=True)
class Card:
    """One message in one chat; ``message_id`` is None until Telegram told it."""

    id: int
    txn_id: int
    role: CardRole
    chat_id: int
    thread_id: int | None
    reply_to: int | None
    nonce: str
    repeat_nonce: str | None
    message_id: int | None


def add(
    tx: Tx,
    txn_id: int,
    role: CardRole,
    chat_id: int,
    *,
    thread_id: int | None = None,
    reply_to: int | None = None,
) -> Card:
    """Write a card for a transaction in a chat."""
    row = tx.conn.execute(
        "INSERT INTO card(txn_id, role, chat_id, thread_id, reply_to, nonce) VALUES(?, ?, ?, ?, ?, ?) RETURNING *",
        (txn_id, role, people.moved_to(tx.conn, chat_id), thread_id, reply_to, tx.mint.nonce()),
    ).fetchone()
    return _read(row)


def get(conn: sqlite3.Connection, card_id: int) -> Card:
    """Return the card of this row id, which must exist."""
    return _read(conn.execute("SELECT * FROM card WHERE id = ?", (card_id,)).fetchone())


def of(conn: sqlite3.Connection, txn_id: int, role: CardRole | None = None) -> list[Card]:
    """Return the cards of a transaction."""
    rows = conn.execute(
        "SELECT * FROM card WHERE txn_id = :txn AND (:role IS NULL OR role = :role) ORDER BY id",
        {"txn": txn_id, "role": role},
    )
    return [_read(row) for row in rows]


def undecided_in(conn: sqlite3.Connection, chat_id: int) -> list[Card]:
    """Return the cards of a chat whose transactions are not over."""
    rows = conn.execute(
        "SELECT card.* FROM card JOIN txn ON txn.id = card.txn_id WHERE card.chat_id = ? AND txn.state IN"
        " ('DRAFT', 'AWAITING_APPROVAL', 'READY', 'UNKNOWN', 'PENDING', 'REVIEW') ORDER BY card.id",
        (chat_id,),
    )
    return [_read(row) for row in rows]


def pressed(tx: Tx, nonce: str, chat_id: int, message_id: int) -> Card | None:
    """Return the card a button with this nonce is on, or None.

    A card whose message id was not recorded before a crash is adopted: the nonce proves it is ours.
    """
    row = tx.conn.execute(
        "SELECT * FROM card WHERE (nonce = :nonce OR repeat_nonce = :nonce) AND chat_id = :chat",
        {"nonce": nonce, "chat": chat_id},
    ).fetchone()
    if row is None:
        return None
    if row["message_id"] is None:
        set_message(tx, row["id"], message_id, chat_id=chat_id)
    return _read(row)


def on_message(conn: sqlite3.Connection, chat_id: int, message_id: int) -> Card | None:
    """Return the card shown by this message, or None."""
    row = conn.execute("SELECT * FROM card WHERE chat_id = ? AND message_id = ?", (chat_id, message_id)).fetchone()
    return None if row is None else _read(row)


def set_message(tx: Tx, card_id: int, message_id: int, *, chat_id: int) -> None:
    """Record which message shows the card, unless the card has moved to another chat meanwhile."""
    tx.conn.execute("UPDATE card SET message_id = ? WHERE id = ? AND chat_id = ?", (message_id, card_id, chat_id))


def ask_about_repeat(tx: Tx, card_id: int) -> None:
    """Give the card the nonce of its second question, which no button shown before has."""
    tx.conn.execute("UPDATE card SET repeat_nonce = coalesce(repeat_nonce, ?) WHERE id = ?", (tx.mint.nonce(), card_id))


def _read(row: sqlite3.Row) -> Card:
    return Card(
        row["id"],
        row["txn_id"],
        CardRole(row["role"]),
        row["chat_id"],
        row["thread_id"],
        row["reply_to"],
        row["nonce"],
        row["repeat_nonce"],
        row["message_id"],
    )

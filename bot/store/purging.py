"""Blanking what tells who, a slice of rows at a time: numbers, names, notes, and texts in which they may stand.

What lives here: which column of which table is blanked, and when. What is not here holds none of it, or only keyed
hashes: the money's rows, the trail, what MTN answered. docs/personal-data.md goes through the schema.
"""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.purging import REMOVED
from bot.store.contacts import Contact, read
from bot.store.database import Tx
from bot.store.times import to_ms


@dataclass(frozen=True, slots=True)
class Bound:
    """What is old: of before a moment; of one desk and (``chat_id``) its chat, or of everything."""

    before: datetime
    desk_id: int | None = None
    chat_id: int | None = None

    @property
    def values(self) -> dict[str, Any]:
        """Return the parameters of a query."""
        return {"before": to_ms(self.before), "desk": self.desk_id, "chat": self.chat_id, "removed": str(REMOVED)}


@dataclass(frozen=True, slots=True)
class Blank:
    """What is blanked in one table, and which rows of it (``old``)."""

    table: str
    key: str
    blank: str
    old: str


OF_DESK = "(:desk IS NULL OR (SELECT desk_id FROM txn WHERE txn.id = txn_id) = :desk)"
OF_CHAT = "(:chat IS NULL OR chat_id = :chat)"
# While a payment is being given back, it is still needed.
OVER = (
    "(SELECT final_at_ms FROM txn WHERE txn.id = txn_id) < :before"
    " AND NOT EXISTS(SELECT 1 FROM txn WHERE original_id = txn_party.txn_id AND final_at_ms IS NULL)"
)
BLANKS = {
    "transactions": Blank(
        "txn_party",
        "txn_id",
        "msisdn = :removed, payee_name = '', note = ''",
        f"msisdn <> :removed AND {OF_DESK} AND {OVER}",
    ),
    "messages": Blank(
        "outbox",
        "id",
        "payload = '{}', error = NULL",
        "created_at_ms < :before AND state IN ('SENT', 'SKIPPED', 'DEAD')"
        f" AND (payload <> '{{}}' OR error IS NOT NULL) AND {OF_CHAT}",
    ),
    "updates": Blank(
        "inbox",
        "update_id",
        "body = NULL, error = NULL",
        f"received_at_ms < :before AND done <> 0 AND (body IS NOT NULL OR error IS NOT NULL) AND {OF_CHAT}",
    ),
    "questions": Blank(
        "question", "id", "readings = '[]'", f"expires_at_ms < :before AND readings <> '[]' AND {OF_CHAT}"
    ),
    "corrections": Blank("correction", "id", "text = ''", f"at_ms < :before AND text <> '' AND {OF_DESK}"),
    "reasons": Blank(
        "freeze",
        "id",
        "reason = ''",
        "cause = 'person' AND ended_at_ms < :before AND reason <> '' AND :desk IS NULL",
    ),
}


def count(conn: sqlite3.Connection, name: str, bound: Bound) -> int:
    """Return how many rows of one kind would be blanked."""
    kind = BLANKS[name]
    return int(conn.execute(f"SELECT count(*) FROM {kind.table} WHERE {kind.old}", bound.values).fetchone()[0])


def blank(tx: Tx, name: str, bound: Bound, after: int, limit: int) -> tuple[int, int | None]:
    """Blank what is old among the next *limit* rows of one kind behind a key.

    Returns how many were blanked, and the key to go on behind: None at the end.
    """
    kind = BLANKS[name]
    last = tx.conn.execute(
        f"SELECT max(key) FROM (SELECT {kind.key} AS key FROM {kind.table} WHERE {kind.key} > ?"
        f" ORDER BY {kind.key} LIMIT ?)",
        (after, limit),
    ).fetchone()[0]
    if last is None:
        return 0, None
    cursor = tx.conn.execute(
        f"UPDATE {kind.table} SET {kind.blank} WHERE {kind.key} > :after AND {kind.key} <= :last AND {kind.old}",
        bound.values | {"after": after, "last": last},
    )
    return cursor.rowcount, last


def first_key(conn: sqlite3.Connection, name: str) -> int:
    """Return a key before the first row of one kind."""
    kind = BLANKS[name]
    found = conn.execute(f"SELECT min({kind.key}) FROM {kind.table}").fetchone()[0]
    return 0 if found is None else int(found) - 1


def old_contacts(conn: sqlite3.Connection, bound: Bound) -> list[Contact]:
    """Return the contacts saved before the bound."""
    rows = conn.execute(
        "SELECT * FROM contact WHERE added_at_ms < :before AND (:desk IS NULL OR desk_id = :desk)", bound.values
    )
    return [read(row) for row in rows]


def was_used(conn: sqlite3.Connection, desk_id: int, party_hash: bytes, since: datetime) -> bool:
    """Tell whether a desk made a transaction with a number since a moment."""
    row = conn.execute(
        "SELECT 1 FROM txn WHERE party_hash = ? AND +desk_id = ? AND +created_at_ms >= ?",
        (party_hash, desk_id, to_ms(since)),
    ).fetchone()
    return row is not None


def strangers(conn: sqlite3.Connection, owners: Collection[int]) -> list[int]:
    """Return whoever once wrote to the bot and has a name here, but no role, and never made or decided anything."""
    rows = conn.execute(
        "SELECT user_id FROM person WHERE name <> CAST(user_id AS TEXT) AND user_id NOT IN (SELECT user_id FROM role)"
        " AND user_id NOT IN (SELECT maker_id FROM txn) AND user_id NOT IN (SELECT user_id FROM decision)"
    )
    return [row["user_id"] for row in rows if row["user_id"] not in owners]


def forget_name(tx: Tx, user_id: int) -> None:
    """Put a person's id in the place of the name."""
    tx.conn.execute("UPDATE person SET name = CAST(user_id AS TEXT) WHERE user_id = ?", (user_id,))

"""The trail: append-only rows, each hashed over its own content and the hash of the row before.

What is written here must hold no personal data. What a row means is the service's, its words the chat's.
"""

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.store.database import Tx
from bot.store.times import from_ms, to_ms

GENESIS = bytes(32)
MOVE, SEALED, VERIFIED, BROKEN = "move", "sealed", "verified", "trail broken"
COLUMNS = "id, at_ms, txn_id, actor, event, f, t, observation_id, data, prev, hash"


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the chain: a row's id and hash; row 0 stands before the first."""

    row: int
    hash: bytes


START = Link(0, GENESIS)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as it is read, with the transaction's short code and the observation it rests on."""

    id: int
    at: datetime
    code: str | None
    actor: str
    event: str
    before: str | None
    after: str | None
    data: dict[str, Any]
    source: str | None
    http_status: int | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a verification ended: ``broken`` is the first row that is wrong, None when the chain held."""

    at: datetime
    broken: int | None


def last_mover(conn: sqlite3.Connection, txn_id: int) -> int | None:
    """Return who moved a transaction last, if that was a person."""
    row = conn.execute(
        "SELECT actor FROM audit WHERE txn_id = ? AND event = 'move' ORDER BY id DESC LIMIT 1", (txn_id,)
    ).fetchone()
    kind, _, user_id = (row["actor"] if row else "").partition(":")
    return int(user_id) if kind == "user" else None


def append(
    tx: Tx,
    event: str,
    actor: str,
    *,
    txn_id: int | None = None,
    before: str | None = None,
    after: str | None = None,
    observation_id: int | None = None,
    **data: object,
) -> None:
    """Add one row. *data* must hold no personal data: numbers and names only as keyed hashes."""
    prev = head(tx.conn).hash
    fields = (
        to_ms(tx.now),
        txn_id,
        actor,
        event,
        before,
        after,
        observation_id,
        json.dumps(data, sort_keys=True),
    )
    tx.conn.execute(
        "INSERT INTO audit(at_ms, txn_id, actor, event, f, t, observation_id, data, prev, hash)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*fields, prev, link(prev, fields)),
    )


def link(prev: bytes, fields: tuple[object, ...]) -> bytes:
    """Return the hash of a row: SHA-256 over the one before and the row's fields as JSON."""
    return hashlib.sha256(prev + json.dumps(fields).encode()).digest()


def head(conn: sqlite3.Connection) -> Link:
    """Return the last row."""
    row = conn.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    return START if row is None else Link(row["id"], bytes(row["hash"]))


def count(conn: sqlite3.Connection) -> int:
    """Return how many rows there are."""
    return int(conn.execute("SELECT count(*) FROM audit").fetchone()[0])


def began_at(conn: sqlite3.Connection) -> datetime | None:
    """Return when the first row was written, or None when there is none."""
    row = conn.execute("SELECT at_ms FROM audit ORDER BY id LIMIT 1").fetchone()
    return None if row is None else from_ms(row["at_ms"])


def follow(conn: sqlite3.Connection, after: Link, limit: int = -1) -> tuple[Link, int | None]:
    """Follow the chain behind a verified row, at most *limit* rows far.

    Returns the last row that holds, and the first that does not: None when all do.
    """
    rows = conn.execute(f"SELECT {COLUMNS} FROM audit WHERE id > ? ORDER BY id LIMIT ?", (after.row, limit))
    for row in rows:
        if bytes(row["prev"]) != after.hash or bytes(row["hash"]) != link(after.hash, tuple(row)[1:9]):
            return after, int(row["id"])
        after = Link(row["id"], bytes(row["hash"]))
    return after, None


def first_break(conn: sqlite3.Connection) -> int | None:
    """Return the id of the first row whose hash or link is wrong, or None when the whole chain holds."""
    return follow(conn, START)[1]


def checkpoint(conn: sqlite3.Connection) -> Link:
    """Return how far the chain was verified last; the row named must still have the hash it had then."""
    row = conn.execute(
        "SELECT data FROM audit WHERE event = 'verified' AND event IN ('verified', 'trail broken')"
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return START
    data = json.loads(row["data"])
    return Link(data["row"], bytes.fromhex(data["head"]))


def has(conn: sqlite3.Connection, txn_id: int, event: str) -> bool:
    """Tell whether this was written of a transaction."""
    row = conn.execute("SELECT 1 FROM audit WHERE txn_id = ? AND event = ?", (txn_id, event)).fetchone()
    return row is not None


def holds(conn: sqlite3.Connection, place: Link) -> bool:
    """Tell whether a row still has the hash it is remembered with."""
    row = conn.execute("SELECT hash FROM audit WHERE id = ?", (place.row,)).fetchone()
    return place == START or (row is not None and bytes(row["hash"]) == place.hash)


def last_verdict(conn: sqlite3.Connection) -> Verdict | None:
    """Return how the last verification ended, or None before the first."""
    row = conn.execute(
        "SELECT at_ms, event, data FROM audit WHERE event IN ('verified', 'trail broken') ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    return Verdict(from_ms(row["at_ms"]), json.loads(row["data"])["row"] if row["event"] == BROKEN else None)


def read(conn: sqlite3.Connection, *, limit: int, skip: int, desk_id: int | None, txn_id: int | None) -> list[Entry]:
    """Return rows, oldest first: the last *limit* but *skip*, of one transaction, one desk, or all."""
    rows = conn.execute(
        "SELECT a.*, x.short_code, o.source, o.http_status, coalesce(o.momo_status, o.code) AS answer FROM audit a"
        " LEFT JOIN txn x ON x.id = a.txn_id LEFT JOIN observation o ON o.id = a.observation_id"
        " WHERE (:txn IS NULL OR a.txn_id = :txn)"
        " AND (:desk IS NULL OR x.desk_id = :desk OR a.data ->> 'desk' = :desk) AND a.event <> 'sealed'"
        " ORDER BY a.id DESC LIMIT :limit OFFSET :skip",
        {"txn": txn_id, "desk": desk_id, "limit": limit, "skip": skip},
    )
    return [_entry(row) for row in rows][::-1]


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(
        row["id"],
        from_ms(row["at_ms"]),
        row["short_code"],
        row["actor"],
        row["event"],
        row["f"],
        row["t"],
        json.loads(row["data"]),
        row["source"],
        row["http_status"],
        row["answer"],
    )

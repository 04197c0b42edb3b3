"""The trail: append-only rows, each hashed over its own content and the hash of the row before."""

import hashlib
import json
import sqlite3

from bot.store.database import Tx
from bot.store.times import to_ms

GENESIS = bytes(32)


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
    row = tx.conn.execute("SELECT hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    prev = GENESIS if row is None else bytes(row["hash"])
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


def first_break(conn: sqlite3.Connection) -> int | None:
    """Return the id of the first row whose hash or link is wrong, or None when the chain holds."""
    prev = GENESIS
    rows = conn.execute(
        "SELECT id, at_ms, txn_id, actor, event, f, t, observation_id, data, prev, hash FROM audit ORDER BY id"
    )
    for row in rows:
        fields = tuple(row)[1:9]
        if bytes(row["prev"]) != prev or bytes(row["hash"]) != link(prev, fields):
            return int(row["id"])
        prev = bytes(row["hash"])
    return None

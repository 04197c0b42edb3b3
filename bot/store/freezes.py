"""Stops of all sending and who agreed to end them: evidence, written once."""

import sqlite3
from datetime import datetime

from bot.domain.freezing import Cause, Freeze
from bot.store.database import Tx
from bot.store.times import from_ms, to_ms


def begin(tx: Tx, cause: Cause, reason: str, by: int | None, txn_id: int | None) -> Freeze:
    """Write down that sending is stopped from now on."""
    row = tx.conn.execute(
        "INSERT INTO freeze(cause, reason, by_user, txn_id, at_ms) VALUES(?, ?, ?, ?, ?) RETURNING *",
        (cause, reason, by, txn_id, to_ms(tx.now)),
    ).fetchone()
    return _freeze(row)


def in_force(conn: sqlite3.Connection) -> Freeze | None:
    """Return what stops sending now, the oldest first, or None when nothing does."""
    return next(iter(all_in_force(conn)), None)


def all_in_force(conn: sqlite3.Connection) -> list[Freeze]:
    """Return everything that stops sending now, oldest first: each must be ended."""
    return [_freeze(row) for row in conn.execute("SELECT * FROM freeze WHERE ended_at_ms IS NULL ORDER BY id")]


def agree(tx: Tx, freeze_id: int, user_id: int, alone_until: datetime | None) -> None:
    """Write down that a person agrees to go on; *alone_until*: not before, for there is nobody else to agree."""
    tx.conn.execute(
        "INSERT INTO thaw(freeze_id, user_id, at_ms, alone_until_ms) VALUES(?, ?, ?, ?)",
        (freeze_id, user_id, to_ms(tx.now), None if alone_until is None else to_ms(alone_until)),
    )


def agreed(conn: sqlite3.Connection, freeze_id: int) -> list[int]:
    """Return who agreed to end this one, in order."""
    rows = conn.execute("SELECT user_id FROM thaw WHERE freeze_id = ? GROUP BY user_id ORDER BY min(id)", (freeze_id,))
    return [row["user_id"] for row in rows]


def waits_until(conn: sqlite3.Connection, freeze_id: int) -> datetime | None:
    """Return when the one person who agreed alone has waited long enough, or None when nobody has."""
    row = conn.execute("SELECT min(alone_until_ms) AS at FROM thaw WHERE freeze_id = ?", (freeze_id,)).fetchone()
    return None if row["at"] is None else from_ms(row["at"])


def end(tx: Tx, freeze_id: int) -> None:
    """Let sending go on, as far as this stop is concerned; refused by the schema unless enough have agreed."""
    tx.conn.execute(
        "UPDATE freeze SET ended_at_ms = ? WHERE id = ? AND ended_at_ms IS NULL", (to_ms(tx.now), freeze_id)
    )


def _freeze(row: sqlite3.Row) -> Freeze:
    return Freeze(row["id"], Cause(row["cause"]), row["reason"], row["by_user"], row["txn_id"], from_ms(row["at_ms"]))

"""Who does not answer, since when, and who was told so: one row while it lasts."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.store.database import Tx
from bot.store.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Outage:
    """One that lasts; ``told``: the chats that know of it, None as long as it was not worth saying."""

    since: datetime
    asked: int
    told: tuple[int, ...] | None


def of(conn: sqlite3.Connection, service: str) -> Outage | None:
    """Return the outage that lasts, or None."""
    row = conn.execute("SELECT * FROM outage WHERE service = ?", (service,)).fetchone()
    if row is None:
        return None
    told = None if row["told"] is None else tuple(json.loads(row["told"]))
    return Outage(from_ms(row["since_ms"]), row["asked"], told)


def missed(tx: Tx, service: str, since: datetime) -> Outage:
    """Count a question without an answer; the first one, asked at *since*, begins the outage. Return it."""
    tx.conn.execute(
        "INSERT INTO outage(service, since_ms, asked) VALUES(:service, :since, 1)"
        " ON CONFLICT(service) DO UPDATE SET asked = asked + 1",
        {"service": service, "since": to_ms(since)},
    )
    return of(tx.conn, service) or Outage(since, 1, None)


def tell(tx: Tx, service: str, chats: list[int]) -> None:
    """Keep which chats know of an outage."""
    tx.conn.execute("UPDATE outage SET told = ? WHERE service = ?", (json.dumps(chats), service))


def end(tx: Tx, service: str) -> Outage | None:
    """End an outage and return what it was; None when there was none."""
    over = of(tx.conn, service)
    if over is not None:
        tx.conn.execute("DELETE FROM outage WHERE service = ?", (service,))
    return over


def forget_untold(tx: Tx) -> None:
    """At start: what nobody was told of counts anew, since nobody was asked while the bot was away."""
    tx.conn.execute("DELETE FROM outage WHERE told IS NULL AND service LIKE 'mtn:%'")

"""How much leaves the merchant on one day: sums over the transactions charged to it."""

import sqlite3
from dataclasses import dataclass
from datetime import date

from bot.domain.transactions import MOVES_MONEY


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose sums are asked for: a maker, a desk and, by the keyed hash of the number, a receiver."""

    maker_id: int
    desk_id: int
    party_hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """A day's sums in minor units, of what moved, perhaps moved, or is about to."""

    person: int
    desk: int
    payee: int


def on(conn: sqlite3.Connection, day: date, payer: Payer) -> Spent:
    """Return a day's sums for a maker, a desk and a receiver (0 when none is named)."""
    marks = ", ".join(f"'{state}'" for state in sorted(MOVES_MONEY))
    row = conn.execute(
        "SELECT coalesce(sum(amount_minor) FILTER (WHERE maker_id = :maker), 0) AS person,"
        " coalesce(sum(amount_minor) FILTER (WHERE desk_id = :desk), 0) AS desk,"
        " coalesce(sum(amount_minor) FILTER (WHERE party_hash = :party), 0) AS payee"
        f" FROM txn WHERE charged_on = :day AND state IN ({marks})",
        {"day": day.isoformat(), "maker": payer.maker_id, "desk": payer.desk_id, "party": payer.party_hash},
    ).fetchone()
    return Spent(row["person"], row["desk"], row["payee"])

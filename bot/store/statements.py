"""What has become of money that went through: the refunds of a payment."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.store.times import from_ms
from momo import Money


@dataclass(frozen=True, slots=True)
class GivenBack:
    """One refund that went through."""

    short_code: str
    amount: Money
    at: datetime


def given_back(conn: sqlite3.Connection, original_id: int) -> list[GivenBack]:
    """Return the refunds of a payment that went through, oldest first."""
    rows = conn.execute(
        "SELECT short_code, amount_minor, currency, decimals, final_at_ms FROM txn"
        " WHERE original_id = ? AND state = 'SUCCESSFUL' ORDER BY final_at_ms, id",
        (original_id,),
    )
    return [
        GivenBack(
            row["short_code"],
            Money.from_minor(row["amount_minor"], row["currency"], row["decimals"]),
            from_ms(row["final_at_ms"]),
        )
        for row in rows
    ]

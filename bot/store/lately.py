"""What a desk did of late and with whom: what may be meant again."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.purging import REMOVED
from bot.domain.transactions import Kind, State
from momo import Money, Msisdn

# So far back is looked, whatever was done; what was before is not "of late".
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Dealing:
    """One transaction that went, or may have gone, through; ``name`` is MTN's for the number, or empty."""

    txn_id: int
    msisdn: Msisdn
    name: str
    amount: Money


def dealings(
    conn: sqlite3.Connection, desk_id: int, kinds: Collection[Kind], states: Collection[State]
) -> list[Dealing]:
    """Return a desk's last transactions of these kinds in these states, newest first; not those without a number."""
    among_kinds, among_states = (", ".join(f"'{word}'" for word in sorted(words)) for words in (kinds, states))
    rows = conn.execute(
        "SELECT txn.id, p.msisdn, p.payee_name, txn.amount_minor, txn.currency, txn.decimals"
        " FROM (SELECT * FROM txn WHERE desk_id = ? ORDER BY id DESC LIMIT ?) txn"
        f" JOIN txn_party p ON p.txn_id = txn.id WHERE kind IN ({among_kinds}) AND state IN ({among_states})"
        " AND p.msisdn <> ? ORDER BY txn.id DESC",
        (desk_id, LOOKED_AT, str(REMOVED)),
    )
    return [
        Dealing(
            row["id"],
            Msisdn(row["msisdn"]),
            row["payee_name"] or "",
            Money.from_minor(row["amount_minor"], row["currency"], row["decimals"]),
        )
        for row in rows
    ]


def has_succeeded(conn: sqlite3.Connection, desk_id: int, party_hash: bytes, kinds: Collection[Kind]) -> bool:
    """Tell whether a transaction of these kinds with this number was ever successful at a desk."""
    among = ", ".join(f"'{kind}'" for kind in sorted(kinds))
    row = conn.execute(
        "SELECT 1 FROM txn WHERE party_hash = ? AND +desk_id = ? AND state = 'SUCCESSFUL'"
        f" AND +kind IN ({among}) LIMIT 1",
        (party_hash, desk_id),
    ).fetchone()
    return row is not None

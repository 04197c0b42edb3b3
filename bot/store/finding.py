"""Searching the transactions: a slice of rows at a time, so that no search holds the database for long."""

import sqlite3
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.domain.finding import Cursor, Wanted
from bot.domain.transactions import State, Transaction
from bot.store import transactions
from bot.store.times import to_ms
from momo import Money

# How many rows one slice looks at: fewer where names and notes are read, which are not in the index.
SLICE, SLICE_OF_TEXT = 10_000, 2_000
# How many rows around a moment are compared: ids follow the clock, but for its jumps.
AROUND = 1000
LAST = 2**62
# A word in the name MTN gave, in the note, or in the name the number is saved under.
SAVED = (
    "(p.payee_name LIKE {0} ESCAPE '!' OR p.note LIKE {0} ESCAPE '!' OR EXISTS(SELECT 1 FROM contact"
    " WHERE contact.desk_id = txn.desk_id AND contact.msisdn = p.msisdn AND contact.name LIKE {0} ESCAPE '!'))"
)


@dataclass(frozen=True, slots=True)
class Where:
    """Whose transactions: those of these desks. ``party_hash`` is that of the number looked for, if any."""

    desks: tuple[int, ...]
    user_id: int
    decimals: int
    party_hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """What was found, in the cursor's direction; ``end``: the last row looked at, None when nothing is behind it."""

    found: list[Transaction]
    end: int | None


class Place(NamedTuple):
    """Rows, the index they are walked by, and the values they are named with."""

    by: str
    rows: str
    keys: dict[str, Any]


def look(conn: sqlite3.Connection, where: Where, wanted: Wanted, cursor: Cursor, limit: int) -> Slice:
    """Return at most *limit* fitting rows of the slice behind *cursor*, in its direction."""
    low, high = _span(conn, wanted, cursor)
    values = {**_values(where, wanted), "low": low, "high": high, "limit": limit}
    size = SLICE_OF_TEXT if wanted.words else SLICE
    walks = [_walk(conn, place, wanted, values, newer=cursor.newer) for place in _places(where, wanted, size)]
    sign = 1 if cursor.newer else -1
    ends = [end for _, end in walks if end is not None]
    end = min(ends, key=lambda row: row * sign) if ends else None
    # Of several walks the one that came least far says how far all have been.
    ids = sorted({row for found, _ in walks for row in found}, key=lambda row: row * sign)
    within = [row for row in ids if end is None or row * sign <= end * sign]
    return Slice([transactions.get(conn, row) for row in within[:limit]], end)


def _places(where: Where, wanted: Wanted, size: int) -> list[Place]:
    """Return what is walked, and how far: the number's rows, else each desk's, of those the rarest alone."""
    if where.party_hash is not None:
        desks = ", ".join(str(int(desk)) for desk in where.desks)
        rows = f"txn.party_hash = :party AND +txn.desk_id IN ({desks})"
        return [Place("txn_same_payee", rows, {"party": where.party_hash, "slice": size})]
    rarest = _rarest(wanted)
    share = max(size // max(len(where.desks) * len(rarest), 1), 1)
    return [
        Place(index, f"txn.desk_id = :desk AND {rows}", {"desk": desk, "slice": share, "one": one})
        for desk in where.desks
        for index, rows, one in rarest
    ]


def _rarest(wanted: Wanted) -> list[tuple[str, str, Any]]:
    """Return what meets the fewest rows of what is asked for, by index, rows and the one value; else all rows."""
    if wanted.states and State.SUCCESSFUL not in wanted.states:
        rows = "txn.state <> 'SUCCESSFUL' AND txn.state = :one"
        return [("txn_of_state", rows, state) for state in sorted(wanted.states)]
    if wanted.kinds:
        return [("txn_of_kind", "txn.kind = :one", kind) for kind in sorted(wanted.kinds)]
    if wanted.least is not None and wanted.least == wanted.most:
        return [("txn_of_amount", "txn.amount_minor = :least", None)]
    return [("txn_found", "true", None)]


def _walk(
    conn: sqlite3.Connection, place: Place, wanted: Wanted, values: dict[str, Any], *, newer: bool
) -> tuple[list[int], int | None]:
    """Return the fitting rows of a slice, and where it ends: None when it has reached the last row."""
    order, bound = ("ASC", "high") if newer else ("DESC", "low")
    # Named, since SQLite would rather walk through all rows of an index that holds every column asked for.
    walked = f"FROM txn INDEXED BY {place.by}"
    where = f"WHERE txn.id BETWEEN :low AND :high AND {place.rows}"
    last = conn.execute(
        f"SELECT id {walked} {where} ORDER BY id {order} LIMIT 1 OFFSET :slice - 1", {**values, **place.keys}
    ).fetchone()
    # SQLite walks an index between two bounds; a third one would only be compared.
    stop = {} if last is None else {bound: last["id"]}
    party = " JOIN txn_party p ON p.txn_id = txn.id" if wanted.words else ""
    rows = conn.execute(
        f"SELECT txn.id {walked}{party} {where} AND {_fits(wanted)} ORDER BY txn.id {order} LIMIT :limit",
        {**values, **place.keys, **stop},
    )
    return [row["id"] for row in rows], stop.get(bound)


def _span(conn: sqlite3.Connection, wanted: Wanted, cursor: Cursor) -> tuple[int, int]:
    """Return the first and last row id to look at: those of the period, on the cursor's side."""
    low, high = 0, LAST
    if wanted.period is not None:
        low = _around(conn, "min(id)", ">=", "ASC", to_ms(wanted.period.since), LAST)
        high = _around(conn, "max(id)", "<", "DESC", to_ms(wanted.period.until), 0)
    if cursor.newer:
        return max(low, cursor.row + 1), high
    return low, min(high, cursor.row - 1) if cursor.row else high


def _around(conn: sqlite3.Connection, which: str, side: str, order: str, at_ms: int, none: int) -> int:
    found = conn.execute(
        f"SELECT {which} AS id FROM (SELECT id FROM txn WHERE created_at_ms {side} ? ORDER BY created_at_ms {order}"
        " LIMIT ?)",
        (at_ms, AROUND),
    ).fetchone()["id"]
    return none if found is None else int(found)


def _fits(wanted: Wanted) -> str:
    """Return what a row must fit. Every value is a parameter but our own names of states and kinds.

    A plus keeps SQLite from searching the amounts instead of walking by id.
    """
    conditions = {
        "txn.created_at_ms >= :since AND txn.created_at_ms < :until": wanted.period,
        "+txn.amount_minor >= :least": wanted.least,
        "+txn.amount_minor <= :most": wanted.most,
        f"txn.state IN ({_marks(wanted.states)})": wanted.states,
        f"txn.kind IN ({_marks(wanted.kinds)})": wanted.kinds,
        "txn.maker_id = :me": wanted.mine,
    }
    texts = [SAVED.format(f":word{place}") for place, _ in enumerate(wanted.words)]
    makers = [
        f"txn.maker_id IN (SELECT user_id FROM person WHERE name LIKE :maker{place} ESCAPE '!')"
        for place, _ in enumerate(wanted.makers)
    ]
    return " AND ".join(["true", *(sql for sql, asked in conditions.items() if asked), *makers, *texts])


def _marks(names: frozenset[Any]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))


def _values(where: Where, wanted: Wanted) -> dict[str, Any]:
    return {
        "me": where.user_id,
        "since": wanted.period and to_ms(wanted.period.since),
        "until": wanted.period and to_ms(wanted.period.until),
        "least": _minor(wanted.least, where.decimals),
        "most": _minor(wanted.most, where.decimals),
        **{f"word{place}": _part(word) for place, word in enumerate(wanted.words)},
        **{f"maker{place}": _part(word) for place, word in enumerate(wanted.makers)},
    }


def _minor(amount: Money | None, decimals: int) -> int | None:
    return None if amount is None else amount.minor_units(decimals)


def _part(word: str) -> str:
    """Return the pattern that finds a word in a text, taken literally."""
    for special in "!%_":
        word = word.replace(special, f"!{special}")
    return f"%{word}%"

"""Rows written past the program's own code: to see what the schema alone refuses."""

import random
import sqlite3
from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from bot.domain.mint import Mint
from bot.domain.transactions import State
from bot.store import audit
from bot.store.database import Tx
from tests.support.clock import START

MAKER, CHECKER, OTHER_CHECKER = 11, 12, 13
_numbers: Iterator[int] = count(1)

# How each state is reached from DRAFT.
ROUTES: dict[State, tuple[State, ...]] = {
    State.DRAFT: (),
    State.AWAITING_APPROVAL: (State.AWAITING_APPROVAL,),
    State.READY: (State.READY,),
    State.UNKNOWN: (State.READY, State.UNKNOWN),
    State.PENDING: (State.READY, State.UNKNOWN, State.PENDING),
    State.REVIEW: (State.READY, State.UNKNOWN, State.REVIEW),
    State.SUCCESSFUL: (State.READY, State.UNKNOWN, State.SUCCESSFUL),
    State.FAILED: (State.READY, State.UNKNOWN, State.FAILED),
    State.REJECTED: (State.READY, State.UNKNOWN, State.REJECTED),
    State.UNSENT: (State.READY, State.UNKNOWN, State.UNSENT),
    State.CANCELLED: (State.CANCELLED,),
    State.EXPIRED: (State.EXPIRED,),
}


def insert(conn: sqlite3.Connection, **changes: Any) -> int:
    """Insert a transaction that is right in everything but *changes*; return its id."""
    n = next(_numbers)
    row = {
        "reference_id": str(UUID(int=n, version=4)),
        "short_code": f"{n:06d}",
        "callback_token": f"{n:043d}",
        "kind": "transfer",
        "amount_minor": 1250,
        "currency": "EUR",
        "decimals": 2,
        "party_hash": bytes(32),
        "body_sha256": bytes(32),
        "desk_id": 1,
        "maker_id": MAKER,
        "original_id": None,
        "approvals_needed": 0,
        "src_update_id": n,
        "created_at_ms": 1,
        "expires_at_ms": 2,
        "next_at_ms": 1,
    } | changes
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    return int(conn.execute(f"INSERT INTO txn({names}) VALUES({marks})", row).lastrowid or 0)


def put(conn: sqlite3.Connection, txn_id: int, state: State | str) -> None:
    """Change the state, with its row in the trail; an attempt is counted where one must have been made."""
    conn.execute("UPDATE txn SET attempts = 1 WHERE id = ? AND ? = 'UNKNOWN'", (txn_id, state))
    tell(conn, txn_id, state)
    charged_on = "2026-01-05" if state == State.READY else None
    conn.execute(
        "UPDATE txn SET state = ?, version = version + 1, charged_on = coalesce(?, charged_on) WHERE id = ?",
        (state, charged_on, txn_id),
    )


def tell(conn: sqlite3.Connection, txn_id: int, state: State | str) -> None:
    """Write the row of a move that is about to be made; one that was refused before is not told again."""
    was, version = conn.execute("SELECT state, version FROM txn WHERE id = ?", (txn_id,)).fetchone()
    told = conn.execute("SELECT count(*) FROM audit WHERE txn_id = ? AND event = 'move'", (txn_id,)).fetchone()[0]
    if told == version:
        tx = Tx(conn, START, Mint(random.Random(0)))
        audit.append(tx, "move", "test", txn_id=txn_id, before=was, after=state)


def in_state(conn: sqlite3.Connection, state: State, **changes: Any) -> int:
    """Insert a transaction with evidence for everything and bring it to *state*."""
    txn_id = insert(conn, **changes)
    give_all_evidence(conn, txn_id)
    for step in ROUTES[state]:
        put(conn, txn_id, step)
    return txn_id


def give_all_evidence(conn: sqlite3.Connection, txn_id: int) -> None:
    """Write down everything that any end asks for."""
    for word in ("SUCCESSFUL", "FAILED"):
        observe(conn, txn_id, momo_status=word, http_status=200)
    for _ in range(3):
        not_found(conn, txn_id)
    for person in (CHECKER, OTHER_CHECKER):
        observe(conn, txn_id, "HUMAN", actor=str(person))


def observe(conn: sqlite3.Connection, txn_id: int, source: str = "GET", **seen: Any) -> int:
    """Write an observation down."""
    row = {"http_status": None, "code": None, "momo_status": None, "actor": None} | seen
    cursor = conn.execute(
        "INSERT INTO observation(txn_id, at_ms, source, http_status, code, momo_status, actor)"
        " VALUES(:txn, 1, :source, :http_status, :code, :momo_status, :actor)",
        {"txn": txn_id, "source": source, **row},
    )
    return int(cursor.lastrowid or 0)


def not_found(conn: sqlite3.Connection, txn_id: int) -> None:
    """Write down that MTN did not know the reference."""
    observe(conn, txn_id, http_status=404, code="RESOURCE_NOT_FOUND")


def decide(conn: sqlite3.Connection, txn_id: int, user_id: int, decision: str = "approve") -> None:
    """Write a decision down."""
    conn.execute("INSERT INTO decision VALUES(?, ?, ?, 1)", (txn_id, user_id, decision))


def refused(words: str) -> Any:
    """The schema refuses it, and says so."""
    return pytest.raises(sqlite3.IntegrityError, match=words)

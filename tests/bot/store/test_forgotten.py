"""What a restored copy had forgotten: the rows, and what the schema alone refuses about them."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.transactions import State
from bot.store import forgotten
from bot.store.journal import Line
from tests.bot.store import ddl
from tests.support.till import Till

Conn = sqlite3.Connection
LINE = Line(
    at=1,
    reference_id="8f3c2d1e-0000-4000-8000-000000000001",
    attempt=1,
    kind="transfer",
    amount_minor=1250,
    currency="EUR",
    decimals=2,
    party_hash="00" * 32,
    original=None,
    short_code="ABC234",
    api_user="a-user",
)


def keep(till: Till, line: Line = LINE) -> bool:
    return till.do(lambda tx: forgotten.add(tx, line))


def change(till: Till, **changes: Any) -> None:
    row = forgotten.find(till.store.conn, LINE.reference_id)
    assert row is not None
    till.do(lambda tx: forgotten.change(tx, row, **changes))


def refused(words: str) -> Any:
    return pytest.raises(sqlite3.IntegrityError, match=words)


def test_a_line_is_taken_over_once(till: Till) -> None:
    assert [keep(till) for _ in range(3)] == [True, False, False]
    [row] = till.do(lambda tx: forgotten.due(tx, 10))
    assert (row.reference_id, row.state, str(row.amount.amount)) == (LINE.reference_id, "FOLLOWED", "12.50")


def test_what_is_not_due_waits(till: Till) -> None:
    keep(till)
    later = till.clock() + timedelta(minutes=1)
    change(till, next_at=later, polls=1)
    assert till.do(lambda tx: forgotten.due(tx, 10)) == []
    assert till.do(lambda tx: forgotten.next_due_at(tx.conn)) == later


def test_nothing_leaves_an_end(till: Till) -> None:
    keep(till)
    change(till, state="FAILED", word="FAILED", final_at=till.clock())
    change(till, state="SUCCESSFUL", word="SUCCESSFUL")  # the program's own wall: nothing changes
    with refused("nothing leaves an end"):
        till.store.conn.execute("UPDATE forgotten SET state = 'FOLLOWED', final_at_ms = NULL")
    assert till.ask("SELECT state FROM forgotten") == ["FAILED"]
    assert till.do(lambda tx: forgotten.next_due_at(tx.conn)) is None


@pytest.mark.parametrize(
    "end",
    [
        "state = 'SUCCESSFUL', final_at_ms = 9, word = 'PENDING'",
        "state = 'FAILED', final_at_ms = 9",
        "state = 'NEVER_THERE', final_at_ms = 86400001, not_found = 4, first_not_found_at_ms = 1",
        "state = 'NEVER_THERE', final_at_ms = 86400000, not_found = 5, first_not_found_at_ms = 1",
        "state = 'NEVER_THERE', final_at_ms = 9, not_found = 5",
        "state = 'NEVER_THERE', word = 'FAILED'",
    ],
)
def test_an_end_without_what_it_needs_is_refused(till: Till, end: str) -> None:
    keep(till)
    with refused("CHECK"):
        till.store.conn.execute(f"UPDATE forgotten SET {end}")  # noqa: S608 - from the list above


def test_it_is_never_deleted_and_never_another_one(till: Till) -> None:
    keep(till)
    with refused("no delete"):
        till.store.conn.execute("DELETE FROM forgotten")
    with refused("immutable"):
        till.store.conn.execute("UPDATE forgotten SET amount_minor = 1")


def refund_of(conn: Conn, amount: int) -> int:
    """A payment of 20.00 that was made, of which 12.50 were given back and forgotten, and a refund of it."""
    paid = ddl.in_state(conn, State.SUCCESSFUL, kind="request_to_pay", amount_minor=2000)
    reference = conn.execute("SELECT reference_id FROM txn WHERE id = ?", (paid,)).fetchone()[0]
    line = replace(LINE, kind="refund", original=reference)
    conn.execute(
        "INSERT INTO forgotten(reference_id, short_code, kind, amount_minor, currency, decimals, party_hash,"
        " original_reference_id, api_user, sent_at_ms, next_at_ms) VALUES(?, ?, ?, 1250, 'EUR', 2, ?, ?, 'a', 1, 1)",
        (line.reference_id, line.short_code, line.kind, bytes(32), reference),
    )
    refund = ddl.insert(conn, kind="refund", amount_minor=amount, original_id=paid, approvals_needed=1)
    conn.execute("INSERT INTO decision VALUES(?, ?, 'approve', 1)", (refund, ddl.CHECKER))
    return refund


def test_the_schema_refuses_a_refund_of_what_a_forgotten_one_gave_back(conn: Conn) -> None:
    refund = refund_of(conn, 751)
    with refused("with what was forgotten"):
        ddl.put(conn, refund, State.READY)


def test_what_a_forgotten_refund_left_can_be_given_back(conn: Conn) -> None:
    ddl.put(conn, refund_of(conn, 750), State.READY)


def test_a_forgotten_refund_that_failed_takes_nothing_away(conn: Conn) -> None:
    refund = refund_of(conn, 2000)
    conn.execute("UPDATE forgotten SET state = 'FAILED', word = 'FAILED', final_at_ms = 9")
    ddl.put(conn, refund, State.READY)

# ruff: noqa: S608 - the SQL is put together from the parameters of these tests
import sqlite3
from itertools import pairwise

import pytest

from bot.domain.settling import PostOutcome
from bot.store import audit
from tests.support.till import Till, says

COLUMNS = ["at_ms", "txn_id", "actor", "event", "f", "t", "observation_id", "data", "prev", "hash"]
FORGED = {
    "at_ms": "at_ms + 1",
    "txn_id": "coalesce(txn_id, 0) + 1",
    "actor": "actor || 'x'",
    "event": "'other'",
    "f": "coalesce(f, '') || 'x'",
    "t": "coalesce(t, '') || 'x'",
    "observation_id": "coalesce(observation_id, 0) + 1",
    "data": "'{\"a\": 1}'",
    "prev": "randomblob(32)",
    "hash": "randomblob(32)",
}


@pytest.fixture
def conn(till: Till) -> sqlite3.Connection:
    """The trail of a payment with an approval; its walls are torn down, as with a stolen file."""
    txn = till.pending(amount="150")
    till.look(txn, says(txn, "SUCCESSFUL"))
    conn = till.store.conn
    conn.executescript("PRAGMA foreign_keys = OFF; DROP TRIGGER audit_fixed; DROP TRIGGER audit_kept;")
    return conn


def test_a_true_chain_holds(conn: sqlite3.Connection) -> None:
    assert audit.first_break(conn) is None


def test_an_empty_chain_holds(till: Till) -> None:
    assert audit.first_break(till.store.conn) is None


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("row_id", [1, 3])
def test_a_changed_field_is_found(conn: sqlite3.Connection, column: str, row_id: int) -> None:
    conn.execute(f"UPDATE audit SET {column} = {FORGED[column]} WHERE id = ?", (row_id,))
    assert audit.first_break(conn) == row_id


def test_a_row_taken_out_of_the_middle_is_found(conn: sqlite3.Connection) -> None:
    conn.execute("DELETE FROM audit WHERE id = 2")
    assert audit.first_break(conn) == 3


def test_every_move_of_a_transaction_is_in_its_trail(till: Till) -> None:
    txn = till.pending(amount="150")
    till.look(txn, says(txn, "FAILED"))
    moves = till.ask("SELECT f || '>' || t FROM audit WHERE txn_id = ? AND event = 'move' ORDER BY id", txn.id)
    states = ["DRAFT", "AWAITING_APPROVAL", "READY", "UNKNOWN", "PENDING", "FAILED"]
    assert moves == [f"{a}>{b}" for a, b in pairwise(states)]
    assert till.get(txn).version == len(moves)


def test_an_end_names_the_observation_it_rests_on(till: Till) -> None:
    txn = till.pending()
    till.look(txn, says(txn, "SUCCESSFUL"))
    rests_on = (
        "SELECT o.momo_status FROM audit a JOIN observation o ON o.id = a.observation_id WHERE a.t = 'SUCCESSFUL'"
    )
    assert till.ask(rests_on) == ["SUCCESSFUL"]


def test_the_trail_names_who_acted(till: Till) -> None:
    till.ready(amount="150")
    actors = till.ask("SELECT DISTINCT actor FROM audit WHERE event IN ('move', 'approve') ORDER BY id")
    assert actors == ["user:1004", "user:1002"]


def test_no_phone_number_is_in_the_trail(till: Till) -> None:
    txn = till.sent()
    till.post(txn, PostOutcome.REFUSED, http_status=500, code="PAYEE_NOT_FOUND")
    assert not any(str(txn.msisdn) in row for row in till.ask("SELECT data || actor || event FROM audit"))

# ruff: noqa: S608 - the SQL is put together from the parameters of these tests
"""The second wall: what the schema refuses whatever the program does."""

import sqlite3
from typing import Any

import pytest

from bot.domain.transactions import LARGEST_MINOR, TRANSITIONS, State
from tests.bot.store import ddl
from tests.bot.store.ddl import refused

Conn = sqlite3.Connection
# Two walls stand before the same move; which one speaks first is SQLite's affair.
STOPPED_TWICE = "illegal transition|without evidence that MTN never had it"


# --- a transaction's row


@pytest.mark.parametrize(
    "wrong",
    [
        {"reference_id": "8f3c2d1e-0000-1000-8000-000000000001"},  # a UUID of version 1
        {"reference_id": "8F3C2D1E-0000-4000-8000-000000000001"},
        {"reference_id": "not-a-uuid"},
        {"short_code": "ABC23"},
        {"callback_token": "t" * 42},
        {"kind": "gift"},
        {"amount_minor": 0},
        {"amount_minor": -1},
        {"amount_minor": LARGEST_MINOR + 1},
        {"amount_minor": 12.5},
        {"amount_minor": "12.50 EUR"},
        {"amount_minor": None},
        {"currency": "eur"},
        {"currency": "EURO"},
        {"decimals": 4},
        {"party_hash": bytes(31)},
        {"body_sha256": bytes(31)},
        {"desk_id": 99},
        {"maker_id": None},
        {"original_id": 1},  # only a refund has one
        {"kind": "refund", "approvals_needed": 1},  # and a refund must
        {"approvals_needed": -1},
        {"approvals_needed": 10},
        {"self_approval": 2},
        {"self_approval": 1, "approvals_needed": 1},  # only a refund's maker may ever approve it
        {"src_update_id": None},
        {"ambiguous": 1},  # more doubts than attempts
    ],
    ids=str,
)
def test_a_wrong_row_is_refused(conn: Conn, wrong: dict[str, Any]) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        ddl.insert(conn, **wrong)


@pytest.mark.parametrize("kind", ["transfer", "deposit", "request_to_pay", "withdraw"])
@pytest.mark.parametrize("amount_minor", [1, LARGEST_MINOR])
def test_a_right_row_is_accepted(conn: Conn, kind: str, amount_minor: int) -> None:
    assert ddl.insert(conn, kind=kind, amount_minor=amount_minor) > 0


@pytest.mark.parametrize("column", ["reference_id", "short_code", "callback_token", "src_update_id"])
def test_names_are_given_once(conn: Conn, column: str) -> None:
    first = ddl.insert(conn)
    taken = conn.execute(f"SELECT {column} FROM txn WHERE id = ?", (first,)).fetchone()[0]
    with refused(f"UNIQUE constraint failed: txn.{column}"):
        ddl.insert(conn, **{column: taken})


def test_a_refund_without_an_approval_is_refused(conn: Conn) -> None:
    paid = ddl.in_state(conn, State.SUCCESSFUL, kind="request_to_pay")
    with refused("CHECK"):
        ddl.insert(conn, kind="refund", original_id=paid, approvals_needed=0)


@pytest.mark.parametrize("state", [state for state in State if state is not State.DRAFT])
def test_a_transaction_is_born_a_draft(conn: Conn, state: State) -> None:
    with refused("born DRAFT"):
        ddl.insert(conn, state=state, attempts=1)


@pytest.mark.parametrize(
    "column",
    [
        *("reference_id", "short_code", "callback_token", "kind", "amount_minor", "currency", "decimals"),
        *("party_hash", "body_sha256", "desk_id", "maker_id", "original_id", "approvals_needed", "self_approval"),
        *("src_update_id", "created_at_ms"),
    ],
)
def test_what_was_asked_for_never_changes(conn: Conn, column: str) -> None:
    txn_id = ddl.insert(conn)
    with refused("immutable column"):
        conn.execute(f"UPDATE txn SET {column} = {column} WHERE id = ?", (txn_id,))


def test_a_transaction_keeps_the_api_user_it_was_first_sent_under(conn: Conn) -> None:
    txn_id = ddl.insert(conn)
    conn.execute("UPDATE txn SET api_user = 'first' WHERE id = ?", (txn_id,))
    conn.execute("UPDATE txn SET api_user = 'first' WHERE id = ?", (txn_id,))
    for other in ("second", None):
        with refused("keeps the API user"):
            conn.execute("UPDATE txn SET api_user = ? WHERE id = ?", (other, txn_id))


@pytest.mark.parametrize("msisdn", ["1234567", "1" * 16, "+46733123999", "4673312399x"])
def test_a_number_is_eight_to_fifteen_digits(conn: Conn, msisdn: str) -> None:
    with refused("CHECK"):
        conn.execute("INSERT INTO txn_party VALUES(?, ?, NULL, 'note')", (ddl.insert(conn), msisdn))


# --- moves


def test_the_edges_are_those_of_the_domain(conn: Conn) -> None:
    edges = {(row["f"], row["t"]) for row in conn.execute("SELECT f, t FROM edge")}
    assert edges == {(state.value, to.value) for state, moves in TRANSITIONS.items() for to in moves}


@pytest.mark.parametrize("state", State)
def test_only_the_edges_of_the_table_are_ways_out(conn: Conn, state: State) -> None:
    for to in set(State) - TRANSITIONS[state] - {state}:
        txn_id = ddl.in_state(conn, state)
        with refused(STOPPED_TWICE if (state, to) == (State.REVIEW, State.REJECTED) else "illegal transition"):
            ddl.put(conn, txn_id, to)


@pytest.mark.parametrize("state", State)
def test_every_edge_of_the_table_can_be_gone_with_the_evidence_for_it(conn: Conn, state: State) -> None:
    for to in TRANSITIONS[state]:
        txn_id = ddl.in_state(conn, state)
        ddl.put(conn, txn_id, to)
        assert conn.execute("SELECT state FROM txn WHERE id = ?", (txn_id,)).fetchone()[0] == to


def test_nothing_is_unknown_without_an_attempt(conn: Conn) -> None:
    txn_id = ddl.in_state(conn, State.READY)
    ddl.tell(conn, txn_id, State.UNKNOWN)
    with refused("CHECK"):
        conn.execute("UPDATE txn SET state = 'UNKNOWN', version = version + 1 WHERE id = ?", (txn_id,))


@pytest.mark.parametrize("told", [None, State.EXPIRED])
def test_no_state_changes_that_the_trail_does_not_tell(conn: Conn, told: State | None) -> None:
    txn_id = ddl.in_state(conn, State.READY)
    if told:
        ddl.tell(conn, txn_id, told)
    with refused("a move that is not in the trail"):
        conn.execute("UPDATE txn SET state = 'CANCELLED', version = version + 1 WHERE id = ?", (txn_id,))


def test_every_change_of_state_is_counted(conn: Conn) -> None:
    txn_id = ddl.in_state(conn, State.READY)
    ddl.tell(conn, txn_id, State.CANCELLED)
    with refused("a move that is not in the trail"):
        conn.execute("UPDATE txn SET state = 'CANCELLED' WHERE id = ?", (txn_id,))


# --- evidence


@pytest.mark.parametrize("state", [State.UNKNOWN, State.PENDING, State.REVIEW])
@pytest.mark.parametrize("end", ["SUCCESSFUL", "FAILED"])
@pytest.mark.parametrize(
    "seen",
    [
        {},
        {"source": "POST", "momo_status": "SUCCESSFUL"},
        {"source": "HUMAN", "momo_status": "FAILED", "actor": "user:1"},
        {"momo_status": "PENDING", "http_status": 200},
    ],
    ids=str,
)
def test_an_end_without_a_status_lookup_that_says_so_is_refused(
    conn: Conn, state: State, end: str, seen: dict[str, Any]
) -> None:
    txn_id = ddl.insert(conn)
    for step in ddl.ROUTES[state]:
        ddl.put(conn, txn_id, step)
    ddl.observe(conn, txn_id, **seen)
    with refused("final without GET evidence"):
        ddl.put(conn, txn_id, end)


@pytest.mark.parametrize(("seen", "end"), [("SUCCESSFUL", "FAILED"), ("FAILED", "SUCCESSFUL")])
def test_the_opposite_status_is_no_evidence(conn: Conn, seen: str, end: str) -> None:
    txn_id = unknown(conn)
    ddl.observe(conn, txn_id, momo_status=seen)
    with refused("final without GET evidence"):
        ddl.put(conn, txn_id, end)


def test_another_transactions_status_is_no_evidence(conn: Conn) -> None:
    ddl.in_state(conn, State.SUCCESSFUL)
    with refused("final without GET evidence"):
        ddl.put(conn, unknown(conn), "SUCCESSFUL")


@pytest.mark.parametrize(("end", "needed"), [("REJECTED", 2), ("UNSENT", 3)])
def test_never_there_needs_mtn_to_say_so_several_times(conn: Conn, end: str, needed: int) -> None:
    txn_id = unknown(conn)
    for _ in range(needed - 1):
        ddl.not_found(conn, txn_id)
    with refused("without evidence that MTN never had it"):
        ddl.put(conn, txn_id, end)
    ddl.not_found(conn, txn_id)
    ddl.put(conn, txn_id, end)


@pytest.mark.parametrize(
    "seen",
    [
        {"http_status": 404, "code": None},
        {"http_status": 404, "code": "MalformedResponse"},
        {"http_status": 500, "code": "RESOURCE_NOT_FOUND"},
        {"http_status": 404, "code": "RESOURCE_NOT_FOUND", "source": "POST"},
    ],
    ids=str,
)
@pytest.mark.parametrize("end", ["REJECTED", "UNSENT"])
def test_only_mtns_own_word_for_not_found_counts(conn: Conn, seen: dict[str, Any], end: str) -> None:
    txn_id = unknown(conn)
    for _ in range(9):
        ddl.observe(conn, txn_id, **seen)
    with refused("without evidence that MTN never had it"):
        ddl.put(conn, txn_id, end)


def test_two_people_may_say_that_it_was_never_sent(conn: Conn) -> None:
    txn_id = unknown(conn)
    for actor in ("user:1", "user:2"):
        ddl.observe(conn, txn_id, "HUMAN", actor=actor)
    ddl.put(conn, txn_id, "UNSENT")


@pytest.mark.parametrize("actors", [("user:1", "user:1"), ("user:1", None), (None, None)])
def test_one_person_may_not(conn: Conn, actors: tuple[str | None, ...]) -> None:
    txn_id = unknown(conn)
    for actor in actors:
        ddl.observe(conn, txn_id, "HUMAN", actor=actor)
    with refused("without evidence that MTN never had it"):
        ddl.put(conn, txn_id, "UNSENT")


@pytest.mark.parametrize("actors", [(), ("1",), ("1", "1"), ("1", None)])
def test_a_review_is_closed_by_two_people_alone_whatever_mtn_does_not_find(
    conn: Conn, actors: tuple[str | None, ...]
) -> None:
    txn_id = unknown(conn)
    ddl.put(conn, txn_id, "REVIEW")
    for _ in range(9):
        ddl.not_found(conn, txn_id)
    for actor in actors:
        ddl.observe(conn, txn_id, "HUMAN", actor=actor)
    with refused("without evidence that MTN never had it"):
        ddl.put(conn, txn_id, "UNSENT")
    ddl.observe(conn, txn_id, "HUMAN", actor="2")
    ddl.observe(conn, txn_id, "HUMAN", actor="3")
    ddl.put(conn, txn_id, "UNSENT")


def test_people_cannot_say_that_mtn_refused(conn: Conn) -> None:
    txn_id = unknown(conn)
    for actor in ("user:1", "user:2", "user:3"):
        ddl.observe(conn, txn_id, "HUMAN", actor=actor)
    with refused("without evidence that MTN never had it"):
        ddl.put(conn, txn_id, "REJECTED")


@pytest.mark.parametrize("source", ["CALLBACK", "get", ""])
def test_a_callback_is_no_observation(conn: Conn, source: str) -> None:
    with refused("CHECK"):
        ddl.observe(conn, ddl.insert(conn), source)


# --- the other tables


def contact(**changes: str) -> str:
    """A statement that saves a contact, right in everything but *changes*."""
    row = {
        "desk_id": "1",
        "name": "'Shop'",
        "words": "'shop'",
        "msisdn": "'46733123999'",
        "nonce": "'1234567890123456789012'",
        "added_by": "1",
        "added_at_ms": "1",
        "chat_id": "-1",
    } | changes
    return f"INSERT INTO contact({', '.join(row)}) VALUES({', '.join(row.values())})"


def test_a_name_and_a_number_are_saved_once_in_a_desk(conn: Conn) -> None:
    conn.execute(contact())
    for same in ({"words": "'other'"}, {"msisdn": "'46733123998'"}):
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            conn.execute(contact(nonce="'2234567890123456789012'", **same))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO role VALUES(1, 1, 'owner', 1, 1)",  # owners come from the settings alone
        "INSERT INTO role VALUES(1, 1, 'boss', 1, 1)",
        "INSERT INTO outbox(chat_id, lane, kind, payload, created_at_ms, next_at_ms) VALUES(1, 3, 'text', '{}', 1, 1)",
        "INSERT INTO inbox(update_id, chat_id, received_at_ms, done) VALUES(1, 1, 1, 3)",
        "INSERT INTO card(txn_id, role, chat_id, nonce) VALUES(1, 'maker', 1, 'short')",
        "INSERT INTO card(txn_id, role, chat_id, nonce) VALUES(99, 'maker', 1, '1234567890123456789012')",
        "INSERT INTO desk(id, chat_id, title, opened_by, opened_at_ms) VALUES(2, -1, 'The same chat', 1, 1)",
        "INSERT INTO person(user_id, name, language, started) VALUES(1, 'Somebody', 'en', 2)",
        "INSERT INTO attempt VALUES(99, 1, 1)",
        contact(name="''"),
        contact(name="printf('%041d', 0)"),
        contact(msisdn="'+46733123999'"),
        contact(msisdn="'4673312'"),
        contact(nonce="'short'"),
        contact(desk_id="99"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(conn: Conn, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute(statement)


def unknown(conn: Conn) -> int:
    """A transaction that was tried, with no evidence of anything."""
    txn_id = ddl.insert(conn)
    for step in ddl.ROUTES[State.UNKNOWN]:
        ddl.put(conn, txn_id, step)
    return txn_id

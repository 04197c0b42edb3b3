"""The second wall, between people: approvals and what a refund may still give back, whatever the program does."""

import sqlite3
from typing import Any

import pytest

from bot.domain.transactions import State
from tests.bot.store import ddl
from tests.bot.store.ddl import refused

Conn = sqlite3.Connection


# --- approvals


@pytest.mark.parametrize("waiting", [State.DRAFT, State.AWAITING_APPROVAL])
@pytest.mark.parametrize("kind", ["transfer", "deposit", "request_to_pay", "withdraw"])
def test_nothing_is_ready_before_its_approvals(conn: Conn, waiting: State, kind: str) -> None:
    txn_id = ddl.in_state(conn, waiting, kind=kind, approvals_needed=2)
    ddl.decide(conn, txn_id, ddl.CHECKER)
    with refused("approvals missing"):
        ddl.put(conn, txn_id, "READY")
    ddl.decide(conn, txn_id, ddl.OTHER_CHECKER)
    ddl.put(conn, txn_id, "READY")


def test_a_rejection_is_no_approval(conn: Conn) -> None:
    txn_id = ddl.in_state(conn, State.AWAITING_APPROVAL, approvals_needed=1)
    ddl.decide(conn, txn_id, ddl.CHECKER, "reject")
    with refused("approvals missing"):
        ddl.put(conn, txn_id, "READY")


def test_the_maker_cannot_approve(conn: Conn) -> None:
    txn_id = ddl.in_state(conn, State.AWAITING_APPROVAL, approvals_needed=1)
    with refused("the maker cannot approve"):
        ddl.decide(conn, txn_id, ddl.MAKER)


def test_the_maker_may_reject(conn: Conn) -> None:
    ddl.decide(conn, ddl.in_state(conn, State.AWAITING_APPROVAL, approvals_needed=1), ddl.MAKER, "reject")


def test_the_maker_may_approve_where_the_row_was_born_so(conn: Conn) -> None:
    paid = ddl.in_state(conn, State.SUCCESSFUL, kind="request_to_pay")
    born = {"kind": "refund", "original_id": paid, "approvals_needed": 1, "self_approval": 1}
    txn_id = ddl.in_state(conn, State.AWAITING_APPROVAL, **born)
    ddl.decide(conn, txn_id, ddl.MAKER)
    ddl.put(conn, txn_id, "READY")


def test_a_person_decides_once(conn: Conn) -> None:
    txn_id = ddl.in_state(conn, State.AWAITING_APPROVAL, approvals_needed=2)
    ddl.decide(conn, txn_id, ddl.CHECKER)
    with refused("UNIQUE"):
        ddl.decide(conn, txn_id, ddl.CHECKER)


# --- refunds


def approved_refund(conn: Conn, original: int, amount_minor: int, **changes: Any) -> int:
    txn_id = ddl.in_state(
        conn,
        State.AWAITING_APPROVAL,
        kind="refund",
        original_id=original,
        amount_minor=amount_minor,
        approvals_needed=1,
        **changes,
    )
    ddl.decide(conn, txn_id, ddl.CHECKER)
    return txn_id


def test_refunds_up_to_what_was_paid_are_accepted(conn: Conn) -> None:
    paid = ddl.in_state(conn, State.SUCCESSFUL, kind="request_to_pay", amount_minor=1000)
    for amount in (600, 400):
        ddl.put(conn, approved_refund(conn, paid, amount), "READY")


@pytest.mark.parametrize("state", [State.READY, State.UNKNOWN, State.PENDING, State.REVIEW, State.SUCCESSFUL])
def test_what_is_refunded_or_may_be_counts_against_the_rest(conn: Conn, state: State) -> None:
    paid = ddl.in_state(conn, State.SUCCESSFUL, kind="request_to_pay", amount_minor=1000)
    first = approved_refund(conn, paid, 600)
    for step in ddl.ROUTES[state]:
        ddl.put(conn, first, step)
    with refused("refund exceeds the original"):
        ddl.put(conn, approved_refund(conn, paid, 401), "READY")


@pytest.mark.parametrize("state", [State.FAILED, State.REJECTED, State.UNSENT])
def test_a_refund_that_did_not_happen_counts_no_more(conn: Conn, state: State) -> None:
    paid = ddl.in_state(conn, State.SUCCESSFUL, kind="request_to_pay", amount_minor=1000)
    first = approved_refund(conn, paid, 1000)
    for step in ddl.ROUTES[state]:
        ddl.put(conn, first, step)
    ddl.put(conn, approved_refund(conn, paid, 1000), "READY")


@pytest.mark.parametrize("state", [State.PENDING, State.FAILED, State.REVIEW, State.CANCELLED])
def test_only_a_successful_payment_is_refunded(conn: Conn, state: State) -> None:
    paid = ddl.in_state(conn, state, kind="request_to_pay")
    with refused("refund exceeds the original"):
        ddl.put(conn, approved_refund(conn, paid, 1), "READY")


@pytest.mark.parametrize("kind", ["transfer", "deposit", "withdraw"])
def test_only_a_customers_payment_is_refunded(conn: Conn, kind: str) -> None:
    sent = ddl.in_state(conn, State.SUCCESSFUL, kind=kind)
    with refused("refund exceeds the original"):
        ddl.put(conn, approved_refund(conn, sent, 1), "READY")


def test_a_refund_is_of_the_payments_currency(conn: Conn) -> None:
    paid = ddl.in_state(conn, State.SUCCESSFUL, kind="request_to_pay")
    with refused("refund exceeds the original"):
        ddl.put(conn, approved_refund(conn, paid, 1, currency="XAF"), "READY")

"""What waits is found among any number of rows that are over: by an index of the few, never by reading all."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.domain.transactions import Kind
from bot.store import agenda, codes, inbox, lately, outbox, purging, rechecks, totals, transactions
from bot.store.database import Tx
from tests.support.till import CASHIER, Till

INDEX = (
    r"INDEX (txn_(hinted|open|leased|unsent|at_mtn|due|undecided|of_state|ended|over|same_payee)"
    r"|outbox_(sending|waiting|subject|dead)|inbox_kept)\b"
)
# The whole of a table, or of one till.
ALL = r"SCAN \w+\b(?! USING)|INDEX txn_(found|of_kind|of_amount)\b"
LONG_AGO, NUMBER = datetime(2026, 1, 1, tzinfo=UTC), b"0" * 32


LOOKS: dict[str, Callable[[Tx], object]] = {
    "drafts": lambda tx: transactions.drafts_of(tx.conn, CASHIER),
    "makers": lambda tx: transactions.makers_of_unsent(tx.conn),
    "unsent": lambda tx: transactions.unsent(tx.conn),
    "a maker's unsent": lambda tx: transactions.unsent(tx.conn, maker_id=CASHIER),
    "to ask about": lambda tx: agenda.to_observe(tx, 50),
    "to ask about later": agenda.next_later_at,
    "leases": transactions.break_leases,
    "being sent": outbox.recover,
    "stuck": lambda tx: outbox.is_stuck(tx.conn),
    "bodies": lambda tx: inbox.forget_bodies(tx, 1),
    "open": lambda tx: codes.still_open(tx.conn, 1),
    "ended": lambda tx: codes.ended_since(tx.conn, 1, LONG_AGO),
    "open by state": lambda tx: totals.waiting(tx.conn, 1),
    "given up": lambda tx: outbox.is_dead(tx.conn, "card:1"),
    "paid before": lambda tx: lately.has_succeeded(tx.conn, 1, NUMBER, [Kind.TRANSFER, Kind.DEPOSIT]),
    "used since": lambda tx: purging.was_used(tx.conn, 1, NUMBER, LONG_AGO),
    "to ask again": lambda tx: rechecks.ended_since(tx.conn, LONG_AGO),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_what_waits_is_found_without_reading_what_is_over(till: Till, look: Callable[[Tx], object]) -> None:
    plans = _plans(till, look)
    assert plans
    assert all(re.search(INDEX, plan) and not re.search(ALL, plan) for plan in plans), plans


@pytest.mark.parametrize(
    ("look", "index"),
    [
        (lambda tx: transactions.unsendable(tx, 9), "txn_ready"),
        (lambda tx: transactions.unseen_reviews(tx.conn), "txn_review"),
    ],
    ids=["unsendable", "reviews"],
)
def test_what_is_looked_for_each_second_is_found_without_reading_all_that_is_open(
    till: Till, look: Callable[[Tx], object], index: str
) -> None:
    [plan] = _plans(till, look)
    assert f"INDEX {index} " in f"{plan} "


def _plans(till: Till, look: Callable[[Tx], object]) -> list[str]:
    asked: list[str] = []
    till.store.conn.set_trace_callback(asked.append)
    till.do(look)
    till.store.conn.set_trace_callback(None)
    return [_plan(till, sql) for sql in asked if sql.startswith(("SELECT", "UPDATE"))]


def _plan(till: Till, sql: str) -> str:
    return " ".join(row["detail"] for row in till.store.conn.execute(f"EXPLAIN QUERY PLAN {sql}"))

"""What waits is found among any number of rows that are over: by an index of the few, never by reading all."""

import re
from collections.abc import Callable

import pytest

from bot.store import inbox, outbox, transactions
from bot.store.database import Tx
from tests.support.till import CASHIER, Till

INDEX = r"INDEX (txn_unsent|txn_at_mtn|outbox_sending|outbox_waiting|outbox_subject|inbox_kept)\b"


@pytest.mark.parametrize(
    "look",
    [
        lambda tx: transactions.drafts_of(tx.conn, CASHIER),
        lambda tx: transactions.makers_of_unsent(tx.conn),
        lambda tx: transactions.unsent(tx.conn),
        lambda tx: transactions.unsent(tx.conn, maker_id=CASHIER),
        transactions.break_leases,
        outbox.recover,
        lambda tx: outbox.is_stuck(tx.conn),
        lambda tx: inbox.forget_bodies(tx, 1),
    ],
    ids=["drafts", "makers", "unsent", "a maker's unsent", "leases", "being sent", "stuck", "bodies"],
)
def test_what_waits_is_found_without_reading_what_is_over(till: Till, look: Callable[[Tx], object]) -> None:
    asked: list[str] = []
    till.store.conn.set_trace_callback(asked.append)
    till.do(look)
    till.store.conn.set_trace_callback(None)
    plans = [_plan(till, sql) for sql in asked if sql.startswith(("SELECT", "UPDATE"))]
    assert plans
    assert all(re.search(INDEX, plan) for plan in plans), plans


def _plan(till: Till, sql: str) -> str:
    return " ".join(row["detail"] for row in till.store.conn.execute(f"EXPLAIN QUERY PLAN {sql}"))

"""What there is of what: the same as counting every row, but from an index."""

import re

import pytest

from bot.domain.transactions import Kind
from bot.store import figures
from tests.support.till import Till

# Partial ones, with nothing in them but what is asked for.
INDEX = r"INDEX (txn_at_mtn|inbox_waiting|inbox_dead|outbox_waiting|outbox_subject|outbox_dead)\b"


def test_transactions_are_tallied_as_they_come_and_go(till: Till) -> None:
    till.draft()
    till.pending(amount="7")
    till.cancel(till.draft(amount="8"))
    till.paid()
    counted = till.store.conn.execute("SELECT state, kind, count(*) FROM txn GROUP BY state, kind").fetchall()
    tallied = figures.transactions(till.store.conn)
    assert {key: n for key, n in tallied.items() if n} == {(state, kind): n for state, kind, n in counted}
    assert tallied["SUCCESSFUL", Kind.REQUEST_TO_PAY] == 1


def test_the_oldest_is_as_old_as_its_authorisation(till: Till) -> None:
    authorised = till.clock()
    till.sent()
    till.clock.forward(minutes=3)
    till.sent(amount="7")
    assert figures.oldest_at_mtn(till.store.conn, "UNKNOWN") == authorised
    assert figures.oldest_at_mtn(till.store.conn, "PENDING") is None


@pytest.mark.parametrize(
    "read",
    [
        lambda tx: figures.oldest_at_mtn(tx.conn, "UNKNOWN"),
        lambda tx: figures.waiting_updates(tx.conn),
        lambda tx: figures.waiting_messages(tx.conn),
        lambda tx: figures.dead_letters(tx.conn),
    ],
    ids=["oldest", "inbox", "outbox", "dead letters"],
)
def test_a_figure_is_read_from_an_index_of_what_is_meant(till: Till, read: object) -> None:
    asked: list[str] = []
    till.store.conn.set_trace_callback(asked.append)
    till.do(read)  # type: ignore[arg-type]
    till.store.conn.set_trace_callback(None)
    plans = [_plan(till, sql) for sql in asked if sql.startswith("SELECT")]
    assert plans
    assert all(re.search(INDEX, plan) for plan in plans), plans


def _plan(till: Till, sql: str) -> str:
    return " ".join(row["detail"] for row in till.store.conn.execute(f"EXPLAIN QUERY PLAN {sql}"))

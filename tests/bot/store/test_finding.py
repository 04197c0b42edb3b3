"""Searching in slices finds what a walk through all rows would, in every direction, whatever the slices' size."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.domain.finding import Cursor, Wanted
from bot.domain.periods import Period
from bot.domain.transactions import Kind, State, Transaction
from bot.service import hashing
from bot.store import finding, people, transactions
from bot.store.finding import Where, look
from momo import Money, Msisdn
from tests.support.till import CASHIER, OTHER_CASHIER, PAYEE, Till

OTHER = Msisdn("46733123888")
NAMES = ("Ann O_Neil", "Bob 50%", "", None)
WANTED = (
    Wanted(),
    Wanted(states=frozenset({State.CANCELLED})),
    Wanted(states=frozenset({State.CANCELLED, State.DRAFT}), words=("bob",)),
    Wanted(states=frozenset({State.CANCELLED, State.SUCCESSFUL})),
    Wanted(kinds=frozenset({Kind.REQUEST_TO_PAY})),
    Wanted(kinds=frozenset({Kind.REQUEST_TO_PAY, Kind.TRANSFER}), mine=True),
    Wanted(least=Money(Decimal(3), "EUR"), most=Money(Decimal(3), "EUR")),
    Wanted(least=Money(Decimal(3), "EUR"), most=Money(Decimal(7), "EUR")),
    Wanted(words=("o_n",)),
    Wanted(words=("%",)),
    Wanted(words=("order", "bob")),
    Wanted(mine=True),
    Wanted(makers=("1005",)),
    Wanted(msisdn=OTHER),
    Wanted(msisdn=OTHER, states=frozenset({State.DRAFT})),
    Wanted(period=Period(date(2026, 1, 6), date(2026, 1, 7), ZoneInfo("UTC"))),
)


@pytest.fixture(scope="module")
def till() -> Till:
    """Two desks with forty transactions over some days; once the clock was set back."""
    till, draw = Till(), random.Random(3)
    first = till.desk
    second = till.do(lambda tx: people.open_desk(tx, -6001, "Second", 1001))
    for user in (CASHIER, OTHER_CASHIER):
        till.do(lambda tx, user=user: people.grant(tx, user, second.id, "cashier", 1001))  # type: ignore[misc]
    for number in range(40):
        till.desk = draw.choice((first, second))
        kind, maker = draw.choice((Kind.TRANSFER, Kind.REQUEST_TO_PAY)), draw.choice((CASHIER, OTHER_CASHIER))
        txn = till.draft(
            kind,
            str(draw.randrange(1, 10)),
            maker=maker,
            msisdn=draw.choice((PAYEE, OTHER)),
            payee_name=draw.choice(NAMES),
        )
        if draw.random() < 0.8:
            till.cancel(txn)
        till.clock.forward(hours=-5 if number == 20 else 3)
    till.desk = first
    return till


def fits(txn: Transaction, wanted: Wanted, name: str) -> bool:
    text = f"{txn.payee_name or ''}\n{txn.note}".lower()
    return all(
        (
            wanted.msisdn in (None, txn.msisdn),
            all(word in text for word in wanted.words),
            all(word in name for word in wanted.makers),
            not wanted.mine or txn.maker_id == CASHIER,
            not wanted.states or txn.state in wanted.states,
            not wanted.kinds or txn.kind in wanted.kinds,
            wanted.least is None or txn.amount.amount >= wanted.least.amount,
            wanted.most is None or txn.amount.amount <= wanted.most.amount,
            wanted.period is None or wanted.period.since <= txn.created_at < wanted.period.until,
        )
    )


def expected(till: Till, where: Where, wanted: Wanted) -> list[int]:
    every = [transactions.get(till.store.conn, row) for row in till.ask("SELECT id FROM txn ORDER BY id DESC")]
    return [t.id for t in every if t.desk_id in where.desks and fits(t, wanted, f"Person {t.maker_id}")]


def walked(till: Till, where: Where, wanted: Wanted, cursor: Cursor, limit: int) -> Iterator[int]:
    """Walk through all slices, never more than *limit* rows at once."""
    at: Cursor | None = cursor
    while at is not None:
        seen = look(till.store.conn, where, wanted, at, limit)
        yield from (txn.id for txn in seen.found)
        full = len(seen.found) == limit
        end = seen.found[-1].id if full else seen.end
        at = None if end is None else replace(at, row=end)


@pytest.mark.parametrize("wanted", WANTED, ids=[str(n) for n in range(len(WANTED))])
@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_slices_find_what_is_there(till: Till, monkeypatch: pytest.MonkeyPatch, wanted: Wanted, size: int) -> None:
    monkeypatch.setattr(finding, "SLICE", size)
    monkeypatch.setattr(finding, "SLICE_OF_TEXT", size)
    key = till.do(lambda tx: hashing.keyed(tx, str(wanted.msisdn))) if wanted.msisdn else None
    for desks in ((1,), (2,), (1, 2)):
        where = Where(desks, CASHIER, 2, key)
        right = expected(till, where, wanted)
        assert list(walked(till, where, wanted, Cursor(), 3)) == right
        assert list(walked(till, where, wanted, Cursor(0, newer=True), 3)) == right[::-1]
        middle = Cursor(20)
        assert list(walked(till, where, wanted, middle, 3)) == [row for row in right if row < 20]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Wanted(), "COVERING INDEX txn_found"),
        (Wanted(msisdn=OTHER, states=frozenset({State.FAILED})), "INDEX txn_same_payee"),
        (Wanted(states=frozenset({State.FAILED}), kinds=frozenset({Kind.REFUND})), "INDEX txn_of_state"),
        (Wanted(kinds=frozenset({Kind.REFUND}), mine=True), "INDEX txn_of_kind"),
        (Wanted(least=Money(Decimal(3), "EUR"), most=Money(Decimal(3), "EUR"), words=("bob",)), "INDEX txn_of_amount"),
        (Wanted(least=Money(Decimal(3), "EUR"), most=Money(Decimal(7), "EUR")), "COVERING INDEX txn_found"),
    ],
    ids=["all", "number", "state", "kind", "amount", "amounts"],
)
def test_a_search_walks_the_rarest_rows_alone(till: Till, wanted: Wanted, index: str) -> None:
    asked: list[str] = []
    till.store.conn.set_trace_callback(asked.append)
    look(till.store.conn, Where((1,), CASHIER, 2, b"" if wanted.msisdn else None), wanted, Cursor(), 3)
    till.store.conn.set_trace_callback(None)
    walks = [till.store.conn.execute(f"EXPLAIN QUERY PLAN {sql}").fetchone()["detail"] for sql in asked[:2]]
    assert all(index in walk and "id>? AND id<?" in walk for walk in walks), walks

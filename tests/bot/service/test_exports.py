"""Exports: which lines are in a table, in which order, and what hides or is told of them."""

from functools import partial
from typing import Any

import pytest

from bot.domain.periods import Period
from bot.domain.refusals import Refusal, Why
from bot.domain.transactions import Kind, State
from bot.service import exports, seats
from bot.service.exports import MOST_TRIES, Begun
from bot.service.payments import Place
from bot.store import exports as rows
from bot.store.exports import Export
from bot.store.lines import Line
from tests.support.till import AUDITOR, CASHIER, OTHER_CASHIER, SHOP, Till, says


def ask(till: Till, user_id: int = CASHIER, chat_id: int = SHOP, form: str = "csv") -> Export:
    def wish(tx: Any) -> Export:
        seat = seats.seat(tx, till.policy, user_id, chat_id, private=chat_id > 0)
        day = tx.now.date()
        period = Period(day, day, till.policy.zone)
        return exports.ask(tx, seat, Place(chat_id), form, period, language="en")

    return till.do(wish)


def begin(till: Till, export: Export) -> Begun:
    begun = till.do(lambda tx: exports.begin(tx, till.policy, rows.get(tx.conn, export.id)))
    assert begun is not None
    return begun


def read_all(till: Till, export: Export, begun: Begun, limit: int) -> list[Line]:
    found: list[Line] = []
    after: Line | None = None
    read = partial(exports.page, export=export, span=begun.span, limit=limit)
    while page := till.do(partial(read, after=after, done=len(found))):
        found, after = found + page, page[-1]
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_hold_every_end_once_in_the_order_of_their_ends(till: Till, limit: int) -> None:
    first = till.pending(Kind.TRANSFER, "10")
    others = [till.paid("50"), till.paid("60")]
    till.clock.forward(seconds=1)
    till.look(first, says(first, "FAILED"))
    export = ask(till)
    till.clock.forward(seconds=1)

    found = read_all(till, export, begin(till, export), limit)

    assert [line.short_code for line in found] == [txn.short_code for txn in [*others, first]]


def test_what_is_open_is_listed_last_and_what_ends_meanwhile_is_left_to_a_later_table(till: Till) -> None:
    pending = till.pending(Kind.TRANSFER, "10")
    export = ask(till)
    begun = begin(till, export)
    till.clock.forward(seconds=1)
    till.look(pending, says(pending, "SUCCESSFUL"))

    assert [(line.short_code, line.state, line.final) for line in begun.still_open] == [
        (pending.short_code, State.PENDING, False)
    ]
    assert (read_all(till, export, begun, 10), begun.total) == ([], 1)


def test_a_line_tells_who_made_it_who_approved_it_and_why_it_failed(till: Till) -> None:
    till.paid("50")
    paid = till.paid("70")
    refund = till.pending(Kind.REFUND, "20", original=paid)
    till.look(refund, says(refund, "FAILED"))
    export = ask(till)
    till.clock.forward(seconds=1)

    line = read_all(till, export, begin(till, export), 10)[-1]

    assert (line.made_by, line.approved_by, line.note) == ("Person 1004", "Person 1002", "Order 7")


@pytest.mark.parametrize(
    ("user_id", "chat_id", "masked", "nameless"),
    [(CASHIER, SHOP, True, False), (CASHIER, CASHIER, False, False), (AUDITOR, AUDITOR, True, True)],
)
def test_numbers_are_for_private_chats_and_names_not_for_auditors(
    till: Till, user_id: int, chat_id: int, masked: bool, nameless: bool
) -> None:
    wanted = ask(till, user_id, chat_id).wanted

    assert (wanted.masked, wanted.nameless) == (masked, nameless)


def test_every_export_is_audited(till: Till) -> None:
    ask(till)

    assert till.ask("SELECT actor FROM audit WHERE event = 'export' AND data ->> 'form' = 'csv'") == [f"user:{CASHIER}"]


def test_one_table_at_a_time_is_made_for_a_person(till: Till) -> None:
    ask(till)

    with pytest.raises(Refusal) as refused:
        ask(till)
    assert refused.value.why is Why.EXPORT_IN_WORK
    ask(till, OTHER_CASHIER)


def test_a_table_that_failed_too_often_is_given_up_and_its_chat_is_told(till: Till) -> None:
    export = ask(till)
    for _ in range(MOST_TRIES):
        begin(till, export)

    assert till.do(lambda tx: exports.begin(tx, till.policy, rows.get(tx.conn, export.id))) is None
    assert till.noticed("export_failed") == [SHOP]
    assert rows.waiting(till.store.conn) == []


def test_a_long_table_shows_how_far_it_is(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "LONG_ROWS", 2)
    for amount in ("50", "60", "70"):
        till.paid(amount)
    export = ask(till)
    till.clock.forward(seconds=1)

    read_all(till, export, begin(till, export), 1)

    now = rows.get(till.store.conn, export.id)
    assert (now.done, now.total, len(till.told("progress"))) == (3, 3, 3)

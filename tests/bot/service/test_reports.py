"""Reports: what went through is added up by the till's own days, and nothing else is."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.domain.fees import Fee
from bot.domain.periods import Period
from bot.domain.transactions import Kind, State, Transaction
from bot.service import reports
from bot.service.reports import Report
from bot.store import people
from tests.support.till import OWNER, Till, euros, says

KAMPALA = ZoneInfo("Africa/Kampala")
MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)


def compose(till: Till, first: date = MONDAY, last: date = TUESDAY, desk_id: int | None = None) -> Report:
    desk = till.desk.id if desk_id is None else desk_id
    return asyncio.run(reports.compose(till.store, till.policy, desk or None, Period(first, last, KAMPALA)))


def finish(till: Till, txn: Transaction, word: str = "SUCCESSFUL") -> None:
    till.look(txn, says(txn, word))


def test_money_in_and_out_are_added_up_day_by_day(till: Till) -> None:
    paid = till.paid("50")
    till.paid("25.50")
    finish(till, till.pending(Kind.TRANSFER, "10"))
    till.clock.forward(days=1)
    finish(till, till.pending(Kind.REFUND, "20", original=paid))

    report = compose(till)

    assert [(day.day, day.money_in, day.money_out) for day in report.days] == [
        (MONDAY, Decimal("75.50"), Decimal(10)),
        (TUESDAY, Decimal(0), Decimal(20)),
    ]
    assert (report.money_in, report.money_out, report.net) == (euros("75.50"), euros("30"), euros("45.50"))
    assert report.done == {Kind.REQUEST_TO_PAY: 2, Kind.TRANSFER: 1, Kind.REFUND: 1}


def test_fees_are_what_the_operators_table_says_and_in_no_other_sum(till: Till) -> None:
    till.policy = replace(till.policy, fees={Kind.REQUEST_TO_PAY: (Fee(0, Decimal("1.5"), percent=True),)})
    till.paid("50")
    till.paid("50")
    finish(till, till.pending(Kind.TRANSFER, "10"))

    report = compose(till)

    assert (report.fees, report.net) == (euros("1.50"), euros("90"))


def test_without_a_table_no_fee_is_told(till: Till) -> None:
    till.paid("50")

    assert compose(till).fees is None


def test_the_same_amount_twice_counts_twice(till: Till) -> None:
    for _ in range(3):
        till.paid("50")

    assert compose(till).money_in == euros("150")


def test_what_ended_otherwise_is_counted_and_in_no_sum(till: Till) -> None:
    finish(till, till.pending(Kind.TRANSFER, "10"), "FAILED")
    till.cancel(till.draft(Kind.TRANSFER, "11"))

    report = compose(till)

    assert report.not_done == {State.FAILED: 1, State.CANCELLED: 1}
    assert (report.money_out, report.done, report.open_count) == (euros("0"), {}, 0)


@pytest.mark.parametrize("make", [Till.ready, Till.sent, Till.pending])
def test_what_may_still_move_is_told_and_in_no_sum(till: Till, make: object) -> None:
    make(till)  # type: ignore[operator]
    till.draft(Kind.TRANSFER, "3")  # a card nobody confirmed is nothing yet

    report = compose(till)

    assert (report.open_count, report.money_out) == (1, euros("0"))


def test_a_day_ends_at_the_tills_midnight(till: Till) -> None:
    till.clock.forward(hours=11, minutes=59)  # 20:59 UTC, 23:59 in Kampala
    till.paid("50")
    till.clock.forward(minutes=1)
    till.paid("60")

    assert [day.money_in for day in compose(till).days] == [Decimal(50), Decimal(60)]
    assert compose(till, MONDAY, MONDAY).money_in == euros("50")
    assert compose(till, TUESDAY, TUESDAY).money_in == euros("60")


def test_another_tills_money_is_in_no_report_but_that_of_all(till: Till) -> None:
    shop = till.desk
    till.paid("50")
    till.desk = till.do(lambda tx: people.open_desk(tx, -5002, "Other", OWNER))
    till._hire()
    till.paid("7")

    assert compose(till, desk_id=shop.id).money_in == euros("50")
    assert (compose(till).till, compose(till).money_in) == ("Other", euros("7"))
    assert (compose(till, desk_id=0).till, compose(till, desk_id=0).money_in) == (None, euros("57"))


def test_a_whole_year_is_every_day_of_it(till: Till) -> None:
    report = compose(till, MONDAY, MONDAY + timedelta(days=364))

    assert len(report.days) == 365
    assert replace(report, days=()).money_in == euros("0")

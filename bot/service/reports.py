"""Money in and out from day to day: sums of what went through, and counts of what did not."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain.fees import fee_of
from bot.domain.periods import Period
from bot.domain.policy import Policy
from bot.domain.transactions import Kind, State
from bot.service.payments import Place
from bot.store import outbox, people, statements
from bot.store.database import Store, Tx
from bot.store.outbox import Form, Lane
from bot.store.statements import Ended
from momo import Money

T = TypeVar("T")

MONEY_IN = frozenset({Kind.REQUEST_TO_PAY, Kind.WITHDRAW})


@dataclass(frozen=True, slots=True)
class Day:
    """What came in and went out on one day of the till's clock."""

    day: date
    money_in: Decimal
    money_out: Decimal


@dataclass(frozen=True, slots=True)
class Report:
    """A period of one till, or of all when ``till`` is None. ``open_count``: begun in it and not over, in no sum.

    ``fees``: what the operator's own table says of what went through; None without one. It is in no other sum.
    """

    till: str | None
    period: Period
    currency: str
    days: tuple[Day, ...]
    done: Counter[Kind]
    not_done: Counter[State]
    open_count: int
    fees: Money | None = None

    @property
    def money_in(self) -> Money:
        """Return what came in."""
        return self._money(sum((day.money_in for day in self.days), Decimal(0)))

    @property
    def money_out(self) -> Money:
        """Return what went out."""
        return self._money(sum((day.money_out for day in self.days), Decimal(0)))

    @property
    def net(self) -> Money:
        """Return what came in less what went out."""
        return self._money(self.money_in.amount - self.money_out.amount)

    def _money(self, amount: Decimal) -> Money:
        return Money(amount, self.currency)


def ask(tx: Tx, place: Place, desk_id: int | None, period: Period, *, language: str) -> None:
    """Have the chart of a period sent."""
    outbox.add(
        tx,
        place.chat_id,
        Form.DOCUMENT,
        Lane.ANSWER,
        document="report",
        desk_id=desk_id,
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        language=language,
        thread_id=place.thread_id,
        reply_to=place.reply_to,
    )


async def compose(store: Store, policy: Policy, desk_id: int | None, period: Period) -> Report:
    """Add a period up; each day is read in a transaction of its own, so that nobody waits for a year."""
    ends = [await store.tx(partial(_ends_of, desk_id=desk_id, day=day, zone=period.zone)) for day in period.days]
    till, open_count = await store.tx(lambda tx: _rest(tx, desk_id, period))
    every = [ended for of_a_day in ends for ended in of_a_day]
    return Report(
        till=till,
        period=period,
        currency=policy.market.currency,
        days=tuple(_day(day, of_it) for day, of_it in zip(period.days, ends, strict=True)),
        done=_counted((ended.kind, ended.count) for ended in every if ended.state is State.SUCCESSFUL),
        not_done=_counted((ended.state, ended.count) for ended in every if ended.state is not State.SUCCESSFUL),
        open_count=open_count,
        fees=_fees(policy, every) if policy.fees else None,
    )


def _fees(policy: Policy, ends: Iterable[Ended]) -> Money:
    found = [
        (fee_of(policy.fees, ended.kind, ended.amount, policy.market.decimals), ended.count)
        for ended in ends
        if ended.state is State.SUCCESSFUL
    ]
    return Money(sum((fee.amount * count for fee, count in found if fee), Decimal(0)), policy.market.currency)


def _ends_of(tx: Tx, desk_id: int | None, day: date, zone: ZoneInfo) -> list[Ended]:
    one = Period(day, day, zone)
    return statements.ended(tx.conn, one.since, one.until, desk_id)


def _rest(tx: Tx, desk_id: int | None, period: Period) -> tuple[str | None, int]:
    till = None if desk_id is None else people.desk(tx.conn, desk_id).title
    return till, statements.still_open(tx.conn, period.since, period.until, desk_id)


def _day(day: date, ends: Iterable[Ended]) -> Day:
    done = [ended for ended in ends if ended.state is State.SUCCESSFUL]
    return Day(
        day,
        sum((ended.amount.amount * ended.count for ended in done if ended.kind in MONEY_IN), Decimal(0)),
        sum((ended.amount.amount * ended.count for ended in done if ended.kind not in MONEY_IN), Decimal(0)),
    )


def _counted(pairs: Iterable[tuple[T, int]]) -> Counter[T]:
    counter: Counter[T] = Counter()
    for what, count in pairs:
        counter[what] += count
    return counter

"""What may leave the merchant: limits on one transaction and on a day's sums, and when a day begins.

A day is the till's own, of its time zone. What is charged to it and what gives room back is in ``service.limits``.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from momo import Money


class Scope(StrEnum):
    """What a limit is on: a single amount, or the sum of a day for one maker, one desk, one receiver."""

    TRANSACTION = "transaction"
    PERSON = "person"
    DESK = "desk"
    PAYEE = "payee"


# A scope that is not in it has no limit.
Limits = Mapping[Scope, Money]


def rooms(limits: Limits, spent: Mapping[Scope, Money]) -> dict[Scope, Money]:
    """Return what of each limit is left, never less than nothing; *spent* has a sum for each scope of a day."""
    left = {}
    for scope, limit in limits.items():
        used = spent[scope].amount if scope in spent else 0
        left[scope] = Money(max(limit.amount - used, limit.amount * 0), limit.currency)
    return left


def tightest(left: Mapping[Scope, Money], amount: Money) -> Scope | None:
    """Return the limit that has no room for *amount*, the one with least room if there are several, or None."""
    full = [scope for scope in Scope if scope in left and amount.amount > left[scope].amount]
    return min(full, key=lambda scope: left[scope].amount, default=None)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day on which *moment* (aware) falls in *zone*."""
    return moment.astimezone(zone).date()


def next_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return when the day after that of *moment* begins, in UTC. Where clocks skip midnight, it is at their jump."""
    return datetime.combine(day_of(moment, zone) + timedelta(days=1), time.min, zone).astimezone(UTC)

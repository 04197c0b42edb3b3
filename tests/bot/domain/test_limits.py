from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.limits import Scope, day_of, next_day, rooms, tightest
from tests.support.till import euros

KAMPALA, BERLIN, CAIRO = ZoneInfo("Africa/Kampala"), ZoneInfo("Europe/Berlin"), ZoneInfo("Africa/Cairo")


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_a_day_is_that_of_the_tills_own_time_zone() -> None:
    assert day_of(at(2026, 1, 5, 20, 59), KAMPALA) == date(2026, 1, 5)
    assert day_of(at(2026, 1, 5, 21, 0), KAMPALA) == date(2026, 1, 6)


@pytest.mark.parametrize(
    ("moment", "zone", "begins"),
    [
        (at(2026, 1, 5, 9), KAMPALA, at(2026, 1, 5, 21)),
        (at(2026, 3, 29, 0, 30), BERLIN, at(2026, 3, 29, 22)),  # a day of 23 hours
        (at(2026, 10, 25, 0, 30), BERLIN, at(2026, 10, 25, 23)),  # a day of 25 hours
        (at(2026, 4, 23, 12), CAIRO, at(2026, 4, 23, 22)),  # midnight itself is skipped
    ],
)
def test_the_next_day_begins_at_local_midnight_also_when_clocks_change(
    moment: datetime, zone: ZoneInfo, begins: datetime
) -> None:
    assert next_day(moment, zone) == begins
    assert day_of(begins, zone) > day_of(moment, zone)


def test_what_is_left_is_never_less_than_nothing() -> None:
    left = rooms({Scope.DESK: euros("50"), Scope.PERSON: euros("20")}, {Scope.DESK: euros("60")})
    assert left == {Scope.DESK: euros("0"), Scope.PERSON: euros("20")}


def test_of_several_limits_without_room_the_tightest_is_named() -> None:
    left = {Scope.PERSON: euros("20"), Scope.PAYEE: euros("10"), Scope.DESK: euros("30")}
    assert tightest(left, euros("25")) is Scope.PAYEE
    assert tightest(left, euros("10")) is None

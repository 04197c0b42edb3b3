"""Days as people type them: whole days of the till's own clock, never later than today."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.chat.badinput import BadInput
from bot.chat.badinput import BadReason as Why
from bot.chat.periods import find_period, parse_period
from bot.domain.periods import Period

KAMPALA = ZoneInfo("Africa/Kampala")  # three hours ahead, all year
CAIRO = ZoneInfo("Africa/Cairo")  # in 2026 midnight is skipped on 24 April; 29 October has 25 hours
NOW = datetime(2026, 11, 18, 22, 30, tzinfo=UTC)  # in Kampala it is Thursday the 19th already


def days(text: str) -> tuple[str, str]:
    period = parse_period(text, NOW, KAMPALA)
    return period.first.isoformat(), period.last.isoformat()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("today", "2026-11-19", "2026-11-19"),
        ("Aujourd’hui", "2026-11-19", "2026-11-19"),
        ("yesterday", "2026-11-18", "2026-11-18"),
        ("HIER", "2026-11-18", "2026-11-18"),
        ("week", "2026-11-16", "2026-11-19"),
        ("cette semaine", "2026-11-16", "2026-11-19"),
        ("semaine dernière", "2026-11-09", "2026-11-15"),
        ("month", "2026-11-01", "2026-11-19"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("mois dernier", "2026-10-01", "2026-10-31"),
        ("2026-10", "2026-10-01", "2026-10-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-11", "2026-11-01", "2026-11-19"),
        ("2026-11-01", "2026-11-01", "2026-11-01"),
        ("1/11/2026", "2026-11-01", "2026-11-01"),
        ("01.11.2026", "2026-11-01", "2026-11-01"),
        ("2026-11-01..2026-11-15", "2026-11-01", "2026-11-15"),
        ("2026-11-01 - 2026-11-15", "2026-11-01", "2026-11-15"),
        ("2026-11-01 2026-11-15", "2026-11-01", "2026-11-15"),
        ("from 2026-11-01 to 2026-11-15", "2026-11-01", "2026-11-15"),
        ("du 1/11/2026 au 15/11/2026", "2026-11-01", "2026-11-15"),
        ("2026-09..2026-10", "2026-09-01", "2026-10-31"),
        ("2026-11-01..today", "2026-11-01", "2026-11-19"),
        ("2026-11-01 … 2027-12-31", "2026-11-01", "2026-11-19"),
    ],
)
def test_days_are_read_in_english_and_french(text: str, first: str, last: str) -> None:
    assert days(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "reason", "example"),
    [
        ("", Why.PERIOD_MISSING, "today"),
        ("soon", Why.PERIOD_SHAPE, "2026-11-01..2026-11-15"),
        ("2026-11-01..", Why.PERIOD_SHAPE, "2026-11-05..2026-11-19"),
        ("2026-1-2-3", Why.PERIOD_SHAPE, "2026-11-05..2026-11-19"),
        ("٢٠٢٦-١١-٠١", Why.PERIOD_SHAPE, "2026-11-01..2026-11-15"),
        ("2026-02-30", Why.PERIOD_NO_SUCH_DAY, "2026-02-28"),
        ("2026-13", Why.PERIOD_NO_SUCH_DAY, "2026-11-19"),
        ("2026-11-00", Why.PERIOD_NO_SUCH_DAY, "2026-11-19"),
        ("0000-01-01", Why.PERIOD_NO_SUCH_DAY, "2000-01-31"),
        ("2026-11-15..2026-11-01", Why.PERIOD_BACKWARDS, "2026-11-01..2026-11-15"),
        ("2026-11-20", Why.PERIOD_AHEAD, "today"),
    ],
)
def test_what_names_no_days_is_refused_with_a_right_example(text: str, reason: Why, example: str) -> None:
    with pytest.raises(BadInput) as bad:
        parse_period(text, NOW, KAMPALA)
    assert (bad.value.reason, bad.value.example) == (reason, example)
    parse_period(bad.value.example, NOW, KAMPALA)


@pytest.mark.parametrize("text", ["Jean", "failed", "5000", "0772123456", "15", "ref..", "1.500"])
def test_words_about_something_else_are_left_to_others(text: str) -> None:
    assert find_period(text, NOW, KAMPALA) is None


def test_a_day_is_that_of_the_tills_clock() -> None:
    today = parse_period("today", NOW, KAMPALA)
    assert (today.since, today.until) == (
        datetime(2026, 11, 18, 21, tzinfo=UTC),
        datetime(2026, 11, 19, 21, tzinfo=UTC),
    )
    assert today.day_of(NOW) == date(2026, 11, 19)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 4, 24), 23), (date(2026, 10, 29), 25), (date(2026, 6, 1), 24)])
def test_days_of_any_length_follow_each_other_without_a_gap(day: date, hours: int) -> None:
    before, one = Period(day - timedelta(days=1), day - timedelta(days=1), CAIRO), Period(day, day, CAIRO)
    after = Period(day + timedelta(days=1), day + timedelta(days=1), CAIRO)
    assert one.until - one.since == timedelta(hours=hours)
    assert (before.until, one.until) == (one.since, after.since)
    assert one.day_of(one.since) == one.day_of(one.until - timedelta(seconds=1)) == day

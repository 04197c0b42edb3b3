from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from bot.chat.notices import SENTENCES
from bot.domain import wishes as rules
from bot.domain.transactions import FINAL, State
from bot.domain.wishes import Event, Manner, Quiet, Told, Wishes, decide, held_until, of_end, of_notice

NOON, NIGHT = time(12), time(23, 30)
USUAL = Wishes()
QUIET = Wishes(quiet=Quiet(time(22), time(7)))
SILENT = Wishes(sound=False)
FROM_5000 = Wishes(from_minor=5000)
HOURLY = Wishes(success=Told.HOURLY, failure=Told.HOURLY)
CARD = Wishes(success=Told.CARD)
NO_NEWS = Wishes(news=False)
ALL = (USUAL, QUIET, SILENT, FROM_5000, HOURLY, CARD, NO_NEWS)

# event, amount, wishes, time of day -> what becomes of the message
TABLE = [
    (Event.SUCCESS, 100, USUAL, NOON, Manner.LOUD),
    (Event.FAILURE, 100, USUAL, NIGHT, Manner.LOUD),
    (Event.NEWS, 0, USUAL, NIGHT, Manner.LOUD),
    (Event.REPORT, 0, USUAL, NIGHT, Manner.LOUD),
    (Event.SUCCESS, 100, QUIET, NOON, Manner.LOUD),
    (Event.SUCCESS, 100, QUIET, NIGHT, Manner.HELD),
    (Event.FAILURE, 100, QUIET, NIGHT, Manner.SILENT),
    (Event.NEWS, 0, QUIET, NIGHT, Manner.SILENT),
    (Event.REPORT, 0, QUIET, NIGHT, Manner.SILENT),
    (Event.SUCCESS, 100, SILENT, NOON, Manner.SILENT),
    (Event.FAILURE, 100, SILENT, NOON, Manner.SILENT),
    (Event.SUCCESS, 4999, FROM_5000, NOON, Manner.UNSAID),
    (Event.SUCCESS, 5000, FROM_5000, NOON, Manner.LOUD),
    (Event.FAILURE, 1, FROM_5000, NOON, Manner.LOUD),
    (Event.SUCCESS, 100, HOURLY, NOON, Manner.HELD),
    (Event.FAILURE, 100, HOURLY, NOON, Manner.HELD),
    (Event.SUCCESS, 10**9, CARD, NOON, Manner.UNSAID),
    (Event.FAILURE, 100, CARD, NOON, Manner.LOUD),
    (Event.NEWS, 0, NO_NEWS, NOON, Manner.UNSAID),
    (Event.REPORT, 0, NO_NEWS, NOON, Manner.LOUD),
]


@pytest.mark.parametrize(("event", "minor", "wishes", "at", "manner"), TABLE)
def test_what_becomes_of_a_message(event: Event, minor: int, wishes: Wishes, at: time, manner: Manner) -> None:
    assert decide(event, minor, wishes, at) is manner


@pytest.mark.parametrize("at", [NOON, NIGHT])
@pytest.mark.parametrize("wishes", ALL)
def test_what_somebody_must_act_on_is_told_at_once_and_with_sound_whatever_is_wished(wishes: Wishes, at: time) -> None:
    assert decide(Event.ALERT, 0, wishes, at) is Manner.LOUD


@pytest.mark.parametrize("wishes", ALL)
def test_a_failure_is_never_left_unsaid(wishes: Wishes) -> None:
    assert decide(Event.FAILURE, 1, wishes, NIGHT) is not Manner.UNSAID


def test_every_end_is_about_something_and_a_review_is_an_alert() -> None:
    about = {state: of_end(state) for state in (*FINAL, State.REVIEW)}
    assert [state for state, event in about.items() if event is Event.ALERT] == [State.REVIEW]
    assert [state for state, event in about.items() if event is Event.SUCCESS] == [State.SUCCESSFUL]


def test_each_sentence_that_may_be_silenced_exists() -> None:
    assert SENTENCES.keys() >= rules.NEWS | rules.REPORTS
    assert not rules.NEWS & rules.REPORTS


@pytest.mark.parametrize("name", ["frozen", "anomaly", "still_waiting", "nobody_reached", "key_refused", "a new one"])
def test_what_must_be_acted_on_or_is_not_known_is_an_alert(name: str) -> None:
    assert of_notice(name) is Event.ALERT


@pytest.mark.parametrize(
    ("start", "end", "at", "covered"),
    [
        (22, 7, time(21, 59), False),
        (22, 7, time(22), True),
        (22, 7, time(0), True),
        (22, 7, time(6, 59), True),
        (22, 7, time(7), False),
        (13, 14, time(13, 30), True),
        (13, 14, time(12), False),
        (13, 14, time(14), False),
    ],
)
def test_quiet_hours_may_go_over_midnight(start: int, end: int, at: time, covered: bool) -> None:
    assert Quiet(time(start), time(end)).covers(at) is covered


@pytest.mark.parametrize(
    ("wishes", "now", "told_at"),
    [
        (HOURLY, "10:20", "1 11:00"),
        (HOURLY, "23:20", "2 00:00"),
        (QUIET, "23:20", "2 07:00"),
        (QUIET, "01:20", "1 07:00"),
        (replace(QUIET, success=Told.HOURLY), "21:20", "2 07:00"),
        (replace(QUIET, success=Told.HOURLY), "20:20", "1 21:00"),
    ],
)
def test_what_is_held_is_told_at_the_full_hour_and_not_in_the_quiet_hours(
    wishes: Wishes, now: str, told_at: str
) -> None:
    at = datetime.combine(datetime(2030, 1, 1, tzinfo=UTC), time.fromisoformat(now), tzinfo=UTC)
    assert f"{held_until(Event.SUCCESS, wishes, at):%-d %H:%M}" == told_at

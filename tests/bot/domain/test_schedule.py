from datetime import timedelta
from itertools import pairwise

import pytest

from bot.domain import schedule
from bot.domain.schedule import away_pause, delivery_delay, poll_delay


def looks_within(age: timedelta) -> int:
    """How often one transaction is looked at until it is this old."""
    at, polls = schedule.FIRST_LOOK, 0
    while at <= age:
        at += poll_delay(polls, 1.0)
        polls += 1
    return polls


@pytest.mark.parametrize(
    ("polls", "delay"),
    [
        (0, timedelta(seconds=5)),
        (1, timedelta(seconds=8)),
        (14, timedelta(seconds=60)),
        (15, timedelta(minutes=5)),
        (39, timedelta(minutes=5)),
        (40, timedelta(minutes=30)),
        (89, timedelta(minutes=30)),
        (90, timedelta(hours=6)),
        (100_000, timedelta(hours=6)),
    ],
)
def test_looks_grow_rarer(polls: int, delay: timedelta) -> None:
    assert poll_delay(polls, 1.0) == delay


def test_no_look_comes_sooner_than_the_one_before() -> None:
    delays = [poll_delay(polls, 1.0) for polls in range(100)]
    assert all(sooner <= later for sooner, later in pairwise(delays))


def test_chance_spreads_looks_by_a_fifth_either_way() -> None:
    assert poll_delay(3, 0.8) < poll_delay(3, 1.0) < poll_delay(3, 1.2)
    assert poll_delay(20, 1.2) == timedelta(minutes=6)


@pytest.mark.parametrize(
    ("age", "most"),
    [(timedelta(minutes=1), 6), (timedelta(minutes=10), 15), (timedelta(hours=2), 38), (timedelta(days=1), 85)],
)
def test_one_transaction_costs_few_looks(age: timedelta, most: int) -> None:
    assert looks_within(age) <= most


def test_an_attempt_is_over_before_another_one_may_leave() -> None:
    http_timeout = timedelta(seconds=20)
    assert http_timeout < schedule.LEASE < schedule.RESEND_AFTER < schedule.REFUSAL_QUIET


def test_a_message_is_given_up_after_about_a_day() -> None:
    delays: list[timedelta] = []
    while (delay := delivery_delay(len(delays), 1.0)) is not None:
        delays.append(delay)
    assert timedelta(hours=12) < sum(delays, timedelta(0)) < timedelta(hours=36)


def test_the_first_repeat_of_a_message_follows_soon() -> None:
    assert delivery_delay(0, 1.0) == timedelta(seconds=1)


def test_telegram_is_left_alone_ever_longer_once_it_is_away() -> None:
    pauses = [away_pause(failures).total_seconds() for failures in (1, 2, 3, 4, 5, 6, 7, 1000)]
    assert pauses == [0, 0, 2, 4, 8, 16, 30, 30]


def test_a_message_holds_its_chat_for_minutes_and_not_for_the_day_it_is_tried() -> None:
    held = sum((delivery_delay(tries, 1.0) or timedelta(0) for tries in range(schedule.HOLDS_ITS_CHAT)), timedelta(0))
    assert timedelta(minutes=1) < held < timedelta(minutes=10)

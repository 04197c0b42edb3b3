from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.steady import Steady

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


class Host:
    """A host whose clock can be set."""

    def __init__(self) -> None:
        self.wall, self.up = NOON, 0.0

    def clock(self) -> Steady:
        return Steady(lambda: self.wall, lambda: self.up)

    def live(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.up += seconds


@pytest.fixture
def host() -> Host:
    return Host()


def test_it_tells_the_wall_clocks_time(host: Host) -> None:
    clock = host.clock()
    host.live(60)
    assert clock() == NOON + timedelta(minutes=1)


def test_a_clock_set_back_makes_no_deadline_later(host: Host) -> None:
    clock = host.clock()
    host.live(60)
    clock()
    host.wall -= timedelta(hours=1)
    host.live(240)
    assert clock() == NOON + timedelta(minutes=5)


def test_a_clock_set_forward_is_followed(host: Host) -> None:
    clock = host.clock()
    host.wall += timedelta(days=1)
    assert clock() == NOON + timedelta(days=1)


def test_a_run_goes_on_from_the_moment_an_earlier_one_saw(host: Host) -> None:
    clock = host.clock()
    clock.not_before(NOON + timedelta(hours=1))
    host.live(5)
    assert clock() == NOON + timedelta(hours=1, seconds=5)
    clock.not_before(NOON)
    assert clock() == NOON + timedelta(hours=1, seconds=5)


def test_an_earlier_run_whose_clock_was_far_ahead_is_not_followed(host: Host) -> None:
    clock = host.clock()
    clock.not_before(NOON + timedelta(days=400))
    assert clock() == NOON

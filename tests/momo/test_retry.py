"""The schedule for reads that failed."""

import pytest

from momo import (
    AuthenticationFailed,
    BadRequest,
    ConnectionFailed,
    MalformedResponse,
    NotFound,
    RateLimited,
    Refused,
    ResponseLost,
    ServerError,
)
from momo.retry import RetryBudget, seconds_before_repeat


@pytest.mark.parametrize("error", [ConnectionFailed("x"), ResponseLost("x"), RateLimited(429), ServerError(500)])
def test_passing_trouble_is_worth_a_repeat(error):
    assert seconds_before_repeat(error, failures=1, jitter=1.0) == 0.5


@pytest.mark.parametrize(
    "error",
    [BadRequest(400), AuthenticationFailed(401), NotFound(404), Refused(500), MalformedResponse("x", 200)],
)
def test_what_would_only_happen_again_is_not_repeated(error):
    assert seconds_before_repeat(error, failures=1, jitter=0.5) is None


def test_the_wait_doubles_up_to_a_limit():
    waits = [seconds_before_repeat(ServerError(503), failures, jitter=1.0) for failures in range(1, 8)]

    assert waits == [0.5, 1, 2, 4, 8, 8, 8]


def test_half_of_the_wait_is_chance():
    assert seconds_before_repeat(ServerError(503), failures=3, jitter=0.0) == 1.0


def test_mtns_own_wish_is_kept_unless_it_is_too_long():
    assert seconds_before_repeat(RateLimited(429, retry_after=3.0), failures=1, jitter=0.0) == 3.0
    assert seconds_before_repeat(RateLimited(429, retry_after=60.0), failures=1, jitter=0.0) is None


def test_repeats_run_out_and_are_earned_back_slowly():
    budget = RetryBudget()

    assert [budget.spend() for _ in range(11)] == [True] * 10 + [False]
    for _ in range(11):
        budget.earn()
    assert [budget.spend() for _ in range(2)] == [True, False]
    for _ in range(1000):
        budget.earn()
    assert [budget.spend() for _ in range(11)] == [True] * 10 + [False]

"""Looking at an order until it is over: when to look, and which errors only mean "not yet". Never does I/O itself.

Source: MTN publishes one figure, ten status calls a second, and about five minutes for a customer to approve.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol, TypeVar

from momo.errors import (
    ConnectionFailed,
    MalformedResponse,
    MomoError,
    NotFound,
    RateLimited,
    ResponseLost,
    ServerError,
)
from momo.models import Status

# While an order is younger than the first figure, it is looked at every so many seconds.
_GAPS = ((10.0, 1.0), (60.0, 3.0), (300.0, 10.0), (3600.0, 60.0))
_LONGEST_GAP = 300.0
_NOT_YET = (NotFound, ConnectionFailed, ResponseLost, RateLimited, ServerError, MalformedResponse)


class HasStatus(Protocol):
    """Whatever says where an order stands."""

    @property
    def status(self) -> Status:
        """MTN's word."""
        ...


S = TypeVar("S", bound=HasStatus)


def seconds_until_next_look(age_seconds: float) -> float:
    """How long to leave an order alone that was first looked at so long ago."""
    return next((gap for age, gap in _GAPS if age_seconds < age), _LONGEST_GAP)


async def looks(
    look: Callable[[], Awaitable[S]],
    clock: Callable[[], float],
    sleep: Callable[[float], Awaitable[None]],
    timeout_seconds: float | None,
) -> AsyncIterator[S]:
    """Yield every answer until one is final or time is over; None for no end of time.

    Raises:
        MomoError: an error that time does not cure, at once; or the last one, if there never was an answer.
    """
    began, trouble, answered = clock(), None, False
    while True:
        try:
            result = await look()
        except _NOT_YET as error:
            trouble = error
        else:
            answered = True
            yield result
            if result.status.final:
                return
        age = clock() - began
        left = float("inf") if timeout_seconds is None else timeout_seconds - age
        if left <= 0:
            break
        await sleep(min(seconds_until_next_look(age), left))
    _demand_an_answer(answered, trouble)


def _demand_an_answer(answered: bool, trouble: MomoError | None) -> None:
    if not answered and trouble is not None:
        raise trouble


async def changes(seen: AsyncIterator[S]) -> AsyncIterator[S]:
    """Of several answers with the same status word, only the first."""
    last: Status | None = None
    async for result in seen:
        if result.status != last:
            last = result.status
            yield result


async def last_of(seen: AsyncIterator[S]) -> S:
    """The last answer. There is one, or an error was raised."""
    results = [result async for result in seen]
    return results[-1]

"""A rate limiter: at most so many calls in any second, first come, first served. Does no I/O of its own."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

from momo.errors import ConfigurationError


class Limiter:
    """Gives out turns. One may serve several clients, if MTN counts them together.

    A burst up to the limit goes through at once; after it, each call waits until the window has room. A caller who
    is cancelled while waiting leaves its turn unused.

    Args:
        per_second: how many calls, more than none; 0.5 is one in two seconds.
        clock: seconds that never go back.
        sleep: how to wait.

    Raises:
        ConfigurationError: the rate is none.
    """

    def __init__(
        self,
        per_second: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if isinstance(per_second, bool) or not isinstance(per_second, (int, float)) or not 0 < per_second < 1e6:
            raise ConfigurationError(f"calls per second must be a number above zero, not {per_second!r}")
        most = max(1, int(per_second))
        self._window_seconds = most / per_second
        self._turns: deque[float] = deque(maxlen=most)
        self._clock = clock
        self._sleep = sleep
        self._paused_until = 0.0

    async def turn(self) -> None:
        """Wait for the next turn."""
        now = self._clock()
        # Reserved before waiting, so that two waiters never take the same place.
        at = max(now, self._paused_until)
        if len(self._turns) == self._turns.maxlen:
            at = max(at, self._turns[0] + self._window_seconds)
        self._turns.append(at)
        if at > now:
            await self._sleep(at - now)

    def pause(self, seconds: float) -> None:
        """Give out no new turn for so long: MTN has said that the calls were too many."""
        self._paused_until = max(self._paused_until, self._clock() + seconds)

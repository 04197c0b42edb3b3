"""One token bucket for all calls to MTN: its ceiling is ten a second, and whoever moves money goes first."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from enum import IntEnum
from itertools import count

# A clock's rounding must not leave us waiting for the last billionth of a token.
ROUNDING = 1e-9


class Turn(IntEnum):
    """Who goes before whom."""

    WRITE = 0
    HINTED = 1
    PERSON = 2
    POLL = 3
    RECHECK = 4


class Throttle:
    """Lets *per_second* calls pass, *per_second* at once after a pause."""

    def __init__(
        self,
        per_second: float,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._rate = per_second
        self._clock = clock
        self._sleep = sleep
        self._tokens = float(per_second)
        self._counted_at = clock()
        self._order = count()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._pump: asyncio.Task[None] | None = None

    async def turn(self, turn: Turn) -> None:
        """Wait until this call may be made."""
        passed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (turn, next(self._order), passed))
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._let_pass())
        await passed

    def pause(self, seconds: float) -> None:
        """Let nobody pass for a while: we were told that we call too often."""
        self._refill()
        self._tokens = min(self._tokens, -seconds * self._rate)

    async def _let_pass(self) -> None:
        while self._waiting:
            self._refill()
            if self._tokens < 1 - ROUNDING:
                await self._sleep((1 - self._tokens) / self._rate)
                continue
            _, _, passed = heapq.heappop(self._waiting)
            if not passed.done():  # a cancelled waiter costs no token
                self._tokens -= 1
                passed.set_result(None)

    def _refill(self) -> None:
        now = self._clock()
        self._tokens = min(self._rate, self._tokens + (now - self._counted_at) * self._rate)
        self._counted_at = now

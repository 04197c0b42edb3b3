"""A loop over work that lives in rows: fetch what is due, work on it side by side, sleep until more is due.

There is no queue to lose: after a crash the rows are still there. One item's failure is logged and never
ends the loop, nor the work on that item.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

import structlog

from bot.tracing import tracing

Item = TypeVar("Item")
LONGEST_SLEEP = 60.0
RETRY_SECONDS = 0.5
PAUSE_AFTER_FAILURE = 0.5

log = structlog.get_logger(__name__)


async def by_bell_alone() -> datetime | None:
    """Say that nothing falls due by the clock: every item's commit rings the bell."""
    return None


class WorkList(Generic[Item]):
    """Works on due items, at most one of a key at a time.

    Args:
        name: for the logs.
        due: returns the items that may be worked on now.
        key: what two items must not share while one of them is in work.
        work: does one item.
        next_due: returns when something is due next, or None.
        bell: set by commits that made work.
        clock: tells the time.
        most: how many items are in work at once.
    """

    def __init__(
        self,
        name: str,
        *,
        due: Callable[[], Awaitable[Sequence[Item]]],
        key: Callable[[Item], Hashable],
        work: Callable[[Item], Awaitable[None]],
        next_due: Callable[[], Awaitable[datetime | None]],
        bell: asyncio.Event,
        clock: Callable[[], datetime],
        most: int = 64,
    ) -> None:
        self.name = name
        self._due, self._key, self._work, self._next_due = due, key, work, next_due
        self._bell, self._clock, self._most = bell, clock, most
        self._busy: dict[Hashable, asyncio.Task[None]] = {}
        # How often in a row the work on a key failed: it is tried again after ever longer pauses.
        self._failures: dict[Hashable, int] = {}
        self._resting: set[Hashable] = set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._bell.clear()
            started = await self._start_due()
            if not started:
                await self._sleep()

    async def drain(self, seconds: float) -> None:
        """Wait for what is in work; what takes longer than *seconds* is cancelled (its row says where it was)."""
        for key in self._resting:
            self._busy[key].cancel()  # nothing is in work there, only time passing
        if self._busy:
            _, late = await asyncio.wait(self._busy.values(), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _start_due(self) -> int:
        free = self._most - len(self._busy)
        items = [item for item in await self._due() if self._key(item) not in self._busy] if free > 0 else []
        for item in items[:free]:
            key = self._key(item)
            if key not in self._busy:
                self._busy[key] = asyncio.create_task(self._do(key, item))
        return min(len(items), free)

    async def _do(self, key: Hashable, item: Item) -> None:
        try:
            with tracing():
                failed = await self._fails(key, item)
            if failed:
                await self._rest(key)
        finally:
            del self._busy[key]
            self._bell.set()

    async def _fails(self, key: Hashable, item: Item) -> bool:
        try:
            await self._work(item)
        except Exception:
            log.exception("work failed", worklist=self.name, key=str(key))
            return True
        self._failures.pop(key, None)
        return False

    async def _rest(self, key: Hashable) -> None:
        """Let some time pass before a key that failed is tried again, ever more."""
        failures = self._failures[key] = self._failures.get(key, 0) + 1
        self._resting.add(key)
        try:
            await asyncio.sleep(min(PAUSE_AFTER_FAILURE * 2 ** min(failures - 1, 10), LONGEST_SLEEP))
        finally:
            self._resting.discard(key)

    async def _sleep(self) -> None:
        """Sleep until the bell, the next due item, or a minute: a forgotten bell costs time, never work."""
        at = await self._next_due()
        seconds = LONGEST_SLEEP if at is None else (at - self._clock()).total_seconds()
        # Due, but its key is in work: the end of that rings the bell, and something else may be due before.
        seconds = max(seconds, RETRY_SECONDS)
        timer = asyncio.get_running_loop().call_later(min(seconds, LONGEST_SLEEP), self._bell.set)
        try:
            await self._bell.wait()
        finally:
            timer.cancel()

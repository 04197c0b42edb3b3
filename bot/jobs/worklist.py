"""A loop over work that lives in rows: fetch what is due, work on it side by side, sleep until more is due.

There is no queue to lose: after a crash the rows are still there. One item's failure is logged and never
ends the loop, nor the work on that item.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import structlog

from bot.tracing import tracing

Item = TypeVar("Item")
LONGEST_SLEEP = 60.0
SHORTEST_SLEEP = 0.01
PAUSE_AFTER_FAILURE = 0.5

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Look(Generic[Item]):
    """What one look at the rows found.

    ``due`` may be worked on now; ``next_at`` is when the first of those that are not due yet will be. None: nothing
    falls due by the clock, every item's commit rings the bell.
    """

    due: Sequence[Item]
    next_at: datetime | None = None


class WorkList(Generic[Item]):
    """Works on due items, at most one of a key at a time.

    Args:
        name: for the logs.
        look: finds what is due and when more will be, both at one moment, so that nothing falls between.
        key: what two items must not share while one of them is in work.
        work: does one item.
        bell: set by commits that made work.
        clock: tells the time.
        most: how many items are in work at once.
    """

    def __init__(
        self,
        name: str,
        *,
        look: Callable[[], Awaitable[Look[Item]]],
        key: Callable[[Item], Hashable],
        work: Callable[[Item], Awaitable[None]],
        bell: asyncio.Event,
        clock: Callable[[], datetime],
        most: int = 64,
    ) -> None:
        self.name = name
        self._look, self._key, self._work = look, key, work
        self._bell, self._clock, self._most = bell, clock, most
        self._busy: dict[Hashable, asyncio.Task[None]] = {}
        # How often in a row the work on a key failed: it is tried again after ever longer pauses.
        self._failures: dict[Hashable, int] = {}
        self._resting: set[Hashable] = set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._bell.clear()
            if len(self._busy) >= self._most:
                await self._bell.wait()  # what is found now would find no place
                continue
            look = await self._look()
            if not self._start(look.due):
                await self._sleep(look.next_at)

    async def drain(self, seconds: float) -> None:
        """Wait for what is in work; what takes longer than *seconds* is cancelled (its row says where it was)."""
        for key in self._resting:
            self._busy[key].cancel()  # nothing is in work there, only time passing
        if self._busy:
            _, late = await asyncio.wait(self._busy.values(), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _start(self, due: Sequence[Item]) -> bool:
        """Begin with what is due and free; tell whether there was any."""
        before = len(self._busy)
        for item in due:
            key = self._key(item)
            if key not in self._busy and len(self._busy) < self._most:
                self._busy[key] = asyncio.create_task(self._do(key, item))
        return len(self._busy) > before

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

    async def _sleep(self, next_at: datetime | None) -> None:
        """Sleep until the bell, the next due item, or a minute: a forgotten bell costs time, never work.

        What is due and was not begun has its key in work, or found no place: the end of some work rings the bell.
        """
        seconds = LONGEST_SLEEP if next_at is None else (next_at - self._clock()).total_seconds()
        seconds = max(seconds, SHORTEST_SLEEP)
        timer = asyncio.get_running_loop().call_later(min(seconds, LONGEST_SLEEP), self._bell.set)
        try:
            await self._bell.wait()
        finally:
            timer.cancel()

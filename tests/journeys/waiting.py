"""Waiting for something that another process does: checked when it may have happened, never on a timer.

Nothing of the project is imported here: the servers beside this file must not share its mistakes.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
# Bounds only a failure: the machine may be busy with other things, and what comes is taken when it comes.
PATIENCE = 60.0


class Bell:
    """Rung by the two servers after every event; whoever waits looks again then."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()

    async def wait_for(self, predicate: Callable[[], Found], timeout: float | None) -> Found:
        """Return the first true answer of `predicate`.

        Raises:
            TimeoutError: none came in `timeout` seconds.
        """
        async with asyncio.timeout(timeout):
            while not (found := predicate()):
                await self._rung.wait()
        return found


class Hold:
    """One call stopped on its way: `arrived` tells that it is here, `release` lets it go on."""

    def __init__(self) -> None:
        self.arrived = asyncio.Event()
        self.release = asyncio.Event()

    async def stop_here(self) -> None:
        self.arrived.set()
        await self.release.wait()

"""Keeps the loops running: one that fails is logged and started again; a failing store ends the process."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 1.0


class Supervisor:
    """Runs loops by name until it is stopped or the store fails."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.failed = asyncio.Event()

    def start(self, name: str, loop: Callable[[], Awaitable[None]]) -> None:
        """Start a loop and keep it running."""
        self._tasks[name] = asyncio.create_task(self._keep(name, loop), name=name)

    async def stop(self, *names: str) -> None:
        """Stop the named loops, or all."""
        tasks = [self._tasks.pop(name) for name in names or list(self._tasks) if name in self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, name: str, loop: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await loop()
            except sqlite3.DatabaseError:
                # What was or was not committed is unknown: the process ends, the next one reads it again.
                log.exception("the store failed", loop=name)
                self.failed.set()
                return
            except Exception:
                log.exception("loop failed", loop=name)
            await asyncio.sleep(PAUSE_SECONDS)

"""Keeps the loops running: one that fails is logged and started again."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 1.0


class Supervisor:
    """Runs loops by name until it is stopped."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, name: str, loop: Callable[[], Awaitable[None]]) -> None:
        """Start a loop and keep it running; a name runs once."""
        if name in self._tasks:
            raise ValueError(f"{name} is running already")
        self._tasks[name] = asyncio.create_task(_keep(name, loop), name=name)

    async def stop(self) -> None:
        """Stop every loop."""
        tasks = list(self._tasks.values())
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _keep(name: str, loop: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await loop()
        except Exception:
            log.exception("loop failed", loop=name)
        await asyncio.sleep(PAUSE_SECONDS)

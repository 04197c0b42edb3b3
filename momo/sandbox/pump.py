"""Sends callbacks when they fall due. Both doors use it; each brings its own way of posting.

It looks at the sandbox's clock only to know how long to sleep, so it works on a virtual event loop too.
"""

import asyncio
from collections.abc import Awaitable, Callable

from momo.sandbox.callbacks import Callback
from momo.sandbox.core import Sandbox

# Posts one callback; the status it was answered with, or None for no answer.
Post = Callable[[Callback], Awaitable[int | None]]


class Pump:
    """Keeps a sandbox's callbacks going out while it is running."""

    def __init__(self, sandbox: Sandbox, post: Post) -> None:
        self._sandbox = sandbox
        self._post = post
        self._changed = asyncio.Event()
        self._runner: asyncio.Task[None] | None = None
        self._posting: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Tell it that something was handled, and start it the first time."""
        self._changed.set()
        if self._runner is None:
            self._runner = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop; callbacks on their way are cut off."""
        tasks = [*self._posting, *([self._runner] if self._runner else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._runner = None

    async def deliver_due(self) -> None:
        """Send what is due now and wait for the answers."""
        await asyncio.gather(*(self._deliver(callback) for callback in self._sandbox.due()))

    async def _run(self) -> None:
        while True:
            self._changed.clear()
            for callback in self._sandbox.due():  # side by side: a deaf receiver delays only itself
                task = asyncio.create_task(self._deliver(callback))
                self._posting.add(task)
                task.add_done_callback(self._posting.discard)
            await self._sleep()

    async def _sleep(self) -> None:
        """Until something is due or changes."""
        at = self._sandbox.next_due()
        seconds = None if at is None else max(0.0, at - self._sandbox.timeline.now())
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            pass

    async def _deliver(self, callback: Callback) -> None:
        status = await self._post(callback)
        self._sandbox.callbacks.record(callback, status)
        self._changed.set()  # it may come again

"""Time that tests own: a moment that moves only when told, and an event loop that never waits."""

import asyncio
import functools
import selectors
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class Clock:
    """Tells the moment it was set to."""

    def __init__(self, start: datetime = START) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        """The same moment for those who count seconds."""
        return (self.now - START).total_seconds()

    def forward(self, **delta: float) -> None:
        """Let time pass: ``forward(minutes=10)``."""
        self.now += timedelta(**delta)

    async def sleep(self, seconds: float) -> None:
        """Wait by moving the clock."""
        self.forward(seconds=seconds)


class LoopClock(Clock):
    """Tells the time of the running virtual loop."""

    def __call__(self) -> datetime:
        return START + timedelta(seconds=self.seconds())

    def seconds(self) -> float:
        return asyncio.get_running_loop().time()

    def forward(self, **delta: float) -> None:
        raise NotImplementedError("on a virtual loop time passes by asyncio.sleep")


class _Instant(selectors.DefaultSelector):
    """Instead of waiting, moves its loop's clock to the end of the wait."""

    loop: "VirtualLoop"

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None:
            raise RuntimeError("everything waits for ever")
        self.loop.virtual_now += timeout
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on which an hour of sleeping takes no time. No threads, no sockets."""

    def __init__(self) -> None:
        self.virtual_now = 0.0
        selector = _Instant()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        return self.virtual_now


def on_virtual_time(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run an async test on a virtual loop."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        async def body() -> None:
            await test(*args, **kwargs)

        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(body())

    return run

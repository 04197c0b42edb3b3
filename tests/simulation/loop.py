"""Virtual time: an event loop that never waits, and the wall clock that goes with it. No threads, no sockets."""

import asyncio
import contextvars
import heapq
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
MOST_TURNS = 400_000


class Stuck(Exception):
    """Nobody will ever do anything again, or somebody does something for ever in no time."""


class Call:
    """Something to be called: what asyncio knows as a handle, with nothing that only a real loop needs."""

    __slots__ = ("args", "at", "callback", "context")

    def __init__(
        self, at: float, callback: Callable[..., object], args: tuple[Any, ...], context: contextvars.Context | None
    ) -> None:
        self.at, self.args = at, args
        self.callback: Callable[..., object] | None = callback
        self.context = context or contextvars.copy_context()

    def cancel(self) -> None:
        """Do not call it."""
        self.callback = None

    def cancelled(self) -> bool:
        """Tell whether it will not be called."""
        return self.callback is None

    def when(self) -> float:
        """Return the time at which it is called."""
        return self.at


class VirtualLoop(asyncio.BaseEventLoop):
    """An event loop on which a day of sleeping takes no time. What fails in a callback ends the run."""

    def __init__(self) -> None:
        super().__init__()
        self._now, self._turns, self._calls = 0.0, 0, 0
        self._soon: deque[Call] = deque()
        self._later: list[tuple[float, int, Call]] = []  # the number keeps the order of equal times

    def time(self) -> float:
        """Return the seconds since the world began."""
        return self._now

    def rewind(self) -> None:
        """Forget how many turns there were."""
        self._turns = 0

    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> Call:
        """Call something in the next turn."""
        call = Call(self._now, callback, args, context)
        self._soon.append(call)
        return call

    def call_at(  # type: ignore[override]
        self, when: float, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> Call:
        """Call something at a time."""
        call = Call(when, callback, args, context)
        self._calls += 1
        heapq.heappush(self._later, (when, self._calls, call))
        return call

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> Call:
        """Call something after so many seconds."""
        return self.call_at(self._now + delay, callback, *args, context=context)

    def _run_once(self) -> None:
        """Make one turn: everything that is due now, or else leap to what is due next."""
        self._turns += 1
        if self._turns > MOST_TURNS:
            raise Stuck("no rest after so many turns")
        soon, later = self._soon, self._later
        if not soon and not self._stopping:  # type: ignore[attr-defined]
            self._leap()
        while later and later[0][0] <= self._now:
            soon.append(heapq.heappop(later)[2])
        for _ in range(len(soon)):
            call = soon.popleft()
            if call.callback is not None:
                call.context.run(call.callback, *call.args)

    def _leap(self) -> None:
        later = self._later
        while later and later[0][2].callback is None:
            heapq.heappop(later)
        if not later:
            raise Stuck("everybody waits for ever")
        self._now = max(self._now, later[0][0])

    def _write_to_self(self) -> None:
        """Nobody calls from another thread."""

    def _process_events(self, event_list: list[Any]) -> None:
        """There are no events but those of time."""


class WorldClock:
    """The loop's time as the wall clock of the bot's host, which may be wrong: by ``off``."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.seconds = loop.time
        self.off = timedelta(0)
        self._asked, self._told = (-1.0, self.off), START  # asked many times within one moment

    def __call__(self) -> datetime:
        asked = self.seconds(), self.off
        if asked != self._asked:
            self._asked, self._told = asked, START + self.off + timedelta(seconds=asked[0])
        return self._told

    def stamp(self) -> float:
        """Return the seconds since 1970, as Telegram counts them."""
        return START.timestamp() + self.seconds()

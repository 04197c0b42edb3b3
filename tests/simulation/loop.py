"""Virtual time: an event loop that never waits, and the wall clock that goes with it. No threads, no sockets."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
MOST_TURNS = 400_000


class Stuck(Exception):
    """Nobody will ever do anything again, or somebody does something for ever in no time."""


class _Leap:
    """Stands where asyncio asks the system to wait: the wait is added to the clock instead."""

    def __init__(self) -> None:
        self.now = 0.0
        self.turns = 0

    def select(self, timeout: float | None) -> list[Any]:
        """Let *timeout* seconds be over."""
        if timeout is None:
            raise Stuck("everybody waits for ever")
        self.turns += 1
        if self.turns > MOST_TURNS:
            raise Stuck("no rest after so many turns")
        self.now += timeout
        return []

    def close(self) -> None:
        """Nothing is open."""


class VirtualLoop(asyncio.BaseEventLoop):
    """An event loop on which a day of sleeping takes no time."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = _Leap()

    def time(self) -> float:
        """Return the seconds since the world began."""
        return self._selector.now

    def rewind(self) -> None:
        """Forget how many turns there were."""
        self._selector.turns = 0

    def _process_events(self, event_list: list[Any]) -> None:
        """There are no events but those of time."""

    def _write_to_self(self) -> None:
        """Nobody calls from another thread."""


class WorldClock:
    """The loop's time as the bot's wall clock."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.seconds = loop.time

    def __call__(self) -> datetime:
        return START + timedelta(seconds=self.seconds())

    def stamp(self) -> float:
        """Return the seconds since 1970, as Telegram counts them."""
        return START.timestamp() + self.seconds()

"""Everything that happened in the playground, in order, with subscriptions.

An event is a copy of what was seen at that moment: later edits do not change it. No rule lives here.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    ``kind`` is "message", "edit", "delete", "press", "answer" (to a press), "action" (typing), "commands",
    "language" (of a person's app) or "chat" (somebody came, went or moved). ``data`` is in the Bot API's own shape.
    """

    number: int
    kind: str
    at: int
    chat_id: int | None
    by_bot: bool
    data: dict[str, Any]

    @property
    def text(self) -> str:
        """The words of a message, an edit or an answer; empty when there are none."""
        return str(self.data.get("text") or self.data.get("caption") or "")


class EventLog:
    """The list of events and those who wait for the next one."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._news = asyncio.Event()
        self.all: list[Event] = []

    def add(self, kind: str, data: dict[str, Any], *, chat_id: int | None = None, by_bot: bool = False) -> Event:
        """Write an event down and wake everyone who waits."""
        event = Event(len(self.all), kind, int(self._clock()), chat_id, by_bot, data)
        self.all.append(event)
        # Each wait has an Event of its own generation, so that no waiter can miss or steal a wake-up.
        self._news.set()
        self._news = asyncio.Event()
        return event

    def subscribe(self, after: int | None = None) -> AsyncIterator[Event]:
        """Return all events from number ``after`` on, without end; by default those still to come."""
        return self._follow(len(self.all) if after is None else after)

    async def _follow(self, position: int) -> AsyncIterator[Event]:
        while True:
            while position < len(self.all):
                yield self.all[position]
                position += 1
            await self._news.wait()

    async def first(self, matches: Callable[[Event], bool], after: int = 0) -> Event:
        """Wait for the first event from number ``after`` on that ``matches``.

        Waits for ever: put ``asyncio.timeout`` around it.
        """
        position = after
        while True:
            for event in self.all[position:]:
                if matches(event):
                    return event
            position = len(self.all)
            await self._news.wait()

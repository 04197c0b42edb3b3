"""What a commit has to tell the workers: there is something for you. Forgetting one costs time, never money."""

import asyncio
from collections.abc import Iterable
from enum import Enum


class Bell(Enum):
    """One bell for each kind of worker."""

    INBOX = "inbox"
    READY = "ready"
    MONEY = "money"
    OUTBOX = "outbox"
    LOOKUPS = "lookups"
    MENUS = "menus"
    RECHECKS = "rechecks"
    EXPORTS = "exports"


class Bells:
    """The bells of one process. A worker still looks by itself from time to time."""

    def __init__(self) -> None:
        self._events: dict[Bell, list[asyncio.Event]] = {bell: [] for bell in Bell}

    def listen(self, bell: Bell) -> asyncio.Event:
        """Return an event of the caller's own that is set whenever *bell* rings."""
        event = asyncio.Event()
        self._events[bell].append(event)
        return event

    def ring(self, bells: Iterable[Bell]) -> None:
        """Wake everybody who listens to one of *bells*."""
        for bell in bells:
            for event in self._events[bell]:
                event.set()

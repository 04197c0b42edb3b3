"""Trouble on purpose: faults by name, and Telegram's limits on how fast a bot may send.

Only the choice is made here; the answer is shaped in methods.py and the connection broken in server.py.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from bot.playground.refusals import too_many_requests

FaultName = Literal["flood", "http_500", "html_502", "drop_before", "drop_after", "slow", "no_rights"]


@dataclass(slots=True)
class Fault:
    """A fault for the next ``times`` calls of ``method`` (None: of any method).

    ``seconds`` is the wait that a flood demands, or by which a slow answer is late.
    """

    name: FaultName
    method: str | None = None
    times: int = 1
    seconds: float = 1

    def __post_init__(self) -> None:
        if self.name not in get_args(FaultName):
            raise ValueError(f"no fault is called {self.name!r}; there are {', '.join(get_args(FaultName))}")


class Faults:
    """The faults that are waiting for a call."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, name: FaultName, *, method: str | None = None, times: int = 1, seconds: float = 1) -> None:
        """Order a fault. Faults happen in the order in which they were ordered."""
        self._waiting.append(Fault(name, method, times, seconds))

    def clear(self) -> None:
        """Cancel all that has not happened yet."""
        self._waiting.clear()

    def take(self, method: str) -> Fault | None:
        """Return the fault that this call meets, and use it up."""
        for fault in self._waiting:
            if fault.method is None or fault.method.lower() == method.lower():
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``count`` messages within ``seconds``."""

    count: int
    seconds: float


# Telegram publishes about one message a second in a chat (short bursts pass), 20 a minute in a group and
# 30 a second in all; source: core.telegram.org/bots/faq. The burst of three is our reading of "short".
PRIVATE_LIMIT = Limit(3, 3)
GROUP_LIMIT = Limit(20, 60)
OVERALL_LIMIT = Limit(30, 1)


class RateLimits:
    """Counts what the bot sends and edits, and refuses what comes too fast."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sent: dict[int | None, deque[float]] = {}

    def count(self, chat_id: int) -> None:
        """Count one message to a chat, or raise the 429 that says how long to wait."""
        checks = {None: OVERALL_LIMIT, chat_id: PRIVATE_LIMIT if chat_id > 0 else GROUP_LIMIT}
        for key, limit in checks.items():
            self._refuse_if_full(self._sent.setdefault(key, deque()), limit)
        for key in checks:
            self._sent[key].append(self._clock())

    def _refuse_if_full(self, sent: deque[float], limit: Limit) -> None:
        now = self._clock()
        while sent and sent[0] <= now - limit.seconds:
            sent.popleft()
        if len(sent) >= limit.count:
            raise too_many_requests(max(1, round(sent[0] + limit.seconds - now)))

"""The sandbox's time: a clock that tests can advance, and what is planned to happen on it.

Nothing runs by itself. What is due happens when somebody asks for it (`catch_up`), in the order of time,
and while an action runs the clock shows the moment it was planned for, however late it was asked.
"""

import heapq
import itertools
from collections.abc import Callable

Action = Callable[[], object]


class Timeline:
    """A clock with a list of planned actions."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._advanced = 0.0
        self._pinned: float | None = None
        self._order = itertools.count()
        self._planned: list[tuple[float, int, Action]] = []

    def now(self) -> float:
        """Seconds on the sandbox's clock."""
        return self._clock() + self._advanced if self._pinned is None else self._pinned

    def advance(self, seconds: float) -> None:
        """Move the clock forward, beyond the one it was made with."""
        if seconds < 0:
            raise ValueError("time only goes forward")
        self._advanced += seconds

    def plan(self, after: float, action: Action) -> None:
        """Let *action* happen in *after* seconds."""
        heapq.heappush(self._planned, (self.now() + after, next(self._order), action))

    def catch_up(self) -> None:
        """Do everything that is due by now, in order."""
        now = self.now()
        while self._planned and self._planned[0][0] <= now:
            at, _, action = heapq.heappop(self._planned)
            outer, self._pinned = self._pinned, at  # an action may itself catch up
            try:
                action()
            finally:
                self._pinned = outer

    def next_at(self) -> float | None:
        """When the next planned action is due; None if there is none."""
        return self._planned[0][0] if self._planned else None

    def clear(self) -> None:
        """Forget what was planned; the clock goes on."""
        self._planned.clear()

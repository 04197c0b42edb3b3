"""A clock for deadlines: it follows the wall clock forward, never back, and never stands still."""

from collections.abc import Callable
from datetime import datetime, timedelta

LARGEST_STEP = timedelta(hours=2)


class Steady:
    """The wall clock, made safe against being set back.

    A clock set back by an hour must not give every button and every approval an hour more. So the time goes on
    from the latest moment it ever told, by *seconds*, until the wall clock has caught up.

    Args:
        wall: the wall clock; it may leap.
        seconds: seconds from any beginning, which never leap.
    """

    def __init__(self, wall: Callable[[], datetime], seconds: Callable[[], float]) -> None:
        self._wall, self._seconds = wall, seconds
        self._told, self._told_at = wall(), seconds()

    def __call__(self) -> datetime:
        """Return the moment."""
        at = self._seconds()
        if at != self._told_at:
            self._told += timedelta(seconds=at - self._told_at)
            self._told_at = at
        self._told = max(self._wall(), self._told)
        return self._told

    def not_before(self, moment: datetime) -> None:
        """Go on from *moment* if that is a little later: an earlier run of the program has seen it.

        If it is much later, that run's clock was wrong, and this one would refuse every message as too old.
        """
        if moment - self() <= LARGEST_STEP:
            self._told = max(self(), moment)

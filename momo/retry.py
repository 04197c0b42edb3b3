"""When a failed read is worth repeating, and after how long. Pure: the jitter is passed in. Writes never get here."""

from momo.errors import ConnectionFailed, MomoError, RateLimited, ResponseLost, ServerError

_FIRST_SECONDS = 0.5
_LONGEST_SECONDS = 8.0


class RetryBudget:
    """How many repeats a client may make altogether, so that an outage at MTN is not met with twice the calls.

    Every read earns a tenth of a repeat; at most ten are saved up, and so many there are at the start.
    """

    _EARNED, _MOST = 0.1, 10.0

    def __init__(self) -> None:
        self._saved = self._MOST

    def earn(self) -> None:
        """Note a read that was asked for."""
        self._saved = min(self._saved + self._EARNED, self._MOST)

    def spend(self) -> bool:
        """Take one repeat; False if there is none left."""
        if self._saved < 1:
            return False
        self._saved -= 1
        return True


def seconds_before_repeat(error: MomoError, failures: int, jitter: float) -> float | None:
    """How long to wait before the next try.

    The wait doubles with each failure, and half of it is chance, so that many clients do not come back at once.

    Args:
        error: what went wrong.
        failures: how many tries have failed; starts at 1.
        jitter: chance, from 0 to 1.

    Returns:
        Seconds, or None if a repeat would not help or MTN asked for a longer pause than a caller should sit out.
    """
    if not isinstance(error, (ConnectionFailed, ResponseLost, RateLimited, ServerError)):
        return None
    wait = min(_FIRST_SECONDS * 2 ** (failures - 1), _LONGEST_SECONDS)
    wait *= 0.5 + jitter / 2
    wished = error.retry_after if isinstance(error, RateLimited) and error.retry_after is not None else 0.0
    return max(wait, wished) if wished <= _LONGEST_SECONDS else None

"""When a failed read is worth repeating, and after how long. Pure: the jitter is passed in. Writes never get here."""

from momo.errors import ConnectionFailed, MomoError, RateLimited, ResponseLost, ServerError

_FIRST_SECONDS = 0.5
_LONGEST_SECONDS = 8.0


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

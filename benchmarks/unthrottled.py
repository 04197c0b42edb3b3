"""`python -m bot` without its ceiling on calls to MTN, which the settings keep at ten a second as MTN asks.

python -m benchmarks.unthrottled run
"""

import sys
from collections.abc import Callable

from bot import wiring
from bot.__main__ import main
from bot.service.throttle import Throttle

LIFTED = 1_000_000


class Lifted(Throttle):
    """Everybody's turn comes as it does in the till, but never late."""

    def __init__(self, _per_second: float, clock: Callable[[], float]) -> None:
        super().__init__(LIFTED, clock)


if __name__ == "__main__":
    setattr(wiring, "Throttle", Lifted)  # noqa: B010 - what stands there is no type to be changed
    sys.exit(main())

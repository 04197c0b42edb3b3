"""`python -m bot` without its ceilings on calls to MTN and on messages to all chats together.

The settings keep the first at ten a second, as MTN asks; the second is Telegram's.

python -m benchmarks.unthrottled run
"""

import sys
from collections.abc import Callable

from bot import wiring
from bot.__main__ import main
from bot.jobs import pace
from bot.service.throttle import Throttle

LIFTED = 1_000_000


class Lifted(Throttle):
    """Everybody's turn comes as it does in the till, but never late."""

    def __init__(self, _per_second: float, clock: Callable[[], float]) -> None:
        super().__init__(LIFTED, clock)


if __name__ == "__main__":
    setattr(wiring, "Throttle", Lifted)  # noqa: B010 - what stands there is no type to be changed
    pace.BURST_MOST = LIFTED
    sys.exit(main())

"""MTN's callbacks: a doorbell. The body is not read; the token in the path finds the row, and the poller looks.

A callback is unsigned and may be forged, repeated or missing. All it can do is bring the next look at MTN
forward, at most once in five seconds for one transaction.
"""

import asyncio
import re
from collections.abc import Iterable

from bot.domain.schedule import HINT_QUIET
from bot.store import transactions
from bot.store.database import Store, Tx

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
MOST_WAITING = 1000
QUIET_MS = int(HINT_QUIET.total_seconds() * 1000)


class Doorbell:
    """Takes callbacks in memory, so that they are answered at once, and writes them down in batches.

    One lost in a crash, or when too many come, costs time only: the poller finds out by itself.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rung: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)

    def ring(self, token: str) -> None:
        """Note a callback; one whose token cannot be ours costs nothing."""
        if TOKEN.fullmatch(token) and not self._rung.full():
            self._rung.put_nowait(token)

    async def run(self) -> None:
        """Write callbacks down until cancelled."""
        while True:
            tokens = {await self._rung.get()}
            while not self._rung.empty():
                tokens.add(self._rung.get_nowait())
            waiting = frozenset(tokens)
            await self._store.tx(lambda tx, waiting=waiting: hint(tx, waiting))  # type: ignore[misc]


def hint(tx: Tx, tokens: Iterable[str]) -> int:
    """Bring the next look forward for each of these tokens that is of an open transaction; return how many."""
    return sum(transactions.ring(tx, token, QUIET_MS) for token in tokens)

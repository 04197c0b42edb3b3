"""A store in memory: real SQLite, the real schema, transactions run at once on the calling thread."""

import random
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bot.domain.mint import Mint
from bot.store.bells import Bells
from bot.store.database import Tx, prepare, run

T = TypeVar("T")


class MemoryStore:
    """What the program calls a Store."""

    def __init__(self, clock: Callable[[], datetime], seed: int = 1) -> None:
        self.conn = sqlite3.connect(":memory:", isolation_level=None)
        prepare(self.conn)
        self.bells = Bells()
        self._clock = clock
        self._mint = Mint(random.Random(seed))

    async def tx(self, fn: Callable[[Tx], T]) -> T:
        """Run *fn* as one transaction."""
        return self.do(fn)

    def do(self, fn: Callable[[Tx], T]) -> T:
        """The same for tests that are not coroutines."""
        tx = Tx(self.conn, self._clock(), self._mint)
        result = run(tx, fn)
        self.bells.ring(tx.rung)
        return result

"""Making the tables people asked for: one at a time, so that a long one never takes the machine from the till."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.jobs.worklist import Look, WorkList
from bot.store import exports
from bot.store.database import Store
from bot.store.exports import Export


def making(
    store: Store, make: Callable[[Export], Awaitable[None]], bell: asyncio.Event, clock: Callable[[], datetime]
) -> WorkList[Export]:
    """Return the loop that makes tables, the oldest first."""
    return WorkList(
        "exports",
        look=lambda: store.tx(lambda tx: Look(exports.waiting(tx.conn))),
        key=lambda _: "one",
        work=make,
        bell=bell,
        clock=clock,
        most=1,
    )

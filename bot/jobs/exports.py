"""Making the tables people asked for: one at a time, so that a long one never takes the machine from the till."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.jobs.worklist import WorkList, by_bell_alone
from bot.store import exports
from bot.store.database import Store
from bot.store.exports import Export


def making(
    store: Store, make: Callable[[Export], Awaitable[None]], bell: asyncio.Event, clock: Callable[[], datetime]
) -> WorkList[Export]:
    """Return the loop that makes tables, the oldest first."""

    async def due() -> Sequence[Export]:
        return (await store.tx(lambda tx: exports.waiting(tx.conn)))[:1]

    return WorkList(
        "exports", due=due, key=lambda _: "one", work=make, next_due=by_bell_alone, bell=bell, clock=clock, most=1
    )

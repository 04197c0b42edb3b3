"""The clock's own work: drafts and approvals nobody decided in time, old updates' bodies."""

import asyncio
from datetime import timedelta

from bot.service import deadlines
from bot.store import inbox
from bot.store.database import Store
from bot.store.times import to_ms

EVERY_SECONDS = 5.0
KEEP_BODIES = timedelta(days=7)


async def expire_forever(store: Store) -> None:
    """Expire what is past its time, for ever."""
    while True:
        await store.tx(deadlines.expire)
        await asyncio.sleep(EVERY_SECONDS)


async def forget_forever(store: Store, every: timedelta = timedelta(hours=1)) -> None:
    """Empty the bodies of updates handled a week ago, for ever."""
    while True:
        await store.tx(lambda tx: inbox.forget_bodies(tx, to_ms(tx.now - KEEP_BODIES)))
        await asyncio.sleep(every.total_seconds())

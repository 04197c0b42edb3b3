"""What is done once a night, by the till's own clock on the wall; in the morning, if the bot was away at night."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from zoneinfo import ZoneInfo

from bot.store import facts
from bot.store.database import Store, Tx

# The quietest hour of a shop.
HOUR = 3
EVERY_SECONDS = 300.0


async def every_night(store: Store, zone: ZoneInfo, name: str, work: Callable[[], Awaitable[object]]) -> None:
    """Do *work* once a local day, from three in the morning on, for ever. Cut short, it is done again."""
    while True:
        tonight = await store.tx(lambda tx: due(tx, zone, name))
        if tonight is not None:
            await work()
            await store.tx(partial(done, name=name, day=tonight))
        await asyncio.sleep(EVERY_SECONDS)


def due(tx: Tx, zone: ZoneInfo, name: str) -> str | None:
    """Return today's date if *name* is to be done today and was not, or None."""
    local = tx.now.astimezone(zone)
    today = local.date().isoformat()
    return today if local.hour >= HOUR and facts.get(tx.conn, f"night:{name}") != today else None


def done(tx: Tx, name: str, day: str) -> None:
    """Write down that *name* was done on this day."""
    facts.put(tx.conn, f"night:{name}", day)

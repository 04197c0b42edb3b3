"""Copies of the database, from time to time and by themselves."""

import asyncio
from collections.abc import Awaitable, Callable

EVERY_SECONDS = 300.0


async def copy_forever(copy_if_due: Callable[[], Awaitable[None]]) -> None:
    """See every few minutes whether a copy is due, for ever."""
    while True:
        await copy_if_due()
        await asyncio.sleep(EVERY_SECONDS)

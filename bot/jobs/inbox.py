"""Telegram's updates: fetched, stored, and only then acknowledged; handled in order within each chat."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog

from bot.jobs.worklist import WorkList, by_bell_alone
from bot.service import updates_in
from bot.store import inbox
from bot.store.database import Store
from bot.store.inbox import Stored

log = structlog.get_logger(__name__)

AT_ONCE = 64
TRIES = 3
PAUSES = (1.0, 2.0, 5.0, 10.0)

Fetch = Callable[[int], Awaitable[list[dict[str, Any]]]]
Handle = Callable[[Stored], Awaitable[None]]
GiveUp = Callable[[Stored], Awaitable[None]]


async def fetch_forever(store: Store, fetch: Fetch) -> None:
    """Ask for updates for ever. Asking from an offset acknowledges what is below it: it is stored by then."""
    failures = 0
    while True:
        offset = await store.tx(lambda tx: inbox.offset(tx.conn))
        try:
            updates = await fetch(offset)
        except Exception as error:  # noqa: BLE001 - whatever Telegram or the network does, we ask again
            pause = PAUSES[min(failures, len(PAUSES) - 1)]
            failures += 1
            log.warning("no updates from Telegram", error=str(error), pause=pause)
            await asyncio.sleep(pause)
            continue
        failures = 0
        if updates:
            await updates_in.keep(store, updates)


def handling(
    store: Store, handle: Handle, give_up: GiveUp, bell: asyncio.Event, clock: Callable[[], datetime]
) -> WorkList[Stored]:
    """Return the loop that handles stored updates: chats side by side, each in its own order."""

    async def work(stored: Stored) -> None:
        try:
            await handle(stored)
        except Exception as error:
            log.exception("update failed", update_id=stored.update_id)
            message = f"{type(error).__name__}: {error}"
            if await store.tx(lambda tx: inbox.mark_failed(tx.conn, stored.update_id, message, TRIES)):
                await give_up(stored)
            return
        await store.tx(lambda tx: inbox.mark_done(tx.conn, stored.update_id))

    return WorkList(
        "inbox",
        due=lambda: store.tx(lambda tx: inbox.heads(tx.conn, AT_ONCE * 4)),
        key=lambda stored: stored.chat_id,
        work=work,
        next_due=by_bell_alone,
        bell=bell,
        clock=clock,
        most=AT_ONCE,
    )

"""Telegram's updates: fetched, stored, and only then acknowledged; handled in order within each chat."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog

from bot import tracing
from bot.jobs.worklist import Look, WorkList
from bot.service import updates_in
from bot.store import inbox
from bot.store.database import Store, Tx
from bot.store.inbox import Stored

log = structlog.get_logger(__name__)

AT_ONCE = 64
TRIES = 3
PAUSES = (1.0, 2.0, 5.0, 10.0)

Fetch = Callable[[int], Awaitable[list[dict[str, Any]]]]
# What is left to write when an update was handled, in the transaction that marks it done.
Finish = Callable[[Tx], None]
Handle = Callable[[Stored], Awaitable[Finish]]
GiveUp = Callable[[Tx, Stored], None]


async def fetch_forever(store: Store, fetch: Fetch) -> None:
    """Ask for updates for ever. Asking from an offset acknowledges what is below it: it is stored by then."""
    failures = 0
    while True:
        try:
            updates = await fetch(await store.tx(inbox.offset))
            if updates:
                await updates_in.keep(store, updates)
        except Exception as error:  # noqa: BLE001 - whatever Telegram or the network does, we ask again
            pause = PAUSES[min(failures, len(PAUSES) - 1)]
            failures += 1
            log.warning("no updates from Telegram", error=str(error), pause=pause)
            await asyncio.sleep(pause)
            continue
        failures = 0


def handling(
    store: Store, handle: Handle, give_up: GiveUp, bell: asyncio.Event, clock: Callable[[], datetime]
) -> WorkList[Stored]:
    """Return the loop that handles stored updates: chats side by side, each in its own order."""

    async def work(stored: Stored) -> None:
        tracing.follow(tracing.of_update(stored.update_id))
        try:
            finish = await handle(stored)
            await store.tx(lambda tx: _finish(tx, stored, finish))
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            await store.tx(lambda tx: _count_failure(tx, stored, reason, give_up))
            raise  # the work list logs it and lets some time pass
        log.info("update handled", update_id=stored.update_id)

    return WorkList(
        "inbox",
        look=lambda: store.tx(lambda tx: Look(inbox.heads(tx.conn, AT_ONCE * 4))),
        key=lambda stored: stored.chat_id,
        work=work,
        bell=bell,
        clock=clock,
        most=AT_ONCE,
    )


def _count_failure(tx: Tx, stored: Stored, reason: str, give_up: GiveUp) -> None:
    """Count a failed try; after the last one the update is a dead letter, and its chat is told."""
    if inbox.mark_failed(tx.conn, stored.update_id, reason, TRIES):
        log.error("update given up", update_id=stored.update_id, reason=reason)
        give_up(tx, stored)


def _finish(tx: Tx, stored: Stored, finish: Finish) -> None:
    finish(tx)
    inbox.mark_done(tx.conn, stored.update_id)

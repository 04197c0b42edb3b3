"""The clock's own work: drafts and approvals nobody decided in time, old updates' bodies."""

import asyncio
from datetime import timedelta

from bot.domain.policy import Policy
from bot.service import approvals, away, deadlines, digest, freeze, review, room, visits
from bot.store import inbox
from bot.store.database import Store, Tx
from bot.store.times import to_ms

EVERY_SECONDS = 5.0
KEEP_BODIES = timedelta(days=7)


async def watch_forever(store: Store, policy: Policy) -> None:
    """Expire what is past its time, remind of what waits long, and note that the bot is alive; for ever."""
    while True:
        await store.tx(lambda tx: watch(tx, policy))
        await asyncio.sleep(EVERY_SECONDS)


def watch(tx: Tx, policy: Policy) -> None:
    """Do the clock's work of one moment."""
    freeze.thaw_waited(tx, policy)
    deadlines.expire(tx)
    approvals.remind(tx, policy)
    review.show_new(tx, policy)
    digest.send_due(tx, policy)
    visits.leave_unopened(tx, policy)
    room.note(tx, policy)
    away.note_alive(tx)


async def forget_forever(store: Store, every: timedelta = timedelta(hours=1)) -> None:
    """Empty the bodies of updates handled a week ago, for ever."""
    while True:
        await store.tx(lambda tx: inbox.forget_bodies(tx, to_ms(tx.now - KEEP_BODIES)))
        await asyncio.sleep(every.total_seconds())

"""The clock's own work: drafts and approvals nobody decided in time, old updates' bodies."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.domain.policy import Policy
from bot.service import approvals, away, deadlines, digest, freeze, review, room, visits
from bot.store import inbox, searches
from bot.store.database import Store, Tx
from bot.store.times import to_ms

EVERY_SECONDS = 5.0
KEEP_BODIES = timedelta(days=7)
KEEP_SEARCHES = timedelta(days=1)

Duty = Callable[[Tx, Policy], object]
DUTIES: dict[str, Duty] = {
    "thaw": freeze.thaw_waited,
    "expire": lambda tx, _: deadlines.expire(tx),
    "remind": approvals.remind,
    "review": review.show_new,
    "digest": digest.send_due,
    "leave": visits.leave_unopened,
    "room": room.note,
    "alive": lambda tx, _: away.note_alive(tx),
}

log = structlog.get_logger(__name__)


async def watch_forever(store: Store, policy: Policy) -> None:
    """Do the clock's work from moment to moment, for ever."""
    while True:
        await _do_all(store, policy)
        await asyncio.sleep(EVERY_SECONDS)


async def _do_all(store: Store, policy: Policy) -> None:
    """Do every duty in one transaction; if that fails, each in its own: a duty that fails stops no other."""
    try:
        await store.tx(lambda tx: watch(tx, policy))
    except Exception:  # noqa: BLE001 - told below, by the name of the duty
        for name, duty in DUTIES.items():
            await _do(store, policy, name, duty)


async def _do(store: Store, policy: Policy, name: str, duty: Duty) -> None:
    try:
        await store.tx(lambda tx: duty(tx, policy))
    except Exception:
        log.exception("duty failed", duty=name)


def watch(tx: Tx, policy: Policy) -> None:
    """Do the clock's work of one moment."""
    for duty in DUTIES.values():
        duty(tx, policy)


async def forget_forever(store: Store, every: timedelta = timedelta(hours=1)) -> None:
    """Forget what was typed once nobody needs it any more, for ever."""
    while True:
        await store.tx(forget)
        await asyncio.sleep(every.total_seconds())


def forget(tx: Tx) -> None:
    """Empty the bodies of updates handled a week ago, and drop the searches of the day before."""
    inbox.forget_bodies(tx, to_ms(tx.now - KEEP_BODIES))
    searches.forget(tx, tx.now - KEEP_SEARCHES)

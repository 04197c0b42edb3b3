"""The sender, the poller and the rechecker: what is authorised is sent, what is open or doubted is asked about."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.jobs.worklist import Look, WorkList
from bot.service.rechecks import Rechecks
from bot.service.settlement import Settlement
from bot.store import agenda, rechecks
from bot.store.database import Store

AT_ONCE = 50
RECHECKS_AT_ONCE = 4


def sender(store: Store, settlement: Settlement, bell: asyncio.Event, clock: Callable[[], datetime]) -> WorkList[int]:
    """Return the loop that makes the first attempt of every transaction that is READY."""
    return WorkList(
        "sender",
        look=lambda: store.tx(lambda tx: Look(agenda.ready(tx, AT_ONCE))),
        key=lambda txn_id: txn_id,
        work=settlement.transmit,
        bell=bell,
        clock=clock,
    )


def poller(store: Store, settlement: Settlement, bell: asyncio.Event, clock: Callable[[], datetime]) -> WorkList[int]:
    """Return the loop that asks MTN about every open transaction when its time has come."""
    return WorkList(
        "poller",
        look=lambda: store.tx(lambda tx: Look(agenda.to_observe(tx, AT_ONCE), agenda.next_later_at(tx))),
        key=lambda txn_id: txn_id,
        work=settlement.observe,
        bell=bell,
        clock=clock,
    )


def rechecker(store: Store, again: Rechecks, bell: asyncio.Event, clock: Callable[[], datetime]) -> WorkList[int]:
    """Return the loop that asks MTN once more about what is over."""
    return WorkList(
        "rechecker",
        look=lambda: store.tx(lambda tx: Look(rechecks.due(tx, AT_ONCE), rechecks.next_later_at(tx))),
        key=lambda txn_id: txn_id,
        work=again.look,
        bell=bell,
        clock=clock,
        most=RECHECKS_AT_ONCE,
    )

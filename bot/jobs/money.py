"""The sender, the poller and the rechecker: what is authorised is sent, what is open or doubted is asked about."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.jobs.worklist import WorkList, by_bell_alone
from bot.service.rechecks import Rechecks
from bot.service.settlement import Settlement
from bot.store import rechecks, transactions
from bot.store.database import Store

AT_ONCE = 50
RECHECKS_AT_ONCE = 4


def sender(store: Store, settlement: Settlement, bell: asyncio.Event, clock: Callable[[], datetime]) -> WorkList[int]:
    """Return the loop that makes the first attempt of every transaction that is READY."""
    return WorkList(
        "sender",
        due=lambda: store.tx(lambda tx: transactions.ready(tx, AT_ONCE)),
        key=lambda txn_id: txn_id,
        work=settlement.transmit,
        next_due=by_bell_alone,
        bell=bell,
        clock=clock,
    )


def poller(store: Store, settlement: Settlement, bell: asyncio.Event, clock: Callable[[], datetime]) -> WorkList[int]:
    """Return the loop that asks MTN about every open transaction when its time has come."""
    return WorkList(
        "poller",
        due=lambda: store.tx(lambda tx: transactions.to_observe(tx, AT_ONCE)),
        key=lambda txn_id: txn_id,
        work=settlement.observe,
        next_due=lambda: store.tx(lambda tx: transactions.next_due_at(tx.conn)),
        bell=bell,
        clock=clock,
    )


def rechecker(store: Store, again: Rechecks, bell: asyncio.Event, clock: Callable[[], datetime]) -> WorkList[int]:
    """Return the loop that asks MTN once more about what is over."""
    return WorkList(
        "rechecker",
        due=lambda: store.tx(lambda tx: rechecks.due(tx, AT_ONCE)),
        key=lambda txn_id: txn_id,
        work=again.look,
        next_due=lambda: store.tx(lambda tx: rechecks.next_due_at(tx.conn)),
        bell=bell,
        clock=clock,
        most=RECHECKS_AT_ONCE,
    )

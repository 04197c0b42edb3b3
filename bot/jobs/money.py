"""The sender and the poller: what is authorised is sent, what is open is asked about."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.domain.transactions import Transaction
from bot.jobs.worklist import WorkList, by_bell_alone
from bot.service.settlement import Settlement
from bot.store import transactions
from bot.store.database import Store

AT_ONCE = 50


def sender(
    store: Store, settlement: Settlement, bell: asyncio.Event, clock: Callable[[], datetime]
) -> WorkList[Transaction]:
    """Return the loop that makes the first attempt of every transaction that is READY."""
    return WorkList(
        "sender",
        due=lambda: store.tx(lambda tx: transactions.ready(tx, AT_ONCE)),
        key=lambda txn: txn.id,
        work=lambda txn: settlement.transmit(txn.id),
        next_due=by_bell_alone,
        bell=bell,
        clock=clock,
    )


def poller(
    store: Store, settlement: Settlement, bell: asyncio.Event, clock: Callable[[], datetime]
) -> WorkList[Transaction]:
    """Return the loop that asks MTN about every open transaction when its time has come."""
    return WorkList(
        "poller",
        due=lambda: store.tx(lambda tx: transactions.to_observe(tx, AT_ONCE)),
        key=lambda txn: txn.id,
        work=lambda txn: settlement.observe(txn.id),
        next_due=lambda: store.tx(lambda tx: transactions.next_due_at(tx.conn)),
        bell=bell,
        clock=clock,
    )

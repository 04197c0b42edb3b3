"""Asking MTN what people wait for: the name behind a draft's number, the balance of the accounts."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.domain.transactions import Transaction
from bot.jobs.worklist import Look, WorkList
from bot.service.lookups import Lookups
from bot.store import balances, contacts, transactions
from bot.store.balances import View
from bot.store.contacts import Contact
from bot.store.database import Store

AT_ONCE = 50


def names(store: Store, lookups: Lookups, bell: asyncio.Event, clock: Callable[[], datetime]) -> WorkList[Transaction]:
    """Return the loop that puts MTN's name for the number on each new card."""
    return WorkList(
        "names",
        look=lambda: store.tx(lambda tx: Look(transactions.nameless_drafts(tx.conn, AT_ONCE))),
        key=lambda txn: txn.id,
        work=lookups.name_payee,
        bell=bell,
        clock=clock,
    )


def contact_names(
    store: Store, lookups: Lookups, bell: asyncio.Event, clock: Callable[[], datetime]
) -> WorkList[Contact]:
    """Return the loop that puts MTN's name for the number on each new contact."""
    return WorkList(
        "contacts",
        look=lambda: store.tx(lambda tx: Look(contacts.unnamed(tx.conn, AT_ONCE))),
        key=lambda contact: contact.id,
        work=lookups.name_contact,
        bell=bell,
        clock=clock,
    )


def balance_views(store: Store, lookups: Lookups, bell: asyncio.Event, clock: Callable[[], datetime]) -> WorkList[View]:
    """Return the loop that answers each /balance with MTN's figures."""
    return WorkList(
        "balances",
        look=lambda: store.tx(lambda tx: Look(balances.open_views(tx.conn))),
        key=lambda view: view.id,
        work=lookups.show_balance,
        bell=bell,
        clock=clock,
    )

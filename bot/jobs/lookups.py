"""Asking MTN what people wait for: the name behind a draft's number, the balance of the accounts."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.domain.transactions import Transaction
from bot.jobs.worklist import WorkList, by_bell_alone
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
        due=lambda: store.tx(lambda tx: transactions.nameless_drafts(tx.conn, AT_ONCE)),
        key=lambda txn: txn.id,
        work=lookups.name_payee,
        next_due=by_bell_alone,
        bell=bell,
        clock=clock,
    )


def contact_names(
    store: Store, lookups: Lookups, bell: asyncio.Event, clock: Callable[[], datetime]
) -> WorkList[Contact]:
    """Return the loop that puts MTN's name for the number on each new contact."""
    return WorkList(
        "contacts",
        due=lambda: store.tx(lambda tx: contacts.unnamed(tx.conn, AT_ONCE)),
        key=lambda contact: contact.id,
        work=lookups.name_contact,
        next_due=by_bell_alone,
        bell=bell,
        clock=clock,
    )


def balance_views(store: Store, lookups: Lookups, bell: asyncio.Event, clock: Callable[[], datetime]) -> WorkList[View]:
    """Return the loop that answers each /balance with MTN's figures."""
    return WorkList(
        "balances",
        due=lambda: store.tx(lambda tx: balances.open_views(tx.conn)),
        key=lambda view: view.id,
        work=lookups.show_balance,
        next_due=by_bell_alone,
        bell=bell,
        clock=clock,
    )

"""What people wait for and MTN knows: the name behind a number, the balance of the accounts."""

import structlog

from bot import tracing
from bot.domain.transactions import State, Transaction
from bot.service import contacts, telling
from bot.service.mtn import USED, Mtn
from bot.store import balances, outbox, transactions
from bot.store.balances import View
from bot.store.contacts import Contact
from bot.store.database import Store, Tx
from bot.store.outbox import Form, Lane
from momo import MomoError, Money, Product

log = structlog.get_logger(__name__)

LONGEST_NAME = 60


class Lookups:
    """Asks MTN and shows the answer on the message that waits for it."""

    def __init__(self, store: Store, mtn: Mtn) -> None:
        self._store = store
        self._mtn = mtn

    async def name_payee(self, txn: Transaction) -> None:
        """Ask the name of a draft's number; with or without an answer, the card gets its buttons."""
        tracing.follow(txn.trace)
        name = (await self._mtn.name_of(txn))[:LONGEST_NAME]
        await self._store.tx(lambda tx: named(tx, txn.id, name))
        log.info("name asked", txn=txn.short_code, told=bool(name))

    async def name_contact(self, contact: Contact) -> None:
        """Ask the name of a saved number; with or without an answer, the message about it says so."""
        name = (await self._mtn.name_of_number(contact.msisdn))[:LONGEST_NAME]
        await self._store.tx(lambda tx: contacts.known_at_mtn(tx, contact.id, name))

    async def show_balance(self, view: View) -> None:
        """Ask every account's balance and have the message edited."""
        try:
            told = {product: await self._mtn.balance(product, view.currency) for product in USED}
        except MomoError as error:
            outcome = type(error).__name__
            await self._store.tx(lambda tx: closed(tx, view, outcome))
            return
        await self._store.tx(lambda tx: answered(tx, view, told))


def answered(tx: Tx, view: View, told: dict[Product, Money]) -> None:
    """Keep what MTN told of each account and show it."""
    for product, available in told.items():
        balances.keep(tx, product.value, available)
    closed(tx, view, "ok")


def named(tx: Tx, txn_id: int, name: str) -> None:
    """Put the name on the draft and its card."""
    transactions.name_payee(tx, txn_id, name)
    txn = transactions.get(tx.conn, txn_id)
    if txn.state is State.DRAFT:
        telling.card_changed(tx, txn, answering=True)


def ask_balance(tx: Tx, chat_id: int, thread_id: int | None, currency: str | None, asked_by: int | None = None) -> None:
    """Answer at once with what is known, and have MTN asked."""
    show_view(tx, balances.add_view(tx, chat_id, thread_id, currency, asked_by))


def closed(tx: Tx, view: View, outcome: str) -> None:
    """Close a view with its outcome and have its message edited."""
    balances.close_view(tx, view.id, outcome)
    show_view(tx, view)


def show_view(tx: Tx, view: View) -> None:
    """Have a balance message brought up to date."""
    outbox.add(tx, view.chat_id, Form.BALANCE, Lane.ANSWER, subject=f"balance:{view.id}", view_id=view.id)

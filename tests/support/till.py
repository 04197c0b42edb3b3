"""A till to test with: a desk with its people, a database in memory, and MTN's sandbox behind it.

Every step is the program's own function run in its own transaction, as a press or a worker would.
"""

import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from bot.domain.policy import Policy
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Role
from bot.domain.settling import GetAnswer, PostAnswer, PostOutcome
from bot.domain.transactions import Kind, Transaction
from bot.service import approvals, payments, settlement
from bot.service.approvals import Decided
from bot.service.mtn import USED, Mtn
from bot.service.payments import Confirmed, Intent, Place
from bot.service.settlement import Attempt, Settlement
from bot.service.throttle import Throttle
from bot.store import cards, people, transactions
from bot.store.cards import Card, CardRole
from momo import Credentials, MomoClient, Money, Msisdn, Party, Product, Status, TransactionResult, market_of
from momo.sandbox import Sandbox
from momo.sandbox import Settings as SandboxSettings
from momo.testing import SandboxTransport
from tests.support.clock import Clock
from tests.support.journal import MemoryJournal
from tests.support.store import MemoryStore

Sleep = Callable[[float], Awaitable[None]]

OWNER, ADMIN, SECOND_ADMIN, CASHIER, OTHER_CASHIER, AUDITOR, STRANGER = range(1001, 1008)
SHOP, ADMIN_CHAT = -5001, -9001
PAYEE = Msisdn("46733123999")
PUBLIC_URL = "https://till.example"
NOT_FOUND = GetAnswer(not_found=True, http_status=404, code="RESOURCE_NOT_FOUND")

POLICY = Policy(
    market=market_of("sandbox"),
    owners=frozenset({OWNER}),
    admin_chat_id=ADMIN_CHAT,
    approval_limit=Money(Decimal(100), "EUR"),
    new_admin_delay=timedelta(0),
)


def euros(amount: str) -> Money:
    """An amount in the sandbox's currency."""
    return Money(Decimal(amount), "EUR")


class Till:
    """One desk, its people, its database and MTN."""

    def __init__(self, clock: Clock | None = None, *, per_second: float = 1000.0, sleep: Sleep | None = None) -> None:
        self.clock = clock or Clock()
        self.policy = POLICY
        self.sleep = sleep or self.clock.sleep
        self.store = MemoryStore(self.clock)
        self.journal = MemoryJournal("till")
        self.do = self.store.do
        self.sandbox = Sandbox(self.clock.seconds, seed=2, settings=SandboxSettings(settle_after=10.0))
        self.transport = SandboxTransport(self.sandbox, sleep=self.sleep)
        self.users = {product: self.sandbox.provision(product.value, "till.example") for product in USED}
        self._update_ids = count(1)
        self.per_second = per_second
        self.entropy = random.Random(7)
        self.mtn = self.new_mtn()
        self.desk = self.do(lambda tx: people.open_desk(tx, SHOP, "Shop", OWNER))
        self._hire()

    def _hire(self) -> None:
        roles = {ADMIN: Role.ADMIN, SECOND_ADMIN: Role.ADMIN, CASHIER: Role.CASHIER, AUDITOR: Role.AUDITOR}
        for user_id, role in {**roles, OTHER_CASHIER: Role.CASHIER}.items():
            self.grant(user_id, role, self.desk.id)
            self.do(lambda tx, user_id=user_id: people.meet(tx, user_id, f"Person {user_id}", "en", private=True))

    def grant(self, user_id: int, role: Role, desk_id: int) -> None:
        """Give a role without asking anybody."""
        self.do(lambda tx: people.grant(tx, user_id, desk_id, role, OWNER))

    def new_mtn(self, **api_users: str) -> Mtn:
        """MTN as a process that has just started sees it; *api_users* by product, if not the usual ones."""
        credentials = {
            p: Credentials(*user, "c" * 32 if p is Product.COLLECTION else "d" * 32) for p, user in self.users.items()
        }
        client = MomoClient(
            "https://momo.test",
            "sandbox",
            collection=credentials[Product.COLLECTION],
            disbursement=credentials[Product.DISBURSEMENT],
            transport=self.transport,
            clock=self.clock.seconds,
            read_retries=0,
            calls_per_second=None,
        )
        throttle = Throttle(self.per_second, self.clock.seconds, self.sleep)
        users = {product: api_users.get(product.value, user.api_user) for product, user in self.users.items()}
        return Mtn(client, throttle, PUBLIC_URL, users)

    def new_settlement(self) -> Settlement:
        """The worker as a process that has just started has it."""
        return self.settlement_with(self.new_mtn())

    def settlement_with(self, mtn: Mtn) -> Settlement:
        """The worker with this MTN before it."""
        return Settlement(self.store, mtn, self.entropy, self.policy, self.journal)

    # --- what people do

    def draft(
        self,
        kind: Kind = Kind.TRANSFER,
        amount: str = "12.50",
        *,
        maker: int = CASHIER,
        msisdn: Msisdn = PAYEE,
        original: Transaction | None = None,
        payee_name: str | None = "",
        update_id: int | None = None,
    ) -> Transaction:
        """Type a command; the name was asked and MTN gave none."""
        intent = Intent(kind, msisdn, euros(amount), "Order 7", original.id if original else None, payee_name)
        update = update_id or next(self._update_ids)
        where = Place(SHOP)
        return self.do(lambda tx: payments.draft(tx, self.policy, maker, self.desk.id, where, intent, update))

    def card(self, txn: Transaction, role: CardRole = CardRole.MAKER) -> Card:
        """The transaction's first card of this role."""
        return cards.of(self.store.conn, txn.id, role)[0]

    def confirm(self, txn: Transaction, by: int | None = None, *, again: bool = False) -> Confirmed:
        """Press Confirm; *again*: on the second question."""
        who, card = by or txn.maker_id, self.card(txn)
        return self.do(lambda tx: payments.confirm(tx, self.policy, who, card, again=again))

    def approve(self, txn: Transaction, by: int = ADMIN) -> Decided:
        """Press Approve on the card in the admins' chat."""
        card = self.card(txn, CardRole.CHECKER)
        return self.do(lambda tx: approvals.approve(tx, self.policy, by, card))

    def reject(self, txn: Transaction, by: int = ADMIN) -> Decided:
        """Press Reject on the card in the admins' chat."""
        card = self.card(txn, CardRole.CHECKER)
        return self.do(lambda tx: approvals.reject(tx, self.policy, by, card))

    def cancel(self, txn: Transaction, by: int | None = None) -> Transaction:
        """Press Cancel."""
        who, card = by or txn.maker_id, self.card(txn)
        return self.do(lambda tx: payments.cancel(tx, self.policy, who, card))

    def retry(self, txn: Transaction, by: int | None = None) -> None:
        """Press Retry."""
        who, card = by or txn.maker_id, self.card(txn)
        self.do(lambda tx: payments.retry(tx, self.policy, who, card))

    # --- what the workers do

    def claim(self, txn: Transaction) -> Attempt | None:
        """Write an attempt down, without making it."""
        return self.do(lambda tx: settlement.claim(tx, txn.id, self.mtn))

    def post(self, txn: Transaction, outcome: PostOutcome, **answer: Any) -> None:
        """Let an attempt end."""
        self.do(lambda tx: settlement.record_post(tx, txn.id, PostAnswer(outcome, **answer)))

    def look(self, txn: Transaction, answer: GetAnswer, *, seen_hint: datetime | None = None) -> bool:
        """Let a status lookup end; True when another attempt is to be made."""
        return self.do(lambda tx: settlement.record_get(tx, self.policy, txn.id, answer, 1.0, seen_hint=seen_hint))

    # --- whole stretches of a life

    def ready(self, kind: Kind = Kind.TRANSFER, amount: str = "12.50", **more: Any) -> Transaction:
        """A transaction that only waits to be sent."""
        txn = self.draft(kind, amount, **more)
        if self.confirm(txn) is Confirmed.ASKING_AGAIN:
            self.confirm(txn, again=True)
        if txn.approvals_needed:
            self.approve(txn)
        return self.get(txn)

    def sent(self, kind: Kind = Kind.TRANSFER, amount: str = "12.50", **more: Any) -> Transaction:
        """A transaction whose first attempt is on its way."""
        txn = self.ready(kind, amount, **more)
        self.claim(txn)
        return self.get(txn)

    def pending(self, kind: Kind = Kind.TRANSFER, amount: str = "12.50", **more: Any) -> Transaction:
        """A transaction MTN has accepted."""
        txn = self.sent(kind, amount, **more)
        self.post(txn, PostOutcome.ACCEPTED, http_status=202)
        return self.get(txn)

    def paid(self, amount: str = "50") -> Transaction:
        """A customer's payment that has come in."""
        txn = self.pending(Kind.REQUEST_TO_PAY, amount)
        self.look(txn, says(txn, "SUCCESSFUL"))
        return self.get(txn)

    # --- what is there now

    def get(self, txn: Transaction) -> Transaction:
        """The row as it is now."""
        return transactions.get(self.store.conn, txn.id)

    def ask(self, sql: str, *values: object) -> list[Any]:
        """The first column of a query."""
        return [row[0] for row in self.store.conn.execute(sql, values)]

    def noticed(self, name: str) -> list[int]:
        """The chats in which this sentence is said, oldest first."""
        return self.ask("SELECT chat_id FROM outbox WHERE payload ->> 'notice' = ? ORDER BY id", name)

    def told(self, kind: str) -> list[str]:
        """The payloads of the messages of this kind, oldest first."""
        return self.ask("SELECT payload FROM outbox WHERE kind = ? ORDER BY id", kind)


def says(txn: Transaction, word: str, **changes: Any) -> GetAnswer:
    """MTN's answer about a transaction, agreeing with it in everything but *changes*."""
    result = TransactionResult(
        Status(word), txn.amount, external_id=txn.reference_id, party=Party("MSISDN", str(txn.msisdn))
    )
    return GetAnswer(replace(result, **changes), http_status=200)


def refuses(why: Why) -> pytest.RaisesExc[Refusal]:
    """Expect exactly this refusal."""
    return pytest.raises(Refusal, match=f"^{why.value}$")

"""Transactions: how they are made, when they become final, and what they do to the accounts.

A transaction is decided once, when its time has come, and never changes afterwards. Requests, headers and
JSON are not known here.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from momo.sandbox.ledger import Effect, Ledger
from momo.sandbox.magic import Ends, Fate
from momo.sandbox.operations import INVOICE, REQUEST_TO_PAY, Operation, Product
from momo.sandbox.settings import Settings
from momo.sandbox.timeline import Timeline

SUCCESSFUL = "SUCCESSFUL"
FAILED = "FAILED"
PENDING = "PENDING"
CREATED = "CREATED"


@dataclass(frozen=True, slots=True)
class Order:
    """An accepted request to move money."""

    reference_id: str
    owner: str  # the API user
    product: Product
    operation: Operation
    amount: Decimal
    currency: str
    party: Mapping[str, str] | None
    external_id: str | None
    payer_message: str | None
    payee_note: str | None
    refunded_reference: str | None = None
    callback_url: str | None = None
    callback_method: str = "PUT"
    fate: Fate = field(default_factory=Fate)
    valid_for: int | None = None  # seconds until an invoice, or a pre-approval once given, is over
    extra: Mapping[str, object] = field(default_factory=dict)  # fields that the status repeats


@dataclass(slots=True)
class Transaction:
    """An order and what became of it."""

    order: Order
    created_at: float
    status: str = PENDING
    reason: str | None = None
    financial_transaction_id: str | None = None
    finished_at: float | None = None
    visible_at: float = 0.0  # status GETs answer 404 before

    @property
    def reference_id(self) -> str:
        """The id the client chose."""
        return self.order.reference_id

    @property
    def is_final(self) -> bool:
        """Whether it has ended."""
        return self.finished_at is not None


class Wallet:
    """All transactions. Reference ids are unique per API user and product."""

    def __init__(
        self,
        settings: Settings,
        timeline: Timeline,
        rng: random.Random,
        on_final: Callable[[Transaction], None],
    ) -> None:
        self._settings = settings
        self._timeline = timeline
        self._rng = rng
        self._on_final = on_final
        self.ledger = Ledger(settings)
        self._transactions: dict[tuple[str, Product, str], Transaction] = {}
        self._payments: dict[str, Transaction] = {}

    def __iter__(self) -> Iterator[Transaction]:
        """All transactions, oldest first."""
        return iter(self._transactions.values())

    def find(self, owner: str, product: Product, reference_id: str) -> Transaction | None:
        """The transaction of one API user, or None; also None once its reference id is forgotten."""
        found, lives = self._transactions.get((owner, product, reference_id)), self._settings.reference_ids_live
        if found is not None and lives and self._timeline.now() >= found.created_at + lives:
            return None
        return found

    def by_reference(self) -> dict[str, Transaction]:
        """The transactions under their reference ids; the youngest, where two users chose the same."""
        return {transaction.reference_id: transaction for transaction in self}

    def submit(self, order: Order) -> Transaction:
        """Take an order whose reference id is new, and plan its end."""
        transaction = Transaction(order, self._timeline.now(), order.operation.opens_as)
        transaction.visible_at = transaction.created_at + self._settings.not_found_for
        self._transactions[order.owner, order.product, order.reference_id] = transaction
        if order.operation is REQUEST_TO_PAY:
            self._payments[order.reference_id] = transaction
        if order.fate.ends is Ends.DELAYED:
            transaction.status = CREATED
            self._timeline.plan(self._settings.delayed_after, lambda: self._end(transaction))
        elif order.fate.ends is Ends.ORDINARILY:
            self._timeline.plan(self._settings.settle_after, lambda: self._end(transaction))
            self._timeline.catch_up()
        self._plan_expiry(transaction)
        return transaction

    def force(self, transaction: Transaction, reason: str | None) -> None:
        """End an open transaction now: successfully, or with the failure *reason*.

        Raises:
            ValueError: it has ended already; an end never changes.
        """
        if transaction.is_final:
            raise ValueError(f"{transaction.reference_id} is {transaction.status} already")
        self._finish(transaction, reason)

    def _plan_expiry(self, transaction: Transaction) -> None:
        order, lives = transaction.order, self._settings.pending_lives
        if order.operation is INVOICE and order.valid_for is not None:
            self._timeline.plan(order.valid_for, lambda: self._expire(transaction, "EXPIRED"))
        if lives:  # MTN's word for an approval that did not come, "about 5 minutes after the prompt"
            self._timeline.plan(lives, lambda: self._expire(transaction, "COULD_NOT_PERFORM_TRANSACTION"))

    def _expire(self, transaction: Transaction, reason: str) -> None:
        if not transaction.is_final:
            self._finish(transaction, reason)

    def _end(self, transaction: Transaction) -> None:
        if not transaction.is_final:  # it may have been forced
            self._finish(transaction, transaction.order.fate.reason or self._obstacle(transaction.order))

    def _finish(self, transaction: Transaction, reason: str | None) -> None:
        transaction.finished_at = self._timeline.now()
        transaction.reason = reason and self._settings.reasons.get(reason, reason)
        transaction.status = SUCCESSFUL if reason is None else FAILED
        if reason is None:
            transaction.financial_transaction_id = str(self._rng.randrange(10**8, 10**10))
            if transaction.order.operation.moves_money:
                self._move_money(transaction.order)
        self._on_final(transaction)

    def _move_money(self, order: Order) -> None:
        effect = Effect(
            reference_id=order.reference_id,
            operation=order.operation.name,
            amount=order.amount,
            currency=order.currency,
            party=order.party["partyId"] if order.party else None,
            at=self._timeline.now(),
            account=self.ledger.account_of(order.product),
            change=order.amount if order.operation.incoming else -order.amount,
        )
        self.ledger.post(effect)

    def _obstacle(self, order: Order) -> str | None:
        """Why an order that no magic number steers fails; None if it does not."""
        if order.refunded_reference is not None and (problem := self._refund_obstacle(order)):
            return problem
        if not order.operation.incoming and order.amount > self.ledger.balance(order.product):
            return "NOT_ENOUGH_FUNDS"
        return None

    def _refund_obstacle(self, order: Order) -> str | None:
        # MTN publishes no code for these; TRANSACTION_NOT_FOUND is on its list of failure reasons.
        payment = self.payment(order.refunded_reference)
        if payment is None or payment.status != SUCCESSFUL:
            return "TRANSACTION_NOT_FOUND"
        left = payment.order.amount - self._refunded(payment.reference_id)
        return "NOT_ALLOWED" if self._settings.bounded_refunds and order.amount > left else None

    def payment(self, reference_id: str | None) -> Transaction | None:
        """The request to pay that a refund names, whoever made it."""
        return self._payments.get(reference_id or "")

    def _refunded(self, reference_id: str) -> Decimal:
        amounts = (
            transaction.order.amount
            for transaction in self
            if transaction.order.refunded_reference == reference_id and transaction.status == SUCCESSFUL
        )
        return sum(amounts, Decimal(0))

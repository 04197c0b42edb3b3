"""What Collection can submit besides movements of money: invoices, pre-approvals, and payments of bills."""

from dataclasses import dataclass
from typing import Any, ClassVar

from momo import answers, checks, notes, wire
from momo.errors import InvalidValue
from momo.money import Money
from momo.orders import Holder, Order, party_fields, plain_or_none, positive
from momo.results import InvoiceResult, PaymentResult, PreApprovalResult
from momo.wire import HttpResponse, Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice(Order[InvoiceResult]):
    """A bill that a customer pays when they like, until it expires.

    Attributes:
        amount: more than zero.
        external_id: the caller's own mark, without spaces.
        validity_seconds: how long it can be paid.
        payee: who gets the money.
        intended_payer: who is meant to pay; may be left out.
        description: shown to the payer; may be left out.
    """

    operation: ClassVar[Operation] = wire.INVOICE
    amount: Money
    external_id: str
    validity_seconds: int
    payee: Holder
    intended_payer: Holder | None = None
    description: str | None = None

    def __post_init__(self) -> None:
        self.body()

    def body(self) -> dict[str, Any]:
        """What is sent."""
        # Source: schema CreateInvoice. The duration is a string there, against pre-approvals.
        body: dict[str, Any] = {
            "externalId": checks.external_id("external_id", self.external_id),
            "amount": positive("amount", self.amount).wire(),
            "currency": self.amount.currency,
            "validityDuration": str(checks.seconds("validity_seconds", self.validity_seconds)),
            "payee": party_fields("payee", self.payee),
        }
        if self.intended_payer is not None:
            body["intendedPayer"] = party_fields("intended_payer", self.intended_payer)
        if self.description is not None:
            body["description"] = notes.demand_clean("description", self.description)
        return body

    @staticmethod
    def read(response: HttpResponse) -> InvoiceResult:
        """Read where it stands."""
        return answers.read_invoice(response)

    def money(self) -> Money | None:
        """How much is billed."""
        return self.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class PreApproval(Order[PreApprovalResult]):
    """Ask a customer to let us debit them later without asking again."""

    operation: ClassVar[Operation] = wire.PRE_APPROVAL
    payer: Holder
    payer_currency: str
    payer_message: str
    validity_seconds: int

    def __post_init__(self) -> None:
        self.body()

    def body(self) -> dict[str, Any]:
        """What is sent."""
        # Source: schema PreApproval. The time is a number there.
        return {
            "payer": party_fields("payer", self.payer),
            "payerCurrency": checks.currency("payer_currency", self.payer_currency),
            "payerMessage": notes.demand_clean("payer_message", self.payer_message),
            "validityTime": checks.seconds("validity_seconds", self.validity_seconds),
        }

    @staticmethod
    def read(response: HttpResponse) -> PreApprovalResult:
        """Read where it stands."""
        return answers.read_pre_approval(response)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment(Order[PaymentResult]):
    """Pay a service provider's bill, or buy air time.

    Attributes:
        amount: more than zero.
        external_transaction_id: the caller's own mark, without spaces.
        customer_reference: what the provider knows the customer by.
        service_provider_user_name: who is paid.
        include_sender_charges: True if fees come out of the amount; None for MTN's default, on top of it.
    """

    operation: ClassVar[Operation] = wire.PAYMENT
    amount: Money
    external_transaction_id: str
    customer_reference: str
    service_provider_user_name: str
    coupon_id: str | None = None
    product_id: str | None = None
    product_offering_id: str | None = None
    receiver_message: str | None = None
    sender_note: str | None = None
    max_number_of_retries: int | None = None
    include_sender_charges: bool | None = None

    def __post_init__(self) -> None:
        self.body()

    def body(self) -> dict[str, Any]:
        """What is sent."""
        amount = positive("amount", self.amount)
        body = {
            "externalTransactionId": checks.external_id("external_transaction_id", self.external_transaction_id),
            "money": {"amount": amount.wire(), "currency": amount.currency},
            "customerReference": checks.plain("customer_reference", self.customer_reference),
            "serviceProviderUserName": checks.plain("service_provider_user_name", self.service_provider_user_name),
            "couponId": plain_or_none("coupon_id", self.coupon_id),
            "productId": plain_or_none("product_id", self.product_id),
            "productOfferingId": plain_or_none("product_offering_id", self.product_offering_id),
            "receiverMessage": plain_or_none("receiver_message", self.receiver_message),
            "senderNote": plain_or_none("sender_note", self.sender_note),
            "maxNumberOfRetries": self._retries(),
            "includeSenderCharges": self._charges(),
        }
        return {name: value for name, value in body.items() if value is not None}

    @staticmethod
    def read(response: HttpResponse) -> PaymentResult:
        """Read where it stands."""
        return answers.read_payment(response)

    def money(self) -> Money | None:
        """How much is paid."""
        return self.amount

    def _retries(self) -> int | None:
        most = self.max_number_of_retries
        if most is not None and (isinstance(most, bool) or not isinstance(most, int) or most < 0):
            raise InvalidValue("max_number_of_retries", "a whole number, at least 0", most)
        return most

    def _charges(self) -> bool | None:
        wish = self.include_sender_charges
        return None if wish is None else checks.instance("include_sender_charges", wish, bool)

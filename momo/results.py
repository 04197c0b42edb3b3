"""What the rarer calls give: frozen records like those of `models.py`. Everything but a status may be missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from momo.models import Party, Reason, Status, TransactionResult
from momo.money import Money


@dataclass(frozen=True, slots=True)
class CashTransferResult(TransactionResult):
    """Where a cash transfer stands, and what it says about its sender."""

    originating_country: str | None = None
    original_amount: Money | None = None
    sender: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The fields about the payer, as MTN names them: payerFirstName, payerIdentificationType and so on."""


@dataclass(frozen=True, slots=True)
class InvoiceResult:
    """Where an invoice stands.

    Attributes:
        payment_reference: what a customer pays it by.
        expires: MTN's text; its format is not reliable.
    """

    status: Status
    reference_id: str | None = None
    external_id: str | None = None
    amount: Money | None = None
    payment_reference: str | None = None
    invoice_id: str | None = None
    expires: str | None = None
    payee_first_name: str | None = None
    payee_last_name: str | None = None
    intended_payer: Party | None = None
    description: str | None = None
    reason: Reason | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class PreApprovalResult:
    """Where a request for a pre-approval stands."""

    status: Status
    payer: Party | None = None
    payer_currency: str | None = None
    payer_message: str | None = None
    expires: str | None = None
    reason: Reason | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class PreApprovalDetails:
    """A pre-approval that a customer has given. The accounts are FRIs, such as FRI:46733123453/MSISDN."""

    pre_approval_id: str
    status: Status
    to_fri: str | None = field(default=None, repr=False)
    from_fri: str | None = field(default=None, repr=False)
    from_currency: str | None = None
    created: str | None = None
    approved: str | None = None
    expires: str | None = None
    message: str | None = None
    frequency: str | None = None
    start_date: str | None = None
    last_used_date: str | None = None
    offer: str | None = None
    external_id: str | None = None
    max_debit_amount: str | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class PaymentResult:
    """Where a payment to a service provider stands."""

    status: Status
    reference_id: str | None = None
    financial_transaction_id: str | None = None
    reason: Reason | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """A consent that was asked for and not yet given.

    Attributes:
        auth_req_id: what the token is asked for with.
        interval_seconds: how long to leave between two such askings.
        expires_in: seconds until it can no longer be given.
    """

    auth_req_id: str = field(repr=False)
    interval_seconds: float
    expires_in: float


@dataclass(frozen=True, slots=True)
class ConsentToken:
    """What a given consent is used with.

    Attributes:
        access_token: for `Consent.user_info`.
        expires_in: seconds it is good for.
        scope: what was consented to.
        refresh_token: gets another one without asking again; None for consents of access type online.
        refresh_token_expires_in: seconds the refresh token is good for.
    """

    access_token: str = field(repr=False)
    expires_in: float
    scope: str = ""
    refresh_token: str | None = field(default=None, repr=False)
    refresh_token_expires_in: float | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer as it came, for what this library does not model.

    Attributes:
        status: the HTTP status; judging it is the caller's business.
        headers: names in lower case.
        body: the bytes.
        data: the body as JSON with every fraction a Decimal; None if it is none.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    data: Any = field(repr=False)

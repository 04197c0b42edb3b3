"""What can be submitted under a reference id: typed, frozen, and checked when it is made, before any request.

Each order knows where it goes, what its body is and how its status is read. Nothing here sends anything. The
movements of money are here; invoices, pre-approvals and payments in `billing.py`, cash transfers in `cash.py`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from momo import answers, checks, notes, wire
from momo.errors import InvalidValue
from momo.models import Party, TransactionResult
from momo.money import Money
from momo.msisdn import Msisdn
from momo.wire import HttpResponse, Operation

R = TypeVar("R", covariant=True)
Holder = Msisdn | Party
"""Who pays or is paid: a phone number, or a Party with another of MTN's types."""

_ACCOUNT_TYPES = {"MSISDN": "msisdn", "EMAIL": "email", "PARTY_CODE": "party_code"}


class Order(ABC, Generic[R]):
    """Anything that is submitted under a reference id; R is what its status says.

    Raises:
        InvalidValue: when it is made with a value that MTN would refuse.
    """

    __slots__ = ()
    operation: ClassVar[Operation]

    @abstractmethod
    def body(self) -> dict[str, Any]:
        """What is sent."""

    @staticmethod
    @abstractmethod
    def read(response: HttpResponse) -> Any:
        """Read where such an order stands."""

    def money(self) -> Money | None:
        """How much it is about; None where there is no amount."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement(Order[R]):
    """What all movements of money have in common.

    Attributes:
        amount: more than zero.
        external_id: the caller's own mark, without spaces; it comes back in status and callback.
        payer_message: shown to the payer; see clean_note.
        payee_note: shown to the payee; see clean_note.
    """

    amount: Money
    external_id: str
    payer_message: str
    payee_note: str
    _built: dict[str, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_built", self._build())

    def body(self) -> dict[str, Any]:
        """What is sent."""
        return dict(self._built)

    def _build(self) -> dict[str, Any]:
        return wire.movement_body(
            positive("amount", self.amount),
            self.subject(),
            external_id=checks.external_id("external_id", self.external_id),
            payer_message=notes.demand_clean("payer_message", self.payer_message),
            payee_note=notes.demand_clean("payee_note", self.payee_note),
        )

    @abstractmethod
    def subject(self) -> Mapping[str, Any]:
        """What tells this kind from the others: a party, or what is given back."""

    def money(self) -> Money | None:
        """How much moves."""
        return self.amount


class _Plain(Movement[TransactionResult]):
    """A movement whose status says no more than that."""

    __slots__ = ()

    @staticmethod
    def read(response: HttpResponse) -> TransactionResult:
        """Read where it stands."""
        return answers.read_transaction(response)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestToPay(_Plain):
    """Ask a customer to pay. They approve it on their phone, within about five minutes."""

    operation: ClassVar[Operation] = wire.REQUEST_TO_PAY
    payer: Holder

    def subject(self) -> Mapping[str, Any]:
        """The payer."""
        return {"payer": party_fields("payer", self.payer)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal(_Plain):
    """Ask a customer to withdraw."""

    operation: ClassVar[Operation] = wire.WITHDRAW
    payer: Holder

    def subject(self) -> Mapping[str, Any]:
        """The payer."""
        return {"payer": party_fields("payer", self.payer)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(_Plain):
    """Send money to somebody."""

    operation: ClassVar[Operation] = wire.TRANSFER
    payee: Holder

    def subject(self) -> Mapping[str, Any]:
        """The payee."""
        return {"payee": party_fields("payee", self.payee)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit(_Plain):
    """Put money into somebody's account."""

    operation: ClassVar[Operation] = wire.DEPOSIT
    payee: Holder

    def subject(self) -> Mapping[str, Any]:
        """The payee."""
        return {"payee": party_fields("payee", self.payee)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund(_Plain):
    """Give a customer's payment back, or part of it. MTN publishes no rule against giving back too much.

    Attributes:
        reference_id_to_refund: the reference id of the request to pay.
    """

    operation: ClassVar[Operation] = wire.REFUND
    reference_id_to_refund: str

    def subject(self) -> Mapping[str, Any]:
        """The payment."""
        return {"referenceIdToRefund": checks.uuid4("reference_id_to_refund", self.reference_id_to_refund)}


def party_fields(field_name: str, holder: Holder) -> dict[str, str]:
    """Who pays or is paid, as MTN's Party.

    Raises:
        InvalidValue: it is neither a phone number nor a Party that MTN would take.
    """
    if isinstance(holder, Msisdn):
        return {"partyIdType": "MSISDN", "partyId": str(holder)}
    party = checks.instance(field_name, holder, Party)
    account_type = _ACCOUNT_TYPES.get(party.party_id_type)
    if account_type is None:
        raise InvalidValue(f"{field_name}.party_id_type", f"one of {', '.join(_ACCOUNT_TYPES)}", party.party_id_type)
    return {"partyIdType": party.party_id_type, "partyId": checks.account(field_name, account_type, party.party_id)}


def positive(field_name: str, amount: Money) -> Money:
    """An amount of more than zero."""
    if checks.instance(field_name, amount, Money).amount <= 0:
        raise InvalidValue(field_name, "more than zero", amount)
    return amount


def plain_or_none(field_name: str, value: str | None) -> str | None:
    """A text that may be left out, and that MTN lets through if it is not."""
    return None if value is None else checks.plain(field_name, value)

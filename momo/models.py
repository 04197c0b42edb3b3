"""What the typed client takes and gives: plain frozen records. How they are read off the wire is in `answers.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar

from momo import checks
from momo.errors import ConfigurationError, InvalidValue
from momo.money import Money


class Product(Enum):
    """One of MTN's products. The value is its first path segment; each has its own keys and tokens."""

    COLLECTION = "collection"
    DISBURSEMENT = "disbursement"
    REMITTANCE = "remittance"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What one product needs to let us in. The repr hides both keys.

    Raises:
        ConfigurationError: one of them is empty or could not stand in a header.
    """

    api_user: str
    api_key: str = field(repr=False)
    subscription_key: str = field(repr=False)

    def __post_init__(self) -> None:
        for name in ("api_user", "api_key", "subscription_key"):
            try:
                checks.one_line(name, getattr(self, name))
            except InvalidValue as error:
                raise ConfigurationError(str(error)) from None
        if ":" in self.api_user:
            raise ConfigurationError("api_user must hold no colon: Basic authentication ends the user there")


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and for how many seconds it is good."""

    value: str = field(repr=False)
    expires_in: int


@dataclass(frozen=True, slots=True)
class Status:
    """The word MTN uses for where a transaction stands. An open set: unknown words are not final."""

    word: str

    CREATED: ClassVar["Status"]
    PENDING: ClassVar["Status"]
    SUCCESSFUL: ClassVar["Status"]
    FAILED: ClassVar["Status"]

    @property
    def final(self) -> bool:
        """True for exactly SUCCESSFUL and FAILED."""
        return self.word in {"SUCCESSFUL", "FAILED"}

    def __str__(self) -> str:
        return self.word


Status.CREATED = Status("CREATED")
Status.PENDING = Status("PENDING")
Status.SUCCESSFUL = Status("SUCCESSFUL")
Status.FAILED = Status("FAILED")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a transaction failed. MTN sends an object or a bare string; both end up here.

    Attributes:
        code: upper case with underscores, such as NOT_ENOUGH_FUNDS. An open set.
        message: MTN's words, perhaps empty.
        raw: what was sent, unchanged.
    """

    code: str
    message: str = ""
    raw: object = None


@dataclass(frozen=True, slots=True)
class Party:
    """Who pays or is paid, in MTN's own words: MSISDN, EMAIL or PARTY_CODE and the id."""

    party_id_type: str
    party_id: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TransactionResult:
    """Where a transaction stands. Everything but the status may be missing: MTN leaves fields out.

    Attributes:
        party: the payer or the payee, whichever this kind of transaction names.
        raw: the whole answer, decoded; it holds personal data and stays out of the repr.
    """

    status: Status
    amount: Money | None = None
    financial_transaction_id: str | None = None
    external_id: str | None = None
    party: Party | None = None
    payer_message: str | None = None
    payee_note: str | None = None
    reason: Reason | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Balance:
    """What is in the account; may be negative."""

    available: Money


@dataclass(frozen=True, slots=True)
class BasicUserInfo:
    """What MTN tells of an account holder without asking them."""

    given_name: str = ""
    family_name: str = ""
    birthdate: str = field(default="", repr=False)
    locale: str = ""
    gender: str = ""
    status: str = ""

    @property
    def full_name(self) -> str:
        """Given and family name, as far as known."""
        return " ".join(part for part in (self.given_name, self.family_name) if part)


@dataclass(frozen=True, slots=True)
class UserInfo:
    """What MTN tells of an account holder who consented. The usual claims by name, all of them in `claims`."""

    sub: str = ""
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    phone_number: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    birthdate: str = field(default="", repr=False)
    locale: str = ""
    gender: str = ""
    status: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ApiUser:
    """An API user of the sandbox."""

    provider_callback_host: str
    target_environment: str

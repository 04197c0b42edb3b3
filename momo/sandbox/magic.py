"""The numbers and words that steer MTN's sandbox, as data.

Numbers are `46733123` and three digits; every other number succeeds. Source: MTN's sandbox tables (section 4
of the collected facts). The code behind an outcome's name is not published; where an independent client's
tests name one, that one is used.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

PREFIX = "46733123"


class Ends(Enum):
    """When a transaction becomes final."""

    ORDINARILY = "ordinarily"
    DELAYED = "delayed"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a transaction: when it ends, and the reason if it fails."""

    ends: Ends = Ends.ORDINARILY
    reason: str | None = None


SUCCESS = Fate()
ONGOING = Fate(Ends.NEVER)
DELAYED = Fate(Ends.DELAYED)


def _failures(first: int, *reasons: str) -> dict[str, Fate]:
    return {str(number): Fate(reason=reason) for number, reason in enumerate(reasons, first)}


_COMMON = {
    **_failures(450, "INTERNAL_PROCESSING_ERROR", "APPROVAL_REJECTED", "EXPIRED"),
    "453": ONGOING,
    "454": DELAYED,
}
_CONFIGURATION = (
    "NOT_ALLOWED",
    "NOT_ALLOWED_TARGET_ENVIRONMENT",
    "INVALID_CALLBACK_URL_HOST",
    "INVALID_CURRENCY",
    "INTERNAL_PROCESSING_ERROR",
    "SERVICE_UNAVAILABLE",
)
_LAST = "COULD_NOT_PERFORM_TRANSACTION"

# Request to pay, withdraw and deposit share a column; only the first knows 464.
DEPOSIT_FATES: Mapping[str, Fate] = {
    **_COMMON,
    **_failures(455, "PAYER_NOT_FOUND", "PAYEE_NOT_ALLOWED_TO_RECEIVE", *_CONFIGURATION, _LAST),
}
WITHDRAW_FATES = DEPOSIT_FATES
REQUEST_TO_PAY_FATES: Mapping[str, Fate] = {**DEPOSIT_FATES, "464": Fate(reason="TRANSFER_TYPE_UNKNOWN")}
TRANSFER_FATES: Mapping[str, Fate] = {
    **_COMMON,
    **_failures(455, "NOT_ENOUGH_FUNDS", "PAYER_LIMIT_REACHED", "PAYEE_NOT_FOUND", *_CONFIGURATION),
    "464": Fate(reason="TRANSFER_TYPE_UNKNOWN"),
}
# A refund is steered by its `referenceIdToRefund`.
REFUND_FATES: Mapping[str, Fate] = {
    **_failures(1, "PAYER_NOT_FOUND", "INTERNAL_PROCESSING_ERROR", "APPROVAL_REJECTED", "EXPIRED"),
    "5": ONGOING,
    "6": DELAYED,
    **_failures(7, *_CONFIGURATION, _LAST),
}

PRE_APPROVAL_FATES: Mapping[str, Fate] = {
    **_COMMON,
    **_failures(455, "PAYER_NOT_FOUND", *_CONFIGURATION),
}
# A payment is steered by its amount.
PAYMENT_FATES: Mapping[str, Fate] = {
    **_failures(2000, "INTERNAL_PROCESSING_ERROR"),
    "3000": DELAYED,
    "4000": Fate(Ends.DELAYED, "INTERNAL_PROCESSING_ERROR"),
    "5000": ONGOING,
    "6000": ONGOING,
    **_failures(7000, "TRANSFER_TYPE_UNKNOWN"),
}
# A cash transfer's column, of which there is one copy only: 455 and 456 name the payee.
CASH_TRANSFER_FATES: Mapping[str, Fate] = {
    **_COMMON,
    **_failures(455, "PAYEE_NOT_FOUND", "PAYEE_NOT_ALLOWED_TO_RECEIVE", *_CONFIGURATION, _LAST),
}

# Account holders: what `active` answers; False, or the code of an error. Everybody else is active.
_ACTIVE_OUTCOMES: tuple[str | None, ...] = (
    None,  # not found: answered as not active
    None,
    "NOT_ALLOWED",
    "NOT_ALLOWED_TARGET_ENVIRONMENT",
    "INTERNAL_PROCESSING_ERROR",
    "SERVICE_UNAVAILABLE",
)
_ACTIVE_EMAILS = (
    "notfound@email.com",
    "notactive@email.com",
    "notallowed@email.com",
    "notallowedtargetenvironment@email.com",
    "internalprocessingerror@email.com",
    "serviceunavailable@email.com",
)
_ACTIVE_PARTY_CODES = (
    "5cecb5a7-8bd0-4f49-87b1-8eb9ecc7b7bc",
    "b0040b3c-b426-4a90-af6e-673e65861cd7",
    "4d5f500f-c385-4901-9be5-25b6d36ad220",
    "d2265f9b-0c22-496d-908f-79a65ad66266",
    "8f548a78-ceb8-4d12-a243-5640b91e91a4",
    "585c07a4-2c80-42f7-9e73-e586b36dee68",
)
_ACTIVE_NUMBERS = tuple(f"{PREFIX}{last}" for last in range(450, 456))

# Account -> None (not active) or an error code.
INACTIVE: Mapping[str, str | None] = {
    account: outcome
    for accounts in (_ACTIVE_NUMBERS, _ACTIVE_EMAILS, _ACTIVE_PARTY_CODES)
    for account, outcome in zip(accounts, _ACTIVE_OUTCOMES, strict=True)
}


def fate_of_number(fates: Mapping[str, Fate], party_id: str) -> Fate:
    """What the number *party_id* does to an operation with the table *fates*."""
    number = party_id.removeprefix("+")
    return fates.get(number.removeprefix(PREFIX), SUCCESS) if number.startswith(PREFIX) else SUCCESS

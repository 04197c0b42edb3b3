"""The switches of the sandbox: what MTN leaves open, what differs by market, and how fast things happen.

Data only. Nothing here decides; the modules that do read these values at each request, so a change made
while the sandbox runs holds from the next request on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum

CURRENCIES_WITHOUT_DECIMALS = frozenset({"UGX", "XOF", "XAF", "GNF", "RWF"})


class CallbackMode(StrEnum):
    """How often, and when, the end of a transaction is called back (documents disagree: expect any)."""

    ONCE = "once"
    NONE = "none"
    TWICE = "twice"
    LATE = "late"
    OUT_OF_ORDER = "out_of_order"
    RETRY = "retry"


class CallbackVerb(StrEnum):
    """Which verb a callback comes with (documents disagree: take both)."""

    SPECIFIED = "specified"  # by the specification: POST for version 1 of some, PUT for the rest
    PUT = "put"  # MTN's general page
    POST = "post"


class Consenting(StrEnum):
    """How an API user names itself when it asks for consent (specifications disagree)."""

    EITHER = "either"
    BASIC = "basic"
    BEARER = "bearer"


class Decimals(StrEnum):
    """How many decimals an amount may have (whether MTN takes the currency's own is not known everywhere)."""

    ISO = "iso"
    NONE = "0"
    TWO = "2"


@dataclass(slots=True)
class Settings:
    """Everything about the sandbox that can be set. Times are in seconds."""

    target_environment: str = "sandbox"
    currency: str = "EUR"
    amount_decimals: Decimals = Decimals.ISO
    opening_balance: Decimal = Decimal("1000000.00")
    shared_wallet: bool = False  # True: one balance for all products, as in production

    token_lifetime: float = 3600.0
    settle_after: float = 0.0  # until an ordinary transaction is final
    delayed_after: float = 25.0  # until the number ...454 is: measured once, about 25 s
    not_found_for: float = 0.0  # a status GET answers 404 for so long after the 202 (seen by users)
    status_calls_per_second: int = 0  # 0 = no cap; MTN asks for at most 10
    pending_lives: float = 0.0  # then an open transaction fails; 0 = never; MTN publishes no figure
    reference_ids_live: float = 0.0  # then one is forgotten, and could pay again; 0 = never; no figure either

    callback_mode: CallbackMode = CallbackMode.ONCE
    callback_delay: float = 60.0  # for the modes late and out_of_order
    callback_verb: CallbackVerb = CallbackVerb.SPECIFIED
    http_callbacks: bool = False  # True: plain http is allowed beyond loopback too

    provisioning: bool = True  # False: no API users and keys over the API, as in production
    disbursement_writes: bool = True  # False: 403 before they are read, as for an address not on MTN's list
    refuse_token_body: bool = True  # MTN's page says 400; public clients send one all the same
    users_bound_to_product: bool = True  # measured in 2026; in 2024 one user served both products
    refuse_user_id_as_reference: bool = True  # reported by developers, not measured
    refuse_spaces_in_external_id: bool = True  # reported by developers, not measured
    refuse_empty_notes: bool = False  # 500 in one production market, unknown for the sandbox
    v1_deposit_takes_payer: bool = True  # a published client sends `payer` there
    upper_case_account_types: bool = False  # MTN: case-sensitive; a published client sends MSISDN
    ampersand_is_lost: bool = False  # a user saw 202 and then 404 for ever after a `&`
    magic_codes_at_once: bool = False  # True: a magic number's error code answers the POST itself
    notification_window: float = 0.0  # how long a payer can be notified; 0 = always; MTN publishes no figure
    cancel_answers_200: bool = False  # the specification says 200, the live sandbox answered 202 (measured)
    user_info_needs_consent: bool = False  # True: the product's own token is refused, as MTN must refuse it
    consent_caller: Consenting = Consenting.EITHER
    refund_words: bool = True  # the words "1" to "13" steer refunds; not checked live since words gave a 400
    bounded_refunds: bool = False  # MTN publishes no rule: by default it refunds more than was paid
    reasons: Mapping[str, str] = field(default_factory=dict)  # code -> what is said in its place

    reason_as_text: bool = False  # production since 2024: `reason` is a bare string
    omit_notes: bool = False  # production: payerMessage and payeeNote may be missing
    numbers_unquoted: bool = False  # as in the examples of the specification

    @property
    def decimals(self) -> int:
        """Decimal places that an amount may have (ISO 4217, for the currencies of MTN's markets)."""
        if self.amount_decimals is not Decimals.ISO:
            return int(self.amount_decimals)
        return 0 if self.currency in CURRENCIES_WITHOUT_DECIMALS else 2

    def update(self, changes: Mapping[str, object]) -> None:
        """Change several settings, or none if one of them does not fit.

        Raises:
            ValueError: an unknown name, or a value of the wrong kind.
        """
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        if unknown := sorted(set(changes) - set(known)):
            raise ValueError(f"no such setting: {', '.join(unknown)}")
        fitted = {name: _fitted(name, known[name], value) for name, value in changes.items()}
        for name, value in fitted.items():
            setattr(self, name, value)

    def as_dict(self) -> dict[str, object]:
        """The settings as JSON can hold them."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}

    def but(self, changes: Mapping[str, object]) -> "Settings":
        """The same with some changes, as a new object."""
        changed = replace(self)
        changed.update(changes)
        return changed


def _fitted(name: str, current: object, value: object) -> object:
    """Return *value* as the kind of thing *current* is."""
    wrong = ValueError(f"{name} cannot be {value!r}")
    if isinstance(current, bool):
        if not isinstance(value, bool):
            raise wrong
        return value
    if isinstance(current, int | float):
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise wrong
        return type(current)(value)
    if isinstance(current, Mapping):
        if not isinstance(value, Mapping) or not all(isinstance(word, str) for pair in value.items() for word in pair):
            raise wrong
        return dict(value)
    if not isinstance(value, str):
        raise wrong
    try:
        return type(current)(value)  # type: ignore[call-arg]
    except (ValueError, InvalidOperation):
        raise wrong from None

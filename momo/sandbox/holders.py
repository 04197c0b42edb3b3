"""What the sandbox says about account holders: everybody is Sand Box, and active unless listed."""

import re

from momo.sandbox import replies
from momo.sandbox.checks import uuid_or_400
from momo.sandbox.magic import INACTIVE
from momo.sandbox.settings import Settings
from momo.wire import HttpResponse

_INFO_TYPES = frozenset({"msisdn", "email", "alias", "id"})
_NUMBER = re.compile(r"\+?[0-9]+", re.ASCII)

# Measured twice; `status` is in the specification.
BASIC_INFO = {
    "given_name": "Sand",
    "family_name": "Box",
    "birthdate": "1976-08-13",
    "locale": "sv_SE",
    "gender": "MALE",
    "status": "ACTIVE",
}
# Measured: `address` is an object and `credit_score` a number, against the specification.
USER_INFO = {
    **BASIC_INFO,
    "sub": "0",
    "name": "Sand Box",
    "middle_name": "",
    "email": "sandbox@email.com",
    "email_verified": True,
    "phone_number": "46733123454",
    "phone_number_verified": True,
    "address": {"locality": "Sandbox", "country": "SE"},
    "updated_at": 0,
    "credit_score": 100,
    "active": True,
    "country_of_birth": "SE",
    "region_of_birth": "Sandbox",
    "city_of_birth": "Sandbox",
    "occupation": "Test",
    "employer_name": "MTN",
    "identification_type": "PASS",
    "identification_value": "SANDBOX",
}


class Holders:
    """Answers questions about account holders."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def active(self, kind: str, account: str) -> HttpResponse:
        """Whether an account is active; not found is "not active" too."""
        if self._settings.upper_case_account_types:
            kind = kind.lower()
        if not _fits(kind, account):
            raise replies.bad_request()
        outcome = INACTIVE.get(account.removeprefix("+"), "ACTIVE")
        if outcome not in {None, "ACTIVE"}:
            raise replies.refused(str(outcome))
        return replies.as_json(200, {"result": outcome == "ACTIVE"})

    def basic_info(self, kind: str) -> HttpResponse:
        """The Sand Box record. The specification writes MSISDN, MTN's own clients send msisdn."""
        if kind.lower() not in _INFO_TYPES:
            raise replies.bad_request()
        return replies.as_json(200, BASIC_INFO)


def _fits(kind: str, account: str) -> bool:
    """Whether *account* is written as its type wants it. MTN's types are case-sensitive."""
    match kind:
        case "msisdn":
            return _NUMBER.fullmatch(account) is not None
        case "email":
            return "@" in account
        case "party_code":
            return bool(uuid_or_400(account))
        case _:
            return False

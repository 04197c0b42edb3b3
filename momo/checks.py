"""Rules for the values a caller hands in, checked before anything is sent.

Each function returns the value it was given, or raises InvalidValue. Secrets are never repeated in the error.
"""

import re
from typing import NoReturn
from urllib.parse import urlsplit

from momo.errors import ConfigurationError, InvalidValue

_UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
_CURRENCY = re.compile(r"[A-Z]{3}")
_EMAIL = re.compile(r"[^@\s/?#]+@[^@\s/?#]+\.[^@\s/?#]+")
_DIGITS = re.compile(r"[1-9][0-9]{7,14}")
_BASIC = re.compile(r"Basic [A-Za-z0-9+/]+={0,2}")
_BEARER = re.compile(r"Bearer [\x21-\x7e]+")
_ONE_LINE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")
_UUID4_RULE = "a UUID version 4"


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def uuid4(field: str, value: str) -> str:
    """A UUID version 4 in its usual form of 36 characters, as MTN demands of reference ids."""
    if not _matches(_UUID4, value):
        raise InvalidValue(field, _UUID4_RULE, value)
    return value


def currency(field: str, value: str) -> str:
    """An ISO 4217 code: the shape only, since the list of currencies is MTN's."""
    if not _matches(_CURRENCY, value):
        raise InvalidValue(field, "three capital letters (ISO 4217)", value)
    return value


def msisdn(field: str, value: str) -> str:
    """8 to 15 digits with the calling code and no plus sign (E.164 without its prefix)."""
    if not _matches(_DIGITS, value):
        raise InvalidValue(field, "8 to 15 digits with the calling code and no +", _end_of(value))
    return value


def _end_of(value: object) -> str:
    """Enough of a wrong phone number to recognise it by; the whole would end up in logs."""
    return f"…{str(value)[-3:]}"


def email(field: str, value: str) -> str:
    """Something with one @ and a dot behind it."""
    if not _matches(_EMAIL, value):
        raise InvalidValue(field, "an e-mail address", value)
    return value


def account(field: str, account_type: str, value: str) -> str:
    """An account id of a type; `account_type` is MTN's, lower case (MTN tells cases apart)."""
    match account_type:
        case "msisdn":
            return msisdn(field, value)
        case "email":
            return email(field, value)
        case "party_code":
            return uuid4(field, value)
    raise InvalidValue("account_type", "one of msisdn, email, party_code", account_type)


def basic(field: str, value: str) -> str:
    """The header value of Basic authentication."""
    if not _matches(_BASIC, value):
        raise InvalidValue(field, "a Basic token: 'Basic ' and base64")
    return value


def bearer(field: str, value: str) -> str:
    """The header value of Bearer authentication."""
    if not _matches(_BEARER, value):
        raise InvalidValue(field, "a Bearer token: 'Bearer ' and an access token")
    return value


def one_line(field: str, value: str) -> str:
    """Printable ASCII on one line, not empty: what may stand in a header. Not shown, it may be a secret."""
    if not _matches(_ONE_LINE, value):
        raise InvalidValue(field, "one line of printable ASCII, not empty")
    return value


def url(field: str, value: str) -> str:
    """An absolute http or https address. MTN itself asks for https outside tests."""
    one_line(field, value)
    if not _is_http(value):
        raise InvalidValue(field, "an http or https address", value)
    return value


def base_url(value: str) -> str:
    """The address of MTN's API without a slash at its end.

    Raises:
        ConfigurationError: it is no plain http or https address.
    """
    if not (_matches(_ONE_LINE, value) and _is_http(value)) or "?" in value or "#" in value:
        _not_a_base(value)
    return value.rstrip("/")


def _not_a_base(value: object) -> NoReturn:
    raise ConfigurationError(f"the base URL must be a plain http or https address, not {str(value)[:80]!r}")


def _is_http(value: str) -> bool:
    try:
        parts = urlsplit(value)
        _ = parts.port  # reading it is what checks it
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in value

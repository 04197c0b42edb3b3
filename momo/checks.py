"""Rules for the values a caller hands in, checked before anything is sent.

Each function returns the value it was given, or raises InvalidValue. Secrets are never repeated in the error.
"""

import re
from typing import NoReturn, TypeVar
from urllib.parse import urlsplit

from momo.errors import ConfigurationError, InvalidValue

T = TypeVar("T")

_HEX = "[0-9A-Fa-f]"  # re.IGNORECASE would take twice the time
_UUID4 = re.compile(f"{_HEX}{{8}}-{_HEX}{{4}}-4{_HEX}{{3}}-[89ABab]{_HEX}{{3}}-{_HEX}{{12}}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_EMAIL = re.compile(r"[^@\s/?#]+@[^@\s/?#]+\.[^@\s/?#]+")
_DIGITS = re.compile(r"[1-9][0-9]{7,14}")
_BASIC = re.compile(r"Basic [A-Za-z0-9+/]+={0,2}")
_BEARER = re.compile(r"Bearer [\x21-\x7e]+")
_ONE_LINE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")
_TARGET = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}")
_PATH_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._:@+-]{0,99}")
_PATH = re.compile(r"/[A-Za-z0-9._~:@%/+-]*(\?[A-Za-z0-9._~:@%/+=&-]*)?")
_EXTERNAL_ID = re.compile(r"[!\"$%*-~]{1,160}")
_PLAIN = re.compile(r"[^\x00-\x1f\x7f'()#&]{1,160}")
_UUID4_RULE = "a UUID version 4"


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def instance(field: str, value: object, kind: type[T]) -> T:
    """Something of the type it has to be; a type checker would have said so earlier."""
    if not isinstance(value, kind):
        raise InvalidValue(field, f"of type {kind.__name__}", f"of type {type(value).__name__}")
    return value


def uuid4(field: str, value: str | None) -> str:
    """A UUID version 4 in its usual form of 36 characters, as MTN demands of reference ids."""
    if not isinstance(value, str) or _UUID4.fullmatch(value) is None:
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


def holder(field: str, account_type: str, value: str) -> str:
    """An account id where MTN also takes ids of its own and aliases."""
    if account_type in {"id", "alias"}:
        return path_part(field, value)
    if account_type not in {"msisdn", "email"}:
        raise InvalidValue("account_type", "one of msisdn, email, id, alias", account_type)
    return account(field, account_type, value)


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


def target(field: str, value: str) -> str:
    """A target environment: one word. Which ones exist is MTN's to say."""
    if not _matches(_TARGET, value):
        raise InvalidValue(field, "one word of letters and digits, such as sandbox or mtnuganda", value)
    return value


def one_word(field: str, value: str) -> str:
    """Printable ASCII without spaces."""
    if " " in one_line(field, value):
        raise InvalidValue(field, "without spaces", value)
    return value


def external_id(field: str, value: str) -> str:
    """A mark of the caller's own that MTN and the firewall before it let through."""
    if not _matches(_EXTERNAL_ID, value):
        raise InvalidValue(field, "1 to 160 characters of plain ASCII without spaces and ' ( ) # &", value)
    return value


def path_part(field: str, value: str) -> str:
    """An id of MTN's that stands in a path."""
    if not _matches(_PATH_PART, value):
        raise InvalidValue(field, "1 to 100 letters, digits and . _ : @ + -", value)
    return value


def path(field: str, value: str) -> str:
    """A path behind the product: begins with one slash and climbs nowhere."""
    if not _matches(_PATH, value) or "//" in value or ".." in value:
        raise InvalidValue(field, "a path such as /v1_0/account/balance", value)
    return value


def language(field: str, value: str) -> str:
    """A language code of ISO 639."""
    if not _matches(_LANGUAGE, value):
        raise InvalidValue(field, "a language code of two or three letters (ISO 639)", value)
    return value


def plain(field: str, value: str) -> str:
    """A text that MTN and the firewall before it let through: no apostrophe, brackets, # or &, 160 characters."""
    if not _matches(_PLAIN, value) or not value.strip():
        raise InvalidValue(field, "1 to 160 characters without ' ( ) # & and control characters")
    return value


def seconds(field: str, value: int) -> int:
    """A whole number of seconds, more than none."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidValue(field, "a whole number of seconds, at least 1", value)
    return value


def url(field: str, value: str) -> str:
    """An absolute http or https address. MTN itself asks for https outside tests."""
    if not _matches(_ONE_LINE, value) or not _is_http(value):
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


def host_and_target(url: str, target_environment: str) -> None:
    """MTN's sandbox host has one environment, and its live host all others.

    Raises:
        ConfigurationError: the environment is that of the other host.
    """
    host, sandbox = urlsplit(url).hostname, target_environment == "sandbox"
    if (host, sandbox) in {("sandbox.momodeveloper.mtn.com", False), ("proxy.momoapi.mtn.com", True)}:
        raise ConfigurationError(f"{host} does not serve the target environment {target_environment!r}")


def _not_a_base(value: object) -> NoReturn:
    raise ConfigurationError(f"the base URL must be a plain http or https address, not {str(value)[:80]!r}")


def _is_http(value: str) -> bool:
    try:
        parts = urlsplit(value)
        _ = parts.port  # reading it is what checks it
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in value

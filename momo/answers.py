"""Every answer as a function from HttpResponse to a model or an error. Never does I/O, never awaits.

An answer is judged by MTN's code first and by its HTTP status second. Two rules protect money:

* only 202 accepts a write, and
* only answers known to mean "no" say NOT_APPLIED; whatever cannot be understood is UNKNOWN.

Codes and status words are open sets: new ones pass through as they are.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from momo.errors import (
    ApiError,
    AuthenticationFailed,
    BadRequest,
    DuplicateReference,
    InvalidValue,
    MalformedResponse,
    MomoError,
    NotFound,
    PermissionDenied,
    RateLimited,
    Refused,
    ServerError,
)
from momo.models import (
    ApiUser,
    Balance,
    BasicUserInfo,
    Party,
    Reason,
    Status,
    Token,
    TransactionResult,
    UserInfo,
)
from momo.money import Money
from momo.wire import HttpResponse

# With HTTP 500 these mean that the request itself was refused and nothing was created. Any other code may hide
# a payment that went through, so the list is closed while the set of codes is not.
DEFINITE_REFUSALS = frozenset(
    {
        "INVALID_CALLBACK_URL_HOST",
        "INVALID_CURRENCY",
        "NOT_ALLOWED",
        "NOT_ALLOWED_TARGET_ENVIRONMENT",
        "NOT_ENOUGH_FUNDS",
        "PAYEE_NOT_ALLOWED_TO_RECEIVE",
        "PAYEE_NOT_FOUND",
        "PAYER_LIMIT_REACHED",
        "PAYER_NOT_FOUND",
    }
)

_BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequest,
    401: AuthenticationFailed,
    403: PermissionDenied,
    409: DuplicateReference,
}
_SECONDS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
_TOKEN = re.compile(r"[\x21-\x7e]+")


# --- reading what was asked for


def read_accepted(response: HttpResponse) -> None:
    """Return if a write was accepted, which is not yet success.

    Raises:
        MomoError: it was not, or nobody can tell; see its outcome.
    """
    if response.status == 202:
        return
    if response.status == 200 and is_html(response):
        # Source: measured. The firewall answers forbidden characters with a page and status 200.
        raise Refused(200, "FIREWALL", "the firewall in front of MTN refused the text of the request")
    raise error_of(response)


def read_created(response: HttpResponse) -> None:
    """Return if an API user was created."""
    if response.status != 201:
        raise error_of(response)


def read_token(response: HttpResponse) -> Token:
    """Read an access token."""
    if response.status == 500 and read_problem(response).code == "LOGIN_FAILED":
        # Source: measured. A wrong API key is HTTP 500 here, and nowhere else.
        raise AuthenticationFailed(500, "LOGIN_FAILED", "the API user or API key is wrong")
    body = _object(response)
    value, expires_in = body.get("access_token"), _text(body.get("expires_in"))
    if not isinstance(value, str) or not _TOKEN.fullmatch(value) or not re.fullmatch("[0-9]{1,9}", expires_in):
        _malformed(response, "no usable access token")
    return Token(value, int(expires_in))


def read_balance(response: HttpResponse) -> Balance:
    """Read a balance."""
    body = _object(response)
    available = _money(response, body.get("availableBalance"), body.get("currency"))
    if available is None:
        _malformed(response, "no balance")
    return Balance(available)


def read_active(response: HttpResponse) -> bool:
    """Read whether an account is active; false is also MTN's answer for an account that does not exist."""
    result = _object(response).get("result")
    if not isinstance(result, bool):
        _malformed(response, "neither true nor false")
    return result


def read_basic_user_info(response: HttpResponse) -> BasicUserInfo:
    """Read the name behind a number."""
    fields = ("given_name", "family_name", "birthdate", "locale", "gender", "status")
    body = _object(response)
    return BasicUserInfo(**{name: _text(body.get(name)) for name in fields})


def read_user_info(response: HttpResponse) -> UserInfo:
    """Read what an account holder consented to show."""
    names = ("sub", "name", "given_name", "family_name", "phone_number", "email", "birthdate", "locale")
    body = _object(response)
    return UserInfo(claims=body, **{name: _text(body.get(name)) for name in (*names, "gender", "status")})


def read_transaction(response: HttpResponse) -> TransactionResult:
    """Read where a money movement stands."""
    body = _object(response)
    word = body.get("status")
    if not isinstance(word, str) or not word:
        _malformed(response, "no status")
    return TransactionResult(
        status=Status(word),
        amount=_money(response, body.get("amount"), body.get("currency")),
        financial_transaction_id=_text(body.get("financialTransactionId")) or None,
        external_id=_text(body.get("externalId")) or None,
        party=_party(body.get("payee") or body.get("payer")),
        payer_message=_text(body.get("payerMessage")) or None,
        payee_note=_text(body.get("payeeNote")) or None,
        reason=_reason(body.get("reason") or body.get("Reason")),
        raw=body,
    )


def read_api_user(response: HttpResponse) -> ApiUser:
    """Read what an API user was made with."""
    body = _object(response)
    return ApiUser(_text(body.get("providerCallbackHost")), _text(body.get("targetEnvironment")))


def read_api_key(response: HttpResponse) -> str:
    """Read a new API key."""
    key = _object(response, 201).get("apiKey")
    if not isinstance(key, str) or not key:
        _malformed(response, "no API key")
    return key


# --- reading errors


@dataclass(frozen=True, slots=True)
class Problem:
    """What an error body says, in whichever of MTN's shapes it came."""

    code: str | None = None
    message: str = ""
    gateway: bool = False


def read_problem(response: HttpResponse) -> Problem:
    """Read an error body. Whatever has no known shape, or no body at all, is a Problem without a code."""
    # Source: the wallet says {code, message}, the token endpoints {error}, the gateway {statusCode, message}.
    body = decode(response)
    if not isinstance(body, dict):
        return Problem()
    code = normal_code(body.get("code") or body.get("error"))
    return Problem(code, _text(body.get("message")), gateway=code is None and "statusCode" in body)


def error_of(response: HttpResponse) -> MomoError:
    """The error that an answer other than the wished one stands for."""
    problem, code = read_problem(response), response.status
    if problem.code and problem.code.startswith("RESOURCE_ALREADY_EXIST"):  # some markets add an S
        return _api_error(DuplicateReference, response, problem)
    if code == 404:
        return _not_found(response, problem)
    if code == 429:
        return _rate_limited(response, problem)
    if code == 500 and problem.code in DEFINITE_REFUSALS:
        return _api_error(Refused, response, problem)
    if 500 <= code < 600:
        return _api_error(ServerError, response, problem)
    if 400 <= code < 500:
        return _api_error(_BY_STATUS.get(code, ApiError), response, problem)
    return MalformedResponse("an answer MTN does not document", code)


def _api_error(kind: type[ApiError], response: HttpResponse, problem: Problem) -> ApiError:
    return kind(response.status, problem.code, problem.message, gateway=problem.gateway)


def _not_found(response: HttpResponse, problem: Problem) -> MomoError:
    """Only MTN's own word counts: a 404 of a gateway, or of anything on the way, says nothing of a reference id."""
    if problem.code == "RESOURCE_NOT_FOUND":
        return _api_error(NotFound, response, problem)
    return MalformedResponse("not found, but not in MTN's words", response.status)


def _rate_limited(response: HttpResponse, problem: Problem) -> RateLimited:
    wish = response.headers.get("retry-after", "").strip()
    retry_after = float(wish) if _SECONDS.fullmatch(wish) else None
    return RateLimited(response.status, problem.code, problem.message, gateway=problem.gateway, retry_after=retry_after)


def normal_code(value: object) -> str | None:
    """A code in one spelling: upper case, underscores. None where there is none."""
    text = _text(value).strip()
    return "_".join(text.upper().split())[:100] or None


# --- reading bodies


def is_html(response: HttpResponse) -> bool:
    """True if the body is a web page: it begins like one, and its type or its first word says HTML."""
    beginning = response.body.lstrip()[:15].lower()
    says_html = "html" in response.headers.get("content-type", "").lower()
    return beginning.startswith(b"<" if says_html else (b"<!doctype html", b"<html"))


def decode(response: HttpResponse) -> Any:
    """The body as JSON with every fraction a Decimal; None if it is empty or no JSON."""
    try:
        return json.loads(response.body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, ArithmeticError, RecursionError):  # wrong UTF-8, absurd numbers, endless nesting
        return None


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number that money can have")


def _object(response: HttpResponse, expected: int = 200) -> dict[str, Any]:
    if response.status != expected:
        raise error_of(response)
    body = decode(response)
    if not isinstance(body, dict):
        _malformed(response, "not a JSON object")
    return body


def _malformed(response: HttpResponse, what: str) -> NoReturn:
    raise MalformedResponse(f"unreadable answer: {what}", response.status)


def _text(value: object) -> str:
    """A string field; MTN sends numbers where it documents strings. Lone surrogates could not be stored."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return str(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else ""


def _money(response: HttpResponse, amount: object, currency: object) -> Money | None:
    if amount is None or currency is None:
        return None
    try:
        return Money.parse(_text(amount), _text(currency))
    except InvalidValue:
        _malformed(response, "an amount that is none")


def _party(value: object) -> Party | None:
    if not isinstance(value, dict):
        return None
    return Party(_text(value.get("partyIdType")), _text(value.get("partyId")))


def _reason(value: object) -> Reason | None:
    """Source: an object in the export and the sandbox; a bare string in production, in any spelling."""
    fields: Mapping[str, object] = value if isinstance(value, dict) else {"code": value}
    message = _text(fields.get("message"))
    code = normal_code(fields.get("code")) or normal_code(message)
    return Reason(code, message, raw=value) if code else None

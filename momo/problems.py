"""What an answer other than the wished one means. Never does I/O, never awaits.

An answer is judged by MTN's code first and by its HTTP status second. Only answers known to mean "no" say
NOT_APPLIED; whatever cannot be understood is UNKNOWN. Codes are an open set: new ones pass through as they are.
"""

import re
from dataclasses import dataclass

from momo.bodies import decode, normal_code, text
from momo.errors import (
    ApiError,
    AuthenticationFailed,
    BadRequest,
    DuplicateReference,
    MalformedResponse,
    MomoError,
    NotFound,
    PermissionDenied,
    RateLimited,
    Refused,
    ServerError,
)
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
    return Problem(code, text(body.get("message")), gateway=code is None and "statusCode" in body)


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

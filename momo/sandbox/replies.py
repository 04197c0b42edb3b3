"""The sandbox's answers in MTN's three error shapes, and the exception that carries a refusal out of a check.

No rule lives here: only status codes, bodies and content types.
"""

import json
import re
from collections.abc import Mapping

from momo.wire import HttpResponse

# Section "errors" of MTN's documentation and the examples of its specification: code -> status, message.
WALLET_ERRORS: Mapping[str, tuple[int, str]] = {
    "NOT_ALLOWED": (500, "Authorization failed. Insufficient permissions."),
    "NOT_ALLOWED_TARGET_ENVIRONMENT": (500, "Access to target environment is forbidden."),
    "INVALID_CALLBACK_URL_HOST": (500, "Callback URL does not match the configured value."),
    "INVALID_CURRENCY": (500, "Currency not supported."),
    "INTERNAL_PROCESSING_ERROR": (500, "An internal error occurred while processing."),
    "SERVICE_UNAVAILABLE": (503, "Service temporarily unavailable, try again later."),
    "RESOURCE_NOT_FOUND": (404, "Requested resource was not found."),
    "RESOURCE_ALREADY_EXIST": (409, "Duplicated reference id. Creation of resource failed."),
}
FIREWALL_PAGE = (
    b"<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. "
    b"Please consult with your administrator.<br><br>Your support ID is: 1234567890</body></html>"
)
_QUOTED_NUMBER = re.compile(
    rb'"(amount|externalId|partyId|financialTransactionId)": "((?:0|[1-9][0-9]*)(?:\.[0-9]+)?)"'
)


class RefusalError(Exception):
    """A request that is answered with a refusal; carries the answer."""

    def __init__(self, reply: HttpResponse) -> None:
        super().__init__(reply.status)
        self.reply = reply


def empty(status: int) -> HttpResponse:
    """An answer without a body, and so without a content type."""
    return HttpResponse(status, {}, b"")


def as_json(status: int, data: object, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """A JSON answer. The content type is bare: a published client understands no other."""
    body = json.dumps(data).encode()
    return HttpResponse(status, {"content-type": "application/json", **(headers or {})}, body)


def wallet_error(code: str) -> HttpResponse:
    """The wallet's error shape, under the status MTN gives to *code* (500 if we know none)."""
    status, message = WALLET_ERRORS.get(code, (500, code.replace("_", " ").capitalize() + "."))
    return as_json(status, {"code": code, "message": message})


def gateway_error(status: int, message: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The API gateway's error shape."""
    return as_json(status, {"statusCode": status, "message": message}, headers)


def token_error(status: int, error: str) -> HttpResponse:
    """The shape of the token endpoints, and of a refused token."""
    return as_json(status, {"error": error})


def firewall_page() -> HttpResponse:
    """What the firewall sends for a request it does not like: a page, with status 200."""
    return HttpResponse(200, {"content-type": "text/html"}, FIREWALL_PAGE)


def too_many_requests(retry_after: float) -> HttpResponse:
    """The gateway's 429, with the seconds to wait."""
    seconds = f"{retry_after:g}"
    message = f"Rate limit is exceeded. Try again in {seconds} seconds."
    return gateway_error(429, message, {"retry-after": seconds})


def unquoted(body: bytes) -> bytes:
    """The same JSON with numbers where the schema says strings (as MTN's examples have it)."""
    return _QUOTED_NUMBER.sub(rb'"\1": \2', body)


def bad_request() -> RefusalError:
    """MTN's usual 400: no body, no explanation."""
    return RefusalError(empty(400))


def refused(code: str) -> RefusalError:
    """A refusal with the wallet's *code*."""
    return RefusalError(wallet_error(code))

"""What can go wrong on the way, by name: each fault says how one exchange is treated.

Pure data and functions on answers; which request is hit is decided in `fault_plan.py`, and the two doors only
carry out what an `Answer` says.

    never processed   refuse_connection  reset  drop_request  status_400 401 403 429 500 503  error_500_code
                      html_200  answer
    processed         lose_answer  cut_body  error_after  slow  truncate  oversized  alter  stale_pending
                      not_found_for
    either            timeout (never processed unless `processed`), and every status and `answer` with `processed`
    more than once    duplicate_delivery  late_processing
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from momo.sandbox import replies
from momo.wire import HttpResponse

Respond = Callable[[HttpResponse], HttpResponse]


class Cut(Enum):
    """How a connection ends without a whole answer."""

    REFUSED = "refused"  # never established; over HTTP, where it stands already, the same as RESET
    RESET = "reset"
    CLOSED = "closed"
    SILENT = "silent"  # held open until the client gives up
    MID_BODY = "mid_body"  # head and half of the body, then closed


@dataclass(frozen=True, slots=True)
class Answer:
    """What a door does with one request: wait `delay` seconds, then send `response`, or cut."""

    response: HttpResponse
    delay: float = 0.0
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Treatment:
    """How one exchange is treated.

    Attributes:
        deliver: when the request is processed, in seconds from now; empty for never.
        instead: sent in place of the real answer.
        respond: changes the real answer.
        hide_for: so long a status GET does not find the transaction made here.
    """

    deliver: tuple[float, ...] = (0.0,)
    instead: HttpResponse | None = None
    respond: Respond | None = None
    delay: float = 0.0
    cut: Cut | None = None
    hide_for: float = 0.0


def _instead(reply: HttpResponse, processed: bool) -> Treatment:
    return Treatment(deliver=(0.0,) if processed else (), instead=reply)


def refuse_connection() -> Treatment:
    """Nobody listens (in memory; over HTTP a reset)."""
    return Treatment(deliver=(), cut=Cut.REFUSED)


def reset() -> Treatment:
    """The connection is reset before the request is processed."""
    return Treatment(deliver=(), cut=Cut.RESET)


def drop_request() -> Treatment:
    """The request gets lost and the connection is closed."""
    return Treatment(deliver=(), cut=Cut.CLOSED)


def lose_answer() -> Treatment:
    """The request is processed and its answer is lost: for a write, the lost 202."""
    return Treatment(cut=Cut.CLOSED)


def cut_body() -> Treatment:
    """The answer stops in the middle."""
    return Treatment(cut=Cut.MID_BODY, respond=_with_some_body)


def slow(seconds: float = 5.0) -> Treatment:
    """The request is processed at once, the answer comes late."""
    return Treatment(delay=seconds)


def timeout(*, processed: bool = False) -> Treatment:
    """No answer ever comes."""
    return Treatment(deliver=(0.0,) if processed else (), cut=Cut.SILENT)


def late_processing(seconds: float = 60.0) -> Treatment:
    """No answer comes; the request was on its way and is processed later."""
    return Treatment(deliver=(seconds,), cut=Cut.SILENT)


def duplicate_delivery(seconds: float = 0.0) -> Treatment:
    """The request arrives twice, the second time `seconds` later; the first answer is sent."""
    return Treatment(deliver=(0.0, seconds))


def status_400(*, processed: bool = False) -> Treatment:
    """MTN's empty 400."""
    return _instead(replies.empty(400), processed)


def status_401(*, gateway: bool = False, processed: bool = False) -> Treatment:
    """A token that is no longer good, or (gateway) a subscription key."""
    if gateway:
        message = "Access denied due to invalid subscription key."
        return _instead(replies.gateway_error(401, message), processed)
    return _instead(replies.token_error(401, "invalid_token"), processed)


def status_403(*, processed: bool = False) -> Treatment:
    """The gateway's 403: address not on the list, or product not enabled."""
    return _instead(replies.gateway_error(403, "Forbidden"), processed)


def status_429(retry_after: float = 1.0, *, processed: bool = False) -> Treatment:
    """Too many requests, with Retry-After."""
    return _instead(replies.too_many_requests(retry_after), processed)


def status_500(*, processed: bool = False) -> Treatment:
    """A 500 without any code."""
    return _instead(replies.empty(500), processed)


def error_500_code(code: str = "INTERNAL_PROCESSING_ERROR", *, processed: bool = False) -> Treatment:
    """A 500 with the wallet's `code`."""
    body = json.loads(replies.wallet_error(code).body)
    return _instead(replies.as_json(500, body), processed)


def status_503(*, processed: bool = False) -> Treatment:
    """The wallet is down."""
    return _instead(replies.wallet_error("SERVICE_UNAVAILABLE"), processed)


def error_after() -> Treatment:
    """The request is processed, then answered as if an internal error had stopped it."""
    return error_500_code(processed=True)


def html_200(*, processed: bool = False) -> Treatment:
    """The firewall's page."""
    return _instead(replies.firewall_page(), processed)


def answer(
    status: int = 200, body: str = "", content_type: str = "application/json", *, processed: bool = False
) -> Treatment:
    """Any answer at all."""
    return _instead(HttpResponse(status, {"content-type": content_type}, body.encode()), processed)


def truncate() -> Treatment:
    """Half of the JSON, in an answer that is whole as HTTP."""
    return Treatment(respond=_halved)


def oversized(size: int = 10_000_000) -> Treatment:
    """The answer, followed by blanks up to `size` bytes."""
    return Treatment(respond=lambda reply: replace(reply, body=reply.body.ljust(size)))


def alter(fields: Mapping[str, object] | None = None, without: tuple[str, ...] = ()) -> Treatment:
    """The JSON answer with other `fields`, and some left out."""
    return Treatment(respond=lambda reply: _altered(reply, fields or {}, without))


def stale_pending() -> Treatment:
    """A status from before the end: PENDING."""
    return alter({"status": "PENDING"}, without=("financialTransactionId", "reason"))


def not_found_for(seconds: float = 5.0) -> Treatment:
    """On a write: status GETs do not find the transaction for a while."""
    return Treatment(hide_for=seconds)


def _with_some_body(reply: HttpResponse) -> HttpResponse:
    """An accepted write has no body to cut: it is answered with the start of an error instead."""
    return reply if reply.body else replies.wallet_error("INTERNAL_PROCESSING_ERROR")


def _halved(reply: HttpResponse) -> HttpResponse:
    whole = _with_some_body(reply)
    return replace(whole, body=whole.body[: len(whole.body) // 2])


def _altered(reply: HttpResponse, fields: Mapping[str, object], without: tuple[str, ...]) -> HttpResponse:
    """Refusals and empty answers stay as they are."""
    if reply.status != 200 or not reply.body.startswith(b"{"):
        return reply
    kept = {name: value for name, value in json.loads(reply.body).items() if name not in without}
    return replies.as_json(200, {**kept, **fields})


FAULTS: Mapping[str, Callable[..., Treatment]] = {
    fault.__name__: fault
    for fault in (
        refuse_connection,
        reset,
        drop_request,
        lose_answer,
        cut_body,
        slow,
        timeout,
        late_processing,
        duplicate_delivery,
        status_400,
        status_401,
        status_403,
        status_429,
        status_500,
        error_500_code,
        status_503,
        error_after,
        html_200,
        answer,
        truncate,
        oversized,
        alter,
        stale_pending,
        not_found_for,
    )
}

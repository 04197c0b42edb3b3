"""What a program is told of each call, for its logs and metrics. Redacted by construction.

A report holds no header, no body, no address with a number in it, and none of MTN's words: nothing that would have
to be blanked out later.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from momo.errors import ApiError, MalformedResponse
from momo.models import Product
from momo.wire import HttpRequest

_LOG = logging.getLogger("momo")


@dataclass(frozen=True, slots=True)
class CallReport:
    """One exchange with MTN, over.

    Attributes:
        product: whose call it was.
        operation: such as "transfer" or "token".
        method: the HTTP verb.
        path: as a template, without what stands in its braces.
        attempt: 1, or more for a repeated read.
        seconds: how long it took, waiting for a turn not included.
        reference_id: the one sent or asked about; None where there is none.
        status: the HTTP status; None if there was no answer.
        error: the name of the error it ended in; None if it succeeded.
        code: MTN's code; None where there is none.
    """

    product: Product
    operation: str
    method: str
    path: str
    attempt: int
    seconds: float
    reference_id: str | None = None
    status: int | None = None
    error: str | None = None
    code: str | None = None


Hook = Callable[[CallReport], None]
"""Called after every exchange, on the event loop: it must not block."""


def log_calls(logger: logging.Logger = _LOG) -> Hook:
    """A hook that logs every call: successes as DEBUG, errors as WARNING."""

    def log(report: CallReport) -> None:
        logger.log(
            logging.WARNING if report.error else logging.DEBUG,
            "momo %s %s attempt=%d status=%s error=%s code=%s reference_id=%s seconds=%.3f",
            report.product.value,
            report.operation,
            report.attempt,
            report.status,
            report.error,
            report.code,
            report.reference_id,
            report.seconds,
        )

    return log


def report_of(
    product: Product,
    request: HttpRequest,
    attempt: int,
    seconds: float,
    status: int | None,
    error: BaseException | None,
) -> CallReport:
    """What is told of an exchange."""
    row = request.endpoint
    return CallReport(
        product=product,
        operation=row.name if row else "unknown",
        method=request.method,
        path=row.path if row else "",
        attempt=attempt,
        seconds=seconds,
        reference_id=_reference_of(request),
        status=error.status if isinstance(error, (ApiError, MalformedResponse)) else status,
        error=None if error is None else type(error).__name__,
        code=error.code if isinstance(error, ApiError) else None,
    )


def tell(hooks: tuple[Hook, ...], report: CallReport) -> None:
    """Call the hooks. One that fails must not make a payment look as if it had: its error is logged, no more."""
    for hook in hooks:
        try:
            hook(report)
        except Exception:  # noqa: BLE001 - whatever it is, the call it is about has happened
            _LOG.exception("a hook failed")


def _reference_of(request: HttpRequest) -> str | None:
    if request.endpoint is not None and request.endpoint.path.endswith("/{reference_id}"):
        return request.url.rpartition("/")[2]
    return request.headers.get("X-Reference-Id")

"""Which callbacks are sent, when, with which verb and body. Sending them is the door's business.

MTN's callbacks are unsigned, carry no reference id, and go only to the URL of the request. How often they
come is contradictory in its documents, so that is a setting; a body may also be forged here, for tests.
"""

import heapq
import json
from dataclasses import dataclass, replace

from momo.sandbox.replies import unquoted
from momo.sandbox.settings import CallbackMode, CallbackVerb, Settings
from momo.sandbox.statuses import status_fields
from momo.sandbox.timeline import Timeline
from momo.sandbox.wallet import PENDING, Transaction
from momo.wire import HttpRequest

# One revision of MTN's page: 2 s for an answer, 20 repeats a second apart, 30 two minutes apart, then hourly.
ANSWER_TIMEOUT = 2.0
_RETRY_DELAYS = ((20, 1.0), (50, 120.0))
_HOURLY = 3600.0


@dataclass(frozen=True, slots=True, order=True)
class Callback:
    """One callback to send at a moment; *number* is unique, *attempt* counts from 1."""

    at: float
    number: int
    reference_id: str | None
    method: str
    url: str
    body: bytes
    attempt: int = 1

    def request(self) -> HttpRequest:
        """It as the merchant's server will get it."""
        return HttpRequest(self.method, self.url, {"content-type": "application/json"}, self.body)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A callback that was tried, and the status it was answered with (None: no answer)."""

    callback: Callback
    status: int | None


class Callbacks:
    """The callbacks that wait, and those that were tried."""

    def __init__(self, settings: Settings, timeline: Timeline) -> None:
        self._settings = settings
        self._timeline = timeline
        self._waiting: list[Callback] = []
        self._count = 0
        self.deliveries: list[Delivery] = []

    def announce(self, transaction: Transaction) -> None:
        """Plan what the end of *transaction* sends out; nothing if it came without a callback URL."""
        order = transaction.order
        if order.callback_url is None:
            return
        body = status_fields(transaction, self._settings)
        verb = self._settings.callback_verb
        method = order.callback_method if verb is CallbackVerb.SPECIFIED else verb.upper()
        for delay, fields in self._plan(body):
            self._enqueue(delay, order.reference_id, method, order.callback_url, fields)

    def forge(self, url: str, body: object, method: str = "PUT", delay: float = 0.0) -> Callback:
        """Plan a callback that MTN would never have sent: any body, to any URL."""
        return self._enqueue(delay, None, method, url, body)

    def take_due(self) -> list[Callback]:
        """The callbacks whose time has come; the caller sends them and reports with `record`."""
        due = []
        while self._waiting and self._waiting[0].at <= self._timeline.now():
            due.append(heapq.heappop(self._waiting))
        return due

    def next_at(self) -> float | None:
        """When the next callback is due; None if none waits."""
        return self._waiting[0].at if self._waiting else None

    def record(self, callback: Callback, status: int | None) -> None:
        """Note how a callback was answered; in the mode `retry` an unanswered one comes again."""
        self.deliveries.append(Delivery(callback, status))
        answered = status is not None and 200 <= status < 300
        if self._settings.callback_mode is CallbackMode.RETRY and not answered:
            at = self._timeline.now() + _retry_delay(callback.attempt)
            heapq.heappush(self._waiting, replace(callback, at=at, attempt=callback.attempt + 1))

    def _plan(self, body: dict[str, object]) -> list[tuple[float, dict[str, object]]]:
        later = self._settings.callback_delay
        match self._settings.callback_mode:
            case CallbackMode.NONE:
                return []
            case CallbackMode.TWICE:
                return [(0.0, body), (0.0, body)]
            case CallbackMode.LATE:
                return [(later, body)]
            case CallbackMode.OUT_OF_ORDER:
                return [(0.0, body), (later, _as_pending(body))]
            case _:
                return [(0.0, body)]

    def _enqueue(self, delay: float, reference_id: str | None, method: str, url: str, body: object) -> Callback:
        self._count += 1
        at = self._timeline.now() + delay
        callback = Callback(at, self._count, reference_id, method, url, self._encoded(body))
        heapq.heappush(self._waiting, callback)
        return callback

    def _encoded(self, body: object) -> bytes:
        encoded = json.dumps(body).encode()
        return unquoted(encoded) if self._settings.numbers_unquoted else encoded


def _as_pending(body: dict[str, object]) -> dict[str, object]:
    """The news of an earlier moment."""
    kept = {name: value for name, value in body.items() if name not in {"financialTransactionId", "reason"}}
    return {**kept, "status": PENDING}


def _retry_delay(attempt: int) -> float:
    return next((delay for attempts, delay in _RETRY_DELAYS if attempt <= attempts), _HOURLY)

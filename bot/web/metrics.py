"""``/metrics``: what happens and what there is, as Prometheus reads it.

Calls are counted as they are made; everything else is read from the database when somebody asks. No label holds a
number, a name or a reference: what can be a label is a closed list of ours, of Telegram's or of the client's.
"""

import hmac
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.service.health import Figures
from bot.setting_values import is_loopback
from momo import CallReport

PREFIX = "momo_desk_"
SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40)

# A series for when each counter was made would double what is sent, and nobody asks for it.
disable_created_metrics()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is read when somebody asks."""

    figures: Figures
    disk_free_bytes: int


Take = Callable[[], Awaitable[Snapshot]]


class Metrics:
    """Counts calls, and writes them down with a snapshot. A registry of its own: two bots in a process stay apart."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._shown = _Shown()
        self._registry.register(self._shown)
        ProcessCollector(registry=self._registry)
        self._mtn_calls = self._counter("mtn_calls", "Calls to MTN.", "product", "operation", "outcome")
        self._mtn_seconds = self._histogram("mtn_call_seconds", "How long MTN took.", "product", "operation")
        self._telegram_calls = self._counter("telegram_calls", "Calls to Telegram.", "method", "outcome")
        self._telegram_seconds = self._histogram("telegram_call_seconds", "How long Telegram took.", "method")

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(PREFIX + name, words, labels, registry=self._registry)

    def _histogram(self, name: str, words: str, *labels: str) -> Histogram:
        return Histogram(PREFIX + name, words, labels, buckets=SECONDS, registry=self._registry)

    def called_mtn(self, report: CallReport) -> None:
        """Count one exchange with MTN."""
        self._mtn_calls.labels(report.product.value, report.operation, report.error or "ok").inc()
        self._mtn_seconds.labels(report.product.value, report.operation).observe(report.seconds)

    def called_telegram(self, method: str, outcome: str, seconds: float) -> None:
        """Count one exchange with Telegram."""
        self._telegram_calls.labels(method, outcome).inc()
        self._telegram_seconds.labels(method).observe(seconds)

    def written(self, snapshot: Snapshot) -> bytes:
        """Return everything in Prometheus' text format."""
        self._shown.gauges = list(_gauges(snapshot))
        return generate_latest(self._registry)


class _Shown(Collector):
    """The gauges of the last snapshot."""

    def __init__(self) -> None:
        self.gauges: list[Metric] = []

    def collect(self) -> Iterable[Metric]:
        return self.gauges


def _gauges(snapshot: Snapshot) -> Iterator[Metric]:
    figures, lags, verdict = snapshot.figures, snapshot.figures.lags, snapshot.figures.verdict
    yield _gauge("transactions", "Transactions by state and kind.", figures.transactions, "state", "kind")
    oldest = {(state,): age.total_seconds() for state, age in figures.oldest.items()}
    yield _gauge("oldest_transaction_seconds", "Since the oldest in this state was authorised.", oldest, "state")
    yield _gauge("poll_lag_seconds", "How overdue a lookup at MTN or a sending is.", {(): lags.poll.total_seconds()})
    yield _gauge("outbox_lag_seconds", "How long a message has waited.", {(): lags.outbox.total_seconds()})
    yield _gauge("outbox_waiting", "Messages still to be sent.", {(): figures.outbox_waiting})
    yield _gauge("inbox_waiting", "Updates not handled yet.", {(): figures.inbox_waiting})
    dead = {(box,): n for box, n in figures.dead_letters.items()}
    yield _gauge("dead_letters", "Updates and messages that were given up.", dead, "box")
    yield _gauge("frozen", "1 while sending is stopped.", {(): lags.frozen})
    yield _gauge("disk_free_bytes", "Room beside the database.", {(): snapshot.disk_free_bytes})
    # Before the first verification there is nothing to say: no series, not a zero.
    holds = {} if verdict is None else {(): verdict.broken is None}
    verified = {} if verdict is None else {(): verdict.at.timestamp()}
    yield _gauge("audit_ok", "1 if the audit trail held when it was verified last.", holds)
    yield _gauge("audit_verified_timestamp_seconds", "When it was verified last.", verified)


def _gauge(name: str, words: str, values: Mapping[Any, float], *labels: str) -> Metric:
    family = GaugeMetricFamily(PREFIX + name, words, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


class MetricsPage:
    """Shows the metrics to whoever may read them.

    With a *token*, to those who bring it as a bearer. Without one only to this machine, and only while nobody else can
    reach the port (*private*): behind a proxy every caller looks as if it were this machine.
    """

    def __init__(self, metrics: Metrics, take: Take, token: str, *, private: bool) -> None:
        self._metrics = metrics
        self._take = take
        self._token = token.encode()
        self._private = private

    async def handle(self, request: web.Request) -> web.Response:
        """Answer with the text format; 401 to a wrong token, 404 where nobody has set one."""
        self._demand(request)
        body = self._metrics.written(await self._take())
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    def _demand(self, request: web.Request) -> None:
        if self._token:
            given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
            if not hmac.compare_digest(given, self._token):
                raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
        elif not (self._private and is_loopback(request.remote or "")):
            raise web.HTTPNotFound

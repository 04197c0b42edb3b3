"""The way to MTN: one exchange of one life, the network between, and MTN's callbacks back.

The network belongs to the world: what was put on its way arrives, late or twice or not at all, whether or not
the bot that sent it is still alive. MTN itself is the sandbox.
"""

import asyncio
import json
import random
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from momo.errors import ConnectionFailed, ResponseLost, TransportError
from momo.sandbox import Callback, Sandbox, replies
from momo.wire import HttpRequest, HttpResponse
from tests.simulation import cast

if TYPE_CHECKING:
    from tests.simulation.life import Life
    from tests.simulation.world import World

CLIENT_TIMEOUT = 20.0
Reply = HttpResponse | TransportError
DEFINITE = (
    replies.empty(400),
    replies.gateway_error(403, "Forbidden"),
    replies.firewall_page(),
    replies.wallet_error("NOT_ENOUGH_FUNDS"),
    replies.wallet_error("PAYEE_NOT_FOUND"),
    replies.wallet_error("PAYER_LIMIT_REACHED"),
)
UNAUTHORISED = 401
CLEAN = (replies.token_error(401, "invalid_token"), replies.too_many_requests(7))
OVERLOADED = replies.wallet_error("INTERNAL_PROCESSING_ERROR")
ERRORS = (OVERLOADED, replies.wallet_error("SERVICE_UNAVAILABLE"), replies.empty(500))
GARBLED = (
    HttpResponse(500, {"content-type": "application/json"}, b'{"code": "INTERNAL_PRO'),
    HttpResponse(200, {"content-type": "application/json"}, b"null"),
)
ODD = (
    replies.empty(404),
    HttpResponse(404, {"content-type": "text/html"}, b"<html>no such page</html>"),
    HttpResponse(200, {"content-type": "application/json"}, b'{"status": "SUCC'),
    HttpResponse(200, {"content-type": "application/json"}, b'{"amount": "NaN"}'),
)
OPPOSITE = {"SUCCESSFUL": "FAILED", "FAILED": "SUCCESSFUL"}
NOT_FOUND = replies.refused("RESOURCE_NOT_FOUND").reply


class Wire:
    """What one life of the bot calls its transport to MTN."""

    def __init__(self, life: "Life") -> None:
        self._life = life

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        """Send a request and return the answer, or raise what became of it."""
        await self._life.boundary("mtn>")
        reply = await self._life.world.network.send(request, self._life.number)
        await self._life.boundary("mtn<")
        if isinstance(reply, TransportError):
            raise reply
        return reply

    async def close(self) -> None:
        """Nothing is open."""


class Network:
    """Carries requests to the sandbox and callbacks to the live bot, as badly as the knobs say."""

    def __init__(self, world: "World") -> None:
        self._world, self._knobs, self._loop = world, world.knobs, world.loop
        self._r = world.chance("network")
        self.sandbox = Sandbox(world.loop.time, world.seed)
        self.sandbox.settings.magic_codes_at_once = world.knobs.magic_at_once
        self._planned: asyncio.TimerHandle | None = None
        self._overloaded: dict[str, int] = {}
        self.forgotten: set[str] = set()
        # When MTN said "not found" of what it denies for ever.
        self.denials: defaultdict[str, list[float]] = defaultdict(list)

    # A request

    async def send(self, request: HttpRequest, life: int) -> Reply:
        """Put a request on its way; what comes back, and when."""
        answer: asyncio.Future[Reply] = self._loop.create_future()
        what = _kind(request)
        if what != "token":
            self._world.judge.called(life)
        if what == "write":
            self._world.judge.posted(request)
        getattr(self, f"_{what}")(request, answer)
        reply: Reply = ResponseLost("given up")  # if the caller waits no longer
        try:
            reply = await answer
        finally:
            if what == "write":
                self._world.judge.answered(request, reply)
        return reply

    def _write(self, request: HttpRequest, answer: "asyncio.Future[Reply]") -> None:
        knobs = self._knobs
        reference_id = request.headers["X-Reference-Id"]
        if reference_id not in self._overloaded:
            times = self._r.randint(2, 4) if self._chance(knobs.overloaded) else 0
            self._overloaded[reference_id] = times
        if self._chance(knobs.ghost):
            self._later(self._r.uniform(0, 60), lambda: self._arrive(request, ghost=True))
        if self._is_out():
            self._in_outage(request, answer)
        elif self._overloaded[reference_id] > 0:
            self._overloaded[reference_id] -= 1
            self._answer(answer, OVERLOADED)
        else:
            self._fate_of_write(request, answer)

    def _fate_of_write(self, request: HttpRequest, answer: "asyncio.Future[Reply]") -> None:
        knobs, choice = self._knobs, self._r.choice
        fates: tuple[tuple[float, Callable[[], object]], ...] = (
            (knobs.refused, lambda: self._answer(answer, ConnectionFailed("refused"))),
            (knobs.lost, lambda: self._silence(answer)),
            (knobs.late, lambda: self._too_late(request, answer)),
            (knobs.answer_lost, lambda: self._deliver(request, answer, lost_after=CLIENT_TIMEOUT)),
            (knobs.reset, lambda: self._deliver(request, answer, lost_after=self._travel())),
            (knobs.garbled, lambda: self._deliver(request, answer, choice(GARBLED))),
            (knobs.clean_no, lambda: self._clean_no(answer)),
            (knobs.definite, lambda: self._answer(answer, choice(DEFINITE))),
            (knobs.error_before, lambda: self._answer(answer, choice(ERRORS))),
            (knobs.error_after, lambda: self._deliver(request, answer, choice(ERRORS))),
        )
        self._draw(fates, lambda: self._deliver(request, answer))

    def _clean_no(self, answer: "asyncio.Future[Reply]") -> None:
        reply = self._r.choice(CLEAN)
        if reply.status == UNAUTHORISED:  # two in a row are worth saying
            self._world.alarms.expect("MTN refuses our key")
        self._answer(answer, reply)

    def _look(self, request: HttpRequest, answer: "asyncio.Future[Reply]") -> None:
        knobs, choice = self._knobs, self._r.choice
        if self._is_out():
            self._in_outage(request, answer)
            return
        if self._breaks_a_promise(request, answer):
            return
        fates: tuple[tuple[float, Callable[[], object]], ...] = (
            (knobs.look_lost, lambda: self._silence(answer)),
            (knobs.look_error, lambda: self._answer(answer, choice((*CLEAN, *ERRORS)))),
            (knobs.look_odd, lambda: self._answer(answer, choice(ODD))),
            (knobs.look_stale, lambda: self._deliver(request, answer, change=_stale)),
            (knobs.look_wrong, lambda: self._deliver(request, answer, change=self._wrong)),
        )
        self._draw(fates, lambda: self._deliver(request, answer))

    def _breaks_a_promise(self, request: HttpRequest, answer: "asyncio.Future[Reply]") -> bool:
        """Forget for ever what the bot knows to be accepted; or tell another end than the one it has seen."""
        reference_id = request.url.partition("?")[0].rpartition("/")[2]
        row = self._world.conn.execute("SELECT state FROM txn WHERE reference_id = ?", (reference_id,)).fetchone()
        state = row["state"] if row else None
        if state == "PENDING" and self._once(reference_id, "forgotten", self._knobs.forgotten):
            self.forgotten.add(reference_id)
        if state in OPPOSITE and self._once(reference_id, "flips", self._knobs.flips):
            self._world.alarms.expect("flipped")
            self._deliver(request, answer, change=_flipped)
            return True
        if reference_id in self.forgotten:
            self._answer(answer, NOT_FOUND)
            self.denials[reference_id].append(self._loop.time())
        return reference_id in self.forgotten

    def _once(self, reference_id: str, what: str, rate: float) -> bool:
        """Draw something of one payment, the same whenever it is asked."""
        return random.Random(f"{self._world.seed} {what} {reference_id}").random() < rate

    def _wrong(self, reply: HttpResponse) -> HttpResponse:
        """Return an answer about another amount."""
        if reply.status != 200:
            return reply
        self._world.alarms.expect("mismatch")
        return replies.as_json(200, {**json.loads(reply.body), "amount": "1"})

    def _token(self, request: HttpRequest, answer: "asyncio.Future[Reply]") -> None:
        if self._is_out() or self._chance(self._knobs.token_error):
            lost: tuple[Reply, ...] = (*ERRORS, ResponseLost("gone"), ConnectionFailed("refused"))
            self._answer(answer, self._r.choice(lost))
        else:
            self._deliver(request, answer)

    def _other(self, request: HttpRequest, answer: "asyncio.Future[Reply]") -> None:
        if self._is_out() or self._chance(self._knobs.name_slow):
            self._silence(answer)
        else:
            self._deliver(request, answer)

    # What may happen to it

    def _draw(self, fates: tuple[tuple[float, Callable[[], object]], ...], otherwise: Callable[[], object]) -> None:
        x = self._r.random() if self._world.faults else 1.0
        for rate, fate in fates:
            x -= rate
            if x < 0:
                fate()
                return
        otherwise()

    def _chance(self, rate: float) -> bool:
        return self._world.faults and self._r.random() < rate

    def _is_out(self) -> bool:
        now = self._loop.time()
        return self._world.faults and any(start <= now < end for start, end in self._knobs.outages)

    def _in_outage(self, request: HttpRequest, answer: "asyncio.Future[Reply]") -> None:
        x, (refused, silent, error) = self._r.random(), self._knobs.outage_shares
        if x < refused:
            self._answer(answer, ConnectionFailed("refused"))
        elif x < silent:
            self._silence(answer)
        elif x < error:
            self._answer(answer, self._r.choice(ERRORS))
        else:
            self._deliver(request, answer, lost_after=CLIENT_TIMEOUT)

    def _travel(self) -> float:
        return self._r.uniform(0.01, self._knobs.slowest if self._world.faults else 0.1)

    def _later(self, seconds: float, what: Callable[[], object]) -> None:
        self._loop.call_later(seconds, what)

    def _answer(self, answer: "asyncio.Future[Reply]", reply: Reply, after: float | None = None) -> None:
        seconds = self._travel() if after is None else after

        def come() -> None:
            if not answer.done():
                answer.set_result(reply)

        self._later(seconds, come)

    def _silence(self, answer: "asyncio.Future[Reply]") -> None:
        self._answer(answer, ResponseLost("no answer in time"), CLIENT_TIMEOUT)

    def _too_late(self, request: HttpRequest, answer: "asyncio.Future[Reply]") -> None:
        self._later(self._r.uniform(10, 300), lambda: self._arrive(request))
        self._silence(answer)

    def _deliver(
        self,
        request: HttpRequest,
        answer: "asyncio.Future[Reply]",
        instead: HttpResponse | None = None,
        change: Callable[[HttpResponse], HttpResponse] = lambda reply: reply,
        lost_after: float | None = None,
    ) -> None:
        """Let the request arrive after a while, and the answer come back, or be lost."""

        def arrive() -> None:
            reply = self._arrive(request)
            if lost_after is None:
                self._answer(answer, instead or change(reply))

        self._later(self._travel(), arrive)
        if lost_after is not None:
            self._answer(answer, ResponseLost("answer lost"), lost_after)

    # At MTN

    def _arrive(self, request: HttpRequest, *, ghost: bool = False) -> HttpResponse:
        """Have MTN process a request now; return its answer."""
        if _kind(request) != "write":
            return self._handle(request)
        self._world.judge.arrived(request)
        settings, knobs = self.sandbox.settings, self._knobs
        settings.settle_after = self._settling_time()
        longest = min(knobs.hidden_longest, 5.0) if ghost else knobs.hidden_longest
        settings.not_found_for = self._r.uniform(0, longest) if self._chance(knobs.hidden) else 0.0
        reply = self._handle(request)
        self._world.note("post", f"{request.headers['X-Reference-Id']} {reply.status}")
        if reply.status == 202:
            self._accepted(request, settings.settle_after)
        return reply

    def _handle(self, request: HttpRequest) -> HttpResponse:
        reply = self.sandbox.handle(request).response
        self._plan()
        return reply

    def _settling_time(self) -> float:
        knobs = self._knobs
        if not self._world.faults:
            return self._r.uniform(0.2, 30)
        if self._r.random() < knobs.settle_late:
            return self._r.uniform(knobs.settle_soon, knobs.settle_latest)
        return self._r.uniform(0.2, knobs.settle_soon)

    def _accepted(self, request: HttpRequest, settles_after: float) -> None:
        if self._r.random() < self._knobs.failing:
            self._later(settles_after * 0.9, lambda: self.end(request.headers["X-Reference-Id"], "EXPIRED"))
        if self._chance(self._knobs.early_callback):
            self.call_back(request.headers["X-Callback-Url"], "PENDING")

    def end(self, reference_id: str, reason: str | None) -> None:
        """Have MTN end a transaction now, if it has not: well, or for a reason."""
        transaction = self.sandbox.transactions[reference_id]
        if not transaction.is_final:
            self.sandbox.wallet.force(transaction, reason)
            self._plan()

    # Callbacks

    def _plan(self) -> None:
        """Look at the sandbox again when something falls due there."""
        at = self.sandbox.next_due()
        if self._planned is not None:
            self._planned.cancel()
        if at is not None:
            self._planned = self._loop.call_at(at, self._fall_due)

    def _fall_due(self) -> None:
        for callback in self.sandbox.due():
            self._spread(callback)
        self._plan()

    def _spread(self, callback: Callback) -> None:
        self._world.note("settled", str(callback.reference_id))
        times = self._r.choice(self._knobs.callbacks) if self._world.faults else 1
        status = str(json.loads(callback.body)["status"])
        for _ in range(times):
            self._later(self._r.uniform(0, self._knobs.callback_latest), lambda: self.call_back(callback.url, status))

    def call_back(self, url: str, status: str) -> None:
        """Knock at the live bot's door, as MTN or in its name; nobody there: it is lost."""
        self._world.door(url.rpartition("/")[2], status)


def _kind(request: HttpRequest) -> str:
    path = request.url.partition("?")[0]
    if path.endswith("/token/"):
        return "token"
    if request.method == "POST":
        return "write"
    return "look" if path.rpartition("/")[2].count("-") == 4 else "other"


def _stale(reply: HttpResponse) -> HttpResponse:
    """Return what a replica that lags behind would say: known, but not final."""
    if reply.status != 200:
        return reply
    fields = json.loads(reply.body)
    kept = {name: value for name, value in fields.items() if name not in ("financialTransactionId", "reason")}
    return replies.as_json(200, {**kept, "status": "PENDING"})


def _flipped(reply: HttpResponse) -> HttpResponse:
    """Return an answer with the opposite end."""
    if reply.status != 200:
        return reply
    fields = json.loads(reply.body)
    return replies.as_json(200, {**fields, "status": OPPOSITE.get(fields["status"], fields["status"])})


def callback_url(token: str) -> str:
    """Return the address that a transaction with this token gives to MTN."""
    return f"https://{cast.HOST}/momo/callbacks/{token}"

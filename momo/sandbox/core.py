"""The sandbox as one object: a request in, an answer out, and callbacks that fall due. Never does I/O.

Time is a clock that is passed in, chance a seeded generator. Two doors stand before it, `momo.testing` in
memory and `server.py` over HTTP; whatever decides anything is behind them.
"""

import random
import time
from collections.abc import Callable, Mapping
from functools import partial

from momo.sandbox.access import Access, ApiCredentials
from momo.sandbox.api import Api, Found
from momo.sandbox.call import Call
from momo.sandbox.callbacks import Callback, Callbacks
from momo.sandbox.control import PREFIX, Control
from momo.sandbox.fault_plan import FaultPlan, Rule
from momo.sandbox.faults import Answer
from momo.sandbox.journal import Entry, Journal, digest
from momo.sandbox.ledger import Ledger
from momo.sandbox.operations import Product
from momo.sandbox.settings import Settings
from momo.sandbox.timeline import Timeline
from momo.sandbox.wallet import Transaction, Wallet
from momo.wire import HttpRequest, HttpResponse

NO_ROUTE = "unknown"
NOTHING = HttpResponse(0, {}, b"")  # stands where a connection is cut before there is an answer


class Sandbox:
    """A local MoMo platform.

    Args:
        clock: seconds that only grow; a test passes its own.
        seed: of everything that is random (keys, tokens, financial ids, faults by chance); None for chance.
        collection_key: subscription key of Collection; the other two likewise.
        currency: the only one it takes, if no settings are given.
        settings: the switches; they may be changed while it runs.

    Attributes:
        settings, timeline, access, wallet, faults, requests, callbacks: its parts, open to tests.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        seed: int | None = None,
        *,
        collection_key: str = "c" * 32,
        disbursement_key: str = "d" * 32,
        remittance_key: str = "e" * 32,
        currency: str = "EUR",
        settings: Settings | None = None,
    ) -> None:
        self.settings = settings or Settings(currency=currency)
        self.timeline = Timeline(clock)
        self.requests = Journal()
        self._rng = random.Random(seed)  # noqa: S311 - nothing here guards anything; tests need to repeat it
        self.faults = FaultPlan(self._rng)
        self._keys = {
            Product.COLLECTION: collection_key,
            Product.DISBURSEMENT: disbursement_key,
            Product.REMITTANCE: remittance_key,
        }
        self._control = Control(self)
        self._build()

    def _build(self) -> None:
        self.access = Access(self._keys, self.settings, self.timeline, self._rng)
        self.callbacks = Callbacks(self.settings, self.timeline)
        self.wallet = Wallet(self.settings, self.timeline, self._rng, self.callbacks.announce)
        self._api = Api(self.access, self.wallet, self.settings, self.timeline, self._rng)

    @property
    def ledger(self) -> Ledger:
        """The accounts and every movement of money."""
        return self.wallet.ledger

    @property
    def transactions(self) -> Mapping[str, Transaction]:
        """The transactions under their reference ids, brought up to now."""
        self.timeline.catch_up()
        return self.wallet.by_reference()

    def provision(self, product: str, callback_host: str = "localhost") -> ApiCredentials:
        """Make an API user with a key for *product* ("collection", "disbursement" or "remittance")."""
        return self.access.provision(Product(product.lower()), callback_host)

    def subscription_key(self, product: str) -> str:
        """The subscription key of *product*."""
        return self._keys[Product(product.lower())]

    def handle(self, request: HttpRequest) -> Answer:
        """Answer one request, faults included; the door carries the answer out."""
        self.timeline.catch_up()
        call = Call.of(request)
        if call.path.startswith(PREFIX):
            return Answer(self._control.answer(call))
        found = self._api.find(call)
        operation = found.route.operation if found else NO_ROUTE
        reference_id = found.reference_id(call) if found else None
        rule = self.faults.pick(call, operation, reference_id)
        answer = self._treated(call, found, rule) if rule else Answer(self._api.answer(call, found))
        entry = Entry(
            at=self.timeline.now(),
            method=call.method,
            path=call.path,
            operation=operation,
            reference_id=reference_id,
            body_sha256=digest(call),
            status=answer.response.status if answer.cut is None else None,
            cut=answer.cut,
            fault=rule.name if rule else None,
        )
        self.requests.add(entry)
        return answer

    def due(self) -> list[Callback]:
        """Bring everything up to now and take the callbacks to send; report with `callbacks.record`."""
        self.timeline.catch_up()
        return self.callbacks.take_due()

    def next_due(self) -> float | None:
        """When `due` should be asked next, on the sandbox's clock; None while nothing is planned."""
        planned = [at for at in (self.timeline.next_at(), self.callbacks.next_at()) if at is not None]
        return min(planned, default=None)

    def reset(self) -> None:
        """Forget users, tokens, transactions, faults, callbacks and counts; settings and clock stay."""
        self.timeline.clear()
        self.requests.clear()
        self.faults.clear()
        self._build()

    def _treated(self, call: Call, found: Found | None, rule: Rule) -> Answer:
        """What comes of a call that a fault hits."""
        treatment = rule.treatment
        reply = treatment.instead
        for after in treatment.deliver:
            process = partial(self._process, call, found, treatment.hide_for)
            if after > 0:
                self.timeline.plan(after, process)
            else:
                answered = process()
                reply = reply or answered
        if reply and treatment.respond:
            reply = treatment.respond(reply)
        return Answer(reply or NOTHING, treatment.delay, treatment.cut)

    def _process(self, call: Call, found: Found | None, hide_for: float) -> HttpResponse:
        reply = self._api.answer(call, found)
        if hide_for and found and (hidden := self.transactions.get(found.reference_id(call) or "")):
            hidden.visible_at = self.timeline.now() + hide_for
        return reply

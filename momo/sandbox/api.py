"""MTN's paths: which request means what, and the order in which MTN checks it. Never does I/O.

Gateway first (path, subscription key), then the firewall, the token, the target environment, and last the
operation itself. The order of the last checks is not published; it is the one measured refusals suggest.
"""

import random
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote

from momo.sandbox import replies
from momo.sandbox.access import Access
from momo.sandbox.call import Call
from momo.sandbox.checks import uuid4_or_400
from momo.sandbox.collecting import Collecting
from momo.sandbox.consents import Consents
from momo.sandbox.holders import Holders
from momo.sandbox.operations import WRITES, Product, Write
from momo.sandbox.orders import OrderReader
from momo.sandbox.settings import Settings
from momo.sandbox.statuses import status_fields, wire_amount
from momo.sandbox.timeline import Timeline
from momo.sandbox.wallet import Wallet
from momo.wire import HttpResponse

# What the firewall does not let through (measured by two parties): it answers 200 with a page.
_FIREWALLED = re.compile(rb"[()#]")

_WRITES = frozenset(write.operation.name for write in WRITES)

Handler = Callable[[Call, Mapping[str, str]], HttpResponse]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path with `{names}`, the name of what it does, and the function that does it."""

    method: str
    pattern: re.Pattern[str]
    operation: str
    handler: Handler


@dataclass(frozen=True, slots=True)
class Found:
    """A route and what its path's names stand for."""

    route: Route
    names: Mapping[str, str]

    def reference_id(self, call: Call) -> str | None:
        """The transaction a call is about, in lower case."""
        reference_id = self.names.get("reference_id") or call.reference_id
        return reference_id.lower() if reference_id else None


class Api:
    """Answers calls to MTN's paths."""

    def __init__(
        self, access: Access, wallet: Wallet, settings: Settings, timeline: Timeline, rng: random.Random
    ) -> None:
        self._access = access
        self._wallet = wallet
        self._settings = settings
        self._timeline = timeline
        self._reader = OrderReader(settings, wallet)
        self._holders = Holders(settings)
        self._consents = Consents(access, settings, timeline, rng)
        self._collecting = Collecting(access, wallet, settings, timeline)
        self._status_calls: deque[float] = deque()
        self._routes = [*self._provisioning(), *self._for_all_products(), *self._for_money(), *self._for_collection()]

    def find(self, call: Call) -> Found | None:
        """The route of *call*, or None if MTN has none."""
        for route in self._routes:
            if route.method == call.method and (match := route.pattern.fullmatch(call.path)):
                return Found(route, {name: unquote(text) for name, text in match.groupdict().items()})
        return None

    def answer(self, call: Call, found: Found | None) -> HttpResponse:
        """The answer to *call*."""
        if found is None:
            return replies.gateway_error(404, "Resource not found")
        try:
            return found.route.handler(call, found.names)
        except replies.RefusalError as refusal:
            return refusal.reply

    # -- the table of paths

    def _provisioning(self) -> list[Route]:
        access = self._access
        return [
            _route("POST", "/v1_0/apiuser", "create_api_user", lambda call, _: access.create_user(call)),
            _route(
                "POST",
                "/v1_0/apiuser/{user_id}/apikey",
                "create_api_key",
                lambda call, names: access.create_key(call, names["user_id"]),
            ),
            _route(
                "GET",
                "/v1_0/apiuser/{user_id}",
                "get_api_user",
                lambda call, names: access.get_user(call, names["user_id"]),
            ),
        ]

    def _for_all_products(self) -> list[Route]:
        holder = "v1_0/accountholder/{kind}/{account}"
        return [
            route
            for product in Product
            for route in (
                self._guarded("POST", product, "token/", "token", self._token),
                self._guarded("GET", product, "v1_0/account/balance", "balance", self._balance),
                self._guarded("GET", product, "v1_0/account/balance/{currency}", "balance_in", self._balance),
                self._guarded("GET", product, f"{holder}/active", "active", self._active),
                self._guarded("GET", product, f"{holder}/basicuserinfo", "basic_user_info", self._basic_info),
                self._guarded("POST", product, "v1_0/bc-authorize", "bc_authorize", self._consents.authorize),
                self._guarded("POST", product, "oauth2/token/", "oauth2_token", self._consents.token),
                self._guarded("GET", product, "oauth2/v1_0/userinfo", "user_info", self._consents.user_info),
            )
        ]

    def _for_money(self) -> list[Route]:
        routes = []
        for write in WRITES:
            name = write.operation.name
            submit = partial(self._submit, write=write)
            routes.append(self._guarded("POST", write.product, write.path, name, submit))
            if write.has_status:
                status = partial(self._status, write=write)
                path = f"{write.path}/{{reference_id}}"
                routes.append(self._guarded("GET", write.product, path, f"{name}_status", status))
        return routes

    def _for_collection(self) -> list[Route]:
        collecting, product = self._collecting, Product.COLLECTION
        return [
            self._guarded(
                "POST",
                product,
                "v1_0/requesttopay/{reference_id}/deliverynotification",
                "delivery_notification",
                collecting.notify,
            ),
            self._guarded(
                "DELETE", product, "v2_0/invoice/{reference_id}", "cancel_invoice", collecting.cancel_invoice
            ),
            self._guarded(
                "GET", product, "v1_0/preapprovals/{kind}/{account}", "pre_approvals", collecting.pre_approvals
            ),
            self._guarded(
                "DELETE",
                product,
                "v1_0/preapproval/{pre_approval_id}",
                "cancel_pre_approval",
                collecting.cancel_pre_approval,
            ),
        ]

    def _guarded(
        self,
        method: str,
        product: Product,
        path: str,
        operation: str,
        handler: Callable[[Call, Product, Mapping[str, str]], HttpResponse],
    ) -> Route:
        """A route of *product* behind its subscription key and the firewall."""

        def guarded(call: Call, names: Mapping[str, str]) -> HttpResponse:
            self._access.check_subscription(call, product)
            if not self._settings.disbursement_writes and product is not Product.COLLECTION and operation in _WRITES:
                return replies.gateway_error(403, "Forbidden")
            if method != "GET" and _FIREWALLED.search(call.body):
                return replies.firewall_page()
            return handler(call, product, names)

        return _route(method, f"/{product}/{path}", operation, guarded)

    # -- what the paths do

    def _token(self, call: Call, product: Product, _: Mapping[str, str]) -> HttpResponse:
        return self._access.create_token(call, product)

    def _balance(self, call: Call, product: Product, names: Mapping[str, str]) -> HttpResponse:
        self._access.authorised_user(call, product)
        currency = self._settings.currency
        if names.get("currency", currency) != currency:
            raise replies.refused("INVALID_CURRENCY")
        amount = wire_amount(self._wallet.ledger.balance(product))
        return replies.as_json(200, {"availableBalance": amount, "currency": currency})

    def _active(self, call: Call, product: Product, names: Mapping[str, str]) -> HttpResponse:
        self._access.authorised_user(call, product)
        return self._holders.active(names["kind"], names["account"])

    def _basic_info(self, call: Call, product: Product, names: Mapping[str, str]) -> HttpResponse:
        self._access.authorised_user(call, product)
        return self._holders.basic_info(names["kind"])

    def _submit(self, call: Call, product: Product, _: Mapping[str, str], write: Write) -> HttpResponse:
        user = self._access.authorised_user(call, product)
        order = self._reader.read(call, user, write)
        if self._wallet.find(user.user_id, product, order.reference_id) is not None:
            raise replies.refused("RESOURCE_ALREADY_EXIST")
        if not (self._settings.ampersand_is_lost and b"&" in call.body):
            self._wallet.submit(order)
        return replies.empty(202)

    def _status(self, call: Call, product: Product, names: Mapping[str, str], write: Write) -> HttpResponse:
        user = self._access.authorised_user(call, product)
        self._check_rate()
        reference_id = uuid4_or_400(names["reference_id"])
        found = self._wallet.find(user.user_id, product, reference_id)
        if found is None or found.order.operation is not write.operation:
            raise replies.refused("RESOURCE_NOT_FOUND")
        if self._timeline.now() < found.visible_at:
            raise replies.refused("RESOURCE_NOT_FOUND")
        reply = replies.as_json(200, status_fields(found, self._settings))
        if self._settings.numbers_unquoted:
            return HttpResponse(reply.status, reply.headers, replies.unquoted(reply.body))
        return reply

    def _check_rate(self) -> None:
        """MTN asks for at most ten status calls a second; whether it enforces that is not known."""
        allowed = self._settings.status_calls_per_second
        if not allowed:
            return
        now = self._timeline.now()
        while self._status_calls and self._status_calls[0] <= now - 1:
            self._status_calls.popleft()
        if len(self._status_calls) >= allowed:
            raise replies.RefusalError(replies.too_many_requests(1))
        self._status_calls.append(now)


def _route(method: str, path: str, operation: str, handler: Handler) -> Route:
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
    return Route(method, re.compile(pattern), operation, handler)

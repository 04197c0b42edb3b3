"""A small, honest MTN MoMo platform on loopback, written without a line of the project.

It answers as MTN's pages say, moves money in a ledger that counts effects, sends callbacks, and spoils single
requests on demand: tests tell it with `plan` what happens to the payment of a certain amount. The faults are in
`momo_faults`, Telegram's side is in `foreign_telegram`.
"""

import asyncio
import base64
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import aiohttp
from aiohttp import web

from .momo_faults import Fault, answer
from .waiting import PATIENCE, Bell, Found

Json = dict[str, Any]

# product and path of a write -> (its name in the status path, who is paid or pays)
OPERATIONS = {
    ("disbursement", "v1_0/transfer"): ("transfer", "payee"),
    ("disbursement", "v2_0/deposit"): ("deposit", "payee"),
    ("disbursement", "v2_0/refund"): ("refund", "payee"),
    ("collection", "v1_0/requesttopay"): ("requesttopay", "payer"),
}
# MTN's sandbox pages: the last three digits of a 46733123 number, per kind of operation
_FAILURES = {
    "transfer": {450: "INTERNAL_PROCESSING_ERROR", 451: "APPROVAL_REJECTED", 452: "EXPIRED",
                 455: "NOT_ENOUGH_FUNDS", 456: "PAYER_LIMIT_REACHED", 457: "PAYEE_NOT_FOUND"},
    "requesttopay": {450: "INTERNAL_PROCESSING_ERROR", 451: "APPROVAL_REJECTED", 452: "EXPIRED",
                     455: "PAYER_NOT_FOUND"},
}  # fmt: skip
_HTML = "<html><head><title>Request Rejected</title></head><body>Your support ID is: 1</body></html>"


@dataclass
class Plan:
    """What happens to the payment of one amount."""

    faults: list[Fault] = field(default_factory=list)
    settle: float = 0.2
    callback: str | None = "PUT"


@dataclass
class Account:
    """The credentials of one product."""

    api_user: str = field(default_factory=lambda: str(uuid.uuid4()))
    api_key: str = field(default_factory=lambda: uuid.uuid4().hex)
    subscription_key: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def basic(self) -> str:
        return base64.b64encode(f"{self.api_user}:{self.api_key}".encode()).decode()


@dataclass
class Transaction:
    """One reference id that MTN took."""

    reference_id: str
    operation: str
    role: str
    body: Json
    party: Json
    callback_url: str | None
    status: str = "PENDING"
    reason: str | None = None
    settled_at: float = float("inf")

    @property
    def amount(self) -> Decimal:
        return Decimal(self.body["amount"])

    def to_json(self) -> Json:
        """The status body; MTN's callback has the same one, without the reference id."""
        kept = {k: v for k, v in self.body.items() if k in {"externalId", "payerMessage", "payeeNote"}}
        found = kept | {
            "amount": f"{self.amount.normalize():f}",
            "currency": self.body["currency"],
            self.role: self.party,
            "status": self.status,
        }
        if self.status == "SUCCESSFUL" and self.operation != "deposit":
            found["financialTransactionId"] = str(uuid.UUID(self.reference_id).int % 10**9 + 10**9)
        if self.reason:
            found["reason"] = {"code": self.reason, "message": "as scripted"}
        return found


@dataclass(frozen=True)
class Effect:
    """Money that moved."""

    reference_id: str
    operation: str
    party: str
    amount: Decimal


@dataclass(frozen=True)
class Post:
    """A write as it reached this server, whatever became of it."""

    at: float
    reference_id: str
    operation: str
    body: bytes
    amount: Decimal
    callback_url: str | None


class ForeignMomo:
    """The server, its wallet, and the scripts of the tests."""

    def __init__(self, bell: Bell | None = None, currency: str = "EUR") -> None:
        self.bell = bell or Bell()
        self.currency = currency
        self.accounts = {"collection": Account(), "disbursement": Account()}
        self.former: dict[str, Account] = {}
        self.transactions: dict[str, Transaction] = {}
        self.effects: list[Effect] = []
        self.posts: list[Post] = []
        self.looks: list[tuple[float, str]] = []
        self.calls: list[float] = []
        self.callbacks: list[tuple[Decimal, str]] = []
        self.names: dict[str, tuple[str, str]] = {}
        self.balance = Decimal(100_000)
        self.url = ""
        self._plans: dict[Decimal, Plan] = {}
        self._tokens: dict[str, str] = {}
        # The API user of each token and of each reference id: MTN tells nobody of another user's.
        self._users: dict[str, str] = {}
        self._senders: dict[str, str] = {}
        self._settling: set[asyncio.Task[None]] = set()

    # what tests say and look at

    def plan(self, amount: int, *faults: Fault, settle: float = 0.2, callback: str | None = "PUT") -> None:
        """Say what happens to the payment of `amount`: one fault per POST, then none."""
        self._plans[Decimal(amount)] = Plan(list(faults), settle, callback)

    def posts_of(self, amount: int) -> list[Post]:
        return [p for p in self.posts if p.amount == amount]

    def effects_of(self, amount: int) -> list[Effect]:
        return [e for e in self.effects if e.amount == amount]

    def callbacks_of(self, amount: int) -> list[str]:
        return [said for of, said in self.callbacks if of == amount]

    def looks_at(self, reference_id: str) -> list[float]:
        return [at for at, looked in self.looks if looked == reference_id]

    def busiest_second(self) -> int:
        """Return the most wallet calls that came within any one second."""
        return max((sum(at <= other < at + 1 for other in self.calls) for at in self.calls), default=0)

    async def wait_for(self, predicate: Callable[[], Found], timeout: float = PATIENCE, expected: str = "it") -> Found:
        try:
            return await self.bell.wait_for(predicate, timeout)
        except TimeoutError:
            seen = [(p.operation, str(p.amount), p.reference_id) for p in self.posts]
            raise AssertionError(f"not within {timeout} s: {expected}\nPOSTs: {seen}") from None

    def revoke_tokens(self) -> None:
        self._tokens.clear()

    def change_user(self, product: str) -> Account:
        """Make another API user for a product; the one before is let in too, and returned."""
        self.former[product] = before = self.accounts[product]
        self.accounts[product] = Account(subscription_key=before.subscription_key)
        return before

    # the server

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/{product}/token/", self._token)
        app.router.add_get("/{product}/v1_0/account/balance", self._balance)
        app.router.add_get("/{product}/v1_0/account/balance/{currency}", self._balance)
        app.router.add_get("/{product}/v1_0/accountholder/{kind}/{party}/active", self._active)
        app.router.add_get("/{product}/v1_0/accountholder/{kind}/{party}/basicuserinfo", self._basic_user_info)
        app.router.add_post("/{product}/{version}/{operation}", self._write)
        app.router.add_get("/{product}/v1_0/{operation}/{reference_id}", self._status)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._outgoing = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2))

    async def stop(self) -> None:
        for task in self._settling:
            task.cancel()
        await asyncio.gather(*self._settling, return_exceptions=True)
        await self._outgoing.close()
        await self._runner.cleanup()

    async def _token(self, request: web.Request) -> web.Response:
        product = request.match_info["product"]
        account = self.accounts[product]
        if request.headers.get("Ocp-Apim-Subscription-Key") != account.subscription_key:
            return _gateway_401()
        if await request.read():
            return web.Response(status=400)
        known = [account, *filter(None, [self.former.get(product)])]
        given = request.headers.get("Authorization", "")
        user = next((each.api_user for each in known if given == f"Basic {each.basic}"), None)
        if user is None:
            return web.json_response({"error": "login_failed"}, status=500)
        token = uuid.uuid4().hex
        self._tokens[token], self._users[token] = product, user
        return web.json_response({"access_token": token, "token_type": "access_token", "expires_in": 3600})

    def _refused(self, request: web.Request) -> web.Response | None:
        """Return what the gateway or the wallet says to a call that may not pass."""
        self.calls.append(time.monotonic())
        product = request.match_info["product"]
        account = self.accounts[product]
        if request.headers.get("Ocp-Apim-Subscription-Key") != account.subscription_key:
            return _gateway_401()
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self._tokens.get(token) != product:
            return answer(401, {"error": "invalid_token"})
        if request.headers.get("X-Target-Environment") != "sandbox":
            return _error(500, "NOT_ALLOWED_TARGET_ENVIRONMENT", "Access to target environment is forbidden.")
        return None

    def _user(self, request: web.Request) -> str | None:
        return self._users.get(request.headers.get("Authorization", "").removeprefix("Bearer "))

    async def _balance(self, request: web.Request) -> web.Response:
        return self._refused(request) or web.json_response(
            {"availableBalance": f"{self.balance.normalize():f}", "currency": self.currency}
        )

    async def _active(self, request: web.Request) -> web.Response:
        return self._refused(request) or web.json_response({"result": True})

    async def _basic_user_info(self, request: web.Request) -> web.Response:
        given, family = self.names.get(request.match_info["party"], ("Sand", "Box"))
        return self._refused(request) or web.json_response(
            {"given_name": given, "family_name": family, "birthdate": "1976-08-13", "locale": "sv_SE",
             "gender": "MALE", "status": "active"}
        )  # fmt: skip

    async def _status(self, request: web.Request) -> web.Response:
        reference_id = request.match_info["reference_id"]
        self.looks.append((time.monotonic(), reference_id))
        self.bell.ring()
        if (refused := self._refused(request)) is not None:
            return refused
        found = self.transactions.get(reference_id)
        mine = self._senders.get(reference_id) == self._user(request)
        if found is None or found.operation != request.match_info["operation"] or not mine:
            return _error(404, "RESOURCE_NOT_FOUND", "Requested resource was not found.")
        return web.json_response(found.to_json())

    # writes

    async def _write(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        key = request.match_info["product"], "{version}/{operation}".format(**request.match_info)
        if key not in OPERATIONS:
            return answer(404, {"statusCode": 404, "message": "Resource not found"})
        reference_id = request.headers.get("X-Reference-Id", "")
        amount, callback_url = Decimal(json.loads(body)["amount"]), request.headers.get("X-Callback-Url")
        self.posts.append(Post(time.monotonic(), reference_id, OPERATIONS[key][0], body, amount, callback_url))
        self.bell.ring()
        faults = self._plans.get(amount, Plan()).faults
        if faults:
            return await faults.pop(0)(self, request, lambda: self._accept(request, body))
        return self._accept(request, body)

    def _accept(self, request: web.Request, body: bytes) -> web.Response:
        """Do what MTN does with a request that arrived whole."""
        refused = self._refused(request) or self._malformed(request, json.loads(body))
        if refused is not None:
            return refused
        reference_id = request.headers["X-Reference-Id"]
        if reference_id in self.transactions:
            return _error(409, "RESOURCE_ALREADY_EXIST", "Duplicated reference id. Creation of resource failed.")
        self._create(request, reference_id, json.loads(body))
        return web.Response(status=202)

    def _malformed(self, request: web.Request, body: Json) -> web.Response | None:
        texts = str(body.get("payerMessage", "")), str(body.get("payeeNote", ""))
        if any(c in text for text in texts for c in "()#"):
            return web.Response(text=_HTML, content_type="text/html")
        if not _is_uuid4(request.headers.get("X-Reference-Id", "")) or not isinstance(body["amount"], str):
            return web.Response(status=400)
        if any(len(text) > 160 or "'" in text or not text for text in texts):
            return web.Response(status=400)
        if body["currency"] != self.currency:
            return _error(500, "INVALID_CURRENCY", "Currency not supported.")
        callback_url = request.headers.get("X-Callback-Url", "http://127.0.0.1/")
        if not callback_url.startswith("http://127.0.0.1"):
            return _error(500, "INVALID_CALLBACK_URL_HOST", "Callback URL does not match the configured value.")
        return None

    def _create(self, request: web.Request, reference_id: str, body: Json) -> None:
        product = request.match_info["product"]
        operation, role = OPERATIONS[product, "{version}/{operation}".format(**request.match_info)]
        if operation == "refund":
            original = self.transactions.get(body["referenceIdToRefund"])
            party = original.party if original else {"partyIdType": "MSISDN", "partyId": "0"}
        else:
            party = body[role]
        transaction = Transaction(reference_id, operation, role, body, party, request.headers.get("X-Callback-Url"))
        self.transactions[reference_id] = transaction
        self._senders[reference_id] = str(self._user(request))
        task = asyncio.create_task(self._settle(transaction, self._plans.get(transaction.amount, Plan())))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def _settle(self, transaction: Transaction, plan: Plan) -> None:
        await asyncio.sleep(plan.settle)
        last_digits = int(str(transaction.party["partyId"])[-3:])
        transaction.reason = _FAILURES.get(transaction.operation, {}).get(last_digits)
        transaction.status = "FAILED" if transaction.reason else "SUCCESSFUL"
        transaction.settled_at = time.monotonic()
        if not transaction.reason:
            self._move_money(transaction)
        self.bell.ring()
        if plan.callback and transaction.callback_url:
            await self._call_back(plan.callback, transaction)

    def _move_money(self, transaction: Transaction) -> None:
        came_in = transaction.operation == "requesttopay"
        self.balance += transaction.amount if came_in else -transaction.amount
        party = str(transaction.party["partyId"])
        self.effects.append(Effect(transaction.reference_id, transaction.operation, party, transaction.amount))

    async def _call_back(self, verb: str, transaction: Transaction) -> None:
        """Deliver once, as most official pages say; an answer that is not 200 is only taken down."""
        assert transaction.callback_url
        try:
            async with self._outgoing.request(verb, transaction.callback_url, json=transaction.to_json()) as got:
                said = str(got.status)
        except aiohttp.ClientError as error:
            said = repr(error)
        self.callbacks.append((transaction.amount, f"{verb} {said}"))
        self.bell.ring()


def _gateway_401() -> web.Response:
    text = "Access denied due to invalid subscription key."
    return answer(401, {"statusCode": 401, "message": text})


def _error(status: int, code: str, message: str) -> web.Response:
    return answer(status, {"code": code, "message": message})


def _is_uuid4(text: str) -> bool:
    try:
        return uuid.UUID(text).version == 4
    except ValueError:
        return False

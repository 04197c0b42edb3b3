"""What the tests of the sandbox share: a clock they own, and a merchant who writes raw requests.

The client library is left out on purpose: the sandbox is judged by bytes, not by the code it is made to test.
"""

import base64
import json
import uuid
from collections.abc import Mapping
from typing import Any

from momo.sandbox import Callback, Sandbox, Settings
from momo.testing import SandboxTransport
from momo.wire import HttpRequest, HttpResponse

KEYS = {"collection": "c" * 32, "disbursement": "d" * 32, "remittance": "e" * 32}
CALLBACK_HOST = "shop.example"
CALLBACK_URL = f"https://{CALLBACK_HOST}/momo/callbacks/token"
ORDINARY = "46733123999"
NAMES = {"collection": "payer", "disbursement": "payee", "remittance": "payee"}


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class World:
    """A sandbox in memory and a provisioned merchant."""

    def __init__(self, **settings: object) -> None:
        self.clock = Clock()
        self.sandbox = Sandbox(self.clock, seed=1, settings=Settings())
        self.sandbox.settings.update(settings)
        self.transport = SandboxTransport(self.sandbox, sleep=self.clock.sleep)
        self.users = {product: self.sandbox.provision(product, CALLBACK_HOST) for product in KEYS}
        self._tokens: dict[str, str] = {}

    async def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: object = None
    ) -> HttpResponse:
        """One bare request; *body* is bytes, or becomes JSON."""
        encoded = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        return await self.transport.exchange(HttpRequest(method, f"http://momo.test{path}", headers or {}, encoded))

    async def token(self, product: str) -> HttpResponse:
        return await self.send("POST", f"/{product}/token/", self.basic(product))

    def basic(self, product: str, api_key: str | None = None) -> dict[str, str]:
        user, key = self.users[product]
        encoded = base64.b64encode(f"{user}:{api_key or key}".encode()).decode()
        return {"Ocp-Apim-Subscription-Key": KEYS[product], "Authorization": f"Basic {encoded}"}

    async def bearer(self, product: str) -> dict[str, str]:
        """The headers of an ordinary call; the token is fetched once."""
        if product not in self._tokens:
            self._tokens[product] = data(await self.token(product))["access_token"]
        return {
            "Ocp-Apim-Subscription-Key": KEYS[product],
            "Authorization": f"Bearer {self._tokens[product]}",
            "X-Target-Environment": "sandbox",
        }

    async def get(self, product: str, path: str, **headers: str) -> HttpResponse:
        return await self.send("GET", f"/{product}/{path}", {**await self.bearer(product), **headers})

    async def post(
        self, product: str, path: str, body: object, reference_id: str | None = None, **headers: str
    ) -> HttpResponse:
        """A write; give headers with underscores for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {**await self.bearer(product), "X-Reference-Id": reference_id or new_id(), **named}
        return await self.send("POST", f"/{product}/{path}", sent, body)

    async def pay(self, reference_id: str, path: str = "v1_0/transfer", **changes: object) -> HttpResponse:
        """A write of disbursement's with an ordinary body and some changes."""
        return await self.post("disbursement", path, order("payee", **changes), reference_id)

    async def request(self, reference_id: str, path: str = "v1_0/requesttopay", **changes: object) -> HttpResponse:
        """A write of collection's with an ordinary body and some changes."""
        return await self.post("collection", path, order("payer", **changes), reference_id)

    async def refund(
        self, payment: str, reference_id: str | None = None, amount: str = "12.50", path: str = "v2_0/refund"
    ) -> HttpResponse:
        body = {**order("payee", amount=amount), "referenceIdToRefund": payment}
        del body["payee"]
        return await self.post("disbursement", path, body, reference_id)

    async def status(self, reference_id: str, path: str = "v1_0/transfer") -> dict[str, Any]:
        """The status of a transaction of disbursement's, or of collection's request to pay."""
        product = "collection" if "request" in path else "disbursement"
        reply = await self.get(product, f"{path}/{reference_id}")
        assert reply.status == 200
        return data(reply)

    async def balance(self, product: str) -> str:
        return str(data(await self.get(product, "v1_0/account/balance"))["availableBalance"])

    async def control(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        return data(await self.send(method, f"/_sandbox/{path}", body=body))

    def callbacks(self) -> list[Callback]:
        """The callbacks due now; nobody answers them."""
        due = self.sandbox.due()
        for callback in due:
            self.sandbox.callbacks.record(callback, None)
        return due


def order(party: str, number: str = ORDINARY, **changes: object) -> dict[str, object]:
    """The body of a transfer, deposit, withdraw or request to pay."""
    body: dict[str, object] = {
        "amount": "12.50",
        "currency": "EUR",
        "externalId": "till-1",
        party: {"partyIdType": "MSISDN", "partyId": number},
        "payerMessage": "Thank you",
        "payeeNote": "Order 7",
    }
    return {**body, **changes}


def new_id() -> str:
    return str(uuid.uuid4())


def data(reply: HttpResponse) -> dict[str, Any]:
    """The JSON object in an answer."""
    decoded = json.loads(reply.body)
    assert isinstance(decoded, dict)
    return decoded

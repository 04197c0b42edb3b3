"""The same sandbox over HTTP: bytes on the wire, faults as a socket shows them, callbacks that arrive."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from momo.sandbox import Sandbox, SandboxServer
from momo.wire import HttpResponse
from tests.momo.sandbox.world import World, data, new_id, order

IMPATIENT, PATIENT = 0.3, 30.0


class HttpWorld(World):
    """The same merchant, over HTTP."""

    def __init__(self) -> None:
        super().__init__()
        self.server = SandboxServer(self.sandbox)
        # A client that keeps no connection: aiohttp would repeat a GET on a kept one by itself.
        self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        self.patience = PATIENT

    async def send(self, method: str, path: str, headers: Any = None, body: Any = None) -> HttpResponse:
        sent = {"data": body} if isinstance(body, bytes) else {"json": body} if body is not None else {}
        sent["timeout"] = aiohttp.ClientTimeout(total=self.patience)
        async with self.http.request(method, self.server.url + path, headers=headers, **sent) as response:
            names = {name.lower(): value for name, value in response.headers.items()}
            return HttpResponse(response.status, names, await response.read())


@pytest.fixture
async def world() -> AsyncIterator[HttpWorld]:
    world = HttpWorld()
    await world.server.start()
    yield world
    await world.http.close()
    await world.server.stop()


async def test_a_transfer_over_http(world: HttpWorld) -> None:
    reference = new_id()

    accepted = await world.pay(reference)

    assert (accepted.status, accepted.body) == (202, b"")
    assert "content-type" not in accepted.headers
    assert accepted.headers["content-length"] == "0"
    assert (await world.status(reference))["status"] == "SUCCESSFUL"


async def test_json_is_announced_without_a_charset(world: HttpWorld) -> None:
    reply = await world.get("disbursement", "v1_0/account/balance")

    assert reply.headers["content-type"] == "application/json"


async def test_escaped_characters_in_a_path_are_read(world: HttpWorld) -> None:
    reply = await world.get("disbursement", "v1_0/accountholder/email/notfound%40email.com/active")

    assert data(reply) == {"result": False}


async def test_a_body_on_a_get_is_ignored(world: HttpWorld) -> None:
    headers = await world.bearer("disbursement")

    reply = await world.send("GET", "/disbursement/v1_0/account/balance", headers, b"null")

    assert reply.status == 200


@pytest.mark.parametrize(
    ("name", "error", "effects"),
    [
        ("reset", aiohttp.ClientOSError, 0),
        ("drop_request", aiohttp.ServerDisconnectedError, 0),
        ("lose_answer", aiohttp.ServerDisconnectedError, 1),
        ("cut_body", aiohttp.ClientPayloadError, 1),
        ("timeout", TimeoutError, 0),
    ],
)
async def test_a_connection_that_breaks(world: HttpWorld, name: str, error: type, effects: int) -> None:
    world.sandbox.faults.add(name, operation="transfer")
    await world.bearer("disbursement")
    world.patience = IMPATIENT if error is TimeoutError else PATIENT

    with pytest.raises(error):
        await world.pay(new_id())

    assert len(world.sandbox.ledger.effects) == effects
    world.patience = PATIENT
    assert (await world.pay(new_id())).status == 202


async def test_a_slow_answer_is_processed_although_the_client_gives_up(world: HttpWorld) -> None:
    world.sandbox.faults.add("slow", operation="transfer", args={"seconds": 10})
    await world.bearer("disbursement")
    world.patience = IMPATIENT

    with pytest.raises(TimeoutError):
        await world.pay(new_id())

    assert len(world.sandbox.ledger.effects) == 1


async def test_a_slow_answer_waits_for_a_clock_that_is_moved_by_hand(world: HttpWorld) -> None:
    await world.bearer("disbursement")
    world.sandbox.faults.add("slow", operation="transfer", count=2, args={"seconds": 7})
    slow = [asyncio.create_task(world.pay(new_id())) for _ in range(2)]
    while len(world.sandbox.ledger.effects) < 2:
        await world.get("disbursement", "v1_0/account/balance")

    await world.send("POST", "/_sandbox/clock", body={"advance": 6})
    assert not any(task.done() for task in slow)
    await world.send("POST", "/_sandbox/clock", body={"advance": 1})

    assert [reply.status for reply in await asyncio.gather(*slow)] == [202, 202]


async def test_thirty_calls_at_once_get_thirty_right_answers(world: HttpWorld) -> None:
    references = [new_id() for _ in range(30)]
    await world.bearer("disbursement")

    replies = await asyncio.gather(*(world.pay(ref, externalId=ref) for ref in references))
    shown = await asyncio.gather(*(world.status(ref) for ref in references))

    assert {reply.status for reply in replies} == {202}
    assert [status["externalId"] for status in shown] == references


class Shop:
    """A merchant's server that notes the callbacks it gets."""

    def __init__(self) -> None:
        self.got: asyncio.Queue[tuple[str, str, Any]] = asyncio.Queue()
        self.url = ""

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._receive)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/momo/callbacks/token"
        return runner

    async def _receive(self, request: web.Request) -> web.Response:
        await self.got.put((request.method, request.path, await request.json()))
        return web.Response()


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    shop = Shop()
    runner = await shop.start()
    yield shop
    await runner.cleanup()


async def test_callbacks_arrive_by_themselves(world: HttpWorld, shop: Shop) -> None:
    world.users["disbursement"] = world.sandbox.provision("disbursement", "127.0.0.1")
    paths = {"v1_0/deposit": "POST", "v1_0/transfer": "PUT"}

    for path in paths:
        await world.post("disbursement", path, order("payee"), X_Callback_Url=shop.url)
    got = [await asyncio.wait_for(shop.got.get(), 5) for _ in paths]

    assert sorted(method for method, _, _ in got) == ["POST", "PUT"]
    assert {(path, body["status"]) for _, path, body in got} == {("/momo/callbacks/token", "SUCCESSFUL")}


async def test_a_callback_is_sent_when_the_clock_is_moved_to_it(world: HttpWorld, shop: Shop) -> None:
    world.users["disbursement"] = world.sandbox.provision("disbursement", "127.0.0.1")
    body = order("payee", "46733123454")
    await world.post("disbursement", "v1_0/transfer", body, X_Callback_Url=shop.url)

    before = shop.got.qsize()
    await world.control("POST", "clock", {"advance": 25})
    method, _, _ = await asyncio.wait_for(shop.got.get(), 5)

    assert (before, method) == (0, "PUT")


async def test_a_shop_that_is_closed_is_noted_as_no_answer(world: HttpWorld) -> None:
    world.sandbox.callbacks.forge("http://127.0.0.1:1/x", {})

    await world.server.deliver_due()

    assert [delivery.status for delivery in world.sandbox.callbacks.deliveries] == [None]


async def test_one_that_never_started_can_be_stopped() -> None:
    server = SandboxServer(Sandbox())

    await server.stop()

    assert server.url == ""

"""Callbacks: when, how often, with which verb and body, and what they never hold."""

import asyncio
import json

import pytest

from momo.errors import ConnectionFailed
from momo.sandbox import Callback, Sandbox, Settings
from momo.testing import SandboxTransport
from momo.wire import HttpRequest
from tests.momo.sandbox.world import CALLBACK_URL, World, new_id, order

VERBS = [
    ("collection", "v1_0/requesttopay", "payer", "PUT"),
    ("collection", "v1_0/requesttowithdraw", "payer", "POST"),
    ("collection", "v2_0/requesttowithdraw", "payer", "PUT"),
    ("disbursement", "v1_0/transfer", "payee", "PUT"),
    ("disbursement", "v1_0/deposit", "payee", "POST"),
    ("disbursement", "v2_0/deposit", "payee", "PUT"),
]


async def pay(world: World, reference: str, number: str = "46733123999") -> None:
    """A transfer that asks for a callback."""
    body = order("payee", number)
    reply = await world.post("disbursement", "v1_0/transfer", body, reference, X_Callback_Url=CALLBACK_URL)
    assert reply.status == 202


def shown(callbacks: list[Callback]) -> list[str]:
    return [json.loads(callback.body)["status"] for callback in callbacks]


@pytest.mark.parametrize(("product", "path", "party", "verb"), VERBS)
async def test_the_verb_depends_on_the_operation(product: str, path: str, party: str, verb: str) -> None:
    world = World()

    await world.post(product, path, order(party), X_Callback_Url=CALLBACK_URL)

    [callback] = world.callbacks()
    assert (callback.method, callback.url) == (verb, CALLBACK_URL)


@pytest.mark.parametrize(("path", "verb"), [("v1_0/refund", "POST"), ("v2_0/refund", "PUT")])
async def test_the_verb_of_a_refund_depends_on_its_version(path: str, verb: str) -> None:
    world = World()
    body = {"amount": "5", "currency": "EUR", "referenceIdToRefund": "2"}

    await world.post("disbursement", path, body, X_Callback_Url=CALLBACK_URL)

    assert [callback.method for callback in world.callbacks()] == [verb]


async def test_a_callback_says_what_the_status_says_without_reference_id_or_signature() -> None:
    world, reference = World(), new_id()
    await pay(world, reference)

    [callback] = world.callbacks()

    assert json.loads(callback.body) == await world.status(reference)
    assert reference.encode() not in callback.body
    assert callback.request().headers == {"content-type": "application/json"}


async def test_a_transaction_without_callback_url_calls_nobody() -> None:
    world = World()

    await world.pay(new_id())

    assert world.callbacks() == []


async def test_a_callback_comes_when_the_transaction_ends_and_not_before() -> None:
    world = World()
    await pay(world, new_id(), "46733123454")

    due = world.sandbox.next_due()
    early = world.callbacks()
    await world.clock.sleep(25)
    late = world.callbacks()

    assert (due, early, shown(late)) == (world.clock(), [], ["SUCCESSFUL"])


async def test_a_failure_is_called_back_too() -> None:
    world = World()
    await pay(world, new_id(), "46733123450")

    assert shown(world.callbacks()) == ["FAILED"]


@pytest.mark.parametrize(
    ("mode", "at_once", "a_minute_later"),
    [
        ("once", ["SUCCESSFUL"], []),
        ("none", [], []),
        ("twice", ["SUCCESSFUL", "SUCCESSFUL"], []),
        ("late", [], ["SUCCESSFUL"]),
        ("out_of_order", ["SUCCESSFUL"], ["PENDING"]),
    ],
)
async def test_the_mode_says_how_often_and_when(mode: str, at_once: list[str], a_minute_later: list[str]) -> None:
    world = World(callback_mode=mode)
    await pay(world, new_id())

    first = shown(world.callbacks())
    await world.clock.sleep(60)

    assert (first, shown(world.callbacks())) == (at_once, a_minute_later)


async def test_in_retry_mode_an_unanswered_callback_comes_again_on_mtns_schedule() -> None:
    world = World(callback_mode="retry")
    await pay(world, new_id())
    waits = []

    for _ in range(52):
        world.callbacks()
        due = world.sandbox.next_due()
        assert due is not None
        waits.append(due - world.clock())
        await world.clock.sleep(waits[-1])

    assert waits == [1.0] * 20 + [120.0] * 30 + [3600.0] * 2


async def test_in_retry_mode_an_answered_callback_does_not_come_again() -> None:
    world = World(callback_mode="retry")
    await pay(world, new_id())

    for callback in world.sandbox.due():
        world.sandbox.callbacks.record(callback, 200)

    assert world.sandbox.next_due() is None


async def test_a_forged_callback_goes_anywhere_with_any_body() -> None:
    world = World()

    world.sandbox.callbacks.forge("https://elsewhere.example/x", {"status": "SUCCESSFUL"}, "POST")

    [callback] = world.callbacks()
    assert (callback.method, callback.url) == ("POST", "https://elsewhere.example/x")
    assert shown([callback]) == ["SUCCESSFUL"]


async def test_the_in_memory_door_delivers_what_is_due() -> None:
    world, got = World(), list[HttpRequest]()

    async def receive(request: HttpRequest) -> int:
        got.append(request)
        return 200

    transport = SandboxTransport(world.sandbox, receive, world.clock.sleep)
    await pay(world, new_id())
    await transport.deliver_due()

    assert [request.url for request in got] == [CALLBACK_URL]
    assert [delivery.status for delivery in world.sandbox.callbacks.deliveries] == [200]


async def test_the_in_memory_door_delivers_without_being_asked() -> None:
    world, got = World(), asyncio.Queue[HttpRequest]()

    async def receive(request: HttpRequest) -> int:
        await got.put(request)
        return 200

    world.transport = SandboxTransport(world.sandbox, receive, world.clock.sleep)
    await pay(world, new_id())
    delivered = await asyncio.wait_for(got.get(), 5)
    await world.transport.close()

    assert delivered.url == CALLBACK_URL


async def test_a_receiver_that_is_down_is_noted_as_no_answer() -> None:
    world = World()

    async def refuse(request: HttpRequest) -> int:
        raise ConnectionFailed("nobody there")

    transport = SandboxTransport(world.sandbox, refuse)
    await pay(world, new_id())
    await transport.deliver_due()

    assert [delivery.status for delivery in world.sandbox.callbacks.deliveries] == [None]


async def test_without_a_receiver_a_callback_that_is_asked_for_is_noted_as_unanswered() -> None:
    world = World()
    await pay(world, new_id())

    await SandboxTransport(world.sandbox).deliver_due()

    assert [delivery.status for delivery in world.sandbox.callbacks.deliveries] == [None]


async def test_on_a_real_clock_a_callback_comes_when_its_time_has_come() -> None:
    got: asyncio.Queue[HttpRequest] = asyncio.Queue()

    async def receive(request: HttpRequest) -> int:
        await got.put(request)
        return 200

    sandbox = Sandbox(settings=Settings(settle_after=0.01))
    transport = SandboxTransport(sandbox, receive)
    sandbox.callbacks.forge(CALLBACK_URL, {}, "PUT", 0.01)
    await transport.exchange(HttpRequest("GET", "http://momo.test/", {}))

    assert (await asyncio.wait_for(got.get(), 30)).url == CALLBACK_URL
    await transport.close()

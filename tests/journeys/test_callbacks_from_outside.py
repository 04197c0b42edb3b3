"""A callback is a doorbell: it brings the look at MTN forward, and nothing it says is believed."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from .harness import World, paid_once
from .momo_faults import held
from .waiting import Hold

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

LIE = {"status": "SUCCESSFUL", "amount": "9999", "currency": "EUR", "externalId": "1", "financialTransactionId": "1"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        yield session


async def seconds_until_told(world: World, amount: int, settle: float, callback: str | None) -> float:
    """Pay, and return how long after MTN's end the chat heard of it."""
    desk = await world.open_desk()
    await desk.pay(amount, settle=settle, callback=callback)
    end = await desk.told(amount, "successful", settle + 30)
    settled = next(t.settled_at for t in world.momo.transactions.values() if t.amount == amount)
    return end.versions[0][0] - settled


async def test_a_callback_brings_the_end_at_once_and_without_one_it_is_found(world: World) -> None:
    put, post, none = await asyncio.gather(
        seconds_until_told(world, 81, 9, "PUT"),
        seconds_until_told(world, 82, 9, "POST"),
        seconds_until_told(world, 83, 3, None),
    )
    assert max(put, post) < 2, (put, post, world.momo.callbacks)
    assert none < 10
    assert all(paid_once(world, amount) for amount in (81, 82, 83))


async def test_every_callback_is_answered_with_200(world: World) -> None:
    assert {said for _, said in world.momo.callbacks} == {"PUT 200", "POST 200"}


async def test_a_lying_callback_to_the_right_address_is_not_believed(world: World, http: aiohttp.ClientSession) -> None:
    desk = await world.open_desk()
    world.momo.plan(84, settle=3)
    await desk.confirm("/pay 46733123451 84 books", 84)
    await world.momo.wait_for(lambda: world.momo.transactions and world.momo.posts_of(84))
    post = world.momo.posts_of(84)[0]
    for verb in ("PUT", "POST"):
        assert (await http.request(verb, post.callback_url or "", json=LIE)).status == 200
    await desk.told(84, "failed")
    assert not any("successful" in text.lower() for m in desk.messages for _, text in m.versions)


async def test_a_callback_before_the_answer_to_the_post_tells_once(world: World) -> None:
    desk, hold = await world.open_desk(), Hold()
    await desk.pay(86, held(hold, taken=True))
    await world.momo.wait_for(lambda: world.momo.callbacks_of(86))
    hold.release.set()
    await desk.told(86, "successful")
    await desk.settled()
    assert len(desk.ends(86, "successful")) == 1
    assert paid_once(world, 86)


async def test_a_shower_of_callbacks_makes_no_shower_of_looks(world: World, http: aiohttp.ClientSession) -> None:
    desk = await world.open_desk()
    await desk.pay(85, settle=3, callback=None)
    await world.momo.wait_for(lambda: world.momo.posts_of(85))
    post = world.momo.posts_of(85)[0]
    for _ in range(30):
        assert (await http.put(post.callback_url or "", json=LIE)).status == 200
        await asyncio.sleep(0.05)
    assert len(world.momo.looks_at(post.reference_id)) <= 3
    await desk.told(85, "successful")


@pytest.mark.parametrize("body", [b"", b"{", b"null", b'{"status": "SUCCESSFUL"}', b"[" * 5000, b"x" * 900_000])
async def test_a_callback_to_an_invented_address_changes_nothing(
    world: World, http: aiohttp.ClientSession, body: bytes
) -> None:
    said_before, looks_before = len(world.telegram.messages), len(world.momo.looks)
    url = f"http://127.0.0.1:{world.port}/momo/callbacks/{'x' * 43}"
    assert (await http.put(url, data=body)).status < 500
    assert (await http.get(f"http://127.0.0.1:{world.port}/healthz")).status == 200
    assert (len(world.telegram.messages), len(world.momo.looks)) == (said_before, looks_before)

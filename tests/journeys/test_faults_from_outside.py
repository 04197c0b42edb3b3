"""Whatever happens to the POST, the payment is made once, under one reference id, and its end is told."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from . import momo_faults as faults
from .harness import PAYEE, World, paid_once

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

FAULTS: list[faults.Fault] = [
    faults.lost_answer,
    faults.reset_before,
    faults.error_without_code,
    faults.internal_error,
    faults.error_after_all,
    faults.unavailable,
    faults.too_many,
    faults.unauthorised,
    faults.truncated_error,
    faults.truncated_accepted,
    faults.cut_in_the_body,
]
AMOUNTS = {fault: 51 + n for n, fault in enumerate(FAULTS)}


async def pay_through(world: World, fault: faults.Fault) -> None:
    desk = await world.open_desk()
    await desk.pay(AMOUNTS[fault], fault)
    await desk.told(AMOUNTS[fault], "successful", 75)


async def request_through(world: World, fault: faults.Fault) -> None:
    desk = await world.open_desk()
    world.momo.plan(71, fault)
    await desk.confirm(f"/request {PAYEE} 71 books", 71)
    await desk.told(71, "successful", 75)


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def journeys(world: World) -> AsyncIterator[dict[object, asyncio.Task[None]]]:
    """Start all payments side by side: most of their time is waiting."""
    started: dict[object, asyncio.Task[None]] = {f: asyncio.create_task(pay_through(world, f)) for f in FAULTS}
    started["request"] = asyncio.create_task(request_through(world, faults.lost_answer))
    yield started
    for task in started.values():
        task.cancel()
    await asyncio.gather(*started.values(), return_exceptions=True)


async def test_a_refusal_is_told_at_once_and_not_sent_again(world: World) -> None:
    desk = await world.open_desk()
    card = await desk.pay(72, faults.payee_not_found)
    await world.telegram.wait_for(
        lambda: any("refused" in m.text.lower() for m in [*desk.messages, card]), 8, "MTN's refusal"
    )
    await world.telegram.wait_for(lambda: world.momo.looks_at(world.momo.posts_of(72)[0].reference_id))
    assert len(world.momo.posts_of(72)) == 1


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.__name__)
async def test_a_fault_on_the_post_pays_once_and_is_told(
    world: World, journeys: dict[object, asyncio.Task[None]], fault: faults.Fault
) -> None:
    await journeys[fault]
    assert paid_once(world, AMOUNTS[fault])


async def test_a_lost_answer_to_a_request_collects_once(
    world: World, journeys: dict[object, asyncio.Task[None]]
) -> None:
    await journeys["request"]
    assert paid_once(world, 71)


async def test_mtn_never_gets_more_than_ten_calls_in_a_second(world: World) -> None:
    assert 0 < world.momo.busiest_second() <= 10

import asyncio

from bot.service.throttle import Throttle, Turn
from tests.support.clock import Clock, on_virtual_time


def throttle(clock: Clock, per_second: float = 4.0) -> Throttle:
    return Throttle(per_second, clock.seconds, clock.sleep)


async def test_a_second_passes_no_more_calls_than_allowed() -> None:
    clock = Clock()
    bucket, passed = throttle(clock), []
    for _ in range(20):
        await bucket.turn(Turn.POLL)
        passed.append(clock.seconds())
    assert all(later - earlier >= 1 for earlier, later in zip(passed[4:], passed[8:], strict=False))
    assert passed[-1] == 4.0


async def test_after_a_pause_a_seconds_worth_passes_at_once_and_not_more() -> None:
    clock = Clock()
    bucket = throttle(clock)
    clock.forward(hours=1)
    before = clock.seconds()
    for _ in range(4):
        await bucket.turn(Turn.POLL)
    assert clock.seconds() == before
    await bucket.turn(Turn.POLL)
    assert clock.seconds() > before


async def test_who_moves_money_goes_first() -> None:
    clock = Clock()
    bucket, order = throttle(clock, 1.0), []

    async def call(turn: Turn) -> None:
        await bucket.turn(turn)
        order.append(turn)

    await bucket.turn(Turn.POLL)
    await asyncio.gather(*(call(turn) for turn in sorted(Turn, reverse=True)))
    assert order == sorted(Turn)


async def test_equals_pass_in_the_order_they_came() -> None:
    clock = Clock()
    bucket, order = throttle(clock, 1.0), []

    async def call(number: int) -> None:
        await bucket.turn(Turn.POLL)
        order.append(number)

    await asyncio.gather(*(call(number) for number in range(5)))
    assert order == list(range(5))


@on_virtual_time
async def test_a_waiter_who_gave_up_costs_no_turn() -> None:
    loop = asyncio.get_running_loop()
    bucket = Throttle(1.0, loop.time)
    await bucket.turn(Turn.POLL)
    impatient = asyncio.create_task(bucket.turn(Turn.WRITE))
    await asyncio.sleep(0.5)
    impatient.cancel()
    await bucket.turn(Turn.POLL)
    assert loop.time() == 1.0


async def test_a_clock_that_rounds_does_not_stop_the_calls() -> None:
    clock = Clock()
    clock.forward(days=12, milliseconds=1)

    async def sleep(seconds: float) -> None:
        clock.forward(seconds=seconds)
        await asyncio.sleep(0)

    bucket, before = Throttle(5.0, clock.seconds, sleep), clock.seconds()
    async with asyncio.timeout(1):  # far more than it takes; without it the failure would be a standstill
        for _ in range(200):
            await bucket.turn(Turn.POLL)
    assert 38.9 <= clock.seconds() - before <= 40


async def test_after_being_told_to_slow_down_nobody_passes_for_that_long() -> None:
    clock = Clock()
    bucket = throttle(clock)
    await bucket.turn(Turn.POLL)
    bucket.pause(30)
    for turn in (Turn.WRITE, Turn.POLL):
        await bucket.turn(turn)
        assert clock.seconds() >= 30
    assert clock.seconds() <= 31


async def test_a_shorter_pause_does_not_shorten_a_longer_one() -> None:
    clock = Clock()
    bucket = throttle(clock)
    for seconds in (30, 2):
        bucket.pause(seconds)
    await bucket.turn(Turn.WRITE)
    assert clock.seconds() >= 30


@on_virtual_time
async def test_a_pause_holds_those_who_wait_already() -> None:
    loop = asyncio.get_running_loop()
    bucket = Throttle(1.0, loop.time)
    await bucket.turn(Turn.POLL)
    waiting = asyncio.create_task(bucket.turn(Turn.WRITE))
    await asyncio.sleep(0.5)
    bucket.pause(30)
    await waiting
    assert loop.time() >= 30.5

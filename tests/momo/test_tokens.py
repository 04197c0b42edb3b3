"""The token cache: one fetch for all, renewed early, dropped on demand."""

import asyncio

import pytest

from momo import ServerError
from momo.models import Token
from momo.tokens import TokenCache


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Fetch:
    """Brings "t1", "t2", … once `gate` is open."""

    def __init__(self, expires_in: int = 3600) -> None:
        self.count = 0
        self.expires_in = expires_in
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None

    async def __call__(self) -> Token:
        self.count += 1
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return Token(f"t{self.count}", self.expires_in)


async def soon() -> None:
    """Let every task that can run do so."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_thirty_waiters_share_one_fetch():
    fetch = Fetch()
    fetch.gate.clear()
    tokens = TokenCache(fetch, Clock())
    waiters = [asyncio.create_task(tokens.value()) for _ in range(30)]
    await soon()

    fetch.gate.set()

    assert set(await asyncio.gather(*waiters)) == {"t1"}
    assert fetch.count == 1


async def test_a_cancelled_waiter_does_not_cancel_the_others():
    fetch = Fetch()
    fetch.gate.clear()
    tokens = TokenCache(fetch, Clock())
    impatient, patient = asyncio.create_task(tokens.value()), asyncio.create_task(tokens.value())
    await soon()

    impatient.cancel()
    await soon()
    fetch.gate.set()

    assert await patient == "t1"
    assert impatient.cancelled()
    assert fetch.count == 1


@pytest.mark.parametrize(("expires_in", "kept_for"), [(3600, 3000), (1200, 600), (1000, 500), (10, 5)])
async def test_a_token_is_renewed_ten_minutes_early_or_at_half_its_life(expires_in, kept_for):
    clock, fetch = Clock(), Fetch(expires_in)
    tokens = TokenCache(fetch, clock)
    await tokens.value()

    clock.now += kept_for - 0.001
    await tokens.value()
    await soon()
    before = fetch.count
    clock.now += 0.001
    await tokens.value()
    await soon()

    assert (before, await tokens.value()) == (1, "t2")


async def test_nobody_waits_for_a_renewal():
    clock, fetch = Clock(), Fetch()
    tokens = TokenCache(fetch, clock)
    await tokens.value()
    clock.now += 3000
    fetch.gate.clear()

    assert await tokens.value() == "t1"
    await soon()

    assert (tokens.current(), fetch.count) == ("t1", 2)
    fetch.gate.set()
    await soon()
    assert tokens.current() == "t2"


async def test_a_renewal_that_fails_is_tried_again_after_half_a_minute_and_hurts_nobody_till_the_end():
    clock, fetch = Clock(), Fetch()
    tokens = TokenCache(fetch, clock)
    await tokens.value()
    clock.now += 3000
    fetch.error = ServerError(503)

    async def ask():
        value = await tokens.value()
        await soon()
        return value

    assert [await ask(), await ask()] == ["t1", "t1"]
    assert fetch.count == 2
    clock.now += 30
    assert (await ask(), fetch.count) == ("t1", 3)
    clock.now += 570  # the token's last second is over
    assert tokens.current() is None
    with pytest.raises(ServerError):
        await tokens.value()


async def test_a_dropped_token_is_fetched_anew():
    tokens = TokenCache(Fetch(), Clock())

    tokens.drop(await tokens.value())

    assert await tokens.value() == "t2"


async def test_a_late_drop_does_not_touch_the_token_that_followed():
    fetch = Fetch()
    tokens = TokenCache(fetch, Clock())
    old = await tokens.value()
    tokens.drop(old)
    await tokens.value()

    tokens.drop(old)

    assert await tokens.value() == "t2"
    assert fetch.count == 2


async def test_a_failed_fetch_reaches_all_waiters_and_the_next_caller_tries_again():
    fetch = Fetch()
    fetch.error = ServerError(503)
    tokens = TokenCache(fetch, Clock())

    failures = await asyncio.gather(tokens.value(), tokens.value(), return_exceptions=True)
    await soon()
    fetch.error = None

    assert [type(failure) for failure in failures] == [ServerError, ServerError]
    assert await tokens.value() == "t2"


async def test_a_failure_nobody_waits_for_makes_no_noise():
    fetch = Fetch()
    fetch.gate.clear()
    fetch.error = ServerError(503)
    waiter = asyncio.create_task(TokenCache(fetch, Clock()).value())
    await soon()

    waiter.cancel()
    fetch.gate.set()
    await soon()

    assert waiter.cancelled()


async def test_closing_stops_a_fetch():
    fetch = Fetch()
    fetch.gate.clear()
    tokens = TokenCache(fetch, Clock())
    waiter = asyncio.create_task(tokens.value())
    await soon()

    await tokens.close()
    await soon()

    assert waiter.cancelled()

"""The limiter: never more calls in any second than allowed, in order, shared, and slowed down when MTN says so."""

import asyncio
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from momo import ConfigurationError, Limiter, Money, RateLimited
from tests.momo.recorded import REFERENCE, Recorded, answer, client_of
from tests.momo.sandbox.world import Clock

BALANCE = answer(200, {"availableBalance": "10", "currency": "EUR"})


async def turns_of(limiter, clock, arrivals):
    """When each of several calls, arriving one after the other, had its turn."""
    turns = []
    for pause in arrivals:
        clock.seconds += pause
        await limiter.turn()
        turns.append(clock.seconds)
    return turns


@settings(deadline=None)
@given(
    per_second=st.floats(0.2, 50),
    arrivals=st.lists(st.floats(0, 3), min_size=1, max_size=60),
)
def test_no_window_ever_holds_more_calls_than_allowed(per_second, arrivals):
    clock = Clock()
    limiter = Limiter(per_second, clock=clock, sleep=clock.sleep)

    turns = asyncio.run(turns_of(limiter, clock, arrivals))

    most = max(1, int(per_second))
    window = most / per_second
    spans = [later - earlier for earlier, later in zip(turns, turns[most:], strict=False)]
    assert all(span >= window - 1e-9 for span in spans)


async def test_a_burst_up_to_the_limit_goes_through_at_once():
    clock = Clock()
    limiter = Limiter(10, clock=clock, sleep=clock.sleep)

    turns = await turns_of(limiter, clock, [0] * 21)

    assert [turn - 1000 for turn in turns] == [0] * 10 + [1] * 10 + [2]


async def test_waiters_at_the_same_time_never_share_a_place():
    waits = []

    async def sleep(seconds):
        waits.append(round(seconds, 6))

    limiter = Limiter(2, clock=lambda: 0.0, sleep=sleep)

    await asyncio.gather(*(limiter.turn() for _ in range(6)))

    assert waits == [1, 1, 2, 2]


@pytest.mark.parametrize("rate", [0, -1, True, "10", None, float("nan"), float("inf")])
def test_a_rate_that_is_none_is_a_configuration_error(rate):
    with pytest.raises(ConfigurationError, match="calls per second"):
        Limiter(rate)


# --- in the client


async def test_the_products_of_a_client_share_ten_calls_a_second():
    clock, transport = Clock(), Recorded(BALANCE)
    client = client_of(transport, clock)

    for _ in range(10):
        await client.collection.balance()
        await client.disbursement.balance()

    assert clock.seconds - 1000 == 2  # twenty calls and two tokens


async def test_several_clients_may_share_one_limiter_and_one_transport():
    clock, transport = Clock(), Recorded(BALANCE)
    limiter = Limiter(10, clock=clock, sleep=clock.sleep)
    merchants = [client_of(transport, clock, calls_per_second=limiter, owns_transport=False) for _ in range(3)]

    for merchant in merchants:
        async with merchant:
            for _ in range(4):
                assert (await merchant.disbursement.balance()).available == Money(Decimal(10), "EUR")

    assert transport.tokens == 3
    assert clock.seconds - 1000 == 1
    assert transport.closed == 0


async def test_without_a_limit_nobody_waits():
    clock = Clock()
    client = client_of(Recorded(BALANCE), clock, calls_per_second=None)

    for _ in range(100):
        await client.disbursement.balance()

    assert clock.seconds == 1000


async def test_a_pause_that_mtn_asks_for_holds_back_every_product():
    clock = Clock()
    transport = Recorded(answer(429, retry_after="20"), BALANCE)
    client = client_of(transport, clock, read_retries=0)
    with pytest.raises(RateLimited):
        await client.disbursement.transfer_status(REFERENCE)

    await client.collection.balance()

    assert clock.seconds - 1000 == 20

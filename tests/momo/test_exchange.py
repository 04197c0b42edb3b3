"""Authorised calls: which failures are repeated, which never, and what happens to the token."""

import asyncio
from dataclasses import replace

import pytest

from momo import (
    AuthenticationFailed,
    ConnectionFailed,
    DuplicateReference,
    MomoError,
    Outcome,
    Product,
    ResponseLost,
    ServerError,
    answers,
    wire,
)
from momo.exchange import Exchange, Pace
from momo.wire import Access
from tests.momo.recorded import (
    ACCEPTED,
    BASE_URL,
    CREDENTIALS,
    GATEWAY_401,
    PAGE,
    REFERENCE,
    WALLET_401,
    Recorded,
    answer,
)

ACCESS = Access(BASE_URL, Product.DISBURSEMENT, "d" * 32, "sandbox")
READ = wire.balance(ACCESS)
WRITE = wire.submit(ACCESS, wire.TRANSFER, REFERENCE, {"amount": "5"})
BALANCE = answer(200, {"availableBalance": "10", "currency": "EUR"})


class World:
    """An Exchange over recorded replies, with waits that take no time."""

    def __init__(self, *replies, read_retries=2, **options):
        self.transport = Recorded(*replies, **options)
        self.waits = []
        pace = Pace(read_retries, clock=lambda: 0.0, sleep=self._sleep, jitter=lambda: 1.0)
        self.exchange = Exchange(ACCESS, CREDENTIALS, self.transport, pace)

    async def _sleep(self, seconds):
        self.waits.append(seconds)

    async def read(self):
        return await self.exchange.read(READ, answers.read_balance)

    def authorizations(self):
        return [request.headers["Authorization"] for request in self.transport.requests]


async def test_a_call_carries_its_token_and_the_next_one_the_same():
    world = World(BALANCE)

    await world.read()
    await world.read()

    assert world.authorizations() == ["Bearer token-1"] * 2
    assert world.transport.tokens == 1


async def test_a_hundred_first_calls_at_once_fetch_one_token():
    world = World(BALANCE)

    await asyncio.gather(*(world.read() for _ in range(100)))

    assert (world.transport.tokens, len(world.transport.requests)) == (1, 100)


# --- writes


@pytest.mark.parametrize(
    "reply",
    [ResponseLost("x"), ConnectionFailed("x"), answer(500), answer(503), answer(429), GATEWAY_401, PAGE],
)
async def test_a_write_is_sent_once_whatever_happens(reply):
    world = World(reply, ACCEPTED)

    with pytest.raises(MomoError):
        await world.exchange.write(WRITE)

    assert len(world.transport.requests) == 1


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (ResponseLost("x"), Outcome.UNKNOWN),
        (ConnectionFailed("x"), Outcome.NOT_APPLIED),
        (answer(503), Outcome.UNKNOWN),
        (answer(409), Outcome.UNKNOWN),
        (WALLET_401, Outcome.NOT_APPLIED),
        (PAGE, Outcome.NOT_APPLIED),
    ],
)
async def test_a_failed_write_says_whether_it_may_have_been_applied(reply, outcome):
    with pytest.raises(MomoError) as caught:
        await World(reply).exchange.write(WRITE)

    assert caught.value.outcome is outcome


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (ResponseLost("x"), ResponseLost),
        (answer(503), ServerError),
        (answer(500, {"error": "login_failed"}), AuthenticationFailed),
        (answer(401, {"error": "unauthorized"}), AuthenticationFailed),
        (answer(200, b"truncated {"), MomoError),
    ],
)
async def test_without_a_token_a_write_never_leaves_and_says_so(reply, kind):
    world = World(ACCEPTED)
    world.transport.token_reply = reply

    with pytest.raises(kind) as caught:
        await world.exchange.write(WRITE)

    assert caught.value.outcome is Outcome.NOT_APPLIED
    assert world.transport.requests == []


async def test_a_write_whose_token_was_taken_back_goes_once_more_under_the_same_id():
    world = World(WALLET_401, ACCEPTED)

    await world.exchange.write(WRITE)

    assert world.authorizations() == ["Bearer token-1", "Bearer token-2"]
    first, second = world.transport.requests
    assert replace(first, headers=second.headers) == second
    assert first.headers["X-Reference-Id"] == second.headers["X-Reference-Id"]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (WALLET_401, Outcome.NOT_APPLIED),
        (ConnectionFailed("x"), Outcome.NOT_APPLIED),
        (ResponseLost("x"), Outcome.UNKNOWN),
        (answer(409), Outcome.UNKNOWN),
    ],
)
async def test_it_goes_no_third_time_and_what_the_second_said_counts(reply, outcome):
    world = World(WALLET_401, reply)

    with pytest.raises(MomoError) as caught:
        await world.exchange.write(WRITE)

    assert len(world.transport.requests) == 2
    assert caught.value.outcome is outcome


async def test_a_repeat_by_the_caller_meets_a_409():
    world = World(ACCEPTED, answer(409, {"code": "RESOURCE_ALREADY_EXIST"}))
    await world.exchange.write(WRITE)

    with pytest.raises(DuplicateReference):
        await world.exchange.write(WRITE)


# --- reads


@pytest.mark.parametrize("reply", [ResponseLost("x"), ConnectionFailed("x"), answer(503), answer(429)])
async def test_a_read_is_repeated_after_passing_trouble(reply):
    world = World(reply, reply, BALANCE)

    assert (await world.read()).available.wire() == "10"
    assert world.waits == [0.5, 1.0]


async def test_a_read_gives_up_after_its_repeats():
    world = World(answer(503))

    with pytest.raises(ServerError):
        await world.read()

    assert len(world.transport.requests) == 3


async def test_an_outage_is_not_met_with_twice_the_calls():
    world = World(answer(503))

    for _ in range(100):
        with pytest.raises(ServerError):
            await world.read()

    assert 100 < len(world.transport.requests) <= 100 + 10 + 10


async def test_reads_can_be_told_never_to_repeat():
    world = World(answer(503), read_retries=0)

    with pytest.raises(ServerError):
        await world.read()

    assert (len(world.transport.requests), world.waits) == (1, [])


async def test_a_read_refused_for_good_is_not_repeated():
    world = World(answer(400))

    with pytest.raises(MomoError):
        await world.read()

    assert len(world.transport.requests) == 1


async def test_a_read_refused_by_the_wallet_is_tried_once_more_with_a_new_token():
    world = World(WALLET_401, BALANCE)

    await world.read()

    assert world.authorizations() == ["Bearer token-1", "Bearer token-2"]
    assert world.waits == []


async def test_a_second_refusal_by_the_wallet_ends_the_read():
    world = World(WALLET_401)

    with pytest.raises(AuthenticationFailed):
        await world.read()

    assert world.transport.tokens == 2


async def test_a_gateway_401_fetches_no_new_token():
    world = World(GATEWAY_401)

    for _ in range(3):
        with pytest.raises(AuthenticationFailed):
            await world.read()

    assert (world.transport.tokens, len(world.transport.requests)) == (1, 3)


async def test_a_wrong_api_key_is_not_tried_again():
    world = World(BALANCE)
    world.transport.token_reply = answer(500, {"error": "login_failed"})

    with pytest.raises(AuthenticationFailed):
        await world.read()

    assert world.transport.tokens == 1


async def test_a_token_of_the_callers_own_leaves_the_products_token_alone():
    world = World(WALLET_401)

    with pytest.raises(AuthenticationFailed):
        await world.exchange.read_as("consented", READ, answers.read_balance)

    assert world.authorizations() == ["Bearer consented"]
    assert world.transport.tokens == 0


@pytest.mark.parametrize("status", [400, 403])
async def test_a_token_that_is_refused_is_no_refusal_of_the_call_it_was_for(status):
    world = World(ACCEPTED)
    world.transport.token_reply = answer(status)

    with pytest.raises(AuthenticationFailed) as caught:
        await world.exchange.write(WRITE)

    assert (caught.value.status, caught.value.outcome) == (status, Outcome.NOT_APPLIED)
    assert not world.transport.requests

"""Waiting for an end: often at first, then more seldom, never past MTN's ten calls a second, never giving up early."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from momo import (
    BadRequest,
    ConnectionFailed,
    InvalidValue,
    Invoice,
    MalformedResponse,
    MomoClient,
    NotFound,
    PermissionDenied,
    ResponseLost,
    ServerError,
    Status,
    Withdrawal,
)
from momo.watching import seconds_until_next_look
from tests.momo.recorded import BASE_URL, CREDENTIALS, REFERENCE, Recorded, answer
from tests.momo.sandbox.world import Clock

CREATED, PENDING, SUCCESSFUL = (answer(200, {"status": word}) for word in ("CREATED", "PENDING", "SUCCESSFUL"))
UNKNOWN = answer(404, {"code": "RESOURCE_NOT_FOUND"})


class World:
    """A client over recorded answers, whose clock passes only by waiting."""

    def __init__(self, *replies):
        self.clock, self.transport = Clock(), Recorded(*replies)
        self.at = []
        self.client = MomoClient(
            BASE_URL,
            "sandbox",
            collection=CREDENTIALS,
            disbursement=CREDENTIALS,
            transport=self,
            clock=self.clock,
            sleep=self.clock.sleep,
            read_retries=0,
        )

    async def exchange(self, request):
        if not request.url.endswith("/token/"):
            self.at.append(self.clock.seconds - 1000)
        return await self.transport.exchange(request)

    async def close(self):
        await self.transport.close()


async def test_it_looks_often_at_first_and_then_more_and_more_seldom():
    world = World(PENDING)

    await world.client.disbursement.wait_until_final(REFERENCE, timeout_seconds=7200)

    gaps = [later - earlier for earlier, later in zip(world.at, world.at[1:], strict=False)]
    assert world.at[:4] == [0, 1, 2, 3]
    assert gaps[:-1] == sorted(gaps[:-1])
    assert (gaps[0], gaps[-2]) == (1, 300)
    assert world.at[-1] == 7200


@settings(deadline=None)
@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_no_age_makes_it_look_more_often_than_ten_times_a_second_or_than_before(one, other):
    younger, older = sorted((one, other))
    assert 0.1 <= seconds_until_next_look(younger) <= seconds_until_next_look(older)


async def test_each_state_is_told_once():
    world = World(UNKNOWN, CREATED, CREATED, PENDING, answer(503), PENDING, SUCCESSFUL)

    seen = [result.status.word async for result in world.client.disbursement.observe(REFERENCE)]

    assert seen == ["CREATED", "PENDING", "SUCCESSFUL"]


async def test_looking_can_be_stopped_at_any_time():
    world = World(PENDING)

    async for result in world.client.collection.observe(REFERENCE, Withdrawal):
        assert result.status == Status.PENDING
        break

    assert len(world.at) == 1


async def test_another_kind_of_order_is_asked_about_where_it_lives():
    world = World(SUCCESSFUL)

    result = await world.client.collection.wait_until_final(REFERENCE, Invoice)

    assert result.status == Status.SUCCESSFUL
    assert world.transport.requests[0].url == f"{BASE_URL}/collection/v2_0/invoice/{REFERENCE}"


@pytest.mark.parametrize(
    "trouble",
    [UNKNOWN, answer(500), answer(429), answer(200, b"{"), ResponseLost("x"), ConnectionFailed("x")],
)
async def test_trouble_that_passes_does_not_end_the_waiting(trouble):
    world = World(trouble, trouble, trouble, SUCCESSFUL)

    assert (await world.client.disbursement.wait_until_final(REFERENCE)).status == Status.SUCCESSFUL


@pytest.mark.parametrize(("reply", "error"), [(answer(400), BadRequest), (answer(403), PermissionDenied)])
async def test_trouble_that_stays_ends_it_at_once(reply, error):
    world = World(reply)

    with pytest.raises(error):
        await world.client.disbursement.wait_until_final(REFERENCE)

    assert len(world.at) == 1


@pytest.mark.parametrize(
    ("reply", "error"),
    [(UNKNOWN, NotFound), (answer(503), ServerError), (answer(200, b"{"), MalformedResponse)],
)
async def test_if_there_never_was_an_answer_the_last_trouble_is_told(reply, error):
    with pytest.raises(error):
        await World(reply).client.disbursement.wait_until_final(REFERENCE, timeout_seconds=5)


async def test_trouble_at_the_end_does_not_hide_what_was_seen():
    world = World(PENDING, answer(503))

    result = await world.client.disbursement.wait_until_final(REFERENCE, timeout_seconds=5)

    assert result.status == Status.PENDING


async def test_a_reference_that_cannot_be_one_is_refused_before_anything_is_sent():
    world = World(PENDING)

    with pytest.raises(InvalidValue, match="reference_id"):
        await world.client.disbursement.wait_until_final("7")

    assert world.transport.tokens == 0

import asyncio

import pytest

from bot.domain.transactions import State
from bot.service import callbacks
from bot.service.callbacks import Doorbell
from tests.support.till import Till


def hint(till: Till, *tokens: str) -> int:
    return till.do(lambda tx: callbacks.hint(tx, till.policy, tokens))


@pytest.mark.parametrize("stage", ["sent", "pending"])
def test_a_callback_brings_the_next_look_forward_and_changes_nothing_else(till: Till, stage: str) -> None:
    txn = getattr(till, stage)()
    till.clock.forward(seconds=1)
    assert hint(till, txn.callback_token) == 1
    after = till.get(txn)
    assert (after.next_at, after.state, after.version) == (till.clock(), txn.state, txn.version)
    assert after.lease_until <= till.clock()


def test_a_callback_lets_nobody_send_again(till: Till) -> None:
    txn = till.sent()
    till.clock.forward(seconds=1)
    hint(till, txn.callback_token)
    assert till.claim(txn) is None


@pytest.mark.parametrize("stage", ["draft", "ready", "paid"])
def test_a_callback_for_what_is_not_at_mtn_changes_nothing_of_it(till: Till, stage: str) -> None:
    txn = getattr(till, stage)()
    assert hint(till, txn.callback_token) == 0
    assert till.get(txn) == txn


def test_a_forged_token_finds_nothing(till: Till) -> None:
    till.pending()
    assert hint(till, "x" * 43) == 0


def test_fifty_callbacks_bring_one_look(till: Till) -> None:
    txn = till.pending()
    assert sum(hint(till, txn.callback_token) for _ in range(50)) == 1
    till.clock.forward(seconds=5)
    assert hint(till, txn.callback_token) == 1


def test_a_callback_before_the_answer_to_the_request_is_no_end(till: Till) -> None:
    txn = till.sent()
    hint(till, txn.callback_token)
    assert till.get(txn).state is State.UNKNOWN


async def rung(till: Till, doorbell: Doorbell) -> None:
    """Let the doorbell write down what it has."""
    task = asyncio.create_task(doorbell.run())
    for _ in range(3):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_doorbell_writes_down_what_rang(till: Till) -> None:
    txn, doorbell = till.pending(), Doorbell(till.store, till.policy)
    till.clock.forward(seconds=1)
    for _ in range(3):
        doorbell.ring(txn.callback_token)
    await rung(till, doorbell)
    assert till.get(txn).next_at == till.clock()


@pytest.mark.parametrize("token", ["", "x", "x" * 42, "x" * 44, "é" * 43, "x" * 42 + "/"])
async def test_a_token_that_cannot_be_ours_takes_no_place(till: Till, token: str) -> None:
    doorbell = Doorbell(till.store, till.policy)
    doorbell.ring(token)
    assert doorbell._rung.empty()


async def test_a_flood_is_dropped_and_not_kept(till: Till) -> None:
    doorbell = Doorbell(till.store, till.policy)
    for n in range(callbacks.MOST_WAITING + 100):
        doorbell.ring(f"{n:043d}")
    assert doorbell._rung.qsize() == callbacks.MOST_WAITING

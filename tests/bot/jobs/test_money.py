"""Sender, poller and clock at work on the same rows, against the local MoMo platform."""

import asyncio
from collections.abc import Iterator

import pytest

from bot.domain.transactions import State, Transaction
from bot.jobs import deadlines, lookups, money
from bot.jobs.worklist import WorkList
from bot.service.lookups import Lookups
from bot.store.bells import Bell
from tests.support.clock import LoopClock, on_virtual_time
from tests.support.till import CASHIER, Till


@pytest.fixture
def tills() -> Iterator[list[Till]]:
    """Closes the tills that a test makes inside its own loop."""
    made: list[Till] = []
    yield made
    for till in made:
        till.store.conn.close()


def new_till(tills: list[Till]) -> Till:
    tills.append(Till(LoopClock(), per_second=5.0, sleep=moment))
    return tills[-1]


async def moment(seconds: float) -> None:
    """Sleep as on a real clock, which has moved a little after the shortest sleep."""
    await asyncio.sleep(max(seconds, 0.001))


async def work(till: Till, seconds: float) -> None:
    """Run the bot's loops for a while, then stop them."""
    settlement, listen = till.new_settlement(), till.store.bells.listen
    worklists: list[WorkList[Transaction]] = [
        money.sender(till.store, settlement, listen(Bell.READY), till.clock),
        money.poller(till.store, settlement, listen(Bell.MONEY), till.clock),
        lookups.names(till.store, Lookups(till.store, till.mtn), listen(Bell.LOOKUPS), till.clock),
    ]
    tasks = [asyncio.create_task(worklist.run()) for worklist in worklists]
    tasks.append(asyncio.create_task(deadlines.watch_forever(till.store, till.policy)))
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@on_virtual_time
async def test_what_is_ready_is_sent_once_and_followed_to_its_end(tills: list[Till]) -> None:
    till = new_till(tills)
    txns = [till.ready(amount=str(n)) for n in (1, 2, 3)]
    await work(till, 60)
    assert {till.get(txn).state for txn in txns} == {State.SUCCESSFUL}
    assert len(till.sandbox.ledger.effects) == 3


@on_virtual_time
async def test_a_press_wakes_the_sender(tills: list[Till]) -> None:
    till = new_till(tills)
    working = asyncio.create_task(work(till, 20))
    await asyncio.sleep(5)
    txn = till.ready()
    await asyncio.sleep(0.5)
    assert till.get(txn).state is State.PENDING
    await working


@on_virtual_time
async def test_a_payment_survives_half_an_hour_without_mtn(tills: list[Till]) -> None:
    till = new_till(tills)
    till.sandbox.faults.add("lose_answer", operation="transfer")
    till.sandbox.faults.add("timeout", method="GET", count=None)
    txn = till.ready()
    await work(till, 1800)
    assert till.get(txn).state is State.UNKNOWN
    till.sandbox.faults.clear()
    await work(till, 1800)
    assert till.get(txn).state is State.SUCCESSFUL
    assert len(till.sandbox.ledger.effects) == 1


@on_virtual_time
async def test_mtn_is_never_asked_more_often_than_allowed(tills: list[Till]) -> None:
    till = new_till(tills)
    txns = [till.ready(amount=str(n), maker=CASHIER) for n in range(1, 31)]
    await work(till, 120)
    asked = [entry.at for entry in till.sandbox.requests.entries]
    assert max(sum(at <= other < at + 1 for other in asked) for at in asked) <= 10
    assert {till.get(txn).state for txn in txns} == {State.SUCCESSFUL}


@on_virtual_time
async def test_a_draft_gets_its_name_and_expires_if_nobody_confirms(tills: list[Till]) -> None:
    till = new_till(tills)
    txn = till.draft(payee_name=None)
    await work(till, 10)
    assert till.get(txn).payee_name is not None
    await work(till, 300)
    assert till.get(txn).state is State.EXPIRED

import asyncio

import pytest

from bot.domain.policy import Policy
from bot.jobs import deadlines
from bot.store import facts
from bot.store.database import Tx
from tests.support.till import Till


async def test_the_work_of_one_moment_is_one_transaction(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    done, seen = asyncio.Event(), []
    monkeypatch.setattr(
        deadlines,
        "DUTIES",
        {"first": lambda tx, _: seen.append(tx), "last": lambda tx, _: (seen.append(tx), done.set())},
    )
    watching = asyncio.create_task(deadlines.watch_forever(till.store, till.policy))
    await asyncio.wait_for(done.wait(), 5)
    watching.cancel()
    assert seen[0] is seen[1]


async def test_a_duty_that_fails_stops_no_other(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    done = asyncio.Event()

    def fails(tx: Tx, _: Policy) -> None:
        facts.put(tx.conn, "half", "done")
        raise ValueError("one bad row")

    def works(_: Tx, __: Policy) -> None:
        done.set()

    monkeypatch.setattr(deadlines, "DUTIES", {"bad": fails, "good": works})
    watching = asyncio.create_task(deadlines.watch_forever(till.store, till.policy))
    await asyncio.wait_for(done.wait(), 5)
    watching.cancel()
    assert facts.get(till.store.conn, "half") is None

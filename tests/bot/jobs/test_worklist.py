import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import pairwise

from bot.jobs.worklist import LONGEST_SLEEP, Look, WorkList
from tests.support.clock import LoopClock, on_virtual_time

Work = Callable[[str], Awaitable[None]]


class Rows:
    """Work that lives in rows: what is here is due. An item's first letter is its key."""

    def __init__(self, *items: str) -> None:
        self.items = list(items)
        self.bell = asyncio.Event()
        self.next_at: datetime | None = None
        self.looked = 0

    async def look(self) -> Look[str]:
        self.looked += 1
        return Look(list(self.items), self.next_at)

    def worklist(self, work: Work, most: int = 64) -> WorkList[str]:
        return WorkList(
            "rows",
            look=self.look,
            key=lambda item: item[0],
            work=work,
            bell=self.bell,
            clock=LoopClock(),
            most=most,
        )


async def run_for(worklist: WorkList[str], seconds: float) -> None:
    task = asyncio.create_task(worklist.run())
    await asyncio.sleep(seconds)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@on_virtual_time
async def test_everything_due_is_worked_on_once() -> None:
    rows, done = Rows("a", "b", "c"), []

    async def work(item: str) -> None:
        rows.items.remove(item)
        done.append(item)

    await run_for(rows.worklist(work), 1)
    assert done == ["a", "b", "c"]


@on_virtual_time
async def test_a_worklist_with_no_place_left_does_not_look_for_more_until_there_is_one() -> None:
    rows, done = Rows("a", "b", "c"), []

    async def work(item: str) -> None:
        await asyncio.sleep(10)
        rows.items.remove(item)
        done.append(item)

    running = asyncio.create_task(run_for(rows.worklist(work, most=1), 25))
    for _ in range(100):
        rows.bell.set()
        await asyncio.sleep(0.05)
    assert rows.looked == 1
    await running
    assert done == ["a", "b"]


@on_virtual_time
async def test_items_of_one_key_are_worked_on_one_after_another_in_order() -> None:
    rows, log = Rows("a1", "a2", "b1"), []

    async def work(item: str) -> None:
        log.append(f"{item} begins")
        await asyncio.sleep(1)
        rows.items.remove(item)
        log.append(f"{item} ends")

    await run_for(rows.worklist(work), 5)
    assert log == ["a1 begins", "b1 begins", "a1 ends", "b1 ends", "a2 begins", "a2 ends"]


@on_virtual_time
async def test_no_more_than_allowed_are_in_work_at_once() -> None:
    rows, running, peak = Rows(*"abcdefgh"), set(), []

    async def work(item: str) -> None:
        running.add(item)
        peak.append(len(running))
        await asyncio.sleep(1)
        running.remove(item)
        rows.items.remove(item)

    await run_for(rows.worklist(work, most=3), 10)
    assert max(peak) == 3
    assert rows.items == []


@on_virtual_time
async def test_a_failing_item_ends_neither_the_loop_nor_its_own_work() -> None:
    rows, tries = Rows("a", "b"), []

    async def work(item: str) -> None:
        tries.append(item)
        if item == "b" or tries.count("a") == 3:
            rows.items.remove(item)
            return
        raise KeyError(item)

    await run_for(rows.worklist(work), 10)
    assert sorted(tries) == ["a", "a", "a", "b"]


@on_virtual_time
async def test_what_fails_is_tried_again_after_ever_longer_pauses_of_a_minute_at_most() -> None:
    rows, tries = Rows("a"), []

    async def work(_: str) -> None:
        tries.append(asyncio.get_running_loop().time())
        raise KeyError("bug")

    await run_for(rows.worklist(work), 250)
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert pauses == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60]


@on_virtual_time
async def test_after_a_success_the_pauses_begin_anew_and_other_keys_never_wait() -> None:
    rows, clock, tries = Rows("a", "b"), asyncio.get_running_loop().time, []

    async def work(item: str) -> None:
        tries.append((item, clock()))
        if item == "b" or len(tries) == 4:
            rows.items.remove(item)
            return
        raise KeyError(item)

    running = asyncio.create_task(run_for(rows.worklist(work), 2.6))
    await asyncio.sleep(1.6)
    rows.items.append("a")
    rows.bell.set()
    await running
    assert tries == [("a", 0.0), ("b", 0.0), ("a", 0.5), ("a", 1.5), ("a", 1.6), ("a", 2.1)]


@on_virtual_time
async def test_the_bell_ends_the_sleep() -> None:
    rows, done_at = Rows(), []

    async def work(item: str) -> None:
        rows.items.remove(item)
        done_at.append(asyncio.get_running_loop().time())

    running = asyncio.create_task(run_for(rows.worklist(work), 30))
    await asyncio.sleep(7)
    rows.items.append("a")
    rows.bell.set()
    await running
    assert done_at == [7.0]


@on_virtual_time
async def test_a_forgotten_bell_costs_a_minute_at_most() -> None:
    rows, done = Rows(), []

    async def work(item: str) -> None:
        rows.items.remove(item)
        done.append(item)

    running = asyncio.create_task(run_for(rows.worklist(work), LONGEST_SLEEP + 1))
    await asyncio.sleep(1)
    rows.items.append("a")
    await running
    assert done == ["a"]


@on_virtual_time
async def test_the_loop_wakes_when_something_falls_due() -> None:
    rows, clock = Rows(), LoopClock()
    rows.next_at = clock() + timedelta(seconds=10)
    woken = []

    async def work(item: str) -> None:
        woken.append(rows.items.pop())

    running = asyncio.create_task(run_for(rows.worklist(work), 10.2))
    await asyncio.sleep(1)
    rows.items.append("a")  # without a bell
    await running
    assert woken == ["a"]


@on_virtual_time
async def test_what_is_due_but_in_work_is_not_asked_for_all_the_time() -> None:
    rows = Rows("a")

    async def work(_: str) -> None:
        await asyncio.sleep(100)

    await run_for(rows.worklist(work), 50)
    assert rows.looked == 2  # at the start, and for what found no place in the first


@on_virtual_time
async def test_draining_waits_for_what_is_in_work_and_cuts_off_what_takes_too_long() -> None:
    rows, ended = Rows("quick", "slow"), []

    async def work(item: str) -> None:
        await asyncio.sleep(2 if item == "quick" else 1000)
        ended.append(item)

    worklist = rows.worklist(work)
    await run_for(worklist, 1)
    await worklist.drain(21)
    assert ended == ["quick"]
    assert asyncio.get_running_loop().time() == 22.0


@on_virtual_time
async def test_draining_does_not_wait_for_what_only_rests_after_a_failure() -> None:
    rows = Rows("a")

    async def work(_: str) -> None:
        raise ValueError("not today")

    worklist = rows.worklist(work)
    await run_for(worklist, 20)
    before = asyncio.get_running_loop().time()
    await worklist.drain(21)
    assert asyncio.get_running_loop().time() == before

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.jobs import inbox as job
from bot.store import facts, inbox
from bot.store.bells import Bell
from bot.store.database import Tx
from bot.store.inbox import Stored
from tests.support.clock import LoopClock, on_virtual_time
from tests.support.store import MemoryStore


@pytest.fixture
def store() -> Iterator[MemoryStore]:
    store = MemoryStore(LoopClock())
    yield store
    store.conn.close()


def update(update_id: int, chat: int) -> dict[str, Any]:
    return {"update_id": update_id, "message": {"chat": {"id": chat}}}


class Bot:
    """Handles updates; those in *poison* never go well."""

    def __init__(self, store: MemoryStore, poison: set[int]) -> None:
        self.handled: list[int] = []
        self.given_up: list[int] = []
        self.tries: list[int] = []
        self._store, self._poison = store, poison

    async def handle(self, stored: Stored) -> Callable[[Tx], None]:
        self.tries.append(stored.update_id)
        if stored.update_id in self._poison:
            raise KeyError("poison")
        return lambda tx: self.finish(tx, stored)

    def finish(self, tx: Tx, stored: Stored) -> None:
        self.handled.append(stored.update_id)

    def give_up(self, tx: Tx, stored: Stored) -> None:
        self.given_up.append(stored.update_id)
        facts.put(tx.conn, "given up", str(stored.update_id))

    async def run(self, seconds: float) -> None:
        bell = self._store.bells.listen(Bell.INBOX)
        worklist = job.handling(self._store, self.handle, self.give_up, bell, LoopClock())
        await run_for(worklist.run(), seconds)


async def run_for(loop: Any, seconds: float) -> None:
    task = asyncio.create_task(loop)
    await asyncio.sleep(seconds)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


WAITING, DONE, DEAD = 0, 1, 2


def states(store: MemoryStore) -> dict[int, int]:
    return {row["update_id"]: row["done"] for row in store.conn.execute("SELECT update_id, done FROM inbox")}


def stored(store: MemoryStore, *updates: tuple[int, int]) -> None:
    store.do(lambda tx: inbox.store(tx, [(u, chat, update(u, chat)) for u, chat in updates]))


@on_virtual_time
async def test_updates_of_a_chat_are_handled_in_order(store: MemoryStore) -> None:
    stored(store, (1, 10), (2, 20), (3, 10), (4, 10))
    bot = Bot(store, set())
    await bot.run(1)
    assert sorted(bot.handled) == [1, 2, 3, 4]
    assert [n for n in bot.handled if n != 2] == [1, 3, 4]


@on_virtual_time
async def test_a_poison_update_is_given_up_after_three_tries_and_the_others_go_on(store: MemoryStore) -> None:
    stored(store, (1, 10), (2, 20), (3, 10))
    bot = Bot(store, {1})
    await bot.run(20)
    assert bot.tries.count(1) == 3
    assert bot.given_up == [1]
    assert bot.handled == [2, 3]
    assert states(store) == {1: DEAD, 2: DONE, 3: DONE}


@on_virtual_time
async def test_a_poison_update_is_tried_again_after_growing_pauses_while_other_chats_go_on(store: MemoryStore) -> None:
    stored(store, (1, 10), (2, 10))
    bot = Bot(store, {1})
    await bot.run(0.4)
    stored(store, (3, 20))
    await bot.run(0.05)
    assert bot.handled == [3]
    again = Bot(store, {1})
    await again.run(0.4)
    assert (again.tries, again.handled) == ([1], [])


@on_virtual_time
async def test_what_is_left_to_write_is_written_with_the_mark_that_it_is_done_or_not_at_all(
    store: MemoryStore,
) -> None:
    class Half(Bot):
        def finish(self, tx: Tx, stored: Stored) -> None:
            facts.put(tx.conn, "step", "2")
            raise KeyError("then this")

    stored(store, (1, 10))
    await Half(store, set()).run(0.1)
    assert states(store) == {1: WAITING}
    assert facts.get(store.conn, "step") is None


@on_virtual_time
async def test_an_update_whose_last_step_cannot_be_written_is_given_up_like_any_other(store: MemoryStore) -> None:
    class Unwritable(Bot):
        def finish(self, tx: Tx, stored: Stored) -> None:
            raise TypeError("not for JSON")

    stored(store, (1, 10))
    bot = Unwritable(store, set())
    await bot.run(600)
    assert (bot.tries, bot.given_up) == ([1, 1, 1], [1])


@on_virtual_time
async def test_the_chat_is_told_in_the_transaction_of_the_last_failed_try(store: MemoryStore) -> None:
    class Silent(Bot):
        def give_up(self, tx: Tx, stored: Stored) -> None:
            super().give_up(tx, stored)
            raise KeyError("cannot be told")

    stored(store, (1, 10))
    await Silent(store, {1}).run(5)
    assert states(store) == {1: WAITING}
    assert facts.get(store.conn, "given up") is None
    await Bot(store, {1}).run(5)
    assert states(store) == {1: DEAD}
    assert facts.get(store.conn, "given up") == "1"


@on_virtual_time
async def test_a_handled_update_is_not_handled_again_after_a_restart(store: MemoryStore) -> None:
    stored(store, (1, 10))
    await Bot(store, set()).run(1)
    again = Bot(store, set())
    await again.run(1)
    assert again.handled == []


@on_virtual_time
async def test_tries_are_counted_across_restarts(store: MemoryStore) -> None:
    stored(store, (1, 10))
    inbox.mark_failed(store.conn, 1, "x", 3)
    inbox.mark_failed(store.conn, 1, "x", 3)
    bot = Bot(store, {1})
    await bot.run(5)
    assert (bot.tries, bot.given_up) == ([1], [1])


# --- fetching


class Telegram:
    """Answers getUpdates with the batches given, then with nothing; remembers what it was asked."""

    def __init__(self, *batches: list[dict[str, Any]] | Exception) -> None:
        self.offsets: list[int] = []
        self._batches = list(batches)

    async def fetch(self, offset: int) -> list[dict[str, Any]]:
        self.offsets.append(offset)
        await asyncio.sleep(1)
        batch = self._batches.pop(0) if self._batches else []
        if isinstance(batch, Exception):
            raise batch
        return batch


@on_virtual_time
async def test_updates_are_stored_before_they_are_acknowledged(store: MemoryStore) -> None:
    telegram = Telegram([update(7, 1), update(8, 1)], [update(9, 1)])
    await run_for(job.fetch_forever(store, telegram.fetch), 3.5)
    assert telegram.offsets[:3] == [0, 9, 10]
    assert [row[0] for row in store.conn.execute("SELECT update_id FROM inbox")] == [7, 8, 9]


@on_virtual_time
async def test_after_a_restart_fetching_goes_on_where_it_was(store: MemoryStore) -> None:
    await run_for(job.fetch_forever(store, Telegram([update(7, 1)]).fetch), 1.5)
    telegram = Telegram()
    await run_for(job.fetch_forever(store, telegram.fetch), 0.5)
    assert telegram.offsets == [8]


@on_virtual_time
async def test_whatever_goes_wrong_the_bot_asks_again_ever_more_slowly(store: MemoryStore) -> None:
    telegram = Telegram(*[OSError("no network")] * 6, [update(7, 1)])
    await run_for(job.fetch_forever(store, telegram.fetch), 60)
    assert telegram.offsets[:7] == [0] * 7
    assert store.do(inbox.offset) == 8


@on_virtual_time
async def test_a_fetched_update_wakes_the_worker(store: MemoryStore) -> None:
    bot = Bot(store, set())
    worker = asyncio.create_task(bot.run(10))
    await run_for(job.fetch_forever(store, Telegram([update(7, 1)]).fetch), 5)
    await worker
    assert bot.handled == [7]

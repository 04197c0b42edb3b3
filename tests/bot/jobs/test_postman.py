import asyncio
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.domain import schedule
from bot.jobs.outbox import Postman, record
from bot.jobs.pace import BURST_MOST
from bot.service.delivery import Delivery, Receipt
from bot.store import cards, outbox, people
from bot.store.bells import Bell
from bot.store.outbox import Form, Lane, Message
from tests.support.clock import LoopClock, on_virtual_time
from tests.support.store import MemoryStore
from tests.support.till import CASHIER, OWNER, POLICY, SHOP, Till

SENT = Receipt(Delivery.SENT, 77)
THROTTLED = Receipt(Delivery.LATER, retry_after=timedelta(seconds=30))
NO_ANSWER = Receipt(Delivery.MAYBE, error="timed out")


class Telegram:
    """Takes messages as told: the receipts given, then SENT for all the rest.

    ``bad``: texts that get no answer, ever; ``seconds``: how long it takes over each.
    """

    def __init__(
        self, store: MemoryStore, *receipts: Receipt, bad: frozenset[str] = frozenset(), seconds: float = 0
    ) -> None:
        self.got: list[tuple[str, float]] = []
        self.messages: list[Message] = []
        self.at_once = 0
        self.busiest: list[int] = []
        self._receipts = list(receipts)
        self._bad = bad
        self._seconds = seconds
        self._store = store

    async def deliver(self, message: Message) -> Receipt:
        self.got.append((message.payload["text"], LoopClock().seconds()))
        self.messages.append(message)
        self.at_once += 1
        self.busiest.append(self.at_once)
        receipt = self._receipts.pop(0) if self._receipts else SENT
        await asyncio.sleep(self._seconds)
        self.at_once -= 1
        return NO_ANSWER if message.payload["text"] in self._bad else receipt

    @property
    def texts(self) -> list[str]:
        return [text for text, _ in self.got]

    async def run(self, seconds: float) -> None:
        """Let a postman work for a while."""
        postman = Postman(self._store, POLICY, self.deliver, LoopClock(), random.Random(1))
        task = asyncio.create_task(postman.worklist(self._store.bells.listen(Bell.OUTBOX)).run())
        await asyncio.sleep(seconds)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def store() -> Iterator[MemoryStore]:
    store = MemoryStore(LoopClock())
    yield store
    store.conn.close()


def add(store: MemoryStore, text: str, chat: int = 1, lane: Lane = Lane.END, **keys: Any) -> None:
    store.do(lambda tx: outbox.add(tx, chat, Form.TEXT, lane, text=text, **keys))


def states(store: MemoryStore) -> list[str]:
    return [row["state"] for row in store.conn.execute("SELECT state FROM outbox ORDER BY id")]


@on_virtual_time
async def test_a_chat_gets_its_messages_in_order_one_a_second(store: MemoryStore) -> None:
    for n in range(4):
        add(store, f"{n}")
    telegram = Telegram(store)
    await telegram.run(10)
    assert telegram.texts == ["0", "1", "2", "3"]
    assert all(later - earlier >= 1 for (_, earlier), (_, later) in zip(telegram.got, telegram.got[1:], strict=False))


@on_virtual_time
async def test_answers_go_at_once(store: MemoryStore) -> None:
    for n in range(4):
        add(store, f"{n}", lane=Lane.ANSWER)
    telegram = Telegram(store)
    await telegram.run(0.5)
    assert telegram.texts == ["0", "1", "2", "3"]


@on_virtual_time
async def test_chats_are_served_side_by_side(store: MemoryStore) -> None:
    for chat in range(1, 11):
        add(store, "hello", chat)
    telegram = Telegram(store)
    await telegram.run(0.5)
    assert len(telegram.got) == 10


@on_virtual_time
async def test_a_group_gets_twenty_new_messages_a_minute(store: MemoryStore) -> None:
    for n in range(25):
        add(store, f"{n}", chat=-5)
    telegram = Telegram(store)
    await telegram.run(59)
    assert len(telegram.got) == 20
    await telegram.run(30)
    assert telegram.texts == [f"{n}" for n in range(25)]


@on_virtual_time
async def test_a_throttled_chat_waits_as_long_as_telegram_wishes(store: MemoryStore) -> None:
    add(store, "one")
    add(store, "two")
    telegram = Telegram(store, THROTTLED)
    await telegram.run(60)
    assert telegram.texts == ["one", "one", "two"]
    assert telegram.got[1][1] >= 30
    assert not telegram.messages[1].doubtful


@pytest.mark.parametrize("chat", [1, 2, -5])
@pytest.mark.parametrize("lane", Lane)
def test_what_is_written_while_telegram_throttles_waits_too_in_every_chat(
    store: MemoryStore, lane: Lane, chat: int
) -> None:
    @on_virtual_time
    async def body() -> None:
        add(store, "one")
        telegram = Telegram(store, THROTTLED)
        running = asyncio.create_task(telegram.run(60))
        await asyncio.sleep(5)
        add(store, "two", chat, lane)
        await running
        assert [at for text, at in telegram.got if text == "two"] == [pytest.approx(30, abs=1.5)]
        assert telegram.got[1][1] >= 30

    body()


@on_virtual_time
async def test_a_chat_keeps_its_order_over_telegrams_throttling(store: MemoryStore) -> None:
    for text in ("one", "two"):
        add(store, text)
    telegram = Telegram(store, THROTTLED)
    running = asyncio.create_task(telegram.run(60))
    await asyncio.sleep(5)
    add(store, "three")
    await running
    assert telegram.texts == ["one", "one", "two", "three"]


@on_virtual_time
async def test_a_missing_answer_meanwhile_does_not_shorten_telegrams_wish(store: MemoryStore) -> None:
    add(store, "one", chat=1)
    add(store, "two", chat=2)
    telegram = Telegram(store, THROTTLED, NO_ANSWER)
    await telegram.run(60)
    assert [at for _, at in telegram.got[:2]] == [0.0, 0.0]
    assert min(at for _, at in telegram.got[2:]) >= 30


@on_virtual_time
async def test_being_throttled_counts_as_no_try(store: MemoryStore) -> None:
    add(store, "one")
    await Telegram(store, *[THROTTLED] * 10).run(600)
    assert [(row["state"], row["tries"]) for row in store.conn.execute("SELECT state, tries FROM outbox")] == [
        ("SENT", 0)
    ]


# --- Telegram is away


@on_virtual_time
async def test_while_telegram_is_away_only_one_message_tries_now_and_then(store: MemoryStore) -> None:
    for chat in range(1, 11):
        add(store, "hello", chat)
    telegram = Telegram(store, *[NO_ANSWER] * 60)
    await telegram.run(600)
    assert len([at for _, at in telegram.got if at < 0.5]) == BURST_MOST
    later = [at for _, at in telegram.got if at >= 0.5]
    assert len(later) <= 600 / 30 + 6
    assert len(set(later)) == len(later)


@on_virtual_time
async def test_while_telegram_is_away_a_new_message_is_no_second_try_beside_the_first(store: MemoryStore) -> None:
    add(store, "one")
    telegram = Telegram(store, *[NO_ANSWER] * 60, seconds=20)
    running = asyncio.create_task(telegram.run(300))
    await asyncio.sleep(120)
    for chat in range(2, 12):
        await asyncio.sleep(5)
        add(store, "hello", chat)
    await running
    assert max(telegram.busiest) == 1


@on_virtual_time
async def test_tries_while_telegram_is_away_do_not_count(store: MemoryStore) -> None:
    add(store, "one")
    telegram = Telegram(store, bad=frozenset({"one"}))
    await telegram.run(timedelta(days=3).total_seconds())
    [row] = store.conn.execute("SELECT state, tries FROM outbox")
    assert (row["state"], row["tries"]) == ("NEW", schedule.HOLDS_ITS_CHAT)


@on_virtual_time
async def test_when_telegram_is_back_everything_is_delivered_within_a_minute(store: MemoryStore) -> None:
    for chat in range(1, 11):
        add(store, "hello", chat)
    telegram = Telegram(store, *[NO_ANSWER] * 40)
    await telegram.run(1200)
    back_at = telegram.got[40][1]
    assert states(store) == ["SENT"] * 10
    assert max(at for _, at in telegram.got) <= back_at + 60


@pytest.mark.parametrize("lane", Lane)
def test_one_message_that_never_gets_an_answer_is_not_telegram_being_away_for_the_others(
    store: MemoryStore, lane: Lane
) -> None:
    @on_virtual_time
    async def body() -> None:
        add(store, "bad", 1, Lane.ANSWER)
        telegram = Telegram(store, bad=frozenset({"bad"}))
        running = asyncio.create_task(telegram.run(600))
        await asyncio.sleep(120)
        add(store, "good", 2, lane)
        await running
        assert "good" in telegram.texts

    body()


@on_virtual_time
async def test_a_message_without_an_answer_is_repeated_as_doubtful(store: MemoryStore) -> None:
    add(store, "one")
    telegram = Telegram(store, NO_ANSWER)
    await telegram.run(10)
    assert [message.doubtful for message in telegram.messages] == [False, True]
    assert states(store) == ["SENT"]


def fails(till: Till, message: Message) -> None:
    till.do(lambda tx: record(tx, POLICY, message, NO_ANSWER, 1.0))


def test_a_message_nobody_takes_becomes_a_dead_letter_after_about_a_day(till: Till) -> None:
    add(till.store, "one")
    began, tries = till.clock(), 0
    while heads := till.do(lambda tx: outbox.heads(tx, 1)):
        fails(till, heads[0])
        till.clock.now = till.do(outbox.next_later_at) or till.clock.now
        tries += 1
    assert states(till.store) == ["DEAD"]
    assert tries == len(schedule.DELIVERY_STEPS) + 1
    assert timedelta(hours=23) < till.clock() - began < timedelta(hours=26)


def test_a_message_that_fails_again_and_again_stops_holding_its_chat(till: Till) -> None:
    add(till.store, "bad")
    add(till.store, "next")
    tries = []
    while "next" not in tries:
        for message in till.do(lambda tx: outbox.heads(tx, 1)):
            tries.append(message.payload["text"])
            fails(till, message)
        till.clock.forward(seconds=1)
    assert tries == ["bad"] * (schedule.HOLDS_ITS_CHAT + 1) + ["next"]


@on_virtual_time
async def test_a_message_nobody_can_write_is_put_back_and_stops_no_other(store: MemoryStore) -> None:
    async def deliver(message: Message) -> Receipt:
        if message.payload["text"] == "bad":
            raise KeyError("bug")
        return await telegram.deliver(message)

    telegram = Telegram(store)
    for chat, text in ((1, "bad"), (2, "good")):
        add(store, text, chat)
    postman = Postman(store, POLICY, deliver, LoopClock(), random.Random(1))
    for message in store.do(lambda tx: outbox.heads(tx, 9)):
        await postman.send(message)
    assert states(store) == ["NEW", "SENT"]
    assert telegram.texts == ["good"]


@on_virtual_time
async def test_a_refused_message_is_a_dead_letter_at_once_and_the_next_one_goes(store: MemoryStore) -> None:
    add(store, "bad")
    add(store, "good")
    telegram = Telegram(store, Receipt(Delivery.REFUSED, error="can't parse entities"))
    await telegram.run(5)
    assert telegram.texts == ["bad", "good"]
    assert states(store) == ["DEAD", "SENT"]


@on_virtual_time
async def test_a_blocked_person_is_not_written_to_first_any_more(store: MemoryStore) -> None:
    store.do(lambda tx: people.meet(tx, CASHIER, "Somebody", None, private=True))
    add(store, "one", chat=CASHIER)
    await Telegram(store, Receipt(Delivery.GONE, error="blocked")).run(5)
    assert states(store) == ["DEAD"]
    assert not people.has_started(store.conn, CASHIER)


@on_virtual_time
async def test_a_group_that_moved_gets_its_messages_at_its_new_place(store: MemoryStore) -> None:
    store.do(lambda tx: people.open_desk(tx, -5, "Shop", OWNER))
    add(store, "one", chat=-5)
    add(store, "two", chat=-5)
    telegram = Telegram(store, Receipt(Delivery.MOVED, new_chat_id=-1005))
    await telegram.run(5)
    assert [(m.payload["text"], m.chat_id) for m in telegram.messages[1:]] == [("one", -1005), ("two", -1005)]
    assert people.desk_of_chat(store.conn, -1005) is not None


@on_virtual_time
async def test_a_group_that_moved_to_a_chat_already_opened_gets_its_messages_too(store: MemoryStore) -> None:
    for chat in (-5, -1005):
        store.do(lambda tx, chat=chat: people.open_desk(tx, chat, "Shop", OWNER))
    add(store, "one", chat=-5)
    telegram = Telegram(store, Receipt(Delivery.MOVED, new_chat_id=-1005))
    await telegram.run(5)
    assert [m.chat_id for m in telegram.messages] == [-5, -1005]


def test_the_message_of_a_card_is_remembered_for_the_next_edit(till: Till) -> None:
    @on_virtual_time
    async def body() -> None:
        card = till.card(till.draft())
        postman = Postman(till.store, POLICY, sent, till.clock, random.Random(1))
        [message] = till.do(lambda tx: outbox.heads(tx, 9))
        await postman.send(message)
        shown = cards.on_message(till.store.conn, SHOP, 77)
        assert shown is not None
        assert shown.id == card.id

    body()


async def sent(_: Message) -> Receipt:
    return SENT


@on_virtual_time
async def test_a_message_replaced_meanwhile_is_not_sent(store: MemoryStore) -> None:
    add(store, "old", subject="card:1")
    [old] = store.do(lambda tx: outbox.heads(tx, 9))
    add(store, "new", subject="card:1")
    telegram = Telegram(store)
    await Postman(store, POLICY, telegram.deliver, LoopClock(), random.Random(1)).send(old)
    assert telegram.got == []


@on_virtual_time
async def test_an_end_written_while_another_waits_for_its_next_try_stays_behind_it(store: MemoryStore) -> None:
    add(store, "one")
    telegram = Telegram(store, NO_ANSWER, NO_ANSWER)
    running = asyncio.create_task(telegram.run(30))
    await asyncio.sleep(3)
    add(store, "two")
    await running
    assert telegram.texts == ["one", "one", "one", "two"]


@on_virtual_time
async def test_a_message_that_never_gets_an_answer_steps_aside_for_the_others_of_its_chat(store: MemoryStore) -> None:
    add(store, "bad")
    add(store, "good")
    telegram = Telegram(store, bad=frozenset({"bad"}))
    await telegram.run(600)
    assert "good" in telegram.texts
    assert telegram.texts.count("bad") < 30

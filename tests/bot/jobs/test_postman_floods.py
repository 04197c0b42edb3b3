"""Edits beside what must wait, and floods of ends told together."""

import asyncio
import random
from itertools import pairwise

import pytest

from bot.jobs.outbox import Postman
from bot.service import outgoing
from bot.service.delivery import Delivery, Receipt
from bot.store import cards, outbox, people
from bot.store.outbox import Form, Lane, Message
from tests.bot.jobs.test_postman import NO_ANSWER, SENT, Telegram, add, states, store
from tests.support.clock import on_virtual_time
from tests.support.store import MemoryStore
from tests.support.till import OWNER, POLICY, SHOP, Till, says

__all__ = ["store"]


@on_virtual_time
async def test_an_edit_need_not_wait_for_the_minute_of_a_full_group(store: MemoryStore) -> None:
    for n in range(25):
        add(store, f"{n}", chat=-5)
    telegram = Telegram(store)
    running = asyncio.create_task(telegram.run(60))
    await asyncio.sleep(30)
    add(store, "edit", chat=-5, lane=Lane.PROGRESS)
    await running
    assert [at for text, at in telegram.got if text == "edit"] == [pytest.approx(30, abs=2)]


@on_virtual_time
async def test_edits_that_have_waited_leave_room_in_a_groups_minute_for_the_news_of_ends(store: MemoryStore) -> None:
    for n in range(40):
        add(store, f"edit {n}", chat=-5, lane=Lane.PROGRESS)
    await asyncio.sleep(outbox.PATIENCE.total_seconds() + 1)
    telegram = Telegram(store)
    running = asyncio.create_task(telegram.run(180))
    await asyncio.sleep(30)
    add(store, "end", chat=-5)
    await running
    times = [at for _, at in telegram.got]
    assert len(times) == 41
    assert all(later - earlier >= 60 for earlier, later in zip(times, times[20:], strict=False))
    assert [at - times[0] for text, at in telegram.got if text == "end"] == [pytest.approx(30, abs=2)]


@on_virtual_time
async def test_an_edit_does_not_wait_for_ever_while_people_go_on_typing(store: MemoryStore) -> None:
    add(store, "edit", lane=Lane.PROGRESS, subject="card:1")
    telegram = Telegram(store)
    running = asyncio.create_task(telegram.run(60))
    for n in range(120):
        add(store, f"{n}", lane=Lane.ANSWER)
        await asyncio.sleep(0.4)
    await running
    [at] = [at for text, at in telegram.got if text == "edit"]
    assert at <= outbox.PATIENCE.total_seconds() + 2


@on_virtual_time
async def test_what_waited_for_long_keeps_its_pace_and_the_ends_come_first(store: MemoryStore) -> None:
    for n in range(5):
        add(store, f"edit {n}", lane=Lane.PROGRESS)
        add(store, f"end {n}")
    telegram = Telegram(store, *[NO_ANSWER] * 3)
    await telegram.run(120)
    went = telegram.got[3:]
    assert [text for text, _ in went[:5]] == [f"end {n}" for n in range(5)]
    assert all(later - earlier >= 1 for (_, earlier), (_, later) in pairwise(went))


@on_virtual_time
async def test_an_answer_goes_at_once_between_what_waited_for_long(store: MemoryStore) -> None:
    for n in range(60):
        add(store, f"edit {n}", lane=Lane.PROGRESS)
    telegram = Telegram(store)
    running = asyncio.create_task(telegram.run(60))
    await asyncio.sleep(30.5)
    add(store, "answer", lane=Lane.ANSWER)
    await running
    assert [at for text, at in telegram.got if text == "answer"] == [pytest.approx(30.5)]


@on_virtual_time
async def test_all_chats_together_get_fewer_than_thirty_messages_a_second(store: MemoryStore) -> None:
    for chat in range(1, 101):
        add(store, "hello", chat)
    telegram = Telegram(store, seconds=0.1)
    await telegram.run(6)
    times = [at for _, at in telegram.got]
    assert len(times) == 100
    assert all(later - earlier >= 1 for earlier, later in zip(times, times[30:], strict=False))


@on_virtual_time
async def test_answers_pass_an_edit_that_waits(store: MemoryStore) -> None:
    for text, lane in (("0", Lane.END), ("edit", Lane.PROGRESS), ("answer", Lane.ANSWER)):
        add(store, text, lane=lane)
    telegram = Telegram(store)
    await telegram.run(5)
    assert telegram.texts == ["answer", "0", "edit"]


@on_virtual_time
async def test_of_several_waiting_edits_only_the_newest_goes_out(store: MemoryStore) -> None:
    add(store, "first")
    for n in range(5):
        add(store, f"edit {n}", lane=Lane.PROGRESS, subject="card:1")
    telegram = Telegram(store)
    await telegram.run(10)
    assert telegram.texts == ["first", "edit 4"]


# --- ends told together


def flood(till: Till, count: int) -> None:
    """Let many transactions of one chat end at once, with their cards shown."""
    for n in range(1, count + 1):
        txn = till.pending(amount=f"{n}.00")
        till.do(lambda tx, txn=txn: cards.set_message(tx, till.card(txn).id, 100 + txn.id, chat_id=SHOP))
        till.look(txn, says(txn, "SUCCESSFUL"))
    till.store.conn.execute("UPDATE outbox SET state = 'SENT' WHERE kind <> 'end'")


def deliver_with(till: Till, *receipts: Receipt) -> list[Message]:
    """Let a postman hand over what waits, answered so; return what it handed over."""
    handed, answers = [], list(receipts)

    async def deliver(message: Message) -> Receipt:
        handed.append(message)
        return answers.pop(0) if answers else SENT

    @on_virtual_time
    async def body() -> None:
        postman = Postman(till.store, POLICY, deliver, till.clock, random.Random(1))
        while heads := till.do(lambda tx: outbox.heads(tx, 9)):
            await postman.send(heads[0])
            till.clock.forward(seconds=2)

    body()
    return handed


def test_a_flood_of_ends_is_one_message_and_all_of_it_is_told(till: Till) -> None:
    flood(till, 6)
    assert [len(message.also) for message in deliver_with(till)] == [5]
    assert states(till.store)[-6:] == ["SENT"] * 6
    assert set(till.ask("SELECT message_id FROM outbox WHERE kind = 'end'")) == {77}


def test_a_flood_whose_delivery_is_in_doubt_comes_again_whole_and_says_so(till: Till) -> None:
    flood(till, 6)
    first, again = deliver_with(till, NO_ANSWER)
    assert (first.doubtful, again.doubtful) == (False, True)
    assert {one.id for one in (first, *first.also)} == {one.id for one in (again, *again.also)}


def test_a_flood_that_died_on_its_way_comes_again_whole(till: Till) -> None:
    flood(till, 6)
    [head] = [one for one in till.do(lambda tx: outbox.heads(tx, 9)) if one.form is Form.END]
    till.do(lambda tx: outgoing.claim(tx, POLICY, head))
    till.do(outbox.recover)
    [again] = deliver_with(till)
    assert (len(again.also), again.doubtful) == (5, True)


def test_every_end_of_a_flood_that_is_given_up_goes_to_the_owners(till: Till) -> None:
    till.do(lambda tx: people.meet(tx, OWNER, "Owner", "en", private=True))
    flood(till, 6)
    first, *others = deliver_with(till, Receipt(Delivery.GONE, error="kicked"))
    told = {one.payload["card_id"] for message in others for one in (message, *message.also)}
    assert told == {one.payload["card_id"] for one in (first, *first.also)}
    assert {message.chat_id for message in others} == {OWNER}

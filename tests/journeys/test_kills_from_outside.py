"""The program may die at any moment: what was confirmed is paid once and told, what was typed is not lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from .foreign_telegram import Match
from .harness import ADMINS, PAYEE, BotProcess, Desk, World, free_port, open_world, paid_once
from .momo_faults import held
from .waiting import PATIENCE, Hold

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

AMOUNT = 21
Moment = Callable[[Desk], Awaitable[None]]


def call(method: str, word: str = "") -> Match:
    return lambda called, params: called == method and word in str(params.get("text", "")).lower()


async def the_press_is_being_answered(desk: Desk) -> None:
    hold = desk.world.telegram.hold(call("answerCallbackQuery"))
    await desk.pay(AMOUNT)
    await hold.arrived.wait()


async def the_approval_is_being_answered(desk: Desk) -> None:
    await desk.confirm(f"/request {PAYEE} 30 books", 30)
    await desk.told(30, "successful")
    reference = desk.world.momo.effects_of(30)[0].reference_id
    await desk.confirm(f"/refund {reference} {AMOUNT}", AMOUNT)
    card = await desk.card(AMOUNT, "Approve", ADMINS)
    hold = desk.world.telegram.hold(call("answerCallbackQuery"))
    desk.world.telegram.press(desk.owner, card, "Approve")
    await hold.arrived.wait()


async def the_post_is_on_its_way(desk: Desk) -> None:
    hold = Hold()
    await desk.pay(AMOUNT, held(hold))
    await hold.arrived.wait()


async def mtn_has_it_and_did_not_answer(desk: Desk) -> None:
    hold = Hold()
    await desk.pay(AMOUNT, held(hold, taken=True))
    await hold.arrived.wait()


async def mtn_has_just_accepted(desk: Desk) -> None:
    await desk.pay(AMOUNT, settle=3)
    await desk.world.momo.wait_for(lambda: desk.world.momo.transactions)


async def mtn_is_looked_at_after_a_first_kill(desk: Desk) -> None:
    await mtn_has_it_and_did_not_answer(desk)
    await desk.world.restart_bot()
    await desk.world.momo.wait_for(lambda: desk.world.momo.looks, PATIENCE, "a look after the first kill")


async def the_end_is_being_sent(desk: Desk) -> None:
    hold = desk.world.telegram.hold(call("sendMessage", "successful"))
    await desk.pay(AMOUNT)
    await hold.arrived.wait()


async def the_end_was_delivered_and_not_answered(desk: Desk) -> None:
    hold = desk.world.telegram.hold(call("sendMessage", "successful"), delivered=True)
    await desk.pay(AMOUNT)
    await hold.arrived.wait()


MOMENTS: list[Moment] = [
    the_press_is_being_answered,
    the_approval_is_being_answered,
    the_post_is_on_its_way,
    mtn_has_it_and_did_not_answer,
    mtn_has_just_accepted,
    mtn_is_looked_at_after_a_first_kill,
    the_end_is_being_sent,
    the_end_was_delivered_and_not_answered,
]


async def killed_when(moment: Moment, directory: Path) -> None:
    async with open_world(directory) as world:
        desk = await world.open_desk()
        await asyncio.wait_for(moment(desk), PATIENCE)
        await world.restart_bot()
        await desk.told(AMOUNT, "successful")
        assert paid_once(world, AMOUNT)
        assert len(desk.ends(AMOUNT, "successful")) <= 2


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def journeys(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[Moment, asyncio.Task[None]]]:
    """Start all kills side by side, each with a program of its own; the other tests run meanwhile."""
    started = {m: asyncio.create_task(killed_when(m, tmp_path_factory.mktemp("kill"))) for m in MOMENTS}
    yield started
    for task in started.values():
        task.cancel()
    await asyncio.gather(*started.values(), return_exceptions=True)


async def test_all_broken_settings_are_named_at_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    broken = {
        "TELEGRAM_API_URL": "http://telegram.example",
        "MOMO_BASE_URL": "http://momo.example",
        "OWNER_IDS": "",
        "APPROVAL_LIMIT": "much",
        "LISTEN_PORT": "ninety",
        "MOMO_COLLECTION_API_USER": "",
    }
    bot = BotProcess(tmp_path, world.environment() | broken)
    await bot.start()
    assert await bot.ended(20) != 0
    assert [name for name in broken if name not in bot.said()] == []
    assert "Traceback" not in bot.said()
    assert world.momo.accounts["collection"].api_key not in bot.said()


async def test_commands_taken_before_a_kill_are_carried_out_after_it(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        desk = await world.open_desk()
        last = [desk.say(f"/pay {PAYEE} {amount} books") for amount in range(61, 66)][-1]
        await world.telegram.wait_for(lambda: world.telegram.confirmed >= last, PATIENCE, "the commands to be taken")
        await world.restart_bot()
        for amount in range(61, 66):
            assert await desk.card(amount)


async def test_a_second_program_on_the_same_database_gives_up(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        elsewhere = {"LISTEN_PORT": str(free_port())}
        second = BotProcess(tmp_path, world.environment() | elsewhere, "--no-wait")
        await second.start()
        assert await second.ended(PATIENCE) != 0
        assert "Traceback" not in second.said()
        await (await world.open_desk()).settled()
        assert world.telegram.conflicts == 0


async def test_sigterm_waits_for_the_answer_and_ends_well(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        desk, hold = await world.open_desk(), Hold()
        await desk.pay(AMOUNT, held(hold))
        await hold.arrived.wait()
        world.bot.terminate()
        await world.telegram.wait_for(lambda: not world.telegram.open_polls, PATIENCE, "no more polls")
        hold.release.set()
        assert await world.bot.ended(25) == 0, world.bot.said()
        await world.start_bot()
        await desk.told(AMOUNT, "successful")
        assert len(world.momo.posts_of(AMOUNT)) == 1


async def test_sigterm_ends_an_idle_program_soon(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        world.bot.terminate()
        assert await world.bot.ended(5) == 0, world.bot.said()


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda m: m.__name__)
async def test_a_payment_survives_a_kill_when(moment: Moment, journeys: dict[Moment, asyncio.Task[None]]) -> None:
    await journeys[moment]

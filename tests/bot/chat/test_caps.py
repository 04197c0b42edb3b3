"""How much one person may type and press in a minute, and who is not touched by it."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.chat import caps
from bot.chat.caps import COMMANDS, PRESSES, SlidingMinute
from bot.domain.roles import Role
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import Town
from tests.bot.chat.voice import PATIENCE_SECONDS, Shop, Voice

pytestmark = JOURNEY

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
OVER, HELP = "More than 20 commands in a minute", "What you can type"


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


async def told(town: Town, voice: Voice, typed: list[str]) -> list[str]:
    """Type all of it while the clock stands still; return what that made the bot say in the chat."""
    of_chat = "SELECT count(*) FROM inbox WHERE done = 1 AND chat_id = ?"
    said = "SELECT payload ->> 'text' FROM outbox WHERE chat_id = ? AND kind = 'text' ORDER BY id"
    before, heard = (await town.ask(of_chat, voice.chat_id))[0], len(await town.ask(said, voice.chat_id))
    for text in typed:
        voice.type(text)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await town.ask(of_chat, voice.chat_id))[0] < before + len(typed):  # noqa: ASYNC110 - no bell for it
            await asyncio.sleep(0)
    return (await town.ask(said, voice.chat_id))[heard:]


async def test_a_minute_lets_so_many_pass_and_counts_none_it_did_not() -> None:
    minute = SlidingMinute(2)
    assert [minute.admits(1, update, later(update)) for update in range(5)] == [True, True, False, False, False]
    assert minute.admits(1, 60, later(60))
    assert not minute.admits(1, 61, later(60.5))
    assert minute.admits(1, 62, later(61))


async def test_an_update_that_is_tried_again_counts_once() -> None:
    minute = SlidingMinute(2)
    assert all(minute.admits(1, 7, later(second)) for second in range(5))
    assert minute.admits(1, 8, later(5))
    assert minute.admits(1, 7, later(6))
    assert not minute.admits(1, 9, later(6))


async def test_what_waited_while_the_bot_was_away_counts_when_it_was_typed() -> None:
    minute = SlidingMinute(2)
    assert all(minute.admits(1, update, later(40 * update)) for update in range(50))


async def test_a_clock_set_back_locks_nobody_out() -> None:
    minute = SlidingMinute(1)
    assert minute.admits(1, 1, later(24 * 3600))
    assert minute.admits(1, 2, NOW)


async def test_no_more_people_are_remembered_than_there_is_room_for() -> None:
    minute = SlidingMinute(1)
    for person in range(caps.MOST_PEOPLE + 1):
        minute.admits(person, person, NOW)
    assert not minute.admits(caps.MOST_PEOPLE, -1, NOW)
    assert minute.admits(0, -2, NOW)
    assert len(minute._passed) == caps.MOST_PEOPLE


async def test_a_command_over_the_cap_is_told_once_and_does_nothing(town: Town, shop: Shop) -> None:
    over = ["/pay 46733123999 31.31", "/help", "/request", "/balance"]
    answers = await told(town, shop.cashier, ["/help"] * COMMANDS + over)
    assert [HELP in text for text in answers] == [True] * COMMANDS + [False]
    assert OVER in answers[-1]
    assert await town.ask("SELECT count(*) FROM txn WHERE amount_minor = 3131") == [0]
    assert await town.ask("SELECT count(*) FROM inbox WHERE done <> 1 OR tries > 0") == [0]


async def test_a_minute_later_commands_are_carried_out_again(town: Town, shop: Shop) -> None:
    await told(town, shop.cashier, ["/help"] * (COMMANDS + 1))
    await town.forward(seconds=61)
    assert HELP in (await told(town, shop.cashier, ["/help"]))[0]


async def test_the_cap_is_each_persons_own_and_follows_them_into_other_chats(town: Town, shop: Shop) -> None:
    private = await town.starts(shop.cashier)
    await town.forward(seconds=61)
    await told(town, shop.cashier, ["/help"] * COMMANDS)
    assert OVER in (await told(town, private, ["/help"]))[0]
    assert HELP in (await told(town, shop.admin.elsewhere(shop.chat_id), ["/help"]))[0]


async def test_answers_to_questions_are_no_commands(town: Town, shop: Shop) -> None:
    private = await town.starts(await town.hire(shop, Role.CASHIER))
    await town.forward(seconds=61)
    steps = ["/pay", *["not a number"] * COMMANDS, "46733123999", "32.32", "/skip"]
    assert not any(OVER in text for text in await told(town, private, steps))
    assert await town.ask("SELECT count(*) FROM txn WHERE amount_minor = 3232") == [1]


async def test_words_in_private_count_for_each_is_answered(town: Town, shop: Shop) -> None:
    private = await town.starts(shop.cashier)
    await town.forward(seconds=61)
    answers = await told(town, private, ["hello", "/what"] * COMMANDS)
    assert len(answers) == COMMANDS + 1
    assert OVER in answers[-1]


async def test_an_admin_stops_all_sending_however_much_they_typed(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        shop = await town.open_shop()
        await told(town, shop.cashier, ["/help"] * (COMMANDS + 1))
        assert await told(town, shop.cashier, ["/freeze not mine"]) == []
        answers = await told(town, shop.admin.elsewhere(shop.chat_id), ["/help"] * (COMMANDS + 1) + ["/freeze now"])
        assert "Done: nothing is sent any more." in answers


async def test_a_press_over_the_cap_is_told_on_its_button_and_typing_goes_on(town: Town, shop: Shop) -> None:
    card = await shop.cashier.card("/request 46733123999 33.33")
    presses = [asyncio.create_task(shop.cashier.forge("gone", card)) for _ in range(PRESSES + 1)]
    answers = await asyncio.gather(*presses)
    assert sum("More than 60 presses" in answer for answer in answers) == 1
    assert "More than 60 presses" in await shop.cashier.press(card, "Confirm")
    assert HELP in (await told(town, shop.cashier, ["/help"]))[0]
    await town.forward(seconds=61)
    assert await shop.cashier.press(card, "Confirm") == "Sending."

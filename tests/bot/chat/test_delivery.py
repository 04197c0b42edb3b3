"""What Telegram does to messages: blocked, flooded, deleted, lost, moved. Money and truth are not touched."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import Town
from tests.bot.chat.voice import Shop, Voice, code_of

pytestmark = JOURNEY


async def settled(town: Town, code: str, state: str = "SUCCESSFUL") -> None:
    """Wait until a transaction is in a state."""

    async def reached() -> None:
        while await town.ask("SELECT state FROM txn WHERE short_code = ?", code) != [state]:
            await town.forward(seconds=1)

    await town.until(reached())


async def test_a_person_who_blocked_the_bot_does_not_stop_the_money_nor_the_others(town: Town, shop: Shop) -> None:
    private = await town.starts(shop.cashier)
    card = await private.card("/pay 46733123999 91.01")
    town.sandbox.settings.settle_after = 20.0
    await private.press(card, "Confirm")
    await private.sees("MTN is working on it")
    town.api.block(private.user_id)
    town.sandbox.settings.settle_after = 0.0
    await settled(town, code_of(card))
    assert town.moved("91.01") == 1
    await shop.owner.card("/pay 46733123999 91.02")
    assert await town.ask("SELECT started FROM person WHERE user_id = ?", private.user_id) == [0]


async def test_who_writes_again_is_answered_again(town: Town, shop: Shop) -> None:
    private = await town.starts(shop.cashier)
    town.api.block(private.user_id)
    private.type("/help")
    await private.sees("What you can type")


async def test_a_flood_is_waited_out(town: Town, shop: Shop) -> None:
    town.api.faults.add("flood", method="sendMessage", seconds=30)
    asked_at = town.clock()
    shop.cashier.type("/help")
    said = await shop.cashier.sees("What you can type")
    assert said.at - asked_at.timestamp() >= 30


async def test_a_card_somebody_deleted_is_shown_anew(town: Town, shop: Shop) -> None:
    card = await shop.cashier.card("/pay 46733123999 92.02")
    message = town.api.messages.find(shop.chat_id, card.data["message_id"])
    assert message is not None
    query = town.api.press(shop.cashier.user_id, shop.chat_id, message.message_id, "Confirm")
    town.api.messages.delete(message)
    await town.until(query.answered())
    shown = await shop.cashier.sees("Pay 92.02 EUR")
    assert shown.kind == "message"
    await shop.cashier.sees("92.02 EUR", "was successful")


async def test_an_end_whose_delivery_is_in_doubt_comes_again_and_says_so(town: Town, shop: Shop) -> None:
    card = await shop.cashier.card("/pay 46733123999 93.03")
    town.api.faults.add("drop_after", method="sendMessage")
    await shop.cashier.press(card, "Confirm")
    await shop.cashier.sees("was successful", "(repeat)")
    ends = [event for event in shop.cashier.heard() if "was successful" in event.text]
    assert len(ends) == 2
    assert town.moved("93.03") == 1


async def test_a_card_whose_delivery_is_in_doubt_comes_again_and_both_work_once(town: Town, shop: Shop) -> None:
    town.api.faults.add("drop_after", method="sendMessage")
    first = await shop.cashier.card("/pay 46733123999 94.04", button="Cancel")
    shop.cashier.since = first.number + 1
    second = await shop.cashier.sees("94.04 EUR", button="Confirm")
    await shop.cashier.press(second, "Confirm")
    await shop.cashier.sees("was successful")
    assert town.moved("94.04") == 1


async def test_trouble_at_telegram_delays_and_loses_nothing(town: Town, shop: Shop) -> None:
    card = await shop.cashier.card("/pay 46733123999 95.05")
    for name in ("http_500", "html_502", "drop_before"):
        town.api.faults.add(name, method="sendMessage")
    await shop.cashier.press(card, "Confirm")
    await shop.cashier.sees("95.05 EUR", "was successful")
    assert town.moved("95.05") == 1


async def test_a_press_that_cannot_be_answered_is_decided_all_the_same(town: Town, shop: Shop) -> None:
    card = await shop.cashier.card("/pay 46733123999 96.06")
    town.api.faults.add("http_500", method="answerCallbackQuery")
    town.api.press(shop.cashier.user_id, shop.chat_id, card.data["message_id"], "Confirm")
    await shop.cashier.sees("96.06 EUR", "was successful")


async def upgraded(town: Town, shop: Shop) -> Voice:
    """Upgrade the shop's group; return the cashier in the new chat."""
    town.api.migrate(shop.chat_id)
    new = shop.cashier.elsewhere(-1_000_000_000_000 + shop.chat_id)
    new.since = len(town.api.transcript)
    return new


async def test_after_an_upgrade_the_till_works_in_the_new_chat(town: Town) -> None:
    shop = await town.open_shop(supergroup=False)
    code = await shop.cashier.done("/pay 46733123999 97.07")
    cashier = await upgraded(town, shop)
    cashier.type(f"/status {code}")
    await cashier.sees("97.07 EUR")
    await cashier.done("/pay 46733123999 97.08")
    assert await town.ask("SELECT count(*) FROM desk WHERE id = ? AND chat_id = ?", shop.desk_id, cashier.chat_id) == [
        1
    ]


async def test_an_open_card_goes_on_in_the_new_chat(town: Town) -> None:
    shop = await town.open_shop(supergroup=False)
    card = await shop.cashier.card("/pay 46733123999 98.08")
    cashier = await upgraded(town, shop)
    moved = await cashier.sees(f"Reference: {code_of(card)}", button="Confirm")
    await cashier.press(moved, "Confirm")
    await cashier.sees("98.08 EUR", "was successful")
    assert town.moved("98.08") == 1


async def test_what_was_sent_before_an_upgrade_ends_in_the_new_chat(town: Town) -> None:
    shop = await town.open_shop(supergroup=False)
    town.sandbox.settings.settle_after = 20.0
    await shop.cashier.confirmed("/pay 46733123999 99.09")
    await shop.cashier.sees("MTN is working on it")
    cashier = await upgraded(town, shop)
    town.sandbox.settings.settle_after = 0.0
    await cashier.sees("99.09 EUR", "was successful")


async def test_a_card_from_before_an_upgrade_overwrites_no_message_of_the_new_chat(town: Town) -> None:
    shop = await town.open_shop(supergroup=False)
    card = await shop.cashier.card("/pay 46733123999 99.19")
    cashier = await upgraded(town, shop)
    # Ids begin anew in a supergroup: let one of the bot's own reach the card's.
    town.api.messages._numbers[cashier.chat_id] = iter(range(card.data["message_id"] - 1, 10**6))  # type: ignore
    cashier.type("/help")
    helped = await cashier.sees("What you can type")
    await town.forward(minutes=6)
    await cashier.sees("Not confirmed or approved in time")
    kept = town.api.messages.find(cashier.chat_id, helped.data["message_id"])
    assert kept is not None
    assert "What you can type" in kept.text


@pytest_asyncio.fixture(loop_scope="module")
async def own(tmp_path: Path) -> AsyncIterator[Town]:
    """A bot of one's own, to restart."""
    async with Town(tmp_path) as town:
        yield town


async def test_a_question_of_before_the_restart_is_answered_after_it(own: Town) -> None:
    shop = await own.open_shop()
    shop.cashier.type("/pay 46733123999 6 000 rent")
    asked = await shop.cashier.sees("can be read in two ways")
    card = await shop.cashier.card("/pay 46733123999 99.29")
    await own.restart()
    await shop.cashier.press(asked, "6,000 EUR")
    await shop.cashier.sees("Pay 6,000 EUR")
    await shop.cashier.press(card, "Confirm")
    await shop.cashier.sees("99.29 EUR", "was successful")

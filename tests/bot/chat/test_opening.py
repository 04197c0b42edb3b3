"""Opening and closing a till, and what those are told who may not use it."""

import asyncio

from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import ADMINS, OWNER, Town
from tests.bot.chat.voice import Shop, Voice

pytestmark = JOURNEY


def group_of(town: Town, *people: int) -> int:
    """Add a group nobody has opened."""
    chat_id = -1_000_000_100_000 - next(town._ids)
    town.api.add_group(chat_id, "A <b>new</b> & shop", people)
    return chat_id


async def test_an_owners_start_opens_a_chat_as_a_till(town: Town) -> None:
    owner = Voice(town, OWNER, group_of(town, OWNER))
    owner.type("/start")
    opened = await owner.sees("is open as a till", "no real money")
    assert opened.text.startswith("A <b>new</b> & shop is open")
    assert await town.ask("SELECT count(*) FROM desk WHERE chat_id = ?", owner.chat_id) == [1]


async def test_a_stranger_in_an_unopened_group_gets_one_sentence_with_his_id_and_the_chats(town: Town) -> None:
    stranger = Voice(town, town.person(), 0)
    stranger.chat_id = group_of(town, stranger.user_id)
    stranger.type("/start")
    refused = await stranger.sees(str(stranger.user_id), str(stranger.chat_id))
    assert "\n" not in refused.text
    assert await town.ask("SELECT count(*) FROM desk WHERE chat_id = ?", stranger.chat_id) == [0]


async def test_a_stranger_in_private_gets_one_sentence_with_his_id_alone(town: Town) -> None:
    stranger = Voice(town, town.person(), 0)
    stranger.chat_id = stranger.user_id
    stranger.type("/start")
    refused = await stranger.sees(f"with your id {stranger.user_id}.")
    assert "chat" not in refused.text


async def test_whatever_a_stranger_types_the_answer_is_the_same(town: Town) -> None:
    stranger = Voice(town, town.person(), 0)
    stranger.chat_id = group_of(town, stranger.user_id)
    for line in ("/help", "/pay 46733123999 5", "/pay nonsense", "/pay", "/refund ABC234", "/balance", "/people"):
        stranger.type(line)
        await stranger.sees()
        assert ["not open to you" in event.text or "an admin" in event.text for event in stranger.heard()] == [True]


async def test_a_stranger_learns_nothing_from_a_command_that_fits_nobody(town: Town) -> None:
    stranger = Voice(town, town.person(), 0)
    stranger.chat_id = group_of(town, stranger.user_id)
    for line in ("/cancel", "/status", "/status ABC234", "/close", f"/role {stranger.user_id} admin"):
        stranger.type(line)
        said = await stranger.sees()
        assert "not open to you" in said.text or "Only an owner" in said.text, line


async def test_a_strangers_words_in_private_get_the_same_sentence(town: Town) -> None:
    stranger = Voice(town, town.person(), 0)
    stranger.chat_id = stranger.user_id
    stranger.type("hello?")
    await stranger.sees(f"with your id {stranger.user_id}.")


async def test_start_greets_who_has_a_role_and_opens_nothing(town: Town, shop: Shop) -> None:
    shop.cashier.type("/start")
    await shop.cashier.sees("You are cashier here.")
    private = await town.starts(shop.cashier)
    assert await town.ask("SELECT count(*) FROM desk WHERE chat_id = ?", private.chat_id) == [0]


async def test_help_shows_an_owner_more_than_a_cashier(shop: Shop) -> None:
    shop.cashier.type("/help")
    assert "/role" not in (await shop.cashier.sees("/pay number amount note")).text
    shop.owner.type("/help")
    await shop.owner.sees("/role user id")


async def test_people_shows_owners_and_admins_who_has_which_role_since_when(town: Town, shop: Shop) -> None:
    shop.owner.type("/people")
    listed = await shop.owner.sees("Owner (1001): owner, every till")
    assert f"{shop.cashier.user_id}: cashier, Corner shop, since 2026-01-05" in listed.text
    shop.cashier.type("/people")
    await shop.cashier.sees("Your role here, cashier, does not include this.")


async def test_only_an_owner_closes_a_till(shop: Shop) -> None:
    shop.cashier.type("/close")
    await shop.cashier.sees("Only an owner of this bot can do that.")
    shop.owner.type("/close")
    await shop.owner.sees("Corner shop is closed.")
    shop.cashier.type("/pay 46733123999 5")
    await shop.cashier.sees("not open to you")


async def test_in_a_closed_till_nothing_new_is_confirmed(town: Town, shop: Shop) -> None:
    card = await shop.cashier.card("/pay 46733123999 21.31")
    shop.owner.type("/close")
    await shop.owner.sees("is closed")
    assert await shop.cashier.press(card, "Confirm") != "Sending."
    assert await town.ask("SELECT state FROM txn WHERE amount_minor = 2131") != ["READY"]


async def test_in_a_closed_till_nothing_is_approved(town: Town, shop: Shop) -> None:
    await shop.cashier.confirmed("/pay 46733123999 210.31")
    shown = await shop.admin.sees("210.31 EUR", button="Approve")
    shop.owner.type("/close")
    await shop.owner.sees("is closed")
    assert await shop.admin.press(shown, "Approve") != "Approved."


async def test_what_a_closed_till_sent_is_followed_to_its_end(town: Town, shop: Shop) -> None:
    town.sandbox.settings.settle_after = 30.0
    await shop.cashier.confirmed("/pay 46733123999 21.21")
    await shop.cashier.sees("MTN is working on it")
    shop.owner.type("/close")
    await shop.owner.sees("is closed")
    town.sandbox.settings.settle_after = 0.0
    await shop.cashier.sees("was successful")


async def test_the_admins_chat_is_no_till(town: Town) -> None:
    owner = Voice(town, OWNER, ADMINS)
    owner.type("/start")
    await owner.sees("This is the admins' chat")
    owner.type("/pay 46733123999 5")
    await owner.sees("not a till")
    assert await town.ask("SELECT count(*) FROM desk WHERE chat_id = ?", ADMINS) == [0]


async def test_a_group_nobody_opened_for_a_day_is_left(town: Town) -> None:
    stranger = town.person("Stranger")
    group = group_of(town, stranger)
    voice = Voice(town, stranger, group)
    voice.type("/help")
    await voice.sees("not open to you")
    await town.forward(hours=25)

    async def left() -> None:
        while town.api.people.chats[group].bot != "left":  # noqa: ASYNC110 - no bell for it
            await asyncio.sleep(0.01)

    await town.until(left())

"""The private chat: it works for the tills where a person has a role, and asks when it could be several."""

from bot.domain.roles import Role
from bot.store import people
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import OWNER, Town
from tests.bot.chat.voice import Shop, Voice, labels_of

pytestmark = JOURNEY


async def two_tills(town: Town, shop: Shop) -> tuple[Voice, Shop]:
    """Give the cashier a second till; return them in private."""
    other = await town.open_shop("Market stall")
    await town.store.tx(lambda tx: people.grant(tx, shop.cashier.user_id, other.desk_id, Role.CASHIER, OWNER))
    return await town.starts(shop.cashier), other


async def test_a_private_chat_works_for_the_one_till(town: Town, shop: Shop) -> None:
    private = await town.starts(shop.cashier)
    await private.done("/pay 46733123999 81")
    assert await town.ask("SELECT desk_id FROM txn WHERE amount_minor = 8100") == [shop.desk_id]


async def test_with_several_tills_it_asks_which(town: Town, shop: Shop) -> None:
    private, _ = await two_tills(town, shop)
    for line in ("/pay 46733123999 82", "/pay", "/request 46733123999 82", "/status ABC234"):
        private.type(line)
        assert labels_of(await private.sees("For which till?")) == ["Corner shop", "Market stall"]
    assert await town.ask("SELECT count(*) FROM txn WHERE amount_minor = 8200") == [0]


async def test_a_refund_with_several_tills_asks_which_too(town: Town, shop: Shop) -> None:
    private, _ = await two_tills(town, shop)
    private.type("/refund ABC234")
    await private.sees("For which till?")


async def test_the_till_that_was_chosen_is_remembered(town: Town, shop: Shop) -> None:
    private, other = await two_tills(town, shop)
    private.type("/pay 46733123999 83")
    asked = await private.sees("For which till?")
    assert await private.press(asked, "Market stall") == "Market stall. Now type your command."
    await private.card("/pay 46733123999 83")
    await private.card("/pay 46733123999 83")
    assert await town.ask("SELECT DISTINCT desk_id FROM txn WHERE amount_minor = 8300") == [other.desk_id]


async def test_another_till_can_be_chosen_later(town: Town, shop: Shop) -> None:
    private, _ = await two_tills(town, shop)
    private.type("/pay 46733123999 84")
    asked = await private.sees("For which till?")
    await private.press(asked, "Market stall")
    assert await private.press(asked, "Corner shop") == "Corner shop. Now type your command."
    await private.card("/pay 46733123999 84")
    assert await town.ask("SELECT desk_id FROM txn WHERE amount_minor = 8400") == [shop.desk_id]


async def test_start_in_private_offers_the_tills_again(town: Town, shop: Shop) -> None:
    private, _ = await two_tills(town, shop)
    for title in ("Market stall", "Corner shop"):
        private.type("/start")
        asked = await private.sees("For which till?", button=title)
        assert await private.press(asked, title) == f"{title}. Now type your command."


async def test_nobody_chooses_a_till_they_have_no_role_in(town: Town, shop: Shop) -> None:
    private, _ = await two_tills(town, shop)
    foreign = await town.open_shop("Foreign shop")
    private.type("/pay 46733123999 85")
    asked = await private.sees("For which till?")
    for data in (f"desk:{foreign.desk_id}:", "desk:0:", "desk:x:"):
        assert "not open to you" in await private.forge(data, asked)


async def test_a_till_closed_meanwhile_is_no_longer_a_choice(town: Town, shop: Shop) -> None:
    private, other = await two_tills(town, shop)
    other.owner.type("/close")
    await other.owner.sees("is closed")
    await private.card("/pay 46733123999 86")
    assert await town.ask("SELECT desk_id FROM txn WHERE amount_minor = 8600") == [shop.desk_id]


async def test_an_owners_start_in_private_opens_a_till_of_his_own(town: Town) -> None:
    private = Voice(town, OWNER, OWNER)
    private.type("/start")
    await private.sees("Owner is open as a till")

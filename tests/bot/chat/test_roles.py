"""Who gets which role, where it holds, and what its loss stops."""

from bot.domain.roles import Role
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import ADMINS, OWNER, Town
from tests.bot.chat.voice import Shop, Voice, code_of

pytestmark = JOURNEY


async def test_a_role_given_by_id_in_a_till_holds_there(town: Town, shop: Shop) -> None:
    other, newcomer = await town.open_shop("Other shop"), await town.hire(shop, None)
    shop.owner.type(f"/role {newcomer.user_id} cashier")
    await shop.owner.sees("is now cashier in Corner shop.")
    await newcomer.card("/pay 46733123999 5")
    town.api.people.chats[other.chat_id].members[newcomer.user_id] = "member"
    elsewhere = newcomer.elsewhere(other.chat_id)
    elsewhere.type("/pay 46733123999 5")
    await elsewhere.sees("not open to you")


async def test_a_role_is_given_by_a_reply_to_the_persons_message(town: Town, shop: Shop) -> None:
    newcomer = await town.hire(shop, None)
    hello = newcomer.type("/start")
    shop.owner.type("/role cashier", reply_to=hello.message_id)
    await shop.owner.sees(f"({newcomer.user_id}) is now cashier in Corner shop.")


async def test_a_role_given_in_the_admins_chat_or_in_private_holds_in_every_till(town: Town, shop: Shop) -> None:
    for place in (ADMINS, OWNER):
        newcomer, owner = await town.hire(shop, None), Voice(town, OWNER, place)
        owner.type(f"/role {newcomer.user_id} cashier")
        await owner.sees("is now cashier in every till.")
        await newcomer.card("/pay 46733123999 5")


async def test_an_owners_role_is_not_to_be_changed(shop: Shop) -> None:
    shop.owner.type(f"/role {OWNER} cashier")
    await shop.owner.sees("Owners are named in the bot's settings")


async def test_only_owners_give_roles(town: Town, shop: Shop) -> None:
    for somebody in (shop.cashier, await town.hire(shop, Role.ADMIN), await town.hire(shop, Role.AUDITOR)):
        somebody.type(f"/role {somebody.user_id} admin")
        await somebody.sees("Only an owner")


async def test_a_role_line_that_says_nothing_is_answered_with_an_example(shop: Shop) -> None:
    for line in ("/role", "/role cashier", "/role 2001 boss", "/role @somebody cashier"):
        shop.owner.type(line)
        await shop.owner.sees("For example: /role ")


async def test_taking_a_role_cancels_what_that_person_has_not_sent(town: Town, shop: Shop) -> None:
    draft = await shop.cashier.card("/pay 46733123999 31")
    waiting = await shop.cashier.confirmed("/pay 46733123999 132")
    shop.owner.type(f"/role {shop.cashier.user_id} none")
    await shop.owner.sees("has no role any more in Corner shop. Stopped before they were sent: 2.")
    states = await town.ask("SELECT state FROM txn WHERE short_code IN (?, ?)", code_of(draft), code_of(waiting))
    assert states == ["CANCELLED", "CANCELLED"]


async def test_somebody_who_keeps_a_role_elsewhere_is_not_said_to_have_none(town: Town, shop: Shop) -> None:
    everywhere = await town.hire(shop, Role.CASHIER, everywhere=True)
    shop.owner.type(f"/role {everywhere.user_id} none")
    said = await shop.owner.sees(str(everywhere.user_id))
    everywhere.type("/pay 46733123999 5")
    answer = await everywhere.sees()
    assert "not open to you" in answer.text or "every till" in said.text


async def test_a_lower_role_everywhere_does_not_leave_a_higher_one_unsaid(town: Town, shop: Shop) -> None:
    owner = Voice(town, OWNER, ADMINS)
    owner.type(f"/role {shop.admin.user_id} cashier")
    said = await owner.sees(str(shop.admin.user_id))
    await shop.cashier.confirmed("/pay 46733123999 140.40")
    asked = await shop.admin.sees("140.40 EUR", button="Approve")
    answer = await shop.admin.press(asked, "Approve")
    assert answer == "Only an admin of this till can decide this." or "admin" in said.text


async def test_a_topic_is_not_a_reply_to_whoever_opened_it(town: Town, shop: Shop) -> None:
    opener = await town.hire(shop, None)
    town.api.people.chats[shop.chat_id].threads.add(7)
    topic = {"message_id": 7, "date": int(town.clock().timestamp()), "message_thread_id": 7, "is_topic_message": True}
    chat = {"id": shop.chat_id, "type": "supergroup", "title": shop.title, "is_forum": True}
    person = {"id": opener.user_id, "is_bot": False, "first_name": "Opener"}
    first = {**topic, "chat": chat, "from": person, "forum_topic_created": {"name": "Payments", "icon_color": 1}}
    owner = {"id": OWNER, "is_bot": False, "first_name": "Owner"}
    words = {"text": "/role admin", "entities": [{"type": "bot_command", "offset": 0, "length": 5}]}
    town.api.push(
        {"message": {**topic, **words, "message_id": 8, "chat": chat, "from": owner, "reply_to_message": first}}
    )
    await shop.owner.sees()
    assert await town.ask("SELECT role FROM role WHERE user_id = ?", opener.user_id) == []


async def test_the_bot_itself_gets_no_role(town: Town, shop: Shop) -> None:
    shop.owner.type("/help")
    by_bot = await shop.owner.sees("/role")
    shop.owner.type("/role admin", reply_to=by_bot.data["message_id"])
    await shop.owner.sees()
    assert await town.ask("SELECT role FROM role WHERE user_id = ?", town.api.bot.id) == []

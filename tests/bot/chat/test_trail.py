"""The trail as people read it, and groups telling who left."""

from bot.domain.roles import Role
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import Town
from tests.bot.chat.voice import Shop, code_of

pytestmark = JOURNEY


async def test_an_auditor_reads_a_transactions_trail_with_the_number_masked(town: Town, shop: Shop) -> None:
    code, auditor = await shop.cashier.done("/pay 46733123999 8"), await town.hire(shop, Role.AUDITOR)
    auditor.type(f"/audit {code}")
    said = await auditor.sees("drafted: transfer", "sent, attempt 1", "MTN: SUCCESSFUL", "head ")
    assert "46733123999" not in said.text


async def test_a_cashier_does_not_read_the_trail(shop: Shop) -> None:
    shop.cashier.type("/audit")
    await shop.cashier.sees("Your role here, cashier, does not include this.")


async def test_another_tills_reference_is_answered_like_an_unknown_one(town: Town, shop: Shop) -> None:
    other = await town.open_shop("Other shop")
    card = await other.cashier.card("/pay 46733123999 9")
    auditor = await town.hire(shop, Role.AUDITOR)
    for code in (code_of(card), "ZZZZZZ"):
        auditor.type(f"/audit {code}")
        await auditor.sees(f"There is no {code} here.")


async def test_who_left_the_group_is_refused_in_private_until_back(town: Town, shop: Shop) -> None:
    private = await town.starts(shop.cashier)
    person = town.api.people.users[private.user_id].as_json()
    chat, date = town.api.people.chats[shop.chat_id].as_json(), int(town.clock().timestamp())
    head = {"message_id": 9001, "date": date, "chat": chat, "from": person}
    town.api.push({"message": {**head, "left_chat_member": person}})
    await shop.admin.sees("left the group")
    private.type("/pay 46733123999 5")
    await private.sees("Your role rests")
    town.api.push({"message": {**head, "new_chat_members": [person]}})
    await shop.admin.sees("is back in the group")
    await private.card("/pay 46733123999 5")

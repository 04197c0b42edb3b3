"""What moves nothing: balances, statuses, unknown commands, and commands that came late."""

from pathlib import Path

from bot.domain.roles import Role
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import ADMINS, OWNER, Town
from tests.bot.chat.voice import Shop, Voice

pytestmark = JOURNEY


def late(town: Town, voice: Voice, line: str) -> None:
    """Type a command that reaches the bot six minutes later."""
    voice.since = len(town.api.transcript)
    person, chat = town.api.people.users[voice.user_id].as_json(), town.api.people.chats[voice.chat_id].as_json()
    when = int(town.clock().timestamp()) - 6 * 60
    command = {"entities": [{"type": "bot_command", "offset": 0, "length": len(line.split()[0])}], "text": line}
    town.api.push({"message": {"message_id": 5000, "date": when, "chat": chat, "from": person, **command}})


async def test_balance_answers_at_once_and_is_then_edited(town: Town, shop: Shop) -> None:
    town.sandbox.faults.add("slow", path="account/balance", args={"seconds": 0.2})
    shop.cashier.type("/balance")
    first = await shop.cashier.sees("Balance", "Asking MTN")
    told = await shop.cashier.sees("Collection: ", "Disbursement: 1,000,000 EUR")
    assert (first.kind, told.kind) == ("message", "edit")
    assert told.data["message_id"] == first.data["message_id"]


async def test_a_second_balance_shows_the_last_figures_with_their_age_at_once(town: Town, shop: Shop) -> None:
    shop.cashier.type("/balance")
    await shop.cashier.sees("Disbursement: ", " EUR")
    await town.forward(minutes=3)
    town.sandbox.faults.add("slow", path="account/balance", args={"seconds": 0.2})
    shop.cashier.type("/balance")
    await shop.cashier.sees("Disbursement: 1,0", "3 min ago", "Asking MTN")


async def test_a_balance_mtn_does_not_tell_says_so_and_keeps_the_old_figures(town: Town, shop: Shop) -> None:
    shop.cashier.type("/balance")
    await shop.cashier.sees("Disbursement: ", " EUR")
    town.sandbox.faults.add("status_500", path="account/balance", count=None)
    shop.cashier.type("/balance")
    edited = await shop.cashier.sees("MTN does not tell right now")
    town.sandbox.faults.clear()
    assert "(at " in edited.text


async def test_status_tells_where_a_transaction_stands(town: Town, shop: Shop) -> None:
    code = await shop.cashier.done("/pay 46733123999 61")
    reference_id = (await town.ask("SELECT reference_id FROM txn WHERE short_code = ?", code))[0]
    for reference in (code, code.lower(), reference_id):
        shop.cashier.type(f"/status {reference}")
        await shop.cashier.sees(code, "61 EUR", "46733123999", "It is successful.", reference_id)


async def test_an_auditor_sees_the_number_masked_and_moves_nothing(town: Town, shop: Shop) -> None:
    code, auditor = await shop.cashier.done("/pay 46733123999 62"), await town.hire(shop, Role.AUDITOR)
    auditor.type(f"/status {code}")
    said = await auditor.sees("62 EUR", "It is successful.")
    assert "46733123999" not in said.text
    assert "Sand Box" not in said.text
    auditor.type("/pay 46733123999 5")
    await auditor.sees("does not include this")


async def test_another_tills_reference_gets_the_answer_of_one_that_does_not_exist(town: Town, shop: Shop) -> None:
    other = await town.open_shop("Other shop")
    code = await other.cashier.done("/pay 46733123999 63")
    reference_id = (await town.ask("SELECT reference_id FROM txn WHERE short_code = ?", code))[0]
    for foreign, unknown in ((code, "ZZZZZZ"), (reference_id, "00000000-0000-4000-8000-000000000000")):
        shop.cashier.type(f"/status {foreign}")
        one = await shop.cashier.sees("There is no")
        shop.cashier.type(f"/status {unknown}")
        two = await shop.cashier.sees("There is no")
        assert one.text.replace(foreign, "") == two.text.replace(unknown, "")


async def test_the_admins_chat_sees_every_till(shop: Shop, town: Town) -> None:
    code = await shop.cashier.done("/pay 46733123999 64")
    owner, cashier = Voice(town, OWNER, ADMINS), shop.cashier.elsewhere(ADMINS)
    owner.type(f"/status {code}")
    await owner.sees(code, "64 EUR")
    cashier.type(f"/status {code}")
    await cashier.sees("not open to you")


async def test_a_command_older_than_five_minutes_is_shown_back(town: Town, shop: Shop) -> None:
    for line in ("/pay 46733123999 65.65", "/request 46733123999 65.65", "/pay"):
        late(town, shop.cashier, line)
        await shop.cashier.sees("This came late, so nothing was done.", line)
    assert await town.ask("SELECT count(*) FROM txn WHERE amount_minor = 6565") == [0]


async def test_what_was_typed_while_the_bot_was_away_is_shown_back_and_not_done(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        cashier = (await town.open_shop()).cashier
        await town.stop_bot()
        for amount in range(1, 21):
            cashier.type(f"/pay 46733123999 {amount}")
        town.clock.forward(hours=3)
        await town.start_bot()
        await cashier.sees("This came late, so nothing was done.", "/pay 46733123999 20")
        shown_back = [event for event in cashier.heard(0) if "This came late" in event.text]
        assert (len(shown_back), await town.ask("SELECT count(*) FROM txn")) == (20, [0])


async def test_a_long_command_that_came_late_is_shown_back_too(town: Town, shop: Shop) -> None:
    late(town, shop.cashier, "/pay 46733123999 66 " + "x" * 4070)
    await shop.cashier.sees("This came late")


async def test_a_long_ambiguous_line_is_asked_back_too(shop: Shop) -> None:
    shop.cashier.type("/pay 46733123999 5 000 " + "x" * 4070)
    await shop.cashier.sees("can be read in two ways")


async def test_a_late_close_closes_nothing(town: Town, shop: Shop) -> None:
    late(town, shop.owner, "/close")
    await shop.owner.sees()
    assert await town.ask("SELECT closed_at_ms FROM desk WHERE chat_id = ?", shop.chat_id) == [None]


async def test_a_command_of_another_bot_is_not_ours(shop: Shop) -> None:
    shop.cashier.type("/pay@other_bot 46733123999 67")
    await shop.cashier.hears_nothing_until()


async def test_our_name_behind_a_command_changes_nothing(shop: Shop) -> None:
    await shop.cashier.card("/pay@momo_desk_bot 46733123999 68")


async def test_an_unknown_command_in_private_is_answered_with_where_to_look(town: Town, shop: Shop) -> None:
    private = await town.starts(shop.cashier)
    private.type("/send 46733123999 5")
    await private.sees("/help")


async def test_an_unknown_command_in_a_group_may_be_another_bots(shop: Shop) -> None:
    shop.cashier.type("/weather")
    await shop.cashier.hears_nothing_until()

"""Two people for one payment: who is asked, who may decide, who is told."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest_asyncio

from bot.domain.roles import Role
from bot.playground.events import Event
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import OWNER, Town
from tests.bot.chat.voice import Shop, Voice, all_of, code_of, labels_of

pytestmark = JOURNEY

amounts = (f"{number}.09" for number in count(150))


@pytest_asyncio.fixture(loop_scope="module")
async def lone(tmp_path: Path) -> AsyncIterator[Town]:
    """A bot without an admins' chat."""
    async with Town(tmp_path, ADMIN_CHAT_ID="") as town:
        yield town


@pytest_asyncio.fixture(loop_scope="module")
async def strict(tmp_path: Path) -> AsyncIterator[Town]:
    """A bot that wants two approvals."""
    async with Town(tmp_path, APPROVALS_REQUIRED="0:2") as town:
        yield town


async def asked(shop: Shop, amount: str) -> tuple[str, Event]:
    """Confirm a payment over the limit; return its code and its card in the admins' chat."""
    card = await shop.cashier.confirmed(f"/pay 46733123999 {amount} stock")
    return code_of(card), await shop.admin.sees(f"Reference: {code_of(card)}", button="Approve")


async def test_a_payment_over_the_limit_waits_for_a_card_in_the_admins_chat(town: Town, shop: Shop) -> None:
    amount = next(amounts)
    _, shown = await asked(shop, amount)
    assert labels_of(shown) == ["Approve", "Reject"]
    for words in (f"Pay {amount} EUR", "46733123999", "Asked by: Cashier at Corner shop", "Waiting for approval until"):
        assert words in shown.text
    assert town.moved(amount) == 0


async def test_a_payment_of_the_limit_itself_needs_nobody(town: Town, shop: Shop) -> None:
    card = await shop.cashier.card("/pay 46733123999 100")
    assert await shop.cashier.press(card, "Confirm") == "Sending."


async def test_a_request_over_the_limit_needs_nobody(shop: Shop) -> None:
    card = await shop.cashier.card("/request 46733123999 1000")
    assert await shop.cashier.press(card, "Confirm") == "Sending."


async def test_an_admin_approves_and_the_money_moves_once(town: Town, shop: Shop) -> None:
    amount = next(amounts)
    _, shown = await asked(shop, amount)
    assert await shop.admin.press(shown, "Approve") == "Approved."
    await shop.cashier.sees(f"{amount} EUR", "was successful")
    assert town.moved(amount) == 1


async def test_the_maker_cannot_approve_even_as_an_admin(town: Town, shop: Shop) -> None:
    amount, maker = next(amounts), await town.hire(shop, Role.ADMIN)
    card = await maker.confirmed(f"/pay 46733123999 {amount}")
    shown = await shop.admin.sees(f"Reference: {code_of(card)}", button="Approve")
    for button in ("Approve", "Reject"):
        assert "somebody else must decide" in await maker.press(shown, button)
    assert town.moved(amount) == 0


async def test_a_press_of_somebody_without_the_right_gets_only_an_answer(town: Town, shop: Shop) -> None:
    amount, other = next(amounts), await town.open_shop("Other shop")
    code, shown = await asked(shop, amount)
    await town.until_so("SELECT count(*) = 0 FROM outbox WHERE state IN ('NEW', 'SENDING') AND held = 0")
    for nobody in (await town.hire(shop, None), await town.hire(shop, Role.CASHIER), other.admin):
        before = len(town.api.transcript)
        assert await nobody.press(shown, "Approve") == "Only an admin of this till can decide this."
        assert [event.kind for event in town.api.transcript[before:]] == ["press", "answer"]
    assert await town.ask("SELECT state FROM txn WHERE short_code = ?", code) == ["AWAITING_APPROVAL"]


async def test_of_two_admins_the_second_is_told_who_was_first(town: Town, shop: Shop) -> None:
    amount, second = next(amounts), await town.hire(shop, Role.ADMIN)
    _, shown = await asked(shop, amount)
    town.sandbox.settings.settle_after = 60.0
    await shop.admin.press(shown, "Approve")
    answer = await second.press(shown, "Reject")
    town.sandbox.settings.settle_after = 0.0
    assert "already" in answer
    assert "(decided by Admin)" in answer


async def test_who_was_first_is_named_as_they_write_themselves(town: Town, shop: Shop) -> None:
    first = (await town.hire(shop, Role.ADMIN, name='O\'Neil "<b>" & Co')).elsewhere(shop.admin.chat_id)
    _, shown = await asked(shop, next(amounts))
    await first.press(shown, "Reject")
    assert '(decided by O\'Neil "<b>" & Co)' in await shop.admin.press(shown, "Approve")


async def test_three_admins_at_the_same_time_send_once(town: Town, shop: Shop) -> None:
    amount, others = next(amounts), [await town.hire(shop, Role.ADMIN) for _ in range(2)]
    _, shown = await asked(shop, amount)
    answers = await all_of(*(who.press(shown, "Approve") for _ in range(33) for who in (shop.admin, *others)))
    await shop.cashier.sees(f"{amount} EUR", "was successful")
    assert answers.count("Approved.") == 1
    assert town.moved(amount) == 1


async def test_a_rejection_asks_why_and_passes_it_to_the_maker(town: Town, shop: Shop) -> None:
    amount = next(amounts)
    code, shown = await asked(shop, amount)
    assert await shop.admin.press(shown, "Reject") == "Rejected."
    await shop.cashier.sees(f"{amount} EUR", "was rejected by Admin. No money moved.")
    await shop.admin.answer("too <b>much</b> & too soon", f"Why was {code} rejected?")
    await shop.admin.sees("The maker is told.")
    await shop.cashier.sees("Admin says why: too <b>much</b> & too soon", code)
    assert town.moved(amount) == 0


async def test_only_the_rejecters_reply_is_passed_on(town: Town, shop: Shop) -> None:
    code, shown = await asked(shop, next(amounts))
    await shop.admin.press(shown, "Reject")
    question = await shop.admin.sees(f"Why was {code} rejected?")
    other = (await town.hire(shop, Role.ADMIN)).elsewhere(shop.admin.chat_id)
    other.type("because I say so", reply_to=question.data["message_id"])
    await other.hears_nothing_until("/help", "not open to you")
    assert not any("I say so" in event.text for event in town.api.transcript if event.by_bot)


async def test_after_a_decision_the_card_has_no_buttons_and_they_decide_nothing(shop: Shop) -> None:
    code, shown = await asked(shop, next(amounts))
    await shop.admin.press(shown, "Reject")
    decided = await shop.admin.sees(f"Reference: {code}", "Rejected by Admin")
    assert labels_of(decided) == []
    assert "already" in await shop.admin.press(shown, "Approve")


async def test_a_request_for_approval_expires_after_four_hours_and_the_maker_is_told(town: Town, shop: Shop) -> None:
    amount = next(amounts)
    code, shown = await asked(shop, amount)
    await town.forward(hours=2, seconds=1)
    await shop.admin.sees("half of its time is over", code)
    await town.forward(hours=2)
    await shop.cashier.sees(f"{amount} EUR", "its time was over")
    assert "already over" in await shop.admin.press(shown, "Approve")
    assert town.moved(amount) == 0


async def test_the_maker_may_still_cancel_what_waits_for_approval(town: Town, shop: Shop) -> None:
    card = await shop.cashier.confirmed(f"/pay 46733123999 {next(amounts)}")
    shown = await shop.admin.sees(f"Reference: {code_of(card)}", button="Approve")
    waiting = await shop.cashier.sees("Waiting for approval", button="Cancel")
    assert await shop.cashier.press(waiting, "Cancel") == "Cancelled."
    assert "already cancelled" in await shop.admin.press(shown, "Approve")


async def test_an_admin_whose_role_was_taken_decides_nothing(shop: Shop) -> None:
    _, shown = await asked(shop, next(amounts))
    shop.owner.type(f"/role {shop.admin.user_id} none")
    await shop.owner.sees("has no role any more")
    assert await shop.admin.press(shown, "Approve") == "Only an admin of this till can decide this."


async def test_without_an_admins_chat_each_admin_who_started_the_bot_is_asked(lone: Town) -> None:
    shop = await lone.open_shop()
    started, silent = await lone.starts(shop.admin), await lone.hire(shop, Role.ADMIN)
    card = await shop.cashier.confirmed("/pay 46733123999 210")
    shown = await started.sees(f"Reference: {code_of(card)}", button="Approve")
    assert not [event for event in lone.api.transcript if event.by_bot and event.chat_id == silent.user_id]
    assert await started.press(shown, "Approve") == "Approved."
    await shop.cashier.sees("was successful")


async def test_without_anybody_to_ask_confirm_says_so_and_names_the_remedy(lone: Town) -> None:
    shop = await lone.open_shop()
    card = await shop.cashier.card("/pay 46733123999 220")
    answer = await shop.cashier.press(card, "Confirm")
    assert "nobody who could be asked" in answer
    assert "/role" in answer
    assert "/start" in answer
    assert await lone.ask("SELECT state FROM txn WHERE short_code = ?", code_of(card)) == ["DRAFT"]


async def test_an_owner_alone_approves_his_own_refund_where_the_settings_allow_it(tmp_path: Path) -> None:
    async with Town(tmp_path, ADMIN_CHAT_ID="", SINGLE_PERSON_REFUNDS="true") as town:
        shop = await town.open_shop()
        private = await town.starts(Voice(town, OWNER, OWNER))
        code = await shop.owner.done("/request 46733123888 230")
        card = await shop.owner.confirmed(f"/refund {code}")
        shown = await private.sees(f"Reference: {code_of(card)}", "One person may ask and approve", button="Approve")
        assert await private.press(shown, "Approve") == "Approved."


async def test_a_new_admin_decides_only_after_the_delay(tmp_path: Path) -> None:
    async with Town(tmp_path, NEW_ADMIN_DELAY_HOURS="24") as town:
        shop = await town.open_shop()
        _, shown = await asked(shop, "240")
        assert await shop.admin.press(shown, "Approve") == "Only an admin of this till can decide this."
        await town.forward(hours=25)
        _, shown = await asked(shop, "250")
        assert await shop.admin.press(shown, "Approve") == "Approved."


async def test_the_cards_say_who_approved_and_how_many_are_missing(strict: Town) -> None:
    shop = await strict.open_shop()
    _, shown = await asked(shop, next(amounts))
    assert "2 people must approve it." in shown.text
    assert await shop.admin.press(shown, "Approve") == "Approved; 1 more needed."
    for person in (shop.cashier, shop.admin):
        person.since = 0
        await person.sees("Waiting for approval until", "Approved by Admin; 1 more needed.")
    second = await strict.hire(shop, Role.ADMIN)
    assert await second.press(shown, "Approve") == "Approved."
    await shop.cashier.sees("was successful")

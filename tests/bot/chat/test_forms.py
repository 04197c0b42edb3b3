"""Step by step: one question after the other, left at will, kept over a restart."""

from pathlib import Path

import pytest

from bot.domain.roles import Role
from tests.bot.chat.conftest import GET_UPDATES, JOURNEY
from tests.bot.chat.town import Town
from tests.bot.chat.voice import Shop, labels_of

pytestmark = JOURNEY


async def test_pay_asks_number_amount_and_note_and_then_shows_the_card(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    for answer, question in (("/pay", "phone number"), ("46733123999", "How much, in EUR?"), ("41.41", "A note")):
        merchant.type(answer)
        await merchant.sees(question)
    merchant.type("two books")
    card = await merchant.sees("Pay 41.41 EUR", "Note: two books", button="Confirm")
    await merchant.press(card, "Confirm")
    await merchant.sees("was successful")


async def test_request_asks_the_same_questions(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    for answer, question in (("/request", "Who shall be asked"), ("46733123999", "How much"), ("5", "A note")):
        merchant.type(answer)
        await merchant.sees(question)
    merchant.type("/skip")
    await merchant.sees("Ask for 5 EUR", "Note: Payment request", button="Confirm")


async def test_skip_pressed_leaves_the_note_out(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    for answer, question in (("/pay", "phone number"), ("46733123999", "How much")):
        merchant.type(answer)
        await merchant.sees(question)
    merchant.type("6")
    asked = await merchant.sees("A note", button="Skip")
    await merchant.press(asked, "Skip")
    await merchant.sees("Pay 6 EUR", "Note: Payment", button="Confirm")


async def test_a_skip_button_of_a_question_that_is_over_does_nothing(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    for answer, question in (("/pay", "phone number"), ("46733123999", "How much"), ("6", "A note")):
        merchant.type(answer)
        asked = await merchant.sees(question)
    merchant.type("/cancel")
    await merchant.sees("Nothing was started.")
    assert await merchant.press(asked, "Skip") == "This question is over."


async def test_cancel_leaves_at_every_step(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    steps = [("/pay", "phone number"), ("46733123999", "How much"), ("5", "A note")]
    for last in range(1, 4):
        for answer, question in steps[:last]:
            merchant.type(answer)
            await merchant.sees(question)
        merchant.type("/cancel")
        await merchant.sees("Left. Nothing was started.")
    merchant.type("46733123999")
    await merchant.sees("Type /help to see them")


async def test_a_wrong_answer_is_refused_with_an_example_and_asked_no_less(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    steps = (("/pay", "phone number"), ("nobody", "For example"), ("46733123999", "How much"), ("-5", "For example"))
    for answer, seen in (*steps, ("7", "A note"), ("/skip", "Pay 7 EUR")):
        merchant.type(answer)
        await merchant.sees(seen)


async def test_in_a_step_blanks_between_thousands_are_no_question(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    for answer, seen in (
        ("/pay", "phone number"),
        ("46733123999", "How much"),
        ("5 000", "A note"),
        ("/skip", "5,000 EUR"),
    ):
        merchant.type(answer)
        await merchant.sees(seen)


async def test_an_ambiguous_amount_in_a_step_is_asked_back(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    for answer, seen in (
        ("/pay", "phone number"),
        ("46733123999", "How much"),
        ("5.000", "Do you mean"),
        ("5000", "A note"),
    ):
        merchant.type(answer)
        await merchant.sees(seen)


async def test_another_command_replaces_the_open_question(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    for answer, seen in (("/pay", "phone number"), ("46733123998", "How much"), ("/request", "Who shall be asked")):
        merchant.type(answer)
        await merchant.sees(seen)
    for answer, seen in (("46733123999", "How much"), ("8", "A note"), ("/skip", "Ask for 8 EUR")):
        merchant.type(answer)
        await merchant.sees(seen)


async def test_a_whole_line_typed_in_between_ends_the_questions(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    for answer, seen in (
        ("/pay", "phone number"),
        ("/pay 46733123999 9.90", "Pay 9.90 EUR"),
        ("5", "Type /help to see them"),
    ):
        merchant.type(answer)
        await merchant.sees(seen)


async def test_other_commands_are_answered_between_two_steps(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    for answer, seen in (("/pay", "phone number"), ("/help", "What you can type"), ("46733123999", "How much")):
        merchant.type(answer)
        await merchant.sees(seen)


async def test_two_people_in_one_group_do_not_cross(town: Town, shop: Shop) -> None:
    one, other = shop.cashier, await town.hire(shop, Role.CASHIER)
    one.type("/pay")
    number = await one.sees("phone number")
    other.type("/request")
    await other.answer("46733123888", "Who shall be asked")
    await other.answer("8", "How much")
    one.type("46733123777", reply_to=number.data["message_id"])
    await one.answer("7", "How much")
    await one.sees("A note")
    one.type("/skip")
    await one.sees("Pay 7 EUR", "46733123777")
    other.type("/skip")
    await other.sees("Ask for 8 EUR", "46733123888")


async def test_every_question_in_a_group_can_be_answered_where_bots_see_only_replies(shop: Shop) -> None:
    # Ruling 11. In privacy mode a bot sees commands and replies to its own messages.
    shop.cashier.type("/pay")
    await shop.cashier.answer("46733123999", "phone number")
    await shop.cashier.answer("7", "How much")
    note = await shop.cashier.sees("A note")
    assert note.data.get("reply_markup", {}).get("force_reply"), "its answer would never reach the bot"


async def test_a_question_in_a_group_is_a_reply_to_who_is_asked(shop: Shop) -> None:
    typed = shop.cashier.type("/pay")
    asked = await shop.cashier.sees("phone number")
    assert asked.data["reply_to_message"]["message_id"] == typed.message_id
    assert asked.data["reply_markup"] == {"force_reply": True, "selective": True}


async def test_somebody_without_the_right_is_asked_nothing(town: Town, shop: Shop) -> None:
    auditor = await town.hire(shop, Role.AUDITOR)
    for command in ("/pay", "/request", "/refund"):
        auditor.type(command)
        await auditor.sees("Your role here, auditor, does not include this.")
    auditor.type("46733123999", reply_to=1)
    await auditor.hears_nothing_until()


async def test_a_role_taken_between_two_steps_ends_in_a_refusal(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    for answer, seen in (("/pay", "phone number"), ("46733123999", "How much"), ("71.17", "A note")):
        merchant.type(answer)
        await merchant.sees(seen)
    shop.owner.type(f"/role {merchant.user_id} none")
    await shop.owner.sees("has no role any more")
    merchant.type("/skip")
    await merchant.sees("not open to you")
    assert await town.ask("SELECT count(*) FROM txn WHERE amount_minor = 7117") == [0]


@pytest.mark.asyncio(loop_scope="function")
@pytest.mark.filterwarnings(GET_UPDATES)
async def test_the_questions_go_on_after_a_restart(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        merchant = await town.starts((await town.open_shop()).cashier)
        for answer, seen in (("/pay", "phone number"), ("46733123999", "How much")):
            merchant.type(answer)
            await merchant.sees(seen)
        await town.restart()
        merchant.type("42")
        await merchant.sees("A note")
        await town.restart()
        merchant.type("after two restarts")
        await merchant.sees("Pay 42 EUR", "Note: after two restarts")


async def test_the_card_of_the_questions_has_the_usual_buttons(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    for answer, seen in (("/pay", "phone number"), ("46733123999", "How much"), ("10", "A note")):
        merchant.type(answer)
        await merchant.sees(seen)
    merchant.type("<i>&")
    assert labels_of(await merchant.sees(button="Confirm")) == ["Confirm", "Cancel"]

"""The buttons beside a question: what may be meant, one step back, and out; and whose question it is."""

from itertools import count
from pathlib import Path

import pytest

from bot.domain.roles import Role
from tests.bot.chat.conftest import GET_UPDATES, JOURNEY
from tests.bot.chat.town import Town
from tests.bot.chat.voice import Shop, Voice, labels_of

pytestmark = JOURNEY

# The same amount to the same number within ten minutes would be asked about once more.
amounts = (f"{number}.22" for number in count(32))


async def asked(merchant: Voice, *answers: str) -> None:
    """Type one answer after the other, each when its question is there."""
    for answer in answers:
        merchant.type(answer)
        await merchant.sees()


async def test_the_last_number_and_its_amount_are_paid_again_by_pressing(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    await merchant.done("/pay 46733123811 31.01")
    merchant.type("/pay")
    await merchant.press(await merchant.sees("phone number", button="Sand"), "Sand")
    await merchant.press(await merchant.sees("How much", button="31.01"), "31.01")
    await merchant.press(await merchant.sees("A note", button="Skip"), "Skip")
    card = await merchant.sees("Pay 31.01 EUR", "46733123811", button="Confirm")
    assert "New here" not in card.text


async def test_what_was_pressed_is_shown_in_place_of_the_buttons(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    await merchant.done("/pay 46733123812 31.02")
    merchant.type("/pay")
    question = await merchant.sees("phone number", button="Sand")
    await merchant.press(question, "Sand")
    edited = await merchant.sees("phone number", "→ Sand Box · 46733123812")
    assert labels_of(edited) == []


async def test_in_a_group_the_number_on_a_button_is_hidden_and_the_question_says_whose_it_is(shop: Shop) -> None:
    await shop.cashier.done("/pay 46733123813 31.03")
    shop.cashier.type("/pay")
    question = await shop.cashier.sees("phone number", "reply to this message")
    assert [label for label in labels_of(question) if "Sand" in label] == ["Sand Box · •••• 3813"]
    await shop.cashier.press(question, "Sand")
    amount = await shop.cashier.sees("Cashier: How much", button="31.03")
    shop.cashier.type("31.04", reply_to=amount.data["message_id"])
    await shop.cashier.answer("/skip", "A note")
    await shop.cashier.sees("Pay 31.04 EUR", button="Confirm")


@pytest.mark.parametrize("how", ["press", "type"])
async def test_back_asks_the_step_before_again(town: Town, shop: Shop, how: str) -> None:
    merchant = await town.starts(shop.cashier)
    await asked(merchant, "/pay", "46733123814", "5")
    for question in ("How much", "Whom do you want to pay"):
        if how == "type":
            merchant.type("/back")
        else:
            await merchant.press(await merchant.sees(button="Back"), "Back")
        await merchant.sees(question, button="Cancel")
    await asked(merchant, "46733123815", "6")
    merchant.type("rent")
    await merchant.sees("Pay 6 EUR", "46733123815", "Note: rent", button="Confirm")


async def test_back_at_the_first_question_asks_it_again(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    for answer in ("/deposit", "/back"):
        merchant.type(answer)
        await merchant.sees("Into whose account", button="Cancel")


async def test_cancel_pressed_leaves_at_every_step(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    steps = ("/pay", "46733123816", "5")
    for last in range(1, 4):
        for answer in steps[:last]:
            merchant.type(answer)
            question = await merchant.sees(button="Cancel")
        await merchant.press(question, "Cancel")
        await merchant.sees("Left. Nothing was started.")
    merchant.type("5")
    await merchant.sees("Type /help to see them")


async def test_an_answer_that_must_be_given_is_not_skipped(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    for answer, seen in (("/pay", "phone number"), ("/skip", "cannot be left out"), ("46733123817", "How much")):
        merchant.type(answer)
        await merchant.sees(seen)


async def test_a_button_pressed_twice_answers_once(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    await merchant.done("/pay 46733123818 31.08")
    merchant.type("/pay")
    question = await merchant.sees("phone number", button="Sand")
    await merchant.press(question, "Sand")
    await merchant.sees("How much", button="31.08")
    assert await merchant.press(question, "Sand") == "This question is over."
    merchant.type("8")
    await merchant.sees("A note")


async def test_a_button_that_was_never_shown_does_nothing(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    await merchant.done("/pay 46733123819 31.09")
    merchant.type("/pay")
    question = await merchant.sees("phone number", button="Sand")
    nonce = question.data["reply_markup"]["inline_keyboard"][0][0]["callback_data"].split(":")[2]
    for data in (f"pick:7:{nonce}", f"pick:-1:{nonce}", "pick:0:", "skip:0:x", "back::", "leave:0:0"):
        assert await merchant.forge(data, question) == "This question is over."
    merchant.type("46733123820")
    await merchant.sees("How much")


async def test_two_people_are_asked_side_by_side_in_one_group(town: Town, shop: Shop) -> None:
    one, other = shop.cashier, await town.hire(shop, Role.CASHIER)
    await one.done("/pay 46733123821 31.11")
    one.type("/pay")
    mine = await one.sees("phone number", button="Sand")
    other.type("/pay")
    theirs = await other.sees("phone number", button="Sand")
    assert await other.press(mine, "Sand") == "This question is asked of somebody else."
    assert await one.press(theirs, "Cancel") == "This question is asked of somebody else."
    await one.press(mine, "Sand")
    await one.sees("How much")
    my_amount = await one.sees("Cashier: How much")
    other.type("46733123822", reply_to=theirs.data["message_id"])
    await other.answer("31.13", "How much")
    await other.sees("A note")
    one.type("31.12", reply_to=my_amount.data["message_id"])
    await one.sees("A note")
    one.type("/skip")
    await one.sees("Pay 31.12 EUR", "46733123821")
    other.type("/skip")
    await other.sees("Pay 31.13 EUR", "46733123822")


async def test_a_reply_to_somebody_elses_question_is_no_answer_to_ones_own(town: Town, shop: Shop) -> None:
    one, other = shop.cashier, await town.hire(shop, Role.CASHIER)
    one.type("/pay")
    mine = await one.sees("phone number")
    other.type("/request")
    theirs = await other.sees("Who shall be asked")
    other.type("46733123823", reply_to=mine.data["message_id"])
    await other.sees("asked of somebody else")
    other.type("46733123824", reply_to=theirs.data["message_id"])
    await other.sees("How much")


async def test_somebody_without_a_question_presses_in_vain(town: Town, shop: Shop) -> None:
    await shop.cashier.done("/pay 46733123825 31.15")
    shop.cashier.type("/pay")
    question = await shop.cashier.sees("phone number", button="Sand")
    assert (
        await shop.admin.elsewhere(shop.chat_id).press(question, "Sand") == "This question is asked of somebody else."
    )


@pytest.mark.asyncio(loop_scope="function")
@pytest.mark.filterwarnings(GET_UPDATES)
async def test_the_buttons_work_after_a_restart(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        merchant = await town.starts((await town.open_shop()).cashier)
        await merchant.done("/pay 46733123826 31.16")
        merchant.type("/pay")
        question = await merchant.sees("phone number", button="Sand")
        await town.restart()
        await merchant.press(question, "Sand")
        amount = await merchant.sees("How much", button="31.16")
        await town.restart()
        await merchant.press(amount, "Back")
        await merchant.sees("phone number", button="Sand")


async def test_a_question_ends_when_the_till_closes(town: Town, shop: Shop) -> None:
    shop.cashier.type("/pay")
    question = await shop.cashier.sees("phone number")
    shop.owner.type("/close")
    await shop.owner.sees("is closed")
    shop.cashier.type("46733123827", reply_to=question.data["message_id"])
    await shop.cashier.sees("This till is not open to you.")
    assert await town.ask("SELECT count(*) FROM conversation WHERE key LIKE ?", f"%{shop.chat_id}%") == [0]


async def test_a_question_of_one_till_is_not_answered_for_another(town: Town, shop: Shop) -> None:
    other = await town.open_shop("Other shop")
    merchant = await town.starts(shop.cashier)
    merchant.type("/pay")
    await merchant.sees("phone number")
    shop.owner.type(f"/role {merchant.user_id} none")
    await shop.owner.sees("has no role any more")
    other.owner.type(f"/role {merchant.user_id} cashier")
    await other.owner.sees("is now cashier")
    merchant.type("46733123828")
    await merchant.sees("You work for another till now")


@pytest.mark.asyncio(loop_scope="function")
@pytest.mark.filterwarnings(GET_UPDATES)
async def test_a_question_that_waited_for_days_is_over(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        merchant = await town.starts((await town.open_shop()).cashier)
        merchant.type("/pay")
        question = await merchant.sees("phone number")
        await town.forward(days=2)
        merchant.type("46733123829")
        await merchant.sees("waited for more than a day")
        assert await merchant.press(question, "Cancel") == "This question is over."


async def test_a_refund_is_picked_from_the_last_payments_that_came_in(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    code = await merchant.done("/request 46733123830 31.20")
    merchant.type("/refund")
    await merchant.press(await merchant.sees("Which payment", button=f"{code} · 31.20 EUR"), code)
    await merchant.press(await merchant.sees("31.20 EUR is left", button="All"), "All")
    await merchant.press(await merchant.sees("Why?", button="Skip"), "Skip")
    await merchant.sees("Refund 31.20 EUR", f"Refund of: {code}", button="Confirm")


@pytest.mark.parametrize("word", ["all", "tout", "ALL"])
async def test_all_means_all_that_is_left(town: Town, shop: Shop, word: str) -> None:
    merchant = await town.starts(shop.cashier)
    amount = next(amounts)
    code = await merchant.done(f"/request 46733123831 {amount}")
    merchant.type(f"/refund {code} {word} broken")
    await merchant.sees(f"Refund {amount} EUR", "Note: broken", button="Confirm")
    await asked(merchant, "/refund", code, word)
    await merchant.sees("Why?")


@pytest.mark.parametrize("words", ["half", "la moitié", "broken plate"])
async def test_words_in_place_of_an_amount_never_mean_all_unseen(town: Town, shop: Shop, words: str) -> None:
    amount = next(amounts)
    code = await shop.cashier.done(f"/request 46733123832 {amount}")
    shop.cashier.type(f"/refund {code} {words}")
    question = await shop.cashier.sees(f"How much? {amount} EUR is left", button=f"All: {amount} EUR")
    shop.cashier.type("15", reply_to=question.data["message_id"])
    await shop.cashier.sees("Refund 15 EUR", f"Note: {words[:8]}", button="Confirm")


async def test_a_word_typed_as_the_amount_is_refused(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    code = await merchant.done("/request 46733123833 31.23")
    for answer, seen in (("/refund", "Which payment"), (code, "is left"), ("half", "For example"), ("1", "Why?")):
        merchant.type(answer)
        await merchant.sees(seen)


async def test_an_amount_with_two_meanings_is_chosen_by_a_button(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    await asked(merchant, "/pay", "46733123834")
    merchant.type("5.000")
    await merchant.press(await merchant.sees("Do you mean", button="5,000 EUR"), "5,000 EUR")
    await merchant.sees("A note")
    merchant.type("/skip")
    await merchant.sees("Pay 5,000 EUR", button="Confirm")


async def test_a_line_with_two_meanings_loses_its_buttons_when_one_is_chosen(shop: Shop) -> None:
    shop.cashier.type("/pay 46733123835 6 000 soup")
    question = await shop.cashier.sees("can be read in two ways")
    await shop.cashier.press(question, "6,000 EUR")
    assert labels_of(await shop.cashier.sees("can be read in two ways", "→ 6,000 EUR")) == []
    await shop.cashier.sees("Pay 6,000 EUR", button="Confirm")
    assert "chosen already" in await shop.cashier.press(question, "6 EUR")


async def test_a_deposit_is_a_payment_with_a_name_of_its_own(town: Town, shop: Shop) -> None:
    await shop.cashier.done("/deposit 46733123836 31.26 savings")
    assert town.moved("31.26") == 1
    card = await shop.cashier.card("/deposit 46733123836 131.26")
    await shop.cashier.press(card, "Confirm")
    await shop.admin.sees("Deposit 131.26 EUR", button="Approve")


async def test_a_deposit_asks_step_by_step(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    await asked(merchant, "/deposit", "46733123837", "7")
    merchant.type("/skip")
    await merchant.sees("Deposit 7 EUR", "Note: Deposit", button="Confirm")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("pay 46733123838 5 rent", "Pay 5 EUR"),
        ("payer 46733123838 6 loyer", "Pay 6 EUR"),
        ("Demander 46733123838 7", "Ask for 7 EUR"),
        ("déposer 46733123838 8", "Deposit 8 EUR"),
        ("pay", "Whom do you want to pay"),
        ("pay 46733123838", "For example: /pay 46733123838 "),
        ("rembourser", "Which payment"),
    ],
)
async def test_a_sentence_in_private_does_what_the_command_does(town: Town, shop: Shop, text: str, seen: str) -> None:
    merchant = await town.starts(shop.cashier)
    merchant.type(text)
    await merchant.sees(seen)


async def test_a_sentence_in_a_group_is_not_for_the_bot(shop: Shop) -> None:
    shop.cashier.type("pay 46733123839 5 rent")
    await shop.cashier.hears_nothing_until()


async def test_a_note_that_begins_like_a_command_is_a_note(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    await asked(merchant, "/request", "46733123840", "9")
    merchant.type("pay 46733123999 500 back")
    await merchant.sees("Ask for 9 EUR", "Note: pay 46733123999 500 back", button="Confirm")


async def test_a_question_that_was_deleted_is_not_missed_when_it_is_answered(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    await merchant.done("/pay 46733123841 31.41")
    merchant.type("/pay")
    question = await merchant.sees("phone number", button="Sand")
    message = town.api.messages.find(merchant.chat_id, question.data["message_id"])
    assert message is not None
    query = town.api.press(merchant.user_id, merchant.chat_id, message.message_id, "Sand")
    town.api.messages.delete(message)
    await town.until(query.answered())
    await merchant.sees("How much", button="31.41")


async def test_a_refusal_of_an_answer_says_the_ways_out(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    await asked(merchant, "/pay")
    merchant.type("nobody")
    await merchant.sees("A phone number has digits only. For example: ", "/back goes back, /cancel leaves.")


async def test_several_contacts_of_one_beginning_are_named_at_the_step(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    for place, name in enumerate(("Corner shop", "Corner bakery")):
        merchant.type(f"/contacts add {name} 4673312385{place}")
        await merchant.sees(f"Saved: {name}")
    await asked(merchant, "/pay")
    merchant.type("corner")
    await merchant.sees("Several contacts begin so: Corner bakery, Corner shop.")


async def test_what_people_say_to_each_other_in_a_group_is_no_answer(town: Town, shop: Shop) -> None:
    town.api.people.chats[shop.chat_id].bot = "administrator"  # sees every message
    said = shop.admin.elsewhere(shop.chat_id).type("How much for two?")
    shop.cashier.type("/pay")
    question = await shop.cashier.sees("phone number")
    for reply_to in (None, said.message_id):
        shop.cashier.type("46733123860", reply_to=reply_to)
        await shop.cashier.hears_nothing_until("/help", "What you can type")
    shop.cashier.type("46733123861", reply_to=question.data["message_id"])
    await shop.cashier.sees("How much")


@pytest.mark.asyncio(loop_scope="function")
@pytest.mark.filterwarnings(GET_UPDATES)
async def test_nothing_is_asked_while_sending_is_stopped(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        shop = await town.open_shop()
        shop.admin.type("/freeze")
        await shop.admin.sees("stopped")
        shop.cashier.type("/pay")
        await shop.cashier.sees("Sending is stopped")

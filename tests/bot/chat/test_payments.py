"""Payments in the chat: from the typed line to the pushed end."""

from itertools import count

from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import Town
from tests.bot.chat.voice import Shop, all_of, code_of, labels_of

pytestmark = JOURNEY

# Amounts of their own, so that MTN's books tell the tests of a module apart.
amounts = (f"{number}.07" for number in count(11))


async def test_a_payment_typed_in_one_line_is_confirmed_on_its_card_and_its_end_is_pushed(
    town: Town, shop: Shop
) -> None:
    amount = next(amounts)
    card = await shop.cashier.card(f"/pay 46733123999 {amount} books")
    assert await shop.cashier.press(card, "Confirm") == "Sending."
    end = await shop.cashier.sees(f"Payment of {amount} EUR", "was successful")
    assert end.kind == "message"
    assert town.moved(amount) == 1


async def test_the_card_says_who_how_much_from_where_and_with_which_note(shop: Shop) -> None:
    card = await shop.cashier.card(f"/pay +46733123999 {next(amounts)} for <b>books</b> & more")
    for words in ("46733123999", "Name: Sand Box", "disbursement account", "sandbox, no real money", "Note: for "):
        assert words in card.text
    assert labels_of(card) == ["Confirm", "Cancel"]


async def test_before_mtn_gave_a_name_a_card_has_no_confirm(town: Town, shop: Shop) -> None:
    town.sandbox.faults.add("slow", operation="basic_user_info", args={"seconds": 0.3})
    shop.cashier.type(f"/pay 46733123999 {next(amounts)}")
    early = await shop.cashier.sees("asking MTN")
    assert labels_of(early) == ["Cancel"]
    await shop.cashier.sees("Sand Box", button="Confirm")


async def test_a_name_mtn_does_not_give_still_brings_the_confirm_button(town: Town, shop: Shop) -> None:
    town.sandbox.faults.add("status_500", operation="basic_user_info", count=2)
    card = await shop.cashier.card(f"/pay 46733123999 {next(amounts)}")
    assert "MTN gave no name" in card.text


async def test_confirm_pressed_twenty_times_sends_once(town: Town, shop: Shop) -> None:
    amount = next(amounts)
    card = await shop.cashier.card(f"/pay 46733123999 {amount}")
    answers = await all_of(*(shop.cashier.press(card, "Confirm") for _ in range(20)))
    shop.cashier.since = card.number
    await shop.cashier.sees("was successful")
    assert answers.count("Sending.") == 1
    assert town.moved(amount) == 1
    assert len([event for event in shop.cashier.heard() if "was successful" in event.text]) == 1


async def test_a_request_says_into_which_account_and_its_end_is_pushed(town: Town, shop: Shop) -> None:
    amount = next(amounts)
    card = await shop.cashier.card(f"/request 46733123888 {amount} lunch")
    assert "Into: collection account" in card.text
    await shop.cashier.press(card, "Confirm")
    await shop.cashier.sees(f"Request for {amount} EUR", "was successful")
    assert town.moved(amount) == 1


async def test_a_payment_mtn_fails_is_told_with_the_reason_in_plain_words(town: Town, shop: Shop) -> None:
    amount = next(amounts)
    await shop.cashier.confirmed(f"/pay 46733123455 {amount}")
    end = await shop.cashier.sees(f"{amount} EUR", "failed: there is not enough money")
    assert "No money moved." in end.text
    assert town.moved(amount) == 0


async def test_a_lost_answer_pays_once_and_the_chat_knows_the_end(town: Town, shop: Shop) -> None:
    amount = next(amounts)
    town.sandbox.faults.add("lose_answer", operation="transfer")
    await shop.cashier.confirmed(f"/pay 46733123999 {amount}")
    await shop.cashier.sees(f"{amount} EUR", "was successful")
    assert town.moved(amount) == 1


async def test_the_same_payment_within_ten_minutes_asks_again_with_another_button(town: Town, shop: Shop) -> None:
    amount = next(amounts)
    await shop.cashier.done(f"/pay 46733123999 {amount}")
    card = await shop.cashier.confirmed(f"/pay 46733123999 {amount}")
    asked = await shop.cashier.sees("Really once more?")
    assert labels_of(asked) == ["Yes, once more", "Cancel"]
    assert "was just made" in await shop.cashier.press(card, "Confirm")
    assert town.moved(amount) == 1


async def test_the_second_button_pays_the_same_once_more_and_only_once(town: Town, shop: Shop) -> None:
    amount = next(amounts)
    await shop.cashier.done(f"/pay 46733123999 {amount}")
    await shop.cashier.confirmed(f"/pay 46733123999 {amount}")
    asked = await shop.cashier.sees(button="Yes, once more")
    await all_of(*(shop.cashier.press(asked, "Yes, once more") for _ in range(5)))
    shop.cashier.since = asked.number
    await shop.cashier.sees("was successful")
    assert town.moved(amount) == 2


async def test_after_ten_minutes_the_same_payment_is_no_repeat(town: Town, shop: Shop) -> None:
    amount = next(amounts)
    await shop.cashier.done(f"/pay 46733123999 {amount}")
    await town.forward(minutes=11)
    await shop.cashier.done(f"/pay 46733123999 {amount}")
    assert town.moved(amount) == 2


async def test_a_cancelled_card_sends_nothing_and_its_confirm_is_dead(town: Town, shop: Shop) -> None:
    amount = next(amounts)
    card = await shop.cashier.card(f"/pay 46733123999 {amount}")
    assert await shop.cashier.press(card, "Cancel") == "Cancelled."
    cancelled = await shop.cashier.sees("Cancelled. No money moved.")
    assert labels_of(cancelled) == []
    assert "already cancelled" in await shop.cashier.press(card, "Confirm")
    assert town.moved(amount) == 0


async def test_a_card_not_confirmed_in_five_minutes_expires(town: Town, shop: Shop) -> None:
    amount = next(amounts)
    card = await shop.cashier.card(f"/pay 46733123999 {amount}")
    await town.forward(minutes=5, seconds=1)
    expired = await shop.cashier.sees("Not confirmed or approved in time")
    assert labels_of(expired) == []
    assert "over" in await shop.cashier.press(card, "Confirm")
    assert town.moved(amount) == 0


async def test_nobody_confirms_or_cancels_another_cashiers_card(town: Town, shop: Shop) -> None:
    card = await shop.cashier.card(f"/pay 46733123999 {next(amounts)}")
    other, stranger = await town.hire(shop, None, name="Passer"), await town.hire(shop, None)
    for somebody in (other, stranger, shop.owner):
        assert await somebody.press(card, "Confirm") == "This card belongs to somebody else."
    assert await stranger.press(card, "Cancel") == "This card belongs to somebody else."
    assert await town.ask("SELECT state FROM txn WHERE short_code = ?", code_of(card)) == ["DRAFT"]


async def test_a_card_knows_only_its_own_nonce(town: Town, shop: Shop) -> None:
    card = await shop.cashier.card(f"/pay 46733123999 {next(amounts)}")
    for data in (f"ok:{code_of(card)}:wrong", f"ok:{code_of(card)}:", f"again:{code_of(card)}:wrong"):
        assert "over" in await shop.cashier.forge(data, card)
    assert await town.ask("SELECT state FROM txn WHERE short_code = ?", code_of(card)) == ["DRAFT"]


async def test_a_cards_nonce_opens_no_other_transaction_and_no_other_verb(town: Town, shop: Shop) -> None:
    card = await shop.cashier.card(f"/pay 46733123999 {next(amounts)}")
    other = await shop.cashier.card(f"/pay 46733123999 {next(amounts)}")
    nonce = card.data["reply_markup"]["inline_keyboard"][0][0]["callback_data"].split(":")[2]
    for data in (f"ok:{code_of(other)}:{nonce}", f"yes:{code_of(card)}:{nonce}", f"again:{code_of(card)}:{nonce}"):
        assert "over" in await shop.cashier.forge(data, card)
    states = await town.ask("SELECT state FROM txn WHERE short_code IN (?, ?)", code_of(card), code_of(other))
    assert states == ["DRAFT", "DRAFT"]


async def test_an_ambiguous_amount_is_asked_back_with_two_buttons(town: Town, shop: Shop) -> None:
    shop.cashier.type("/pay 46733123999 5 000 rent")
    asked = await shop.cashier.sees("can be read in two ways")
    assert labels_of(asked) == ["5 EUR, note: 000 rent", "5,000 EUR, note: rent"]


async def test_either_reading_makes_the_right_card_once(town: Town, shop: Shop) -> None:
    for reading in ("6 EUR", "6,000 EUR"):
        shop.cashier.type("/pay 46733123999 6 000 rent")
        asked = await shop.cashier.sees("can be read in two ways")
        await all_of(*(shop.cashier.press(asked, reading) for _ in range(3)))
        shop.cashier.since = asked.number
        await shop.cashier.sees(f"Pay {reading}", button="Confirm")
        shown = [event for event in shop.cashier.heard() if event.kind == "message" and "Pay " in event.text]
        assert len(shown) == 1


async def test_only_who_typed_the_line_chooses_its_reading(town: Town, shop: Shop) -> None:
    shop.cashier.type("/pay 46733123999 7 000 rent")
    asked = await shop.cashier.sees("can be read in two ways")
    assert await shop.owner.press(asked, "7,000 EUR") == "This card belongs to somebody else."
    assert await town.ask("SELECT count(*) FROM txn WHERE amount_minor = 700000") == [0]


async def test_a_line_that_cannot_be_paid_is_refused_with_a_right_example(shop: Shop) -> None:
    for line, right in (("46733123999 -5", "46733123999"), ("46733123999", "/pay 46733123999"), ("12 50", "/pay ")):
        shop.cashier.type(f"/pay {line}")
        refused = await shop.cashier.sees("For example: /pay")
        assert right in refused.text


async def test_in_a_topic_everything_is_said_in_that_topic(town: Town, shop: Shop) -> None:
    town.api.people.chats[shop.chat_id].threads.add(7)
    shop.cashier.type(f"/pay 46733123999 {next(amounts)}", thread_id=7)
    card = await shop.cashier.sees(button="Confirm")
    await shop.cashier.press(card, "Confirm")
    await shop.cashier.sees("was successful")
    assert {event.data.get("message_thread_id") for event in shop.cashier.heard(card.number)} == {7}


async def test_a_fifth_open_card_is_the_last(shop: Shop) -> None:
    for _ in range(5):
        await shop.cashier.card(f"/pay 46733123999 {next(amounts)}")
    shop.cashier.type(f"/pay 46733123999 {next(amounts)}")
    await shop.cashier.sees("You have 5 cards waiting.")


async def test_a_role_taken_away_takes_its_open_cards_with_it(town: Town, shop: Shop) -> None:
    card = await shop.cashier.card(f"/pay 46733123999 {next(amounts)}")
    shop.owner.type(f"/role {shop.cashier.user_id} none")
    await shop.owner.sees("Stopped before they were sent: 1.")
    assert "not open to you" in await shop.cashier.press(card, "Confirm")
    await shop.cashier.elsewhere(shop.chat_id).sees("the maker no longer has the role")

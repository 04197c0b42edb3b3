"""One card through a transaction's life: what it tells whoever decides, and the buttons that fit its state."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from bot.domain.roles import Role
from bot.playground.events import Event
from bot.store.times import to_ms
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import Town
from tests.bot.chat.voice import Shop, button_of, code_of, labels_of

pytestmark = JOURNEY

amounts = (f"{number}.05" for number in count(11))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A town with limits and a table of fees."""
    folder: Path = tmp_path_factory.mktemp("town")
    async with Town(folder, FEES="pay:0=0.50,50=2%", LIMIT_DESK_DAY="5000", LIMIT_PERSON_DAY="400") as town:
        yield town


async def succeeded(shop: Shop, text: str) -> tuple[str, Event]:
    """Confirm a command and see its card say that it went through; return its code and the card."""
    await shop.cashier.confirmed(text)
    return code_of(await shop.cashier.sees("was successful")), await shop.cashier.sees("✅ Successful.")


@pytest.mark.parametrize(
    ("language", "words", "fee", "left"),
    [
        ("en", "twelve euros 50/100", "Fee: 0.50 EUR (by your own table)", "limit after this: 387.50 EUR"),
        ("fr", "douze euros 50/100", "Frais : 0,50 EUR (selon votre propre tableau)", "après ceci : 387,50 EUR"),
    ],
)  # fmt: skip
async def test_whoever_confirms_sees_the_words_the_fee_and_what_is_left(
    shop: Shop, language: str, words: str, fee: str, left: str
) -> None:
    shop.cashier.type(f"/language {language}")
    await shop.cashier.sees("nglish" if language == "en" else "rançais")
    shop.cashier.type("/pay 46733123999 12.50 rent")
    card = await shop.cashier.sees("Sand Box", words)
    assert fee in card.text
    assert left in card.text


async def test_a_percentage_is_shown_as_what_it_comes_to(shop: Shop) -> None:
    card = await shop.cashier.card("/pay 46733123999 60")
    assert "Fee: 1.20 EUR (by your own table)" in card.text


async def test_the_balance_after_is_told_from_the_last_one_known_with_its_age(town: Town, shop: Shop) -> None:
    shop.cashier.type("/balance")
    balance = (await shop.cashier.sees("Disbursement: 1,000,0")).text.partition("Disbursement: ")[2].partition(" ")[0]
    await town.forward(minutes=3)
    card = await shop.cashier.card("/pay 46733123999 50")
    after = f"{float(balance.replace(',', '')) - 50:,.2f}".removesuffix(".00")
    assert f"Balance after this: {after} EUR (going by " in card.text
    assert "3 min ago)" in card.text


async def test_more_than_the_account_held_is_said_so(town: Town, shop: Shop) -> None:
    await town.store.tx(lambda tx: tx.conn.execute("UPDATE balance SET amount = '3' WHERE product = 'disbursement'"))
    card = await shop.cashier.card("/pay 46733123999 50")
    assert "⚠️ The account held less than this: 3 EUR (at " in card.text
    assert button_of(card, "Confirm")


async def test_a_saved_name_that_mtn_does_not_give_is_warned_of_and_one_it_gives_is_not(shop: Shop) -> None:
    for name in ("Mama Grace", "Sånd shop"):
        shop.cashier.type(f"/contacts add {name} 46733123999")
        await shop.cashier.sees(name)
        card = await shop.cashier.card(f"/pay 46733123999 {next(amounts)}")
        assert ("MTN gives another name" in card.text) == (name == "Mama Grace")
        assert name in card.text
        shop.cashier.type(f"/contacts delete {name}")
        await shop.cashier.sees(name)


async def test_what_is_decided_shows_its_forecast_no_more(shop: Shop) -> None:
    await shop.cashier.confirmed(f"/pay 46733123999 {next(amounts)}")
    over = await shop.cashier.sees("✅ Successful.")
    assert "Fee" not in over.text
    assert "Left of" not in over.text
    assert "euros" not in over.text


async def test_while_a_payer_has_to_approve_the_card_says_until_when(town: Town, shop: Shop) -> None:
    await shop.cashier.confirmed(f"/request 46733123453 {next(amounts)}")
    waiting = await shop.cashier.sees("approve on the phone, until about ")
    assert labels_of(waiting) == ["Status now", "Copy reference"]


async def test_status_now_has_mtn_asked_at_once(town: Town, shop: Shop) -> None:
    await shop.cashier.confirmed(f"/request 46733123453 {next(amounts)}")
    waiting = await shop.cashier.sees("approve on the phone", button="Status now")
    before = await town.ask("SELECT max(id) FROM observation")
    assert "MTN is asked now" in await shop.cashier.press(waiting, "Status now")
    due = "SELECT count(*) FROM txn WHERE short_code = ? AND next_at_ms <= ?"
    asked = "SELECT count(*) FROM observation WHERE id > ?"
    now = to_ms(town.clock())
    assert await town.ask(due, code_of(waiting), now) == [1] or await town.ask(asked, *before) != [0]


async def test_copy_reference_copies_what_mtn_knows_it_by(town: Town, shop: Shop) -> None:
    code, card = await succeeded(shop, f"/pay 46733123999 {next(amounts)}")
    (reference_id,) = await town.ask("SELECT reference_id FROM txn WHERE short_code = ?", code)
    copies = [one for row in card.data["reply_markup"]["inline_keyboard"] for one in row if "copy_text" in one]
    assert copies == [{"text": "Copy reference", "copy_text": {"text": reference_id}}]


async def test_receipt_on_the_card_sends_the_receipt(shop: Shop) -> None:
    code, card = await succeeded(shop, f"/pay 46733123999 {next(amounts)}")
    assert await shop.cashier.press(card, "Receipt") == "The receipt is on its way."
    await shop.cashier.sees("Receipt", code)


async def test_refund_on_the_card_begins_a_refund_that_is_confirmed_and_approved_like_any(
    town: Town, shop: Shop
) -> None:
    amount = next(amounts)
    code, card = await succeeded(shop, f"/request 46733123999 {amount}")
    moved = town.moved(amount)
    assert "nothing moves before Confirm" in await shop.cashier.press(card, "Refund")
    draft = await shop.cashier.sees(f"Refund {amount} EUR", f"Refund of: {code}", button="Confirm")
    await shop.cashier.press(draft, "Confirm")
    await shop.cashier.sees("Waiting for approval until")
    assert town.moved(amount) == moved
    asked = await shop.admin.sees(f"Refund of: {code}", button="Approve")
    await shop.admin.press(asked, "Approve")
    shop.cashier.since = draft.number
    await shop.cashier.sees(f"Refund of {amount} EUR", "was successful")


async def test_refund_pressed_again_and_again_makes_one_card(town: Town, shop: Shop) -> None:
    code, card = await succeeded(shop, f"/request 46733123999 {next(amounts)}")
    await shop.cashier.press(card, "Refund")
    assert "You have chosen already" in await shop.cashier.press(card, "Refund")
    drafts = "SELECT count(*) FROM txn WHERE original_id = (SELECT id FROM txn WHERE short_code = ?)"
    assert await town.ask(drafts, code) == [1]


async def test_who_presses_must_have_the_right_when_pressing(town: Town, shop: Shop) -> None:
    code, card = await succeeded(shop, f"/request 46733123999 {next(amounts)}")
    stranger, auditor = await town.hire(shop, None), await town.hire(shop, Role.AUDITOR)
    for button in ("Receipt", "Refund"):
        assert "not open to you" in await stranger.press(card, button)
    assert "not open to you" in await auditor.press(card, "Refund")
    nonce = str(button_of(card, "Receipt")).split(":")[2]
    assert "not open to you" in await stranger.forge(f"now:{code}:{nonce}", card)
    assert await town.ask(
        "SELECT count(*) FROM txn WHERE original_id IS NOT NULL AND maker_id = ?", stranger.user_id
    ) == [0]


async def test_the_new_buttons_data_opens_nothing_else(town: Town, shop: Shop) -> None:
    code, card = await succeeded(shop, f"/request 46733123999 {next(amounts)}")
    other = await shop.cashier.card(f"/request 46733123999 {next(amounts)}")
    nonce = str(button_of(card, "Receipt")).split(":")[2]
    for data in (f"refund:{code_of(other)}:{nonce}", f"refund:{code}:wrong", f"paper:{code_of(other)}:{nonce}"):
        assert "over" in await shop.cashier.forge(data, card)
    forged = await shop.cashier.forge(str(button_of(other, "Confirm")).replace("ok:", "refund:"), other)
    assert "cannot be refunded" in forged

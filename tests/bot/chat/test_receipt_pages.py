"""Receipts as people ask for them, scan them, forward them and forge them."""

import re

import pytest

from bot.chat import receipts
from bot.chat.badinput import BadInput, BadReason
from bot.chat.documents import receipt_page
from bot.domain.roles import Role
from bot.playground.events import Event
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.documents import Page, file_of, french, is_file
from tests.bot.chat.town import Town
from tests.bot.chat.voice import Shop, Voice, code_of

pytestmark = JOURNEY
FORGED = "❌ This bot did not issue this receipt: it is forged, or its code was changed. Give nothing out for it."
NO_CODE = "This is no receipt's code: it has 26 letters and digits in five groups."
CODE = re.compile(r"/verify ([0-9A-Z]{6}(?:-[A-Z2-7]{5}){4})")


async def receipt(voice: Voice, reference: str) -> tuple[str, Event]:
    """Ask for a receipt; return its code and the message with the page."""
    voice.type(f"/receipt {reference}")
    text = await voice.sees("Receipt", "To check it")
    found = CODE.search(text.text)
    assert found is not None
    return found[1], await voice.town.until(
        voice.town.api.log.first(lambda event: event.chat_id == voice.chat_id and is_file(event), after=text.number)
    )


async def test_a_receipt_is_a_text_to_forward_and_a_page_whose_qr_code_verifies(town: Town, shop: Shop) -> None:
    reference = await shop.cashier.done("/request 46733123999 31 Order 9")
    code, message = await receipt(shop.cashier, reference)
    upload = file_of(town, message)
    page = Page(upload.content)

    assert (upload.filename, page.count) == (f"receipt-{reference}.pdf", 1)
    assert page.codes == [f"https://t.me/momo_desk_bot?start=v_{code.replace('-', '')}"]
    assert all(words in page.text for words in ("Sandbox", "31 EUR", "4673••••999", reference, "Order 9"))
    assert "46733123999" not in page.text

    private = await town.starts(shop.cashier)
    private.type("/start " + page.codes[0].partition("start=")[2])
    await private.sees("Genuine", "Received: 31 EUR", "Nothing of it was refunded since.")


async def test_a_french_speaker_has_a_french_receipt_which_is_genuine_in_english_too(town: Town, shop: Shop) -> None:
    reference = await shop.cashier.done("/request 46733123999 30.50")
    cashier = await shop.cashier.in_french()
    cashier.type(f"/receipt {reference}")
    text = await cashier.sees(french("Receipt"), f"{french('Received')}: 30,50 EUR", "/verify ")
    message = await town.until(
        town.api.log.first(lambda event: event.chat_id == shop.chat_id and is_file(event), after=text.number)
    )
    page = Page(file_of(town, message).content)
    said = (french("Sandbox: no real money moved."), "30,50 EUR", french("Reference id"))
    assert all(words in page.text for words in said)

    posted = cashier.type(text.text)
    shop.owner.type("/verify", reply_to=posted.message_id)
    await shop.owner.sees("✅ Genuine", "Received: 30.50 EUR")
    cashier.type("/verify ZZZZZZ-AAAAA-BBBBB-CCCCC-DDDDD")
    await cashier.sees(french(FORGED))
    cashier.type("/verify rien")
    await cashier.sees(french(NO_CODE), "/verify 7K3MQP-")


async def test_only_what_went_through_has_a_receipt(shop: Shop) -> None:
    card = await shop.cashier.card("/pay 46733123999 5")
    shop.cashier.type(f"/receipt {code_of(card)}")
    await shop.cashier.sees("There is no receipt of", "waiting for Confirm")


async def test_a_receipt_shown_again_after_a_refund_says_so(shop: Shop) -> None:
    reference = await shop.cashier.done("/request 46733123999 32")
    code, _ = await receipt(shop.cashier, reference)
    await shop.cashier.confirmed(f"/refund {reference} 12")
    await shop.admin.press(await shop.admin.sees("Refund 12 EUR", button="Approve"), "Approve")
    await shop.cashier.sees("Refund of 12 EUR", "was successful")
    shop.cashier.type(f"/verify {code}")
    await shop.cashier.sees("Genuine", "Received: 32 EUR", "Refunded since: 12 EUR")


async def test_a_changed_text_is_exposed_though_its_code_is_genuine(town: Town, shop: Shop) -> None:
    reference = await shop.cashier.done("/request 46733123999 33")
    shop.cashier.type(f"/receipt {reference}")
    text = (await shop.cashier.sees("To check it")).text
    customer = await town.hire(shop, None)

    for shown, verdict in ((text, "✅ Genuine"), (text.replace("33 EUR", "330 EUR"), "⚠️ This receipt was changed")):
        posted = customer.type(shown)
        shop.cashier.type("/verify", reply_to=posted.message_id)
        await shop.cashier.sees(verdict, "Received: 33 EUR")


async def test_a_forged_code_is_called_forged(shop: Shop) -> None:
    reference = await shop.cashier.done("/request 46733123999 34")
    for code in (f"{reference}-AAAAA-BBBBB-CCCCC-DDDDD", "ZZZZZZ-AAAAA-BBBBB-CCCCC-DDDDD"):
        shop.cashier.type(f"/verify {code}")
        said = await shop.cashier.sees("This bot did not issue this receipt")
        assert "34 EUR" not in said.text


async def test_another_till_verifies_and_learns_nothing_but_the_receipt(town: Town, shop: Shop) -> None:
    reference = await shop.cashier.done("/request 46733123999 35")
    code, _ = await receipt(shop.cashier, reference)
    other = await town.open_shop("Other shop")
    other.cashier.type(f"/verify {code.lower().replace('-', ' ')}")
    said = await other.cashier.sees("Genuine", "Received: 35 EUR")
    assert "since" not in said.text
    other.cashier.type(f"/receipt {reference}")
    await other.cashier.sees(f"There is no {reference} here.")


async def test_a_stranger_may_not_verify_not_even_by_scanning(town: Town, shop: Shop) -> None:
    reference = await shop.cashier.done("/request 46733123999 36")
    code, _ = await receipt(shop.cashier, reference)
    user_id = town.person()
    stranger = Voice(town, user_id, user_id)
    for typed in (f"/verify {code}", f"/start v_{code.replace('-', '')}", "/verify", "/start v_nonsense"):
        stranger.type(typed)
        said = await stranger.sees("This till is not open to you")
        assert "36 EUR" not in said.text


async def test_an_auditors_receipt_names_nobody(town: Town, shop: Shop) -> None:
    reference = await shop.cashier.done("/request 46733123999 37 Mary's order")
    auditor = await town.hire(shop, Role.AUDITOR)
    _, message = await receipt(auditor, reference)
    page = Page(file_of(town, message).content)
    assert "37 EUR" in page.text
    assert "Sand Box" not in page.text
    assert "Mary" not in page.text


async def test_a_bot_that_may_not_send_files_says_so(town: Town, shop: Shop) -> None:
    reference = await shop.cashier.done("/request 46733123999 38")
    town.api.faults.add("no_rights", method="sendDocument")
    shop.cashier.type(f"/receipt {reference}")
    await shop.cashier.sees("I could not send the file here")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", BadReason.RECEIPT_CODE_MISSING),
        ("ABC234", BadReason.RECEIPT_CODE_SHAPE),
        ("x" * 25, BadReason.RECEIPT_CODE_SHAPE),
        ("é" * 26, BadReason.RECEIPT_CODE_SHAPE),
        ("a receipt without a code", BadReason.RECEIPT_CODE_SHAPE),
    ],
)
async def test_what_is_no_code_is_refused_with_one_that_is(typed: str, reason: BadReason) -> None:
    with pytest.raises(BadInput) as bad:
        receipts.read_code(typed)
    assert bad.value.reason is reason
    assert len(receipts.read_code(bad.value.example.removeprefix("/verify "))) == 26


@pytest.mark.parametrize(
    "typed",
    [
        "ABC234-ABCDE-FGHIJ-KLMNO-PQRST",
        "abc234 abcde fghij klmno pqrst",
        "v_ABC234ABCDEFGHIJKLMNOPQRST",
        "ABC234-A8CDE-FGH1J-KLMN0-PQRST",
        "🧾 Receipt\nReceived: 5 EUR\nTo check it: /verify ABC234-ABCDE-FGHIJ-KLMNO-PQRST",
    ],
)
async def test_a_code_is_read_as_people_type_scan_paste_and_misread_it(typed: str) -> None:
    assert receipts.read_code(typed) == "ABC234ABCDEFGHIJKLMNOPQRST"


@pytest.mark.parametrize("name", ["محمد علي", "እቴጌ", "ߒߞߏ", "李雷 🛒", "\u202eevil", "x" * 400, "𐍈\U0001f3ff"])
async def test_a_page_holds_names_in_any_script_and_of_any_length(name: str) -> None:
    rows = [("Till", name), ("Received", "1,500 UGX"), ("From", name), ("Note", name), ("Reference", "ABC234")]
    page = Page(receipt_page.render("Receipt", "", rows, "To check it", "ABC234-ABCDE", "https://t.me/x?start=v_1"))
    assert (page.count, page.codes) == (1, ["https://t.me/x?start=v_1"])

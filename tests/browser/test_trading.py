"""A merchant and an admin at the page of ``make demo``: payments and refunds by clicking."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.hands import PhoneInHand
from tests.browser.pictures import take_picture

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_merchant_pays_and_the_card_says_in_place_how_it_ended(page: Page) -> None:
    merchant = PhoneInHand(page)
    code = await merchant.order("/pay 46733123999 25 books")
    card = merchant.said("Pay 25 EUR").first
    key = await card.get_attribute("data-key")
    await expect(card.locator(".meta")).to_contain_text("edited")

    await expect(merchant.said("Payment of 25 EUR").last).to_contain_text("was successful")
    await expect(card).to_contain_text("Successful")
    assert await card.get_attribute("data-key") == key
    await expect(merchant.said(code).last).to_contain_text("was successful")


async def test_an_admin_on_the_other_phone_approves_a_refund(page: Page) -> None:
    merchant, admin = PhoneInHand(page), PhoneInHand(page, 1)
    await merchant.order("/request 46733123888 40 lunch")
    await merchant.key("Refund").click()
    await merchant.key("Confirm").click()
    await admin.key("Approve").click()

    await expect(merchant.said("Refund of 40 EUR").last).to_contain_text("was successful")
    await expect(admin.said("Refund 40 EUR").get_by_role("button", name="Approve")).to_have_count(0)
    await take_picture(page, "playground")


async def test_a_refund_of_a_part_is_typed_with_its_reference(page: Page) -> None:
    merchant, admin = PhoneInHand(page), PhoneInHand(page, 1)
    code = await merchant.order("/request 46733123888 41 lunch")
    await expect(merchant.said("41 EUR").last).to_contain_text("was successful")
    await merchant.order(f"/refund {code} 15 one plate too many")
    await admin.key("Approve").click()

    await expect(merchant.said("Refund of 15 EUR").last).to_contain_text("was successful")


async def test_a_payment_over_the_limit_is_the_admins_to_reject(page: Page) -> None:
    merchant, admin = PhoneInHand(page), PhoneInHand(page, 1)
    await merchant.order("/pay 46733123999 150 stock")
    await admin.key("Reject").click()

    await expect(merchant.said("150 EUR").last).to_contain_text("rejected by Admin")


async def test_what_is_written_in_a_group_is_seen_on_both_phones(page: Page) -> None:
    merchant, admin = PhoneInHand(page), PhoneInHand(page, 1)
    await merchant.open("Corner shop")
    await merchant.write("/balance")
    await expect(admin.root.locator(".chats .unread")).to_be_visible()
    await admin.open("Corner shop")

    await expect(admin.said("/balance").last.locator(".sender")).to_have_text("Merchant")
    await expect(admin.said("EUR").last).to_contain_text("Balance")
    await expect(admin.root.locator(".chats .unread")).to_have_count(0)


async def test_a_merchant_trades_in_french_while_the_admin_reads_english(page: Page) -> None:
    merchant, admin = PhoneInHand(page), PhoneInHand(page, 1)
    await merchant.root.get_by_role("button", name="Français").click()
    await expect(merchant.field).to_have_attribute("placeholder", "Écrire un message…")
    await merchant.order("/pay 46733123999 160 stock", confirm="Confirmer")
    await expect(merchant.said("Payer 160 EUR").last).to_be_visible()
    await expect(admin.said("Pay 160 EUR").last).to_be_visible()
    await merchant.field.fill("/re")
    await expect(merchant.chat.get_by_role("option").first).to_be_visible()
    await take_picture(merchant.root, "french")
    await merchant.field.fill("")
    await admin.key("Approve").click()

    await expect(merchant.said("160 EUR").last).to_contain_text("a réussi")
    await merchant.root.get_by_role("button", name="English").click()
    await expect(merchant.field).to_have_attribute("placeholder", "Write a message…")


async def test_a_receipt_comes_as_a_document_and_a_report_as_a_picture(page: Page) -> None:
    merchant = PhoneInHand(page)
    code = await merchant.order("/request 46733123888 7 tea")
    await expect(merchant.said("7 EUR").last).to_contain_text("was successful")
    await merchant.write(f"/receipt {code}")
    await expect(merchant.rows.get_by_role("link", name=f"Open receipt-{code}.pdf")).to_be_visible()
    await merchant.write("/report today")

    await expect(merchant.rows.locator(".photo img").last).to_have_js_property("complete", True)
    await expect(merchant.said("Corner shop").last).to_contain_text("EUR")
    await take_picture(merchant.root, "report")


async def test_a_payment_step_by_step_is_mostly_pressing(page: Page) -> None:
    merchant = PhoneInHand(page)
    await merchant.order("/pay 46733123999 14 bread")
    await expect(merchant.said("14 EUR").last).to_contain_text("was successful")
    await merchant.write("/pay")
    await merchant.key("Sand Box").click()
    await expect(merchant.said("How much").last).to_be_visible()
    await merchant.write("13")
    await merchant.key("Skip").click()
    await merchant.key("Confirm").click()

    await expect(merchant.said("13 EUR").last).to_contain_text("was successful")

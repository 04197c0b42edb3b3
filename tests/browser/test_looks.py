"""How the page fits people: a small screen, the dark, French, no mouse, a server that was away."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Demo
from tests.browser.hands import PhoneInHand
from tests.browser.pictures import take_picture

pytestmark = pytest.mark.asyncio(loop_scope="module")

SMALL = {"width": 390, "height": 844}
BRIGHTNESS = "getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"


async def brightness(page: Page) -> int:
    """Return how bright the page's ground is, from 0 to 255."""
    return max(await page.evaluate(BRIGHTNESS))


async def test_on_a_phone_there_is_one_chat_and_nothing_sticks_out(browser: Browser, demo: Demo) -> None:
    small = {"viewport": SMALL, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
    async with await browser.new_context(**small, reduced_motion="reduce") as context:
        page = await context.new_page()
        await page.goto(demo.url)
        phone = PhoneInHand(page)
        await phone.write("/pay 46733123999 150 stock")
        await expect(phone.key("Confirm")).to_be_visible()
        await take_picture(phone.root, "card")
        await phone.key("Confirm").click()
        await expect(page.locator(".people .unread").first).to_be_visible()
        await phone.take("Admin", "Admins")
        await expect(phone.key("Approve")).to_be_visible()
        await take_picture(phone.root, "approval")
        await phone.key("Approve").click()
        await phone.take("Merchant")
        await expect(phone.said("150 EUR").last).to_contain_text("was successful")
        await take_picture(phone.root, "ended")

        assert await page.locator(".phone:visible").count() == 1
        assert await page.evaluate("document.scrollingElement.scrollWidth") == SMALL["width"]
        # In one look: a card that is edited meanwhile takes its keys away.
        keys = page.locator(".send, .menu-button, .keys .key").locator("visible=true")
        heights = await keys.evaluate_all("keys => keys.map(key => key.getBoundingClientRect().height)")
        assert heights
        assert min(heights) >= 34


async def test_the_dark_comes_with_the_system_or_the_switch_and_stays(page: Page) -> None:
    await page.emulate_media(color_scheme="dark")
    assert await brightness(page) < 60

    await page.get_by_role("button", name="Dark colours").click()
    assert await brightness(page) > 200
    await page.reload()
    await expect(page.get_by_role("button", name="Dark colours")).to_have_attribute("aria-pressed", "false")
    assert await brightness(page) > 200


async def test_in_french_the_page_and_the_person_speak_french_and_the_other_person_does_not(page: Page) -> None:
    merchant, admin = PhoneInHand(page), PhoneInHand(page, 1)
    await merchant.root.get_by_role("button", name="Français").click()
    await expect(merchant.field).to_have_attribute("placeholder", "Écrire un message…")
    await expect(page.get_by_role("heading", name="À essayer")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "fr")
    await expect(admin.field).to_have_attribute("placeholder", "Write a message…")

    await merchant.root.get_by_role("button", name="English").click()
    await expect(merchant.field).to_have_attribute("placeholder", "Write a message…")


async def test_a_payment_needs_no_mouse(page: Page) -> None:
    merchant = PhoneInHand(page)
    await expect(merchant.field).to_be_focused()
    await page.keyboard.type("/pa")
    await page.keyboard.press("Tab")
    await page.keyboard.type("46733123999 11 pens")
    await page.keyboard.press("Enter")
    await expect(merchant.key("Confirm")).to_be_visible()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Tab")
    await expect(merchant.key("Confirm")).to_be_focused()
    await page.keyboard.press("Enter")

    await expect(merchant.said("11 EUR").last).to_contain_text("was successful")
    await page.keyboard.press("Escape")
    await expect(merchant.field).to_be_focused()


async def test_tabs_are_walked_with_the_arrows_and_a_message_is_answered_with_enter(page: Page) -> None:
    merchant = PhoneInHand(page)
    await merchant.write("/balance")
    await expect(merchant.said("EUR").last).to_contain_text("Balance")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(merchant.chat.locator(".reply-bar")).to_contain_text("Reply to MoMo Desk")
    await page.keyboard.press("Escape")
    await merchant.root.get_by_role("tab", name="Merchant").focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")

    await expect(merchant.root).to_have_attribute("aria-label", "Phone of Admin")


async def test_a_line_worth_trying_is_put_on_the_right_phone(page: Page) -> None:
    await page.get_by_role("button", name="Who may do what").click()
    admin = PhoneInHand(page, 1)
    await expect(admin.field).to_have_value("/people")
    await page.keyboard.press("Enter")

    await expect(admin.said("cashier").last).to_be_visible()


async def test_the_page_comes_back_by_itself_when_the_server_does(page: Page, demo: Demo) -> None:
    merchant = PhoneInHand(page)
    await merchant.field.fill("half a thought")
    await demo.stop()
    await expect(page.locator("#connection")).to_have_text("connecting…")
    await page.keyboard.press("Enter")
    await expect(merchant.chat.locator(".toast")).to_contain_text("Not connected")
    await demo.start()
    await expect(page.locator("#connection")).to_have_text("live")

    await expect(merchant.field).to_have_value("half a thought")
    await expect(merchant.rows).to_have_count(0)
    await merchant.field.fill("/balance")
    await page.keyboard.press("Enter")
    await expect(merchant.said("EUR").last).to_contain_text("Balance")

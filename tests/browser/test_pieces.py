"""What a bot can send and a person can do, piece by piece: the page before a Telegram without a bot."""

import io
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import BrowserContext, Page, expect

from bot.playground.botapi import BotApi
from bot.playground.page import PlaygroundPage
from bot.playground.parameters import Upload
from bot.playground.phones import Phone
from tests.browser.hands import PhoneInHand
from tests.playground.support import ADMIN, ADMINS, MERCHANT, SHOP, TOKEN, ask, keyboard, say

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVIL = "<img src=x onerror=alert(1)>"
COMMANDS = [{"command": "pay", "description": "Send money"}, {"command": "people", "description": "Who may what"}]


@pytest.fixture
def api() -> BotApi:
    api = BotApi(TOKEN)
    api.add_user(MERCHANT, "Merchant")
    api.add_user(ADMIN, "Admin")
    api.add_group(SHOP, "Shop", members=[MERCHANT, ADMIN])
    api.add_group(ADMINS, "Admins", members=[MERCHANT], admins=[ADMIN])
    api.send_text(MERCHANT, MERCHANT, "hello")
    return api


@pytest_asyncio.fixture(loop_scope="module")
async def page(api: BotApi, context: BrowserContext) -> AsyncIterator[Page]:
    """Any trouble of the page's own program is a failure."""
    server = PlaygroundPage(api, [Phone(MERCHANT, (MERCHANT, SHOP, ADMINS)), Phone(ADMIN, (ADMINS, SHOP))])
    page = await context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("dialog", lambda dialog: troubles.append(dialog.message))
    await page.goto(await server.start(port=0))
    await expect(page.locator("#connection")).to_have_text("live")
    yield page
    await page.close()
    await server.stop()
    assert troubles == []


@pytest.fixture
def merchant(page: Page) -> PhoneInHand:
    return PhoneInHand(page)


@pytest.fixture
def admin(page: Page) -> PhoneInHand:
    return PhoneInHand(page, 1)


async def send_file(api: BotApi, method: str, name: str, kind: str, content: bytes, **values: Any) -> None:
    field = method.removeprefix("send").lower()
    await ask(api, method, {field: Upload(name, kind, content)}, chat_id=MERCHANT, **values)


def a_picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    return file.getvalue()


async def test_a_picture_is_shown_in_its_bubble_and_larger_when_pressed(
    api: BotApi, page: Page, merchant: PhoneInHand
) -> None:
    await send_file(api, "sendPhoto", "week.png", "image/png", a_picture(), caption="This week")
    picture = merchant.said("This week").get_by_role("button", name="This week")
    await expect(picture.locator("img")).to_have_js_property("naturalWidth", 40)
    await picture.click()
    await expect(page.locator("dialog.picture img")).to_be_visible()
    await page.keyboard.press("Escape")

    await expect(page.locator("dialog.picture")).to_be_hidden()


async def test_a_document_has_name_and_size_and_is_saved_as_it_is(
    api: BotApi, page: Page, merchant: PhoneInHand
) -> None:
    await send_file(api, "sendDocument", "today.csv", "text/csv", b"a,b\n" * 512, caption="Today")
    link = merchant.rows.get_by_role("link", name="Open today.csv, 2.0 KB")
    async with page.expect_download() as download:
        await link.click()

    saved = await download.value
    assert saved.suggested_filename == "today.csv"
    assert (await saved.path()).read_bytes() == b"a,b\n" * 512


async def test_a_pdf_opens_beside_the_page(api: BotApi, page: Page, merchant: PhoneInHand) -> None:
    await send_file(api, "sendDocument", "receipt.pdf", "application/pdf", b"%PDF-1.4")
    async with page.context.expect_page() as opened:
        await merchant.rows.get_by_role("link", name="Open receipt.pdf").click()

    assert "/files/" in (await opened.value).url


async def test_a_reply_keyboard_types_for_the_person_and_can_be_put_away(api: BotApi, merchant: PhoneInHand) -> None:
    await say(api, "How much?", reply_markup={"keyboard": [["1000", "5000"]], "one_time_keyboard": True})
    keys = merchant.chat.get_by_role("group", name="Keyboard")
    await keys.get_by_role("button", name="5000").click()
    await expect(merchant.rows.last).to_contain_text("5000")
    await expect(keys).to_be_hidden()
    await merchant.chat.get_by_role("button", name="Keyboard").click()
    await expect(keys).to_be_visible()
    await say(api, "Thanks", reply_markup={"remove_keyboard": True})

    await expect(keys).to_be_hidden()
    await expect(merchant.chat.get_by_role("button", name="Keyboard")).to_be_hidden()


async def test_a_forced_reply_is_asked_of_its_addressee_only(
    api: BotApi, merchant: PhoneInHand, admin: PhoneInHand
) -> None:
    await merchant.open("Shop")
    await admin.open("Shop")
    asked = api.send_text(MERCHANT, SHOP, "/pay").message_id
    forced = {"force_reply": True, "selective": True, "input_field_placeholder": "Amount"}
    question = await say(api, "How much?", chat_id=SHOP, reply_to_message_id=asked, reply_markup=forced)
    await expect(merchant.chat.locator(".reply-bar")).to_contain_text("Reply to MoMo Desk")
    await expect(merchant.field).to_have_attribute("placeholder", "Amount")
    await expect(admin.said("How much?")).to_be_visible()
    await expect(admin.chat.locator(".reply-bar")).to_be_hidden()
    await merchant.write("5000")

    await expect(admin.said("5000").locator(".quote")).to_contain_text("How much?")
    answer = api.messages.of_chat(SHOP)[-1]
    assert answer.reply_to is not None
    assert answer.reply_to.message_id == question


async def test_anybody_quotes_anybody_in_a_group(api: BotApi, merchant: PhoneInHand, admin: PhoneInHand) -> None:
    await admin.open("Shop")
    await merchant.open("Shop")
    await merchant.write("Is 46733123999 the baker?")
    await admin.said("baker").locator(".bubble").hover()
    await admin.said("baker").get_by_role("button", name="Reply").click()
    await admin.write("Yes")

    await expect(merchant.said("Yes").locator(".quote")).to_contain_text("MerchantIs 46733123999 the baker?")


async def test_a_copy_button_copies(api: BotApi, context: BrowserContext, page: Page, merchant: PhoneInHand) -> None:
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    await say(api, "Done", reply_markup={"inline_keyboard": [[{"text": "Copy", "copy_text": {"text": "ABC123"}}]]})
    await merchant.key("Copy").click()

    await expect(merchant.chat.locator(".toast")).to_have_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == "ABC123"


@pytest.mark.parametrize("as_alert", [True, False])
async def test_an_answer_to_a_press_is_a_dialog_or_a_toast(
    api: BotApi, page: Page, merchant: PhoneInHand, as_alert: bool
) -> None:
    await say(api, "Sure?", reply_markup=keyboard("yes"))
    await merchant.key("YES").click()
    press = await api.log.first(lambda event: event.kind == "press")
    await expect(merchant.key("YES")).to_have_class(re.compile("waiting"))
    await ask(api, "answerCallbackQuery", callback_query_id=press.data["id"], text="Too late", show_alert=as_alert)

    shown = page.get_by_role("dialog", name="MoMo Desk") if as_alert else merchant.chat.locator(".toast")
    await expect(shown).to_contain_text("Too late")
    await expect(merchant.key("YES")).not_to_have_class(re.compile("waiting"))


async def test_an_edit_changes_the_bubble_where_it_stands(api: BotApi, merchant: PhoneInHand) -> None:
    first = await say(api, "asked", reply_markup=keyboard("stop"))
    await say(api, "later")
    await ask(api, "editMessageText", chat_id=MERCHANT, message_id=first, text="over")

    await expect(merchant.rows).to_contain_text(["hello", "over", "later"])
    await expect(merchant.said("over").locator(".keys")).to_have_count(0)
    await ask(api, "deleteMessage", chat_id=MERCHANT, message_id=first)
    await expect(merchant.rows).to_contain_text(["hello", "later"])


async def test_names_notes_and_files_stay_text(api: BotApi, page: Page, merchant: PhoneInHand) -> None:
    api.people.users[ADMIN].first_name = EVIL
    await merchant.open("Shop")
    api.send_text(ADMIN, SHOP, EVIL)
    links = '<a href="javascript://x%0aalert(1)">one</a> <a href="https://example.com">two</a> <b>&lt;script&gt;</b>'
    await say(api, links, chat_id=SHOP, parse_mode="HTML", reply_markup=keyboard(EVIL))
    await ask(api, "sendDocument", {"document": Upload(EVIL, "text/html", b"x")}, chat_id=SHOP)
    await ask(api, "setMyCommands", commands=[{"command": "pay", "description": EVIL}])
    await merchant.field.fill("/")

    await expect(merchant.rows.last).to_contain_text(EVIL)
    await expect(merchant.chat.get_by_role("option")).to_contain_text(EVIL)
    await expect(merchant.rows.get_by_role("link", name="two")).to_be_visible()
    await expect(page.locator("[onerror], .row img, .row script, a[href^=javascript]")).to_have_count(0)


async def test_commands_are_completed_from_the_menu_of_person_chat_and_language(
    api: BotApi, page: Page, merchant: PhoneInHand, admin: PhoneInHand
) -> None:
    await ask(api, "setMyCommands", commands=COMMANDS[:1])
    await ask(api, "setMyCommands", commands=[{"command": "pay", "description": "Payer"}], language_code="fr")
    await ask(api, "setMyCommands", commands=COMMANDS, scope={"type": "chat_administrators", "chat_id": ADMINS})
    await admin.field.fill("/p")
    await expect(admin.chat.get_by_role("option")).to_have_text(["/paySend money", "/peopleWho may what"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Tab")
    await expect(admin.field).to_have_value("/people ")
    await merchant.root.get_by_role("button", name="Français").click()
    await merchant.chat.get_by_role("button", name="Commandes").click()
    await expect(merchant.chat.get_by_role("option")).to_have_text(["/payPayer"])
    await merchant.chat.get_by_role("option").click()

    await expect(merchant.rows.last).to_contain_text("/pay")
    assert api.messages.of_chat(MERCHANT)[-1].sender.language_code == "fr"


async def test_telegrams_own_links_lead_within_the_page(api: BotApi, page: Page, merchant: PhoneInHand) -> None:
    first = await say(api, "the card", chat_id=ADMINS)
    text = f'<a href="https://t.me/c/{-ADMINS - 10**12}/{first}">there</a> <a href="https://t.me/momo_desk_bot?start=s_1">it</a>'
    await say(api, text, parse_mode="HTML")
    await merchant.rows.get_by_role("link", name="there").click()
    await expect(merchant.said("the card")).to_have_class(re.compile("changed"))
    await merchant.open("MoMo Desk")
    await merchant.rows.get_by_role("link", name="it").click()

    await expect(merchant.rows.last).to_contain_text("/start s_1")
    assert len(page.context.pages) == 1


async def test_typing_is_seen_at_the_chat(api: BotApi, merchant: PhoneInHand) -> None:
    await ask(api, "sendChatAction", chat_id=MERCHANT, action="typing")
    await expect(merchant.root.locator(".chats .typing")).to_have_text("typing…")
    await say(api, "there")

    await expect(merchant.root.locator(".chats .typing")).to_have_count(0)


async def test_every_control_has_a_name_and_news_are_read_out(api: BotApi, page: Page) -> None:
    await say(api, "Sure?", reply_markup=keyboard("yes"))
    await expect(page.locator("#news")).to_have_text("MoMo Desk: Sure?")
    controls = page.locator("button:visible, a:visible, textarea:visible")

    assert await controls.count() > 15
    for control in await controls.all():
        assert re.search(r"\w", await control.get_attribute("aria-label") or await control.inner_text())

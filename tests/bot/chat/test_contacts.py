"""/contacts: saved, named at MTN, picked, renamed and deleted; hidden where not everybody may see a number."""

import pytest

from bot.domain.roles import Role
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import Town
from tests.bot.chat.voice import Shop, Voice, labels_of

pytestmark = JOURNEY

NUMBER = "46733123777"


async def saved(voice: Voice, name: str = "Corner shop", number: str = NUMBER) -> None:
    voice.type(f"/contacts add {name} {number}")
    await voice.sees(f"Saved: {name}", "Name at MTN: Sand Box")


async def test_a_contact_is_saved_at_once_and_named_by_mtn_soon_after(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    merchant.type(f"/contacts add Corner shop {NUMBER}")
    await merchant.sees("Saved: Corner shop", NUMBER)
    await merchant.sees(NUMBER, "Name at MTN: Sand Box", button="Pay")
    assert await town.ask("SELECT mtn_name FROM contact WHERE desk_id = ?", shop.desk_id) == ["Sand Box"]


async def test_a_contact_is_saved_step_by_step(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    await merchant.done("/pay 46733123776 21.01")
    merchant.type("/contacts add")
    await merchant.press(await merchant.sees("Which number", button="Sand"), "Sand")
    await merchant.sees("Under which name?")
    for answer, seen in (("5", "begins with a letter"), ("Corner shop", "Saved: Corner shop")):
        merchant.type(answer)
        await merchant.sees(seen)


async def test_a_name_stands_for_its_number_in_a_line_and_at_a_step(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    await saved(merchant)
    merchant.type("/pay corner SHOP 21.02 rent")
    await merchant.sees("Pay 21.02 EUR", NUMBER, "Saved as: Corner shop", "Note: rent", button="Confirm")
    for answer, seen in (("/request", "Who shall be asked"), ("corner", "How much"), ("7", "A note")):
        merchant.type(answer)
        await merchant.sees(seen)
    merchant.type("/skip")
    await merchant.sees("Ask for 7 EUR", NUMBER, button="Confirm")


async def test_a_name_that_could_be_two_is_refused(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    await saved(merchant)
    await saved(merchant, "Corner bakery", "46733123778")
    for line, seen in (
        ("/pay corner 5", "For example: /pay Corner bakery 5"),
        ("/contacts corner", "Corner bakery, Corner shop"),
    ):
        merchant.type(line)
        await merchant.sees("Type the whole name.", seen)


async def test_in_a_group_numbers_are_hidden_in_private_they_are_shown(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    await saved(merchant)
    for voice, label in ((shop.cashier, "Corner shop · •••• 3777"), (merchant, f"Corner shop · {NUMBER}")):
        voice.type("/contacts")
        listed = await voice.sees("Contacts", button="Corner")
        assert labels_of(listed) == [label]
        await voice.press(listed, "Corner")
        await voice.sees(label.partition(" · ")[2], button="Delete")
        assert [event for event in shop.cashier.heard() if NUMBER in event.text] == []


async def test_an_auditor_sees_hidden_numbers_and_changes_nothing(town: Town, shop: Shop) -> None:
    await saved(await town.starts(shop.cashier))
    auditor = await town.starts(await town.hire(shop, Role.AUDITOR))
    auditor.type("/contacts")
    assert labels_of(await auditor.sees("Corner shop · •••• 3777")) == []
    for line in ("add Market 46733123779", "rename Corner shop = Market", "delete Corner shop", "corner shop"):
        auditor.type(f"/contacts {line}")
        await auditor.sees("Your role here, auditor, does not include this.")


async def test_a_contact_is_paid_by_its_button(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    await saved(merchant)
    merchant.type("/contacts corner shop")
    await merchant.press(await merchant.sees(NUMBER, button="Pay"), "Pay")
    await merchant.sees("How much", button="Back")
    merchant.type("21.05")
    await merchant.press(await merchant.sees("A note", button="Skip"), "Skip")
    await merchant.sees("Pay 21.05 EUR", NUMBER, button="Confirm")


async def test_a_contacts_button_pressed_in_a_group_asks_its_presser(shop: Shop) -> None:
    await saved(shop.cashier)
    shop.cashier.type("/contacts")
    listed = await shop.cashier.sees("Contacts", button="Corner")
    admin = shop.admin.elsewhere(shop.chat_id)
    await admin.press(listed, "Corner")
    await admin.press(await admin.sees(button="Ask for money"), "Ask for money")
    await admin.answer("6", "Admin: How much")
    await admin.answer("/skip", "A note")
    await admin.sees("Ask for 6 EUR", button="Confirm")


@pytest.mark.parametrize("line", ["/contacts rename corner = Market stall", "/contacts rename corner"])
async def test_a_contact_is_renamed(town: Town, shop: Shop, line: str) -> None:
    merchant = await town.starts(shop.cashier)
    await saved(merchant)
    merchant.type(line)
    if "=" not in line:
        await merchant.sees("How shall Corner shop be called")
        merchant.type("Market stall")
    await merchant.sees("Corner shop is now called Market stall.")
    merchant.type("/pay market stall 5")
    await merchant.sees("Saved as: Market stall")


async def test_deleting_asks_once_and_leaves_nothing(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    await saved(merchant)
    merchant.type("/contacts corner")
    shown = await merchant.sees(NUMBER, button="Delete")
    await merchant.press(shown, "Delete")
    question = await merchant.sees("Delete Corner shop?", button="Yes")
    await merchant.press(question, "Yes")
    await merchant.sees("Corner shop is deleted.")
    for event, button in ((question, "Yes"), (question, "Keep"), (shown, "Pay"), (shown, "Rename"), (shown, "Delete")):
        assert await merchant.press(event, button) == "This contact is no longer there."
    assert await town.ask("SELECT count(*) FROM contact WHERE desk_id = ?", shop.desk_id) == [0]


async def test_a_contact_of_another_till_is_nobodys_here(town: Town, shop: Shop) -> None:
    await saved(shop.cashier)
    shop.cashier.type("/contacts corner")
    shown = await shop.cashier.sees(button="Pay")
    other = await town.open_shop("Other shop")
    other.cashier.type("/contacts")
    empty = await other.cashier.sees("No number is saved here.")
    nonce = shown.data["reply_markup"]["inline_keyboard"][0][0]["callback_data"].split(":")[2]
    for what in ("pay", "rename", "show", "delete", "gone", "x"):
        assert await other.cashier.forge(f"who:{what}:{nonce}", empty) == "This contact is no longer there."


async def test_many_contacts_are_turned_over_page_by_page(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    for place in range(9):
        await saved(merchant, f"Shop {chr(65 + place)}", f"4673312378{place}")
    merchant.type("/contacts")
    first = await merchant.sees("Contacts", button="▶")
    await merchant.press(first, "▶")
    second = await merchant.sees("Contacts", button="◀")
    assert [label.partition(" ·")[0] for label in labels_of(second)] == ["Shop I", "◀"]
    await merchant.press(second, "◀")
    assert len(labels_of(await merchant.sees("Contacts", button="▶"))) == 9


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        (
            "/contacts add Corner shop",
            "The phone number is missing. For example: /contacts add Corner shop 46733123999",
        ),
        ("/contacts add 46733123777", "The name is missing. For example: /contacts add Corner shop 46733123777"),
        ("/contacts rename = Market", "The name is missing. For example: /contacts rename Corner shop = Market stall"),
        ("/contacts rename nobody = Market", "There is no contact nobody here."),
        ("/contacts delete nobody", "There is no contact nobody here. To save one, type /contacts add nobody"),
        ("/contacts nobody", "There is no contact nobody here."),
    ],
)
async def test_what_cannot_be_is_refused_with_what_can(town: Town, shop: Shop, line: str, seen: str) -> None:
    merchant = await town.starts(shop.cashier)
    merchant.type(line)
    await merchant.sees(seen)


async def test_a_name_or_a_number_saved_already_is_refused(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    await saved(merchant)
    merchant.type(f"/contacts add Market {NUMBER}")
    await merchant.sees("This number is saved already, as Corner shop.", "/contacts rename Corner shop = ")
    merchant.type("/contacts add Corner shop 46733123779")
    await merchant.sees("Corner shop is the name of •••• 3777 already.", "Corner shop 2")


async def test_the_card_warns_of_a_number_nearly_that_of_a_contact(town: Town, shop: Shop) -> None:
    merchant = await town.starts(shop.cashier)
    await saved(merchant)
    merchant.type("/pay 46733123767 21.09")
    await merchant.sees("one digit away from Corner shop · 46733123777", button="Confirm")
    shop.cashier.type("/pay 46733123767 21.10")
    await shop.cashier.sees("one digit away from Corner shop · •••• 3777", button="Confirm")
    shop.cashier.type("/pay 46733123500 21.11")
    await shop.cashier.sees("New here: this till has never sent money to this number.", button="Confirm")

"""/notify: what a chat is told and how, typed or pressed, in both languages; and the closing of a till's day."""

from datetime import timedelta

import pytest

from bot.domain.roles import Role
from bot.playground.events import Event
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import Town
from tests.bot.chat.voice import Shop, Voice, code_of, labels_of

pytestmark = JOURNEY

NO_MONEY = "46733123455"  # MTN's test number whose payments fail


def admin_of(shop: Shop) -> Voice:
    """The shop's admin, in the shop's own group."""
    return shop.admin.elsewhere(shop.chat_id)


async def wished(shop: Shop, *wishes: str) -> Voice:
    """Have the admin type wishes in the shop's group; return the admin there."""
    admin = admin_of(shop)
    for wish in wishes:
        admin.type(f"/notify {wish}")
        await admin.sees("What this chat is told")
    return admin


def around(town: Town, **length: float) -> str:
    """Return hours that begin before now and last so long from now on."""
    now = town.clock()
    return f"{now - timedelta(minutes=5):%H:%M}-{now + timedelta(**length):%H:%M}"


def pushed(voice: Voice, *words: str) -> list[Event]:
    """Return the new messages with these words that came since."""
    return [event for event in voice.heard() if event.kind == "message" and all(word in event.text for word in words)]


async def test_what_is_told_is_shown_with_buttons_to_those_who_may_change_it(town: Town, shop: Shop) -> None:
    admin = admin_of(shop)
    admin.type("/notify")
    shown = await admin.sees("What went through: each one", "Sound: on", "Quiet hours: none", "closing: not told")
    assert "Quiet at night" in labels_of(shown)
    shop.cashier.type("/notify")
    assert labels_of(await shop.cashier.sees("What went through: each one")) == []


@pytest.mark.parametrize("role", [Role.CASHIER, Role.AUDITOR, None])
async def test_who_does_not_decide_in_a_till_changes_nothing(town: Town, shop: Shop, role: Role | None) -> None:
    person, admin = await town.hire(shop, role), admin_of(shop)
    admin.type("/notify")
    shown = await admin.sees(button="Sound off")
    person.type("/notify sound off")
    await person.sees("does not include this" if role else "not open to you")
    assert "ot" in await person.press(shown, "Sound off")
    admin.type("/notify")
    await admin.sees("Sound: on")


async def test_a_button_changes_it_on_the_same_message(shop: Shop) -> None:
    admin = admin_of(shop)
    admin.type("/notify")
    shown = await admin.sees(button="Quiet at night")
    await admin.press(shown, "Quiet at night")
    edited = await admin.sees("Quiet hours: 22:00 to 07:00", button="No quiet hours")
    assert (edited.kind, edited.data["message_id"]) == ("edit", shown.data["message_id"])
    await admin.press(edited, "No quiet hours")
    await admin.sees("Quiet hours: none")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("quiet 21:30-6:15", "Quiet hours: 21:30 to 06:15"),
        ("QUIET 22-7", "Quiet hours: 22:00 to 07:00"),
        ("quiet 22h à 6h30", "Quiet hours: 22:00 to 06:30"),
        ("quiet off", "Quiet hours: none"),
        ("from 5k", "smaller than 5,000 EUR: on the card only"),
        ("from 0", "What went through: each one\n"),
        ("done hourly", "What went through: every hour, together"),
        ("failure hourly", "What failed: every hour, together"),
        ("sound off", "Sound: off"),
        ("news off", "News: no"),
        ("closing 19h30", "closing: at 19:30"),
        ("closing off", "closing: not told"),
        ("calme 20h à 5h", "Quiet hours: 20:00 to 05:00"),
        ("Réussites  chaque heure", "What went through: every hour, together"),
        ("échecs un par un", "What failed: each one"),
        ("dès 2000", "smaller than 2,000 EUR: on the card only"),
        ("son non", "Sound: off"),
        ("nouvelles oui", "News (who came and went"),
        ("clôture non", "closing: not told"),
    ],
)
async def test_a_wish_is_typed_as_people_write_it(shop: Shop, typed: str, shown: str) -> None:
    admin = admin_of(shop)
    admin.type(f"/notify {typed}")
    await admin.sees(shown)


@pytest.mark.parametrize(
    ("typed", "example"),
    [
        ("louder", "/notify quiet 22:00-07:00"),
        ("quiet 25:00-07:00", "/notify quiet 22:00-07:00"),
        ("quiet 22:00", "/notify quiet 22:00-07:00"),
        ("quiet 7-7", "/notify quiet 22:00-07:00"),
        ("closing late", "/notify closing 20:00"),
        ("failure card", "/notify failure each"),
        ("sound", "/notify sound off"),
    ],
)
async def test_what_is_no_wish_is_answered_with_a_right_one(shop: Shop, typed: str, example: str) -> None:
    admin = admin_of(shop)
    admin.type(f"/notify {typed}")
    await admin.sees("I cannot read this wish", f"For example: {example}")


async def test_what_is_below_the_amount_is_shown_on_the_card_alone(shop: Shop) -> None:
    await wished(shop, "from 10")
    small = await shop.cashier.confirmed("/pay 46733123999 9.91")
    shown = await shop.cashier.sees("Successful.")
    assert (shown.kind, shown.data["message_id"]) == ("edit", small.data["message_id"])
    await shop.cashier.done("/pay 46733123999 10.91")
    assert pushed(shop.cashier, "9.91 EUR") == []


async def test_a_failure_is_told_whatever_is_wished(shop: Shop) -> None:
    await wished(shop, "done card", "from 5000", "sound off")
    await shop.cashier.confirmed(f"/pay {NO_MONEY} 9.92")
    told = await shop.cashier.sees("9.92 EUR", "failed", "No money moved")
    assert told.kind == "message"
    assert told.data["disable_notification"]


async def test_in_the_quiet_hours_what_went_through_waits_and_what_needs_a_person_rings(town: Town, shop: Shop) -> None:
    await wished(shop, f"quiet {around(town, hours=3)}")
    await shop.cashier.confirmed("/pay 46733123999 9.93")
    await shop.cashier.sees("Successful.")
    await shop.cashier.confirmed(f"/pay {NO_MONEY} 9.94")
    assert (await shop.cashier.sees("9.94 EUR", "failed:")).data["disable_notification"]
    shop.owner.type("/freeze a test")
    stopped = await shop.owner.sees("Sending is stopped by")
    assert "disable_notification" not in stopped.data
    assert pushed(shop.cashier, "9.93 EUR") == []
    for person in (shop.owner, shop.admin):
        person.type("/thaw")
    await shop.owner.sees("Sending goes on")
    await town.forward(hours=3, minutes=1)
    await shop.cashier.sees("9.93 EUR", "was successful")


async def test_hourly_ends_come_in_one_message_with_links_to_their_cards(town: Town, shop: Shop) -> None:
    await town.forward(minutes=60 - town.clock().minute)  # both ends are held until the same full hour
    await wished(shop, "done hourly")
    await town.forward(seconds=3600 - town.clock.seconds() % 3600)  # the hour is young, and both end within it
    cards = [await shop.cashier.paid(f"9.8{n}") for n in (1, 2)]
    held = "SELECT count(*) = 2 FROM outbox WHERE kind = 'end' AND held = 1 AND chat_id = ?"
    await town.until_so(held, shop.chat_id)
    assert pushed(shop.cashier, "was successful") == []
    await town.forward(hours=1)
    told = await shop.cashier.sees("2 ends at once", "9.81 EUR", "9.82 EUR", "was successful")
    links = [entity["url"] for entity in told.data["entities"] if entity["type"] == "text_link"]
    number = str(shop.chat_id).removeprefix("-100")
    assert links == [f"https://t.me/c/{number}/{card.data['message_id']}" for card in cards]


async def test_in_private_everybody_says_what_they_are_told_themselves(town: Town, shop: Shop) -> None:
    private = await town.starts(shop.cashier)
    private.type("/notify done card")
    await private.sees("What went through: on the card only")
    await private.confirmed("/pay 46733123999 9.95")
    await private.sees("Successful.")
    await shop.cashier.done("/pay 46733123999 9.96")
    assert pushed(private, "was successful") == []


async def test_wishes_move_with_a_group_that_is_upgraded(town: Town) -> None:
    shop = await town.open_shop(supergroup=False)
    await wished(shop, "sound off", "from 77")
    town.api.migrate(shop.chat_id)
    admin = shop.admin.elsewhere(-1_000_000_000_000 + shop.chat_id)
    admin.since = len(town.api.transcript)
    admin.type("/notify")
    await admin.sees("Sound: off", "smaller than 77 EUR")


async def test_a_till_is_told_the_closing_of_its_own_day(town: Town, shop: Shop) -> None:
    other = await town.open_shop("Other shop")
    town.clock.now = town.clock.now.replace(hour=12) + timedelta(days=1)
    await shop.cashier.done("/request 46733123999 40")
    await shop.cashier.done("/pay 46733123999 9.97")
    await shop.cashier.confirmed(f"/pay {NO_MONEY} 3.03")
    await shop.cashier.sees("3.03 EUR", "failed:")
    big = await shop.cashier.confirmed("/pay 46733123999 150")
    asked = await shop.admin.sees("Pay 150 EUR", button="Approve")
    await shop.admin.press(asked, "Approve")
    await shop.cashier.sees("150 EUR", "was successful")
    await other.cashier.done("/pay 46733123999 9.98")
    admin = await wished(shop, f"closing {town.clock() + timedelta(minutes=30):%H:%M}")
    await town.forward(minutes=31)
    told = await admin.sees("Corner shop: closing of the day until", "Head: ")
    for words in (
        "Requests: 1 went through, 40 EUR",
        "Payments: 2 went through, 159.97 EUR",
        "Payments: 1 failed, 3.03 EUR",
        "Payments, 1 failed: there is not enough money",
        f"Approved by Admin: {code_of(big)}",
        "Nothing is open.",
    ):
        assert words in told.text
    assert "9.98" not in told.text
    await town.forward(hours=1)
    assert len(pushed(admin, "closing of the day")) == 1


async def test_it_is_all_said_in_french_to_who_speaks_it(town: Town, shop: Shop) -> None:
    admin = admin_of(shop)
    admin.type("/language fr")
    await admin.sees("Je vous parle désormais en français.")
    admin.type("/notify")
    shown = await admin.sees("Ce qui est annoncé ici", "Heures calmes : aucune")
    await admin.press(shown, "Calme la nuit")
    await admin.sees("Heures calmes : de 22:00 à 07:00")
    admin.type("/notify plus fort")
    await admin.sees("/notify calme 22:00-07:00")


async def test_a_reminder_of_what_is_decided_already_is_not_told_late(town: Town, shop: Shop) -> None:
    await shop.cashier.confirmed("/pay 46733123999 151")
    asked = await shop.admin.sees("Pay 151 EUR", button="Approve")
    town.api.faults.add("flood", method="sendMessage", seconds=3 * 3600)
    shop.cashier.type("/help")  # from now on nobody is written to for three hours
    put_back = "SELECT count(*) > 0 FROM outbox WHERE kind = 'text' AND state = 'NEW' AND next_at_ms > created_at_ms"
    await town.until_so(put_back)
    await town.forward(hours=2, minutes=1)
    await shop.admin.press(asked, "Approve")
    await town.forward(hours=1)
    await shop.admin.sees("Pay 151 EUR")
    await town.forward(seconds=2)
    await shop.cashier.done("/pay 46733123999 9.99")
    assert not [event for event in shop.admin.heard(asked.number) if "still waits" in event.text]

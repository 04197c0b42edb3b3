"""What starts nothing: words that are not a person's own, and presses that nobody offered."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.caps import PRESSES
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import OWNER, Town
from tests.bot.chat.voice import Shop, Voice, all_of, button_of

pytestmark = JOURNEY
LINE = "/pay 46733123999 77.77"


async def paid_nothing(town: Town) -> bool:
    """Tell whether the line above made no card."""
    return await town.ask("SELECT count(*) FROM txn WHERE amount_minor = 7777") == [0]


def message(town: Town, voice: Voice, **changes: Any) -> dict[str, Any]:
    """Return the line above as a message by a person."""
    person, chat = town.api.people.users[voice.user_id].as_json(), town.api.people.chats[voice.chat_id].as_json()
    head = {"message_id": 6000, "date": int(town.clock().timestamp()), "chat": chat, "from": person, "text": LINE}
    voice.since = len(town.api.transcript)
    return {**head, "entities": [{"type": "bot_command", "offset": 0, "length": 4}], **changes}


async def test_an_edited_message_starts_nothing(town: Town, shop: Shop) -> None:
    typed = shop.cashier.type("/help")
    await shop.cashier.sees("What you can type")
    shop.cashier.type(LINE, edit_of=typed.message_id)
    town.api.push({"edited_message": message(town, shop.cashier)})
    await shop.cashier.hears_nothing_until()
    assert await paid_nothing(town)


async def test_a_forward_starts_nothing(town: Town, shop: Shop) -> None:
    shop.cashier.type(LINE, forward_of=OWNER)
    await shop.cashier.hears_nothing_until()
    assert await paid_nothing(town)


async def test_an_anonymous_admin_starts_nothing(town: Town, shop: Shop) -> None:
    for line in ("/start", LINE, f"/role {shop.cashier.user_id} admin"):
        shop.owner.type(line, anonymous=True)
        await shop.owner.hears_nothing_until()
    assert await paid_nothing(town)


BOT = {"id": 42, "is_bot": True, "first_name": "Other", "username": "other_bot"}
CHANNEL = {"id": -1_000_000_777_777, "type": "channel", "title": "News"}
STRANGE: dict[str, dict[str, Any]] = {
    "through another bot": {"via_bot": BOT},
    "by another bot": {"from": BOT},
    "in a channel's name": {"sender_chat": CHANNEL},
    "passed on from a channel": {"is_automatic_forward": True, "sender_chat": CHANNEL},
    "by nobody": {"from": None},
}


@pytest.mark.parametrize("how", STRANGE)
async def test_a_message_that_is_not_a_persons_own_starts_nothing(town: Town, shop: Shop, how: str) -> None:
    strange = message(town, shop.cashier, **STRANGE[how])
    town.api.push({"message": {name: value for name, value in strange.items() if value is not None}})
    await shop.cashier.hears_nothing_until()
    assert await paid_nothing(town)


async def test_a_channel_post_starts_nothing(town: Town, shop: Shop) -> None:
    for kind in ("channel_post", "edited_channel_post", "business_message"):
        town.api.push({kind: {**message(town, shop.cashier), "business_connection_id": "b"}})
    await shop.cashier.hears_nothing_until()
    assert await paid_nothing(town)


async def test_a_command_in_a_pictures_caption_starts_nothing(town: Town, shop: Shop) -> None:
    picture = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    shown = message(town, shop.cashier, photo=picture, caption=LINE)
    del shown["text"], shown["entities"]
    town.api.push({"message": shown})
    await shop.cashier.hears_nothing_until()
    assert await paid_nothing(town)


async def test_a_press_on_a_message_telegram_no_longer_shows_is_decided_by_its_nonce(town: Town, shop: Shop) -> None:
    card = await shop.cashier.card("/pay 46733123999 78.78")
    data = card.data["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    gone = {"chat": card.data["chat"], "message_id": card.data["message_id"], "date": 0}
    person = town.api.people.users[shop.cashier.user_id].as_json()
    shop.cashier.since = len(town.api.transcript)
    town.api.push({"callback_query": {"id": "9", "from": person, "message": gone, "chat_instance": "1", "data": data}})
    await shop.cashier.sees("78.78 EUR", "was successful")
    assert town.moved("78.78") == 1


VERBS = st.sampled_from(["ok", "again", "no", "retry", "yes", "stop", "read", "desk", "skip", "", "OK"])
PARTS = st.text(max_size=20)
DATA = st.one_of(
    st.text(min_size=1), st.tuples(VERBS, PARTS, PARTS).map(":".join), st.tuples(VERBS, st.integers(), PARTS).map(
        lambda parts: ":".join(map(str, parts))
    )
).filter(lambda text: 1 <= len(text.encode("utf-8", "surrogatepass")) <= 64)  # fmt: skip


async def test_no_made_up_data_changes_anything(town: Town, shop: Shop) -> None:
    await shop.cashier.card("/pay 46733123999 79.79")
    shown = await shop.cashier.sees(button="Cancel")
    found: list[str] = []
    settings(max_examples=60, database=None)(given(DATA)(lambda data: found.append(data)))()
    before = await town.ask("SELECT group_concat(state || version) FROM txn")
    answers = [await shop.cashier.forge(data, shown) for data in found]
    assert all(answers)
    assert await town.ask("SELECT group_concat(state || version) FROM txn") == before
    assert await town.ask("SELECT count(*) FROM inbox WHERE tries > 0") == [0]


async def test_data_with_one_bit_turned_changes_nothing(town: Town, shop: Shop) -> None:
    card = await shop.cashier.card("/pay 46733123999 76.76")
    data = str(button_of(card, "Confirm"))
    turned = [data[:i] + chr(ord(c) ^ 1 << bit) + data[i + 1 :] for i, c in enumerate(data) for bit in range(7)]
    for first in range(0, len(turned), PRESSES):
        assert all(await all_of(*(shop.cashier.forge(text, card) for text in turned[first : first + PRESSES])))
        await town.forward(seconds=60)
    assert await town.ask("SELECT state || version FROM txn WHERE amount_minor = 7676") == ["DRAFT0"]

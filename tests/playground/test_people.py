"""What people do, and what of it reaches the bot."""

import pytest

from bot.playground.botapi import BotApi
from tests.playground.support import ADMIN, ADMINS, MERCHANT, SHOP, STRANGER, ask, keyboard, say, updates, why


async def seen(api: BotApi) -> list[str]:
    """Return the texts of the messages that the bot is told about."""
    return [update["message"].get("text", "-") for update in await updates(api) if "message" in update]


async def test_a_message_in_private_reaches_the_bot_with_its_command_marked(api: BotApi) -> None:
    api.send_text(MERCHANT, MERCHANT, "/pay 5")

    message = (await updates(api))[0]["message"]
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 4}]
    assert message["from"] == {
        "id": MERCHANT,
        "is_bot": False,
        "first_name": "Merchant",
        "language_code": "en",
    }


@pytest.mark.parametrize("text", ["/pay 5", "/pay@momo_desk_bot 5"])
async def test_commands_in_a_group_reach_the_bot(api: BotApi, text: str) -> None:
    api.send_text(MERCHANT, SHOP, text)

    assert await seen(api) == [text]


@pytest.mark.parametrize("text", ["good morning", "/pay@other_bot 5", "12.50", "please /pay", "@momo_desk_bot hi"])
async def test_privacy_hides_other_talk_of_a_group(api: BotApi, text: str) -> None:
    api.send_text(MERCHANT, SHOP, text)

    assert await seen(api) == []


async def test_a_reply_to_the_bot_passes_privacy(api: BotApi) -> None:
    asked = await say(api, "How much?", chat_id=SHOP)
    api.send_text(MERCHANT, SHOP, "12.50", reply_to=asked)

    assert await seen(api) == ["12.50"]


async def test_a_reply_to_a_person_does_not_pass_privacy(api: BotApi) -> None:
    asked = api.send_text(ADMIN, SHOP, "How much?")
    api.send_text(MERCHANT, SHOP, "12.50", reply_to=asked.message_id)

    assert await seen(api) == []


async def test_without_privacy_the_bot_reads_everything(api: BotApi) -> None:
    api.privacy = False
    api.send_text(MERCHANT, SHOP, "good morning")

    assert await seen(api) == ["good morning"]


async def test_a_bot_that_is_admin_reads_everything(api: BotApi) -> None:
    api.people.chats[SHOP].bot = "administrator"
    api.send_text(MERCHANT, SHOP, "good morning")

    assert await seen(api) == ["good morning"]


async def test_an_edit_comes_as_an_edit(api: BotApi) -> None:
    message = api.send_text(MERCHANT, MERCHANT, "/pay 5")
    api.send_text(MERCHANT, MERCHANT, "/pay 50", edit_of=message.message_id)

    last = (await updates(api))[-1]
    assert last["edited_message"]["text"] == "/pay 50"
    assert "edit_date" in last["edited_message"]


async def test_a_forward_names_whose_words_it_carries(api: BotApi) -> None:
    api.send_text(MERCHANT, MERCHANT, "/pay 5", forward_of=ADMIN)

    origin = (await updates(api))[0]["message"]["forward_origin"]
    assert (origin["type"], origin["sender_user"]["id"]) == ("user", ADMIN)


async def test_an_anonymous_admin_is_only_the_group(api: BotApi) -> None:
    api.send_text(ADMIN, ADMINS, "/pay 5", anonymous=True)

    message = (await updates(api))[0]["message"]
    assert (message["from"]["id"], message["sender_chat"]["id"]) == (1087968824, ADMINS)


async def test_a_press_carries_person_message_and_data(api: BotApi) -> None:
    message_id = await say(api, chat_id=SHOP, reply_markup=keyboard("ok"))
    query = api.press(ADMIN, SHOP, message_id, "ok")

    press = (await updates(api))[0]["callback_query"]
    assert (press["id"], press["from"]["id"], press["data"]) == (query.id, ADMIN, "ok")
    assert press["message"]["message_id"] == message_id


async def test_a_button_is_found_by_text_or_its_beginning(api: BotApi) -> None:
    message_id = await say(api, reply_markup=keyboard("confirm 5", "cancel"))

    assert api.press(MERCHANT, MERCHANT, message_id, "CANCEL").data == "cancel"
    assert api.press(MERCHANT, MERCHANT, message_id, "CONF").data == "confirm 5"


async def test_a_button_that_is_not_there_cannot_be_pressed(api: BotApi) -> None:
    message_id = await say(api, reply_markup=keyboard("ok"))

    with pytest.raises(LookupError, match="has no button 'no'"):
        api.press(MERCHANT, MERCHANT, message_id, "no")


def test_people_act_only_where_they_are_members(api: BotApi) -> None:
    with pytest.raises(ValueError, match="not a member"):
        api.send_text(STRANGER, SHOP, "/pay 5")


async def test_blocking_and_unblocking_are_told(api: BotApi) -> None:
    api.block(MERCHANT)
    api.unblock(MERCHANT)

    changes = [update["my_chat_member"] for update in await updates(api)]
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]


async def test_a_kicked_bot_hears_nothing_until_it_is_invited_again(api: BotApi) -> None:
    api.kick(SHOP, by=ADMIN)
    api.send_text(MERCHANT, SHOP, "/pay 5")
    assert await seen(api) == []

    api.invite(SHOP, by=ADMIN)
    assert (await updates(api))[-1]["message"]["new_chat_members"][0]["id"] == api.bot.id


async def test_an_upgrade_is_told_in_both_chats(api: BotApi) -> None:
    new = api.migrate(SHOP)

    old_side, new_side = [update["message"] for update in await updates(api)]
    assert (old_side["chat"]["id"], old_side["migrate_to_chat_id"]) == (SHOP, new.id)
    assert (new_side["chat"]["id"], new_side["migrate_from_chat_id"]) == (new.id, SHOP)
    assert new.type == "supergroup"


async def test_members_are_told_by_their_standing(api: BotApi) -> None:
    async def status(chat_id: int, user_id: int) -> str:
        member = await ask(api, "getChatMember", chat_id=chat_id, user_id=user_id)
        return str(member["status"])

    assert await status(SHOP, MERCHANT) == "member"
    assert await status(ADMINS, ADMIN) == "administrator"
    assert await status(SHOP, STRANGER) == "left"
    assert await status(SHOP, api.bot.id) == "member"


async def test_an_unknown_user_is_no_member(api: BotApi) -> None:
    sentence = await why(api, "getChatMember", chat_id=SHOP, user_id=99)

    assert sentence == "Bad Request: invalid user_id specified"


async def test_admins_are_listed_for_groups_only(api: BotApi) -> None:
    admins = await ask(api, "getChatAdministrators", chat_id=ADMINS)
    assert [admin["user"]["id"] for admin in admins] == [ADMIN]

    sentence = await why(api, "getChatAdministrators", chat_id=MERCHANT)
    assert sentence == "Bad Request: there are no administrators in the private chat"


async def test_the_bot_cannot_leave_a_private_chat(api: BotApi) -> None:
    sentence = await why(api, "leaveChat", chat_id=MERCHANT)

    assert sentence == "Bad Request: chat member status can't be changed in private chats"


async def test_events_are_kept_as_they_were_seen(api: BotApi) -> None:
    start = len(api.transcript)
    message_id = await say(api, "before")
    await ask(api, "editMessageText", chat_id=MERCHANT, message_id=message_id, text="after")

    assert [(event.kind, event.text) for event in api.transcript[start:]] == [
        ("message", "before"),
        ("edit", "after"),
    ]


async def test_a_subscription_gives_events_in_order_without_gaps(api: BotApi) -> None:
    events = api.subscribe()
    await say(api, "one")
    assert (await anext(events)).text == "one"

    await say(api, "two")
    assert (await anext(events)).text == "two"


async def test_the_first_fitting_event_can_be_waited_for(api: BotApi) -> None:
    await say(api, "noise")
    await say(api, "signal")

    assert (await api.log.first(lambda event: event.text == "signal")).by_bot


async def test_people_edit_only_their_own_messages(api: BotApi) -> None:
    message = api.send_text(MERCHANT, SHOP, "mine")

    with pytest.raises(ValueError, match="only their own"):
        api.send_text(ADMIN, SHOP, "yours", edit_of=message.message_id)


@pytest.mark.parametrize("text", ["", "  ", "x" * 4097])
def test_people_send_texts_that_telegram_lets_them_send(api: BotApi, text: str) -> None:
    with pytest.raises(ValueError, match="people send texts of 1 to 4096 units"):
        api.send_text(MERCHANT, MERCHANT, text)


def test_nobody_writes_in_a_group_that_was_upgraded(api: BotApi) -> None:
    new = api.migrate(SHOP)

    with pytest.raises(ValueError, match=f"write in {new.id} now"):
        api.send_text(MERCHANT, SHOP, "hello")


@pytest.mark.parametrize("chat_id", [SHOP, ADMINS, MERCHANT])
def test_only_a_basic_group_is_upgraded_and_only_once(api: BotApi, chat_id: int) -> None:
    if chat_id == SHOP:
        api.migrate(SHOP)

    with pytest.raises(ValueError, match="not a basic group"):
        api.migrate(chat_id)


def test_the_id_of_a_group_is_negative(api: BotApi) -> None:
    with pytest.raises(ValueError, match="negative"):
        api.add_group(5001, "Shop", members=[])

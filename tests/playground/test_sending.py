"""The rules of messages that the bot sends, and Telegram's words when one is broken."""

import pytest

from bot.playground.botapi import BotApi
from bot.playground.parameters import Upload
from tests.playground.support import ADMIN, ADMINS, MERCHANT, SHOP, ManualClock, ask, refused, say, why


async def test_a_message_carries_sender_chat_and_the_date_of_the_clock(api: BotApi, clock: ManualClock) -> None:
    message = await ask(api, "sendMessage", chat_id=MERCHANT, text="hello")

    assert message["date"] == int(clock.seconds)
    assert message["from"]["is_bot"]
    assert message["chat"] == {"id": MERCHANT, "type": "private", "first_name": "Merchant"}


@pytest.mark.parametrize("text", ["", "  \n ", "<b> </b>"])
async def test_a_text_without_words_is_refused(api: BotApi, text: str) -> None:
    sentence = await why(api, "sendMessage", chat_id=MERCHANT, text=text, parse_mode="HTML")

    assert sentence == "Bad Request: message text is empty"


async def test_4096_units_pass_and_4097_are_too_long(api: BotApi) -> None:
    await say(api, "x" * 4096)

    assert await why(api, "sendMessage", chat_id=MERCHANT, text="x" * 4097) == "Bad Request: message is too long"


async def test_length_counts_utf16_units_not_characters(api: BotApi) -> None:
    assert await why(api, "sendMessage", chat_id=MERCHANT, text="😀" * 2049) == "Bad Request: message is too long"


async def test_markup_does_not_count_for_the_length(api: BotApi) -> None:
    await say(api, "<b>" + "x" * 4096 + "</b>", parse_mode="HTML")


@pytest.mark.parametrize("mode", ["Markdown", "MarkdownV2", "nonsense"])
async def test_only_html_is_read(api: BotApi, mode: str) -> None:
    sentence = await why(api, "sendMessage", chat_id=MERCHANT, text="x", parse_mode=mode)

    assert sentence == "Bad Request: unsupported parse_mode"


async def test_an_unknown_chat_is_not_found(api: BotApi) -> None:
    assert await why(api, "sendMessage", chat_id=999, text="x") == "Bad Request: chat not found"


async def test_a_missing_chat_id_is_named(api: BotApi) -> None:
    assert await why(api, "sendMessage", text="x") == "Bad Request: chat_id is empty"


async def test_the_bot_cannot_begin_a_conversation(api: BotApi) -> None:
    refusal = await refused(api, "sendMessage", chat_id=ADMIN, text="x")

    assert (refusal.code, refusal.description) == (403, "Forbidden: bot can't initiate conversation with a user")


async def test_a_blocked_bot_is_refused_until_the_person_writes_again(api: BotApi) -> None:
    api.block(MERCHANT)
    refusal = await refused(api, "sendMessage", chat_id=MERCHANT, text="x")
    assert (refusal.code, refusal.description) == (403, "Forbidden: bot was blocked by the user")

    api.send_text(MERCHANT, MERCHANT, "/start")
    await say(api)


@pytest.mark.parametrize(("chat_id", "kind"), [(SHOP, "group"), (ADMINS, "supergroup")])
async def test_a_kicked_bot_is_refused(api: BotApi, chat_id: int, kind: str) -> None:
    api.kick(chat_id, by=ADMIN)

    refusal = await refused(api, "sendMessage", chat_id=chat_id, text="x")
    assert (refusal.code, refusal.description) == (403, f"Forbidden: bot was kicked from the {kind} chat")


async def test_a_bot_that_left_is_no_member(api: BotApi) -> None:
    await ask(api, "leaveChat", chat_id=SHOP)

    refusal = await refused(api, "sendMessage", chat_id=SHOP, text="x")
    assert (refusal.code, refusal.description) == (403, "Forbidden: bot is not a member of the group chat")


async def test_an_upgraded_group_names_its_new_id(api: BotApi) -> None:
    new = api.migrate(SHOP)

    refusal = await refused(api, "sendMessage", chat_id=SHOP, text="x")
    assert refusal.description == "Bad Request: group chat was upgraded to a supergroup chat"
    assert refusal.as_json()["parameters"] == {"migrate_to_chat_id": new.id}
    await say(api, chat_id=new.id)


async def test_a_reply_shows_what_it_answers(api: BotApi) -> None:
    asked = await say(api, "first")

    answer = await ask(api, "sendMessage", chat_id=MERCHANT, text="x", reply_parameters={"message_id": asked})
    assert answer["reply_to_message"]["text"] == "first"


@pytest.mark.parametrize("how", [{"reply_to_message_id": 77}, {"reply_parameters": '{"message_id": 77}'}])
async def test_a_reply_to_an_unknown_message_is_refused(api: BotApi, how: dict[str, object]) -> None:
    sentence = await why(api, "sendMessage", chat_id=MERCHANT, text="x", **how)

    assert sentence == "Bad Request: message to be replied not found"


async def test_a_reply_may_ask_to_be_sent_without_its_message(api: BotApi) -> None:
    await say(api, reply_parameters={"message_id": 77, "allow_sending_without_reply": True})


async def test_a_message_of_another_chat_cannot_be_replied(api: BotApi) -> None:
    in_private = await say(api)

    sentence = await why(api, "sendMessage", chat_id=ADMINS, text="x", reply_to_message_id=in_private)
    assert sentence == "Bad Request: message to be replied not found"


async def test_an_unknown_topic_is_refused(api: BotApi) -> None:
    sentence = await why(api, "sendMessage", chat_id=ADMINS, text="x", message_thread_id=5)

    assert sentence == "Bad Request: message thread not found"


async def test_a_message_in_a_topic_keeps_its_thread(api: BotApi) -> None:
    api.people.chats[ADMINS].threads.add(5)

    message = await ask(api, "sendMessage", chat_id=ADMINS, text="x", message_thread_id=5)
    assert message["message_thread_id"] == 5


async def test_supergroups_count_their_messages_by_themselves(api: BotApi) -> None:
    first_in_private = api.messages.of_chat(MERCHANT)[0].message_id

    assert await say(api, chat_id=ADMINS) == first_in_private == 1


async def test_an_unknown_chat_action_is_refused(api: BotApi) -> None:
    await ask(api, "sendChatAction", chat_id=MERCHANT, action="typing")

    sentence = await why(api, "sendChatAction", chat_id=MERCHANT, action="dance")
    assert sentence == "Bad Request: wrong parameter action in request"


async def test_an_uploaded_document_can_be_sent_again_by_its_id(api: BotApi) -> None:
    upload = Upload("today.csv", "text/csv", b"a,b")
    first = await ask(api, "sendDocument", {"document": upload}, chat_id=MERCHANT, caption="Today")
    assert first["document"]["file_name"] == "today.csv"

    again = await ask(api, "sendDocument", chat_id=MERCHANT, document=first["document"]["file_id"])
    assert again["document"]["file_size"] == 3


async def test_a_document_that_was_not_uploaded_is_refused(api: BotApi) -> None:
    unknown = await why(api, "sendDocument", chat_id=MERCHANT, document="file-9")
    assert unknown == "Bad Request: wrong file identifier/HTTP URL specified"

    missing = await why(api, "sendDocument", chat_id=MERCHANT)
    assert missing == "Bad Request: there is no document in the request"


async def test_an_empty_file_is_refused(api: BotApi) -> None:
    api.files["file-1"] = Upload("empty", "text/plain", b"")

    assert await why(api, "sendPhoto", chat_id=MERCHANT, photo="file-1") == "Bad Request: file must be non-empty"


async def test_a_file_above_50_megabytes_is_refused(api: BotApi) -> None:
    api.files["file-1"] = Upload("all.csv", "text/csv", b"x" * (50 * 1024 * 1024 + 1))
    assert (await refused(api, "sendDocument", chat_id=MERCHANT, document="file-1")).code == 413


async def test_a_caption_ends_at_1024_units(api: BotApi) -> None:
    api.files["file-1"] = Upload("chart.png", "image/png", b"png")
    await ask(api, "sendPhoto", chat_id=MERCHANT, photo="file-1", caption="x" * 1024)

    sentence = await why(api, "sendPhoto", chat_id=MERCHANT, photo="file-1", caption="x" * 1025)
    assert sentence == "Bad Request: message caption is too long"


async def test_a_file_nobody_sent_cannot_be_fetched(api: BotApi) -> None:
    sentence = await why(api, "getFile", file_id="file-9")

    assert sentence == "Bad Request: wrong file_id or the file is temporarily unavailable"


async def test_reply_parameters_are_an_object(api: BotApi) -> None:
    sentence = await why(api, "sendMessage", chat_id=MERCHANT, text="x", reply_parameters="[1]")

    assert sentence == "Bad Request: object expected as reply parameters"


async def test_a_chat_has_no_name_here(api: BotApi) -> None:
    assert await why(api, "sendMessage", chat_id="@shop", text="x") == "Bad Request: chat not found"

"""Edits, deletions and answers to presses: what Telegram lets a bot do afterwards, and what not."""

import pytest

from bot.playground.botapi import BotApi
from bot.playground.parameters import Upload
from tests.playground.support import MERCHANT, SHOP, ManualClock, ask, keyboard, say, why

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_an_edit_changes_words_and_buttons_and_is_dated(api: BotApi, clock: ManualClock) -> None:
    message_id = await say(api, "before", reply_markup=keyboard("ok"))
    clock.seconds += 5

    edited = await ask(api, "editMessageText", chat_id=MERCHANT, message_id=message_id, text="after")
    assert (edited["text"], edited["edit_date"]) == ("after", int(clock.seconds))
    assert "reply_markup" not in edited


async def test_an_edit_that_changes_nothing_is_refused(api: BotApi) -> None:
    message_id = await say(api, "<b>same</b>", parse_mode="HTML", reply_markup=keyboard("ok"))
    same = {"text": "<b>same</b> ", "parse_mode": "HTML", "reply_markup": keyboard("ok")}

    assert await why(api, "editMessageText", chat_id=MERCHANT, message_id=message_id, **same) == NOT_MODIFIED


@pytest.mark.parametrize("change", [{"parse_mode": "HTML", "text": "<b>x</b>"}, {"reply_markup": keyboard("b")}])
async def test_a_change_of_only_format_or_buttons_is_an_edit(api: BotApi, change: dict[str, object]) -> None:
    message_id = await say(api, "x", reply_markup=keyboard("a"))

    given = {"text": "x", "reply_markup": keyboard("a"), **change}
    await ask(api, "editMessageText", chat_id=MERCHANT, message_id=message_id, **given)


async def test_the_same_buttons_again_are_refused(api: BotApi) -> None:
    message_id = await say(api, reply_markup=keyboard("a"))

    given = {"chat_id": MERCHANT, "message_id": message_id, "reply_markup": keyboard("a")}
    assert await why(api, "editMessageReplyMarkup", **given) == NOT_MODIFIED


async def test_buttons_can_be_taken_away_once(api: BotApi) -> None:
    message_id = await say(api, reply_markup=keyboard("a"))
    await ask(api, "editMessageReplyMarkup", chat_id=MERCHANT, message_id=message_id)

    sentence = await why(api, "editMessageReplyMarkup", chat_id=MERCHANT, message_id=message_id)
    assert sentence == NOT_MODIFIED


async def test_an_unknown_message_cannot_be_edited(api: BotApi) -> None:
    sentence = await why(api, "editMessageText", chat_id=MERCHANT, message_id=77, text="x")

    assert sentence == "Bad Request: message to edit not found"


async def test_a_message_of_another_chat_cannot_be_edited(api: BotApi) -> None:
    message_id = await say(api, chat_id=MERCHANT)

    sentence = await why(api, "editMessageText", chat_id=SHOP, message_id=message_id, text="x")
    assert sentence == "Bad Request: message to edit not found"


async def test_a_persons_message_cannot_be_edited(api: BotApi) -> None:
    message = api.send_text(MERCHANT, MERCHANT, "mine")

    sentence = await why(api, "editMessageText", chat_id=MERCHANT, message_id=message.message_id, text="x")
    assert sentence == "Bad Request: message can't be edited"


async def test_an_edit_cannot_bring_a_reply_keyboard(api: BotApi) -> None:
    given = {"chat_id": MERCHANT, "message_id": await say(api), "text": "y", "reply_markup": {"force_reply": True}}

    assert await why(api, "editMessageText", **given) == "Bad Request: inline keyboard expected"


async def test_a_text_has_no_caption_to_edit(api: BotApi) -> None:
    given = {"chat_id": MERCHANT, "message_id": await say(api), "caption": "y"}

    assert await why(api, "editMessageCaption", **given) == "Bad Request: there is no caption in the message to edit"


async def test_a_file_has_no_text_to_edit(api: BotApi) -> None:
    upload = {"document": Upload("a.csv", "text/csv", b"a")}
    sent = await ask(api, "sendDocument", upload, chat_id=MERCHANT)

    sentence = await why(api, "editMessageText", chat_id=MERCHANT, message_id=sent["message_id"], text="x")
    assert sentence == "Bad Request: there is no text in the message to edit"


async def test_a_caption_can_be_edited(api: BotApi) -> None:
    upload = {"document": Upload("a.csv", "text/csv", b"a")}
    sent = await ask(api, "sendDocument", upload, chat_id=MERCHANT, caption="before")

    given = {"chat_id": MERCHANT, "message_id": sent["message_id"]}
    assert (await ask(api, "editMessageCaption", caption="after", **given))["caption"] == "after"


async def test_an_edit_needs_a_message_id(api: BotApi) -> None:
    sentence = await why(api, "editMessageText", chat_id=MERCHANT, text="x")

    assert sentence == "Bad Request: message identifier is not specified"


async def test_a_deleted_message_is_gone(api: BotApi) -> None:
    given = {"chat_id": MERCHANT, "message_id": await say(api)}
    assert await ask(api, "deleteMessage", **given) is True

    assert await why(api, "deleteMessage", **given) == "Bad Request: message to delete not found"


async def test_a_bot_that_is_no_admin_cannot_delete_what_people_wrote_in_a_group(api: BotApi) -> None:
    given = {"chat_id": SHOP, "message_id": api.send_text(MERCHANT, SHOP, "mine").message_id}

    assert await why(api, "deleteMessage", **given) == "Bad Request: message can't be deleted"


async def test_a_message_older_than_two_days_stays(api: BotApi, clock: ManualClock) -> None:
    given = {"chat_id": MERCHANT, "message_id": await say(api)}
    clock.seconds += 48 * 3600 + 1

    assert await why(api, "deleteMessage", **given) == "Bad Request: message can't be deleted for everyone"


async def test_an_answer_reaches_the_person_who_pressed(api: BotApi) -> None:
    query = api.press(MERCHANT, MERCHANT, await say(api, reply_markup=keyboard("ok")), "ok")
    await ask(api, "answerCallbackQuery", callback_query_id=query.id, text="Done", show_alert="true")

    answer = await query.answered()
    assert (answer.text, answer.show_alert) == ("Done", True)


async def test_a_second_answer_is_refused(api: BotApi) -> None:
    query = api.press(MERCHANT, MERCHANT, await say(api, reply_markup=keyboard("ok")), "ok")
    await ask(api, "answerCallbackQuery", callback_query_id=query.id)

    assert await why(api, "answerCallbackQuery", callback_query_id=query.id) == TOO_OLD


async def test_an_answer_to_an_unknown_press_is_refused(api: BotApi) -> None:
    assert await why(api, "answerCallbackQuery", callback_query_id="77") == TOO_OLD


async def test_a_late_answer_is_refused(api: BotApi, clock: ManualClock) -> None:
    query = api.press(MERCHANT, MERCHANT, await say(api, reply_markup=keyboard("ok")), "ok")
    clock.seconds += 16

    assert await why(api, "answerCallbackQuery", callback_query_id=query.id) == TOO_OLD
    assert query.answer is None


async def test_an_answer_ends_at_200_characters(api: BotApi) -> None:
    query = api.press(MERCHANT, MERCHANT, await say(api, reply_markup=keyboard("ok")), "ok")

    sentence = await why(api, "answerCallbackQuery", callback_query_id=query.id, text="x" * 201)
    assert sentence == "Bad Request: MESSAGE_TOO_LONG"

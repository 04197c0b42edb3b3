"""Reply markup that Telegram refuses."""

from typing import Any

import pytest

from bot.playground.botapi import BotApi
from tests.playground.support import MERCHANT, ask, keyboard, say, why


async def refusal_of(api: BotApi, markup: Any) -> str:
    return await why(api, "sendMessage", chat_id=MERCHANT, text="x", reply_markup=markup)


async def test_callback_data_of_64_bytes_passes(api: BotApi) -> None:
    await say(api, reply_markup=keyboard("é" * 32))


@pytest.mark.parametrize("data", ["", "x" * 65, "é" * 33])
async def test_callback_data_is_1_to_64_bytes(api: BotApi, data: str) -> None:
    markup = {"inline_keyboard": [[{"text": "OK", "callback_data": data}]]}

    assert await refusal_of(api, markup) == "Bad Request: BUTTON_DATA_INVALID"


async def test_a_button_needs_an_action(api: BotApi) -> None:
    sentence = await refusal_of(api, {"inline_keyboard": [[{"text": "OK"}]]})

    problem = "Text buttons are unallowed in the inline keyboard"
    assert sentence == f"Bad Request: can't parse inline keyboard button: {problem}"


async def test_a_button_needs_a_text(api: BotApi) -> None:
    sentence = await refusal_of(api, {"inline_keyboard": [[{"callback_data": "x"}]]})

    problem = 'Field "text" must be of type String'
    assert sentence == f"Bad Request: can't parse inline keyboard button: {problem}"


async def test_rows_are_lists_of_lists(api: BotApi) -> None:
    sentence = await refusal_of(api, {"inline_keyboard": [{"text": "OK", "callback_data": "x"}]})

    assert sentence == 'Bad Request: field "inline_keyboard" must be an Array of Arrays'


async def test_a_keyboard_has_at_most_100_buttons_and_8_in_a_row(api: BotApi) -> None:
    button = {"text": "OK", "callback_data": "x"}
    await say(api, reply_markup={"inline_keyboard": [[button] * 8] * 12})

    for rows in ([[button] * 8] * 13, [[button] * 9]):
        assert await refusal_of(api, {"inline_keyboard": rows}) == "Bad Request: reply markup is too long"


@pytest.mark.parametrize(
    ("button", "sentence"),
    [
        ({"url": "nowhere"}, "Bad Request: BUTTON_URL_INVALID"),
        ({"copy_text": {"text": "x" * 257}}, "Bad Request: BUTTON_COPY_TEXT_INVALID"),
        (
            {"callback_data": "x", "style": "pink"},
            "Bad Request: can't parse inline keyboard button: invalid button style specified",
        ),
    ],
)
async def test_links_copied_texts_and_styles_are_checked(api: BotApi, button: Any, sentence: str) -> None:
    assert await refusal_of(api, {"inline_keyboard": [[{"text": "OK", **button}]]}) == sentence


@pytest.mark.parametrize(
    ("markup", "sentence"),
    [
        ("{broken", "Bad Request: can't parse reply keyboard markup JSON object"),
        ("[]", "Bad Request: object expected as reply markup"),
    ],
)
async def test_markup_must_be_a_json_object(api: BotApi, markup: str, sentence: str) -> None:
    assert await refusal_of(api, markup) == sentence


async def test_only_inline_keyboards_come_back_in_the_answer(api: BotApi) -> None:
    keys = {"keyboard": [["Yes", "No"]]}
    answer = await ask(api, "sendMessage", chat_id=MERCHANT, text="x", reply_markup=keys)

    assert "reply_markup" not in answer
    assert api.transcript[-1].data["reply_markup"] == {"keyboard": [[{"text": "Yes"}, {"text": "No"}]]}


@pytest.mark.parametrize(
    ("button", "problem"),
    [
        ("OK", "InlineKeyboardButton must be an Object"),
        ({"text": "OK", "callback_data": 5}, 'Field "callback_data" must be of type String'),
    ],
)
async def test_an_inline_button_is_an_object_with_text_data(api: BotApi, button: Any, problem: str) -> None:
    sentence = await refusal_of(api, {"inline_keyboard": [[button]]})

    assert sentence == f"Bad Request: can't parse inline keyboard button: {problem}"


async def test_a_button_without_words_is_refused(api: BotApi) -> None:
    sentence = await refusal_of(api, {"inline_keyboard": [[{"text": " ", "callback_data": "x"}]]})

    assert sentence == "Bad Request: button text must be non-empty"


async def test_a_reply_button_is_a_text_or_an_object(api: BotApi) -> None:
    sentence = await refusal_of(api, {"keyboard": [[5]]})

    assert sentence == "Bad Request: can't parse keyboard button: KeyboardButton must be a String or an Object"

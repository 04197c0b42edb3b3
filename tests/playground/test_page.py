"""The chat page: served safely, told everything, and able to act for its people."""

import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.playground.botapi import BotApi
from bot.playground.page import STATIC, PlaygroundPage
from bot.playground.parameters import Upload
from tests.playground.support import ADMIN, ADMINS, MERCHANT, SHOP, ask, keyboard, say, updates

Socket = aiohttp.ClientWebSocketResponse


@pytest.fixture
async def socket(page: PlaygroundPage, web: aiohttp.ClientSession) -> AsyncIterator[Socket]:
    async with web.ws_connect(f"{page.url}/ws") as socket:
        yield socket


async def told(socket: Socket, kind: str) -> dict[str, Any]:
    """Return the next thing of a kind that the page is told."""
    while True:
        message: dict[str, Any] = await socket.receive_json(timeout=5)
        if kind in (message["type"], message.get("kind")):
            return message


async def test_the_page_loads_only_its_own_files(page: PlaygroundPage, web: aiohttp.ClientSession) -> None:
    answer = await web.get(page.url)
    html = await answer.text()

    links = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert links
    for link in links:
        assert (await web.get(page.url + link)).status == 200


async def test_scripts_are_never_inline(page: PlaygroundPage, web: aiohttp.ClientSession) -> None:
    answer = await web.get(page.url)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", await answer.text()) is None


@pytest.mark.parametrize("name", sorted(path.name for path in STATIC.glob("*.js")))
def test_scripts_set_text_and_never_html(name: str) -> None:
    script = (STATIC / name).read_text()

    assert re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|https?://\w", script) is None


async def test_the_whole_history_comes_first(api: BotApi, page: PlaygroundPage, web: aiohttp.ClientSession) -> None:
    await say(api, "earlier", chat_id=SHOP, reply_markup=keyboard("ok"))
    async with web.ws_connect(f"{page.url}/ws") as socket:
        state = await told(socket, "state")

    shop, admins, private = state["chats"]
    assert [person["chat_ids"] for person in state["people"]] == [[SHOP], [ADMINS, ADMIN]]
    assert (shop["chat"]["title"], [message["text"] for message in shop["messages"]]) == ("Shop", ["earlier"])
    assert (admins["messages"], private["messages"]) == ([], [])
    assert [hint["text"] for hint in state["hints"]] == ["/balance"]


async def test_messages_edits_and_deletions_come_live(api: BotApi, socket: Socket) -> None:
    await told(socket, "state")
    given = {"chat_id": SHOP, "message_id": await say(api, "before", chat_id=SHOP)}
    await ask(api, "editMessageText", text="after", **given)
    await ask(api, "deleteMessage", **given)

    assert (await told(socket, "message"))["data"]["text"] == "before"
    assert (await told(socket, "edit"))["data"]["text"] == "after"
    assert (await told(socket, "delete"))["data"]["message_id"] == given["message_id"]


async def test_other_chats_are_not_shown(api: BotApi, socket: Socket) -> None:
    await told(socket, "state")
    await say(api, "secret", chat_id=MERCHANT)
    await say(api, "public", chat_id=SHOP)

    assert (await told(socket, "message"))["data"]["text"] == "public"


async def test_typing_makes_an_update_for_the_bot(api: BotApi, socket: Socket) -> None:
    await socket.send_json({"type": "send", "user_id": MERCHANT, "chat_id": SHOP, "text": " /balance "})
    assert (await told(socket, "message"))["data"]["text"] == "/balance"

    message = (await updates(api))[0]["message"]
    assert (message["text"], message["from"]["id"], message["chat"]["id"]) == ("/balance", MERCHANT, SHOP)


async def test_a_typed_reply_says_what_it_answers(api: BotApi, socket: Socket) -> None:
    asked = await say(api, "How much?", chat_id=SHOP)
    order = {"type": "send", "user_id": MERCHANT, "chat_id": SHOP, "text": "5", "reply_to": asked}
    await socket.send_json(order)

    await told(socket, "message")
    assert (await updates(api, timeout=1))[0]["message"]["reply_to_message"]["message_id"] == asked


async def test_a_press_and_its_answer_go_through(api: BotApi, socket: Socket) -> None:
    message_id = await say(api, chat_id=ADMINS, reply_markup=keyboard("ok"))
    order = {"type": "press", "user_id": ADMIN, "chat_id": ADMINS, "message_id": message_id, "data": "ok"}
    await socket.send_json(order)
    query = (await api.log.first(lambda event: event.kind == "press")).data
    await ask(api, "answerCallbackQuery", callback_query_id=query["id"], text="Done")

    assert query["from"]["id"] == ADMIN
    answer = (await told(socket, "answer"))["data"]
    assert (answer["user_id"], answer["text"]) == (ADMIN, "Done")


@pytest.mark.parametrize(
    "order",
    [
        "nonsense",
        "[]",
        '{"type": "send"}',
        '{"type": "send", "user_id": 1001, "text": "x"}',
        '{"type": "send", "user_id": 3003, "chat_id": 3003, "text": "x"}',
        '{"type": "send", "user_id": 1001, "chat_id": -5001, "text": "  "}',
        '{"type": "send", "user_id": 1001, "chat_id": -5001, "text": "x", "reply_to": 99}',
        '{"type": "jump", "user_id": 1001}',
        '{"type": "language", "user_id": 1001, "code": "xx"}',
        '{"type": "press", "user_id": 1001, "chat_id": -5001, "message_id": 99, "data": "x"}',
        '{"type": "press", "user_id": 1001, "chat_id": "x", "message_id": 1, "data": "x"}',
    ],
)
async def test_a_senseless_order_is_a_problem_and_nothing_else(api: BotApi, socket: Socket, order: str) -> None:
    await socket.send_str(order)

    assert (await told(socket, "problem"))["text"]
    assert await updates(api) == []


async def test_a_phone_presses_only_in_the_chats_it_shows(api: BotApi, socket: Socket) -> None:
    message_id = await say(api, chat_id=SHOP, reply_markup=keyboard("ok"))
    order = {"type": "press", "user_id": ADMIN, "chat_id": SHOP, "message_id": message_id, "data": "ok"}
    await socket.send_json(order)

    assert (await told(socket, "problem"))["text"] == "this phone does not show that chat"
    assert await updates(api) == []


async def test_an_upgraded_group_stays_in_its_place_with_its_history(api: BotApi, socket: Socket) -> None:
    await told(socket, "state")
    await say(api, "before", chat_id=SHOP)
    new = api.migrate(SHOP)

    shown = (await told(socket, "state"))["chats"][0]
    assert (shown["chat"]["id"], shown["ids"]) == (new.id, [SHOP, new.id])
    assert shown["messages"][0]["text"] == "before"


async def test_a_new_menu_is_shown_at_once(api: BotApi, socket: Socket) -> None:
    await told(socket, "state")
    await ask(api, "setMyCommands", commands=[{"command": "pay", "description": "Pay"}])

    people = (await told(socket, "people"))["people"]
    assert people[0]["menus"] == {str(SHOP): [{"command": "pay", "description": "Pay"}]}


async def test_a_person_who_speaks_another_language_gets_its_menu(api: BotApi, socket: Socket) -> None:
    french = [{"command": "pay", "description": "Payer"}]
    await ask(api, "setMyCommands", commands=french, language_code="fr")
    await told(socket, "people")
    await socket.send_json({"type": "language", "user_id": MERCHANT, "code": "fr"})

    merchant = (await told(socket, "people"))["people"][0]
    assert (merchant["user"]["language_code"], merchant["menus"]) == ("fr", {str(SHOP): french})


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.com"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "example.com"},
        {"Host": "127.0.0.1.example.com", "Origin": "http://127.0.0.1.example.com"},
    ],
)
async def test_other_sites_are_refused(
    page: PlaygroundPage, web: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await web.ws_connect(f"{page.url}/ws", headers=headers)

    assert caught.value.status == 403


async def test_the_pages_own_origin_is_welcome(page: PlaygroundPage, web: aiohttp.ClientSession) -> None:
    async with web.ws_connect(f"{page.url}/ws", origin=page.url) as socket:
        assert (await told(socket, "state"))["bot"]["is_bot"]


@pytest.mark.parametrize(
    ("kind", "served"),
    [
        ("image/png", "image/png"),
        ("application/pdf", "application/pdf"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
    ],
)
async def test_only_pictures_and_pdfs_are_shown_and_other_files_are_saved(
    api: BotApi, page: PlaygroundPage, web: aiohttp.ClientSession, kind: str, served: str
) -> None:
    file_id = api.keep_file(Upload("the reçu.bin", kind, b"content"))

    answer = await web.get(f"{page.url}/files/{file_id}")
    assert (answer.content_type, await answer.read()) == (served, b"content")
    assert answer.content_disposition is not None
    assert (answer.content_disposition.type, answer.content_disposition.filename) == (
        "attachment" if served == "application/octet-stream" else "inline",
        "the reçu.bin",
    )


async def test_an_unknown_file_is_not_found(page: PlaygroundPage, web: aiohttp.ClientSession) -> None:
    assert (await web.get(f"{page.url}/files/file-9")).status == 404


def test_the_page_says_everything_in_both_languages_and_nothing_for_nobody() -> None:
    words = (STATIC / "words.js").read_text()
    english, french = (re.findall(r"^    (\w+):", part, re.MULTILINE) for part in words.split("  fr: {"))
    said = set().union(*(re.findall(r'"(\w+)"', path.read_text()) for path in STATIC.glob("*.js")))

    assert english == french == sorted(english)
    assert set(english) <= said

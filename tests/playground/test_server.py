"""The Bot API over real HTTP on loopback: addresses, tokens, kinds of bodies, stopping."""

import asyncio
import json

import aiohttp
import pytest

from bot.playground.botapi import BotApi
from bot.playground.server import BotApiServer
from tests.playground.support import MERCHANT, TOKEN


def address(server: BotApiServer, method: str, token: str = TOKEN) -> str:
    return f"{server.url}/bot{token}/{method}"


@pytest.mark.parametrize(
    ("token", "method", "status", "description"),
    [
        ("1:WRONG", "getMe", 401, "Unauthorized"),
        ("2:TEST", "getMe", 401, "Unauthorized"),
        ("nonsense", "getMe", 404, "Not Found"),
        (TOKEN, "sendMoney", 404, "Not Found: method not found"),
    ],
)
async def test_wrong_addresses(
    server: BotApiServer, web: aiohttp.ClientSession, token: str, method: str, status: int, description: str
) -> None:
    answer = await web.post(address(server, method, token))

    assert answer.status == status
    assert await answer.json() == {"ok": False, "error_code": status, "description": description}


async def test_a_path_that_is_no_bots_is_not_found(server: BotApiServer, web: aiohttp.ClientSession) -> None:
    assert (await web.get(f"{server.url}/somewhere")).status == 404


async def test_method_names_ignore_case_and_get_works(server: BotApiServer, web: aiohttp.ClientSession) -> None:
    body = await (await web.get(address(server, "GETME"))).json()

    assert (body["ok"], body["result"]["username"]) == (True, "momo_desk_bot")


async def test_query_form_json_and_multipart_mean_the_same(server: BotApiServer, web: aiohttp.ClientSession) -> None:
    plain = {"chat_id": str(MERCHANT), "text": "x", "disable_notification": "true"}
    target = address(server, "sendMessage")
    parts = aiohttp.FormData(plain, default_to_multipart=True)
    answers = [
        await web.get(target, params=plain),
        await web.post(target, data=plain),
        await web.post(target, json={"chat_id": MERCHANT, "text": "x", "disable_notification": True}),
        await web.post(target, data=parts),
    ]

    results = [(await answer.json())["result"] for answer in answers]
    assert [result["text"] for result in results] == ["x"] * 4


async def test_objects_in_a_form_are_json(server: BotApiServer, web: aiohttp.ClientSession) -> None:
    keys = json.dumps({"inline_keyboard": [[{"text": "OK", "callback_data": "ok"}]]})
    form = {"chat_id": str(MERCHANT), "text": "x", "reply_markup": keys}

    body = await (await web.post(address(server, "sendMessage"), data=form)).json()
    assert body["result"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "ok"


@pytest.mark.parametrize("body", ["{broken", "[1]"])
async def test_a_body_that_is_no_object_is_refused(server: BotApiServer, web: aiohttp.ClientSession, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await web.post(address(server, "getMe"), data=body, headers=headers)

    assert answer.status == 400
    assert (await answer.json())["description"].startswith("Bad Request: can't parse JSON object")


@pytest.mark.parametrize("field", ["document", "attach://upload"])
async def test_an_uploaded_file_can_be_fetched(server: BotApiServer, web: aiohttp.ClientSession, field: str) -> None:
    form = aiohttp.FormData({"chat_id": str(MERCHANT)}, default_to_multipart=True)
    if field.startswith("attach://"):
        form.add_field("document", field)
    name = field.removeprefix("attach://")
    form.add_field(name, b"a,b\n", filename="today.csv", content_type="text/csv")
    sent = await (await web.post(address(server, "sendDocument"), data=form)).json()

    file_id = sent["result"]["document"]["file_id"]
    found = await (await web.get(address(server, "getFile"), params={"file_id": file_id})).json()
    content = await web.get(f"{server.url}/file/bot{TOKEN}/{found['result']['file_path']}")
    assert await content.read() == b"a,b\n"


async def test_files_need_the_token(api: BotApi, server: BotApiServer, web: aiohttp.ClientSession) -> None:
    assert (await web.get(f"{server.url}/file/bot1:WRONG/file-1")).status == 404


async def test_a_held_poll_is_woken_over_http(api: BotApi, server: BotApiServer, web: aiohttp.ClientSession) -> None:
    poll = asyncio.create_task(web.get(address(server, "getUpdates"), params={"timeout": "50"}))
    await asyncio.sleep(0)
    api.send_text(MERCHANT, MERCHANT, "hello")

    body = await (await poll).json()
    assert body["result"][0]["message"]["text"] == "hello"


async def test_stopping_lets_held_polls_go(api: BotApi) -> None:
    server = BotApiServer(api)
    await server.start()
    poll = asyncio.create_task(api.updates.poll(timeout=50))
    await asyncio.sleep(0)

    await server.stop()
    assert poll.done()
    assert await poll == []

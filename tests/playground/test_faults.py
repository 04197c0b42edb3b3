"""Trouble on purpose, and Telegram's limits."""

import aiohttp
import pytest

from bot.playground import methods
from bot.playground.botapi import BotApi
from bot.playground.faults import RateLimits
from bot.playground.parameters import Parameters
from bot.playground.server import BotApiServer
from tests.playground.support import ADMINS, MERCHANT, TOKEN, ManualClock, ask, refused, say


async def send(web: aiohttp.ClientSession, server: BotApiServer) -> aiohttp.ClientResponse:
    return await web.post(f"{server.url}/bot{TOKEN}/sendMessage", json={"chat_id": MERCHANT, "text": "x"})


def shown(api: BotApi) -> int:
    return sum(event.by_bot for event in api.transcript)


async def test_a_flood_names_the_wait(api: BotApi, server: BotApiServer, web: aiohttp.ClientSession) -> None:
    api.faults.add("flood", seconds=7)

    answer = await send(web, server)
    assert answer.status == 429
    assert await answer.json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    assert shown(api) == 0


async def test_a_server_error_has_a_json_body(api: BotApi, server: BotApiServer, web: aiohttp.ClientSession) -> None:
    api.faults.add("http_500")

    answer = await send(web, server)
    assert (answer.status, (await answer.json())["error_code"]) == (500, 500)
    assert shown(api) == 0


async def test_a_bad_gateway_is_a_page(api: BotApi, server: BotApiServer, web: aiohttp.ClientSession) -> None:
    api.faults.add("html_502")

    answer = await send(web, server)
    assert (answer.status, answer.content_type) == (502, "text/html")
    assert shown(api) == 0


async def test_a_chat_may_take_no_files(api: BotApi) -> None:
    api.faults.add("no_rights", method="sendDocument")

    answer = await methods.answer(api, TOKEN, "sendDocument", Parameters({"chat_id": MERCHANT}))
    assert answer.body == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: not enough rights to send documents to the chat",
    }


@pytest.mark.parametrize(("fault", "messages"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_dropped_connection_loses_the_answer(
    api: BotApi, server: BotApiServer, web: aiohttp.ClientSession, fault: str, messages: int
) -> None:
    api.faults.add(fault, method="sendMessage")  # type: ignore[arg-type]

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await send(web, server)
    assert shown(api) == messages


async def test_a_slow_answer_comes_late_but_comes(
    api: BotApi, server: BotApiServer, web: aiohttp.ClientSession
) -> None:
    api.faults.add("slow", seconds=0.01)

    assert (await send(web, server)).status == 200


async def test_a_fault_meets_only_its_method_and_only_so_often(
    api: BotApi, server: BotApiServer, web: aiohttp.ClientSession
) -> None:
    api.faults.add("http_500", method="sendmessage", times=2)

    assert (await web.get(f"{server.url}/bot{TOKEN}/getMe")).status == 200
    assert [(await send(web, server)).status for _ in range(3)] == [500, 500, 200]


def test_an_unknown_fault_is_named(api: BotApi) -> None:
    with pytest.raises(ValueError, match="no fault is called 'flod'"):
        api.faults.add("flod")  # type: ignore[arg-type]


async def test_limits_are_off_unless_wanted(api: BotApi) -> None:
    for _ in range(40):
        await say(api)


async def test_a_private_chat_takes_a_short_burst_then_one_a_second(api: BotApi, clock: ManualClock) -> None:
    api.limits = RateLimits(clock)
    for _ in range(3):
        await say(api)

    refusal = await refused(api, "sendMessage", chat_id=MERCHANT, text="x")
    assert (refusal.code, refusal.parameters) == (429, {"retry_after": 3})
    clock.seconds += 3
    await say(api)


async def test_a_group_takes_20_messages_and_edits_a_minute(api: BotApi, clock: ManualClock) -> None:
    api.limits = RateLimits(clock)
    sent = [await say(api, chat_id=ADMINS) for _ in range(19)]
    await ask(api, "editMessageText", chat_id=ADMINS, message_id=sent[0], text="changed")

    refusal = await refused(api, "editMessageText", chat_id=ADMINS, message_id=sent[1], text="changed")
    assert refusal.parameters == {"retry_after": 60}


async def test_all_chats_together_take_30_a_second(api: BotApi, clock: ManualClock) -> None:
    api.limits = RateLimits(clock)
    for number in range(30):
        chat_id = api.add_user(10_000 + number, "Somebody").id
        api.send_text(chat_id, chat_id, "/start")
        await say(api, chat_id=chat_id)

    assert (await refused(api, "sendMessage", chat_id=MERCHANT, text="x")).code == 429

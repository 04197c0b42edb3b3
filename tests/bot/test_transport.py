"""The transport to Telegram: a real telegram.Bot on it, against a server on loopback that answers as told."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.chat.transport import AiohttpRequest

TOKEN = "123456789:canary_canary_canary_canary_canary"
MESSAGE = {"message_id": 7, "date": 0, "chat": {"id": 5, "type": "private"}, "text": "hello"}
NO_UPDATES: dict[str, Any] = {"ok": True, "result": []}
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def plain(value: str | bytes | bytearray | web.FileField) -> object:
    """Return a file as its name, type and content: it is closed when the request ends."""
    if not isinstance(value, web.FileField):
        return value
    with value.file:
        return value.filename, value.content_type, value.file.read()


class Telegram:
    """A server that keeps every request and lets `answer` decide what comes back."""

    def __init__(self) -> None:
        self.forms: list[dict[str, Any]] = []
        self.requests: list[web.Request] = []
        self.answer: Answer = self.accept
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        self.server = TestServer(app, host="127.0.0.1")

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        self.forms.append({name: plain(value) for name, value in (await request.post()).items()})
        return await self.answer(request)

    @staticmethod
    async def accept(_: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, "result": MESSAGE})

    def refuse(self, status: int, description: str, **parameters: int) -> None:
        async def answer(_: web.Request) -> web.StreamResponse:
            body = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
            return web.json_response(body, status=status)

        self.answer = answer

    def say(self, status: int, body: str, **headers: str) -> None:
        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, text=body, headers=headers, content_type="text/html")

        self.answer = answer


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    telegram = Telegram()
    async with telegram.server:
        yield telegram


@pytest.fixture
async def bot(telegram: Telegram) -> AsyncIterator[Bot]:
    request = AiohttpRequest(read_timeout=2, write_timeout=2)
    async with request:
        yield bot_on(request, str(telegram.server.make_url("/")))


def bot_on(request: AiohttpRequest, url: str) -> Bot:
    return Bot(TOKEN, f"{url}bot", f"{url}file/bot", request=request, get_updates_request=request)


async def failure_of(call: Awaitable[object]) -> TelegramError:
    """Return how the call failed, sure that nowhere in it the token is named."""
    with pytest.raises(TelegramError) as caught:
        await call
    assert "canary" not in "".join(traceback.format_exception(caught.value))
    return caught.value


async def test_a_message_is_a_form_post_to_the_tokens_path(telegram: Telegram, bot: Bot):
    message = await bot.send_message(5, "hé & <b>", parse_mode="HTML")
    assert message.text == "hello"
    (request,) = telegram.requests
    assert (request.method, request.path) == ("POST", f"/bot{TOKEN}/sendMessage")
    assert telegram.forms == [{"chat_id": "5", "text": "hé & <b>", "parse_mode": "HTML"}]
    assert request.headers["User-Agent"].startswith("python-telegram-bot")


async def test_a_document_goes_out_as_multipart_with_its_name_as_it_is(telegram: Telegram, bot: Bot):
    await bot.send_document(5, InputFile(b"a;b\n", filename='été "1" 2026.csv'), caption="report")
    report = ('été "1" 2026.csv', "text/csv", b"a;b\n")
    assert telegram.forms == [{"chat_id": "5", "caption": "report", "document": report}]


async def test_a_call_without_parameters_and_a_file_are_fetched(telegram: Telegram, bot: Bot):
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.method == "GET":
            return web.Response(body=b"\x00\x01")
        return web.json_response(
            {"ok": True, "result": {"file_id": "1", "file_unique_id": "1", "file_path": "a b.bin"}}
        )

    telegram.answer = answer
    file = await bot.get_file("1")
    assert await file.download_as_bytearray() == b"\x00\x01"
    assert telegram.requests[-1].raw_path.endswith("/a%20b.bin")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, BadRequest),
        (401, InvalidToken),
        (403, Forbidden),
        (404, InvalidToken),
        (409, Conflict),
        (500, NetworkError),
    ],
)
async def test_a_refusal_becomes_telegrams_error(telegram: Telegram, bot: Bot, status: int, error: type[Exception]):
    telegram.refuse(status, "Forbidden: bot was blocked by the user")
    failure = await failure_of(bot.send_message(5, "hello"))
    assert type(failure) is error


async def test_retry_after_and_the_new_chat_id_come_through(telegram: Telegram, bot: Bot):
    telegram.refuse(429, "Too Many Requests", retry_after=7)
    slow = await failure_of(bot.send_message(5, "hello"))
    assert isinstance(slow, RetryAfter)
    assert slow.retry_after == timedelta(seconds=7)
    telegram.refuse(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1001)
    moved = await failure_of(bot.send_message(-5, "hello"))
    assert isinstance(moved, ChatMigrated)
    assert moved.new_chat_id == -1001


async def test_a_page_instead_of_json_is_a_network_error(telegram: Telegram, bot: Bot):
    telegram.say(502, "<html>Bad Gateway</html>")
    assert type(await failure_of(bot.send_message(5, "hello"))) is NetworkError


async def test_broken_json_is_an_error(telegram: Telegram, bot: Bot):
    telegram.say(200, '{"ok": true, "resu')
    assert str(await failure_of(bot.send_message(5, "hello"))) == "Invalid server response"


async def test_a_redirect_is_not_followed(telegram: Telegram, bot: Bot):
    telegram.say(302, "", Location="/elsewhere")
    assert isinstance(await failure_of(bot.send_message(5, "hello")), NetworkError)
    assert len(telegram.requests) == 1


async def test_no_answer_in_time_is_timed_out_by_the_calls_own_limit(telegram: Telegram, bot: Bot):
    async def answer(_: web.Request) -> web.StreamResponse:
        return await asyncio.Future()

    telegram.answer = answer
    assert isinstance(await failure_of(bot.send_message(5, "hello", read_timeout=0.05)), TimedOut)


async def test_an_answer_that_drips_ends_at_the_sum_of_the_limits(telegram: Telegram):
    dripping = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while not dripping.is_set():
            await response.write(b" ")
            await asyncio.sleep(0.01)
        return response

    telegram.answer = answer
    request = AiohttpRequest(read_timeout=0.1, write_timeout=0.1, connect_timeout=0.1, pool_timeout=0.1)
    async with request:
        call = bot_on(request, str(telegram.server.make_url("/"))).send_message(5, "hello")
        assert isinstance(await failure_of(call), TimedOut)
    dripping.set()


async def test_a_full_pool_is_timed_out_and_nothing_is_sent(telegram: Telegram):
    arrived, release = asyncio.Event(), asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        arrived.set()
        await release.wait()
        return await telegram.accept(request)

    telegram.answer = answer
    async with AiohttpRequest(1, pool_timeout=0.05, connect_timeout=0.05) as request:
        bot = bot_on(request, str(telegram.server.make_url("/")))
        first = asyncio.create_task(bot.send_message(5, "one"))
        await arrived.wait()
        assert isinstance(await failure_of(bot.send_message(5, "two")), TimedOut)
        release.set()
        await first
    assert len(telegram.requests) == 1


async def test_a_lost_connection_is_a_network_error_and_the_post_is_not_repeated(telegram: Telegram, bot: Bot):
    await bot.send_message(5, "opens the connection that is then kept")

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    telegram.answer = answer
    failure = await failure_of(bot.send_message(5, "lost"))
    assert type(failure) is NetworkError
    assert [form["text"] for form in telegram.forms].count("lost") == 1


async def test_a_connection_that_is_refused_is_a_network_error(unused_tcp_port: int):
    async with AiohttpRequest() as request:
        bot = bot_on(request, f"http://127.0.0.1:{unused_tcp_port}/")
        assert type(await failure_of(bot.send_message(5, "hello"))) is NetworkError


async def test_an_address_that_is_none_is_a_network_error():
    async with AiohttpRequest() as request:
        assert isinstance(await failure_of(bot_on(request, "nowhere/").send_message(5, "hello")), NetworkError)


async def test_connections_are_kept_and_proxies_of_the_environment_ignored(
    telegram: Telegram, bot: Bot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    for _ in range(3):
        await bot.send_message(5, "hello")
    assert len({id(request.transport) for request in telegram.requests}) == 1


async def test_it_can_be_opened_and_closed_more_than_once(telegram: Telegram):
    request = AiohttpRequest()
    bot = bot_on(request, str(telegram.server.make_url("/")))
    assert isinstance(await failure_of(bot.send_message(5, "too early")), NetworkError)
    for _ in range(2):
        await request.initialize()
        await request.initialize()
        await bot.send_message(5, "hello")
        await request.shutdown()
        await request.shutdown()
    assert len(telegram.forms) == 2


async def test_long_polls_wait_longer_and_no_limit_is_possible(telegram: Telegram):
    async def answer(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.15)
        return await telegram.accept(request) if "text" in telegram.forms[-1] else web.json_response(NO_UPDATES)

    telegram.answer = answer
    async with AiohttpRequest(read_timeout=0.05) as request:
        bot = bot_on(request, str(telegram.server.make_url("/")))
        assert await bot.get_updates(timeout=1) == ()
        assert (await bot.send_message(5, "hello", read_timeout=None)).text == "hello"
        assert isinstance(await failure_of(bot.send_message(5, "hello")), TimedOut)

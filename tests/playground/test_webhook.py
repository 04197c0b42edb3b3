"""Webhooks: which are taken, how they are called, and that nothing is lost when they fail."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.playground.botapi import BotApi
from bot.playground.webhook import SECRET_HEADER, WebhookSender
from tests.playground.support import MERCHANT, ask, why


class Hook:
    """A bot's webhook on loopback that answers with the given statuses, then with 200."""

    def __init__(self) -> None:
        self.url = ""
        self.statuses: list[int] = []
        self._calls: asyncio.Queue[tuple[str | None, dict[str, Any]]] = asyncio.Queue()

    async def handle(self, request: web.Request) -> web.Response:
        self._calls.put_nowait((request.headers.get(SECRET_HEADER), await request.json()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def next(self) -> tuple[str | None, dict[str, Any]]:
        """Return the next call: its secret and its update."""
        async with asyncio.timeout(5):
            return await self._calls.get()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook, app = Hook(), web.Application()
    app.router.add_post("/hook", hook.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


@pytest.fixture
async def sender(api: BotApi) -> AsyncIterator[WebhookSender]:
    sender = WebhookSender(api, first_pause_seconds=0.001)
    sender.start()
    yield sender
    await sender.stop()


@pytest.mark.usefixtures("sender")
async def test_an_update_is_posted_with_the_secret(api: BotApi, hook: Hook) -> None:
    await ask(api, "setWebhook", url=hook.url, secret_token="s3cret")
    api.send_text(MERCHANT, MERCHANT, "hello")

    secret, update = await hook.next()
    assert (secret, update["message"]["text"]) == ("s3cret", "hello")


@pytest.mark.usefixtures("sender")
async def test_without_a_secret_there_is_no_header(api: BotApi, hook: Hook) -> None:
    await ask(api, "setWebhook", url=hook.url)
    api.send_text(MERCHANT, MERCHANT, "hello")

    assert (await hook.next())[0] is None


@pytest.mark.usefixtures("sender")
async def test_a_refused_update_comes_again_until_it_is_taken(api: BotApi, hook: Hook) -> None:
    hook.statuses = [500, 302, 404]
    await ask(api, "setWebhook", url=hook.url)
    api.send_text(MERCHANT, MERCHANT, "hello")
    api.send_text(MERCHANT, MERCHANT, "bye")

    texts = [(await hook.next())[1]["message"]["text"] for _ in range(5)]
    assert texts == ["hello"] * 4 + ["bye"]


async def test_updates_wait_for_a_webhook_that_cannot_be_reached(api: BotApi) -> None:
    await ask(api, "setWebhook", url="http://127.0.0.1:9/hook")
    api.send_text(MERCHANT, MERCHANT, "hello")

    async with aiohttp.ClientSession() as session:
        assert not await WebhookSender(api).deliver_pending(session)
    info = await ask(api, "getWebhookInfo")
    assert info["pending_update_count"] == 1
    assert info["last_error_message"].startswith("Connection failed")


async def test_info_tells_the_address_and_the_wanted_types(api: BotApi) -> None:
    await ask(api, "setWebhook", url="https://example.com/hook", allowed_updates=["message"], max_connections=5)

    info = await ask(api, "getWebhookInfo")
    assert (info["url"], info["max_connections"]) == ("https://example.com/hook", 5)
    assert info["allowed_updates"] == ["message"]


async def test_pending_updates_are_dropped_only_on_request(api: BotApi) -> None:
    api.send_text(MERCHANT, MERCHANT, "hello")
    await ask(api, "deleteWebhook")
    assert len(api.updates.pending) == 1

    await ask(api, "deleteWebhook", drop_pending_updates="true")
    assert api.updates.pending == []


async def test_an_empty_address_goes_back_to_polling(api: BotApi) -> None:
    await ask(api, "setWebhook", url="https://example.com/hook")
    await ask(api, "setWebhook", url="")

    assert await ask(api, "getUpdates") == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"url": "nonsense"}, "Bad Request: invalid webhook URL specified"),
        (
            {"url": "http://example.com/hook"},
            "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            {"url": "http://127.0.0.1.example.com/hook"},
            "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            {"url": "https://example.com/", "secret_token": "a b"},
            "Bad Request: secret token contains unallowed characters",
        ),
        ({"url": "https://example.com/", "secret_token": "a" * 257}, "Bad Request: secret token is too long"),
    ],
)
async def test_a_wrong_webhook_is_refused(api: BotApi, given: dict[str, str], sentence: str) -> None:
    assert await why(api, "setWebhook", **given) == sentence

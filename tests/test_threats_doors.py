"""What strangers can do at the till's own port: nothing but wait their turn."""

import asyncio
import inspect
import io
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.service.callbacks import Doorbell
from bot.service.health import Lags
from bot.web import doorkeeper
from bot.web import telegram as webhook
from bot.web.doorkeeper import LARGEST_HEAD, MOST_CONNECTIONS
from bot.web.probes import Readiness
from bot.web.server import WebServer
from bot.web.telegram import LARGEST_UPDATE, PATH, SECRET_HEADER, TelegramWebhook
from tests.support.clock import Clock
from tests.support.store import MemoryStore
from tests.support.till import POLICY

FORM = "application/x-www-form-urlencoded"
TOKEN, SECRET = "t" * 43, "a-secret-of-the-webhook-12345678"


class Door:
    """The till's port on loopback, and what came in through it."""

    def __init__(self) -> None:
        self.kept: list[object] = []
        self._callers: list[asyncio.StreamWriter] = []
        self.doorbell = Doorbell(MemoryStore(Clock()), POLICY)
        self._server = WebServer(self.doorbell, Readiness(self._lags), TelegramWebhook(SECRET, self._keep))

    async def _keep(self, update: object) -> None:
        self.kept.append(update)

    async def _lags(self) -> Lags:
        raise AssertionError("nobody asks for it here")

    async def open(self) -> None:
        self.port = await self._server.start("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self.port}"

    async def close(self) -> None:
        for caller in self._callers:
            caller.close()
        await asyncio.gather(*(caller.wait_closed() for caller in self._callers), return_exceptions=True)
        await self._server.stop()

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._callers.append(writer)
        return reader, writer


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    door = Door()
    await door.open()
    yield door
    await door.close()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5)) as session:
        yield session


WRONG = {
    "no header": (PATH, {}, b"{}", 403),
    "a wrong secret": (PATH, {SECRET_HEADER: "A" + SECRET[1:]}, b"{}", 403),
    "a secret cut short": (PATH, {SECRET_HEADER: SECRET[:-1]}, b"{}", 403),
    "a secret too long": (PATH, {SECRET_HEADER: SECRET + "x"}, b"{}", 403),
    "a secret that is no ASCII": (PATH, {SECRET_HEADER: "é" * 32}, b"{}", 403),
    "the wrong path": (PATH + "/x", {SECRET_HEADER: SECRET}, b"{}", 404),
    "a form": (PATH, {SECRET_HEADER: SECRET, "Content-Type": FORM}, b"update_id=1&message=2", 400),
    "two megabytes": (PATH, {SECRET_HEADER: SECRET}, b" " * 2 * LARGEST_UPDATE, 413),
}


@pytest.mark.parametrize("how", WRONG)
async def test_a_false_update_is_refused_and_leaves_no_trace(door: Door, http: aiohttp.ClientSession, how: str) -> None:
    path, headers, body, status = WRONG[how]
    sent = {"Content-Type": "application/json", **headers}
    body = body.replace(b"{}", b'{"update_id": 1}')
    async with http.post(door.url + path, data=io.BytesIO(body), headers=sent) as answer:
        assert answer.status == status
    assert door.kept == []


def test_the_webhooks_secret_is_compared_in_constant_time() -> None:
    source = inspect.getsource(webhook)

    assert "hmac.compare_digest" in source
    assert "== self._secret" not in source


async def test_silent_callers_do_not_keep_others_out(door: Door, http: aiohttp.ClientSession) -> None:
    for _ in range(MOST_CONNECTIONS):
        await door.connect()
    for _ in range(200):
        async with http.put(f"{door.url}/momo/callbacks/{TOKEN}") as answer:
            assert answer.status == 200


async def test_a_newcomer_takes_the_place_of_the_one_silent_longest(door: Door) -> None:
    callers = [await door.connect() for _ in range(MOST_CONNECTIONS + 1)]
    assert await hung_up(callers[0][0], 1)
    assert not callers[-1][0].at_eof()


async def test_who_says_nothing_is_hung_up_on(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorkeeper, "HEAD_SECONDS", 0.05)
    reader, writer = await door.connect()
    writer.write(b"PUT /momo/callbacks/")
    assert await hung_up(reader, 2)


async def test_a_connection_that_was_answered_does_not_stay_for_ever(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorkeeper, "KEPT_SECONDS", 0.05)
    reader, writer = await door.connect()
    writer.write(f"PUT /momo/callbacks/{TOKEN} HTTP/1.1\r\nHost: t\r\n\r\n".encode())
    assert (await asyncio.wait_for(reader.read(), 2)).startswith(b"HTTP/1.1 200")


async def test_who_never_ends_the_body_of_an_update_is_not_waited_for(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "BODY_SECONDS", 0.05)
    reader, writer = await door.connect()
    head = f"POST {PATH} HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n{SECRET_HEADER}: {SECRET}\r\n"
    writer.write(f"{head}Content-Length: 9\r\n\r\n{{".encode())
    assert (await asyncio.wait_for(reader.readline(), 2)).startswith(b"HTTP/1.1 408")
    assert door.kept == []


@pytest.mark.parametrize("ends", [b"\r\n\r\n", b""], ids=["whole", "never ending"])
async def test_a_head_too_long_is_refused(door: Door, ends: bytes) -> None:
    reader, writer = await door.connect()
    writer.write(f"PUT /momo/callbacks/{TOKEN} HTTP/1.1\r\nHost: t\r\n".encode())
    for n in range(LARGEST_HEAD // 100):
        writer.write(f"X-{n}: {'x' * 100}\r\n".encode())
    writer.write(ends)
    assert (await asyncio.wait_for(reader.readline(), 2)).startswith(b"HTTP/1.1 431")


async def test_a_head_in_pieces_is_put_together(door: Door) -> None:
    reader, writer = await door.connect()
    for byte in f"PUT /momo/callbacks/{TOKEN} HTTP/1.1\r\nHost: t\r\n\r\n".encode():
        writer.write(bytes([byte]))
        await writer.drain()
    assert (await asyncio.wait_for(reader.readline(), 2)).startswith(b"HTTP/1.1 200")


async def hung_up(reader: asyncio.StreamReader, seconds: float) -> bool:
    """Say whether the other side ends the connection within this time."""
    try:
        return await asyncio.wait_for(reader.read(1), seconds) == b""
    except ConnectionError:
        return True

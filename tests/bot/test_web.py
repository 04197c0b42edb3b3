import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import aiohttp
import pytest

from bot.service.callbacks import Doorbell
from bot.service.health import Lags
from bot.web.server import LARGEST_BODY, WebServer
from bot.web.telegram import LARGEST_UPDATE, PATH, SECRET_HEADER, TelegramWebhook
from tests.support.till import Till

TOKEN = "t" * 43
SECRET = "webhook-secret"


class World:
    """A listening web server, what it stored, and how far behind the till is."""

    def __init__(self, till: Till) -> None:
        self.doorbell = Doorbell(till.store, till.policy)
        self.kept: list[object] = []
        self.lags = Lags(timedelta(0), timedelta(0))
        self.server = WebServer(self.doorbell, self.measure, TelegramWebhook(SECRET, self.keep))
        self.url = ""

    async def measure(self) -> Lags:
        return self.lags

    async def keep(self, update: object) -> None:
        self.kept.append(update)

    def rung(self) -> int:
        return self.doorbell._rung.qsize()


@pytest.fixture
def till() -> Iterator[Till]:
    till = Till()
    yield till
    till.store.conn.close()


@pytest.fixture
async def world(till: Till) -> AsyncIterator[World]:
    world = World(till)
    world.url = f"http://127.0.0.1:{await world.server.start('127.0.0.1', 0)}"
    yield world
    await world.server.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5)) as session:
        yield session


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("body", [b"", b'{"status": "SUCCESSFUL"}', b"\xff\x00 no JSON"])
async def test_a_callback_is_answered_whatever_is_in_it(
    world: World, http: aiohttp.ClientSession, method: str, body: bytes
) -> None:
    async with http.request(method, f"{world.url}/momo/callbacks/{TOKEN}", data=body) as answer:
        assert (answer.status, await answer.read()) == (200, b"")
    assert world.rung() == 1


async def test_a_wrong_token_gets_the_same_answer(world: World, http: aiohttp.ClientSession) -> None:
    async with http.put(f"{world.url}/momo/callbacks/guess") as answer:
        assert (answer.status, await answer.read()) == (200, b"")
    assert world.rung() == 0


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH"])
async def test_callbacks_come_by_put_or_post_only(world: World, http: aiohttp.ClientSession, method: str) -> None:
    async with http.request(method, f"{world.url}/momo/callbacks/{TOKEN}") as answer:
        assert answer.status == 405
    assert world.rung() == 0


async def test_a_big_body_is_refused_and_rings_nothing(world: World, http: aiohttp.ClientSession) -> None:
    async with http.put(f"{world.url}/momo/callbacks/{TOKEN}", data=b"x" * (LARGEST_BODY + 1)) as answer:
        assert answer.status == 413
    assert world.rung() == 0


async def test_a_callback_is_answered_before_its_body_has_come(world: World) -> None:
    port = int(world.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"PUT /momo/callbacks/{TOKEN} HTTP/1.1\r\nHost: till\r\nContent-Length: 9000\r\n\r\nthe beginning"
    writer.write(head.encode())
    assert (await asyncio.wait_for(reader.readline(), 2)).startswith(b"HTTP/1.1 200")
    writer.close()


async def test_the_process_is_alive(world: World, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{world.url}/healthz") as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    ("poll", "outbox", "status"), [(0, 0, 200), (59, 59, 200), (60, 0, 503), (0, 60, 503), (9999, 9999, 503)]
)
async def test_a_till_that_lags_a_minute_is_not_ready(
    world: World, http: aiohttp.ClientSession, poll: int, outbox: int, status: int
) -> None:
    world.lags = Lags(timedelta(seconds=poll), timedelta(seconds=outbox), frozen=True)
    async with http.get(f"{world.url}/readyz") as answer:
        body = await answer.json()
    assert answer.status == status
    lags = {"poll_lag_seconds": poll, "outbox_lag_seconds": outbox}
    assert body == {"ready": status == 200, "frozen": True, **lags}


async def test_an_update_with_the_secret_is_stored(world: World, http: aiohttp.ClientSession) -> None:
    async with http.post(world.url + PATH, json={"update_id": 5}, headers={SECRET_HEADER: SECRET}) as answer:
        assert answer.status == 200
    assert world.kept == [{"update_id": 5}]


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "guess"}, {SECRET_HEADER: SECRET + "x"}])
async def test_an_update_without_it_leaves_no_trace(
    world: World, http: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    async with http.post(world.url + PATH, json={"update_id": 5}, headers=headers) as answer:
        assert answer.status == 403
    assert world.kept == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"update_id": "5"}', b"\xff", b"null"])
async def test_what_is_no_update_is_refused(world: World, http: aiohttp.ClientSession, body: bytes) -> None:
    async with http.post(world.url + PATH, data=body, headers={SECRET_HEADER: SECRET}) as answer:
        assert answer.status == 400
    assert world.kept == []


async def test_an_update_too_big_is_refused(world: World, http: aiohttp.ClientSession) -> None:
    body = io.BytesIO(b" " * (LARGEST_UPDATE + 1))
    async with http.post(world.url + PATH, data=body, headers={SECRET_HEADER: SECRET}) as answer:
        assert answer.status == 413
    assert world.kept == []


async def test_an_update_that_could_not_be_stored_is_not_acknowledged(
    world: World, http: aiohttp.ClientSession
) -> None:
    world.kept = None  # type: ignore[assignment]
    async with http.post(world.url + PATH, json={"update_id": 5}, headers={SECRET_HEADER: SECRET}) as answer:
        assert answer.status == 500

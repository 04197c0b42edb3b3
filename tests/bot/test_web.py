import asyncio
import io
import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import aiohttp
import pytest

from bot.service import health
from bot.service.callbacks import Doorbell
from bot.service.health import Lags
from bot.store.database import StoreFailed
from bot.web.metrics import Metrics, MetricsPage, Snapshot
from bot.web.probes import Readiness
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
        self.failure: Exception | None = None
        self.measured = 0
        self.server = WebServer(self.doorbell, Readiness(self.measure), TelegramWebhook(SECRET, self.keep))
        self.url = ""

    async def measure(self) -> Lags:
        self.measured += 1
        if self.failure:
            raise self.failure
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


async def test_a_taken_port_is_said_with_what_to_do(world: World, till: Till) -> None:
    port = int(world.url.rpartition(":")[2])
    second = World(till)

    with pytest.raises(OSError, match=rf"^cannot listen on 127.0.0.1, port {port} \(address already in use\): end .+"):
        await second.server.start("127.0.0.1", port)
    await second.server.stop()


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
    late = [what for what, seconds in (("poll", poll), ("outbox", outbox)) if seconds >= 60]
    lags = {"poll_lag_seconds": poll, "outbox_lag_seconds": outbox}
    assert body == {"ready": status == 200, "why": late, "frozen": True, **lags}


@pytest.mark.parametrize("error", [sqlite3.OperationalError("disk I/O error"), StoreFailed("before"), TimeoutError()])
async def test_a_till_whose_database_fails_is_not_ready(
    world: World, http: aiohttp.ClientSession, error: Exception
) -> None:
    world.failure = error
    async with http.get(f"{world.url}/readyz") as answer:
        assert (answer.status, await answer.json()) == (503, {"ready": False, "why": ["database"]})


async def test_however_many_ask_the_database_is_asked_once(world: World, http: aiohttp.ClientSession) -> None:
    answers = await asyncio.gather(*(http.get(f"{world.url}/readyz") for _ in range(20)))
    assert {answer.status for answer in answers} == {200}
    assert world.measured == 1


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


@pytest.mark.parametrize(
    ("token", "private", "given", "status"),
    [
        ("", True, "", 200),  # nobody but this machine reaches the port
        ("", False, "", 404),  # behind a proxy everybody looks like this machine
        ("right", True, "", 401),
        ("right", True, "Bearer wrong", 401),
        ("right", True, "Bearer rïght", 401),
        ("right", False, "Bearer right", 200),
    ],
)
async def test_metrics_are_not_for_everybody(
    till: Till, http: aiohttp.ClientSession, token: str, private: bool, given: str, status: int
) -> None:
    async def take() -> Snapshot:
        return Snapshot(till.do(health.measure), 5)

    page = MetricsPage(Metrics(), take, token, private=private)
    server = WebServer(Doorbell(till.store, till.policy), Readiness(no_lags), metrics=page)
    port = await server.start("127.0.0.1", 0)
    async with http.get(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": given}) as answer:
        assert (answer.status, "momo_desk_disk_free_bytes 5.0" in await answer.text()) == (status, status == 200)
    await server.stop()


async def no_lags() -> Lags:
    return Lags(timedelta(0), timedelta(0))

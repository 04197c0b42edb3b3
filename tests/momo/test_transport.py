"""AiohttpTransport over real sockets on loopback, and the name each kind of failure gets."""

import asyncio
import inspect
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest
from aiohttp import http_exceptions

from momo import AiohttpTransport, ConnectionFailed, HttpRequest, ResponseLost

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Kind: Test\r\n\r\n{}"
COOKIE = OK.replace(b"X-Kind: Test", b"Set-Cookie: a=b")
STUCK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
KEPT_OPEN = (OK, COOKIE, STUCK)


class Server:
    """Answers the requests it gets with some raw answers in turn; None hangs up without a word."""

    def __init__(self, *answers):
        self._answers = list(answers)
        self._connections = set()
        self.received = []

    async def connected(self, reader, writer):
        self._connections.add(asyncio.current_task())
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while await self._answered(reader, writer):
                pass
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _answered(self, reader, writer):
        """Answer one request; True if the connection stays open for another."""
        self.received.append(await reader.readuntil(b"\r\n\r\n"))
        raw = self._answers.pop(0) if self._answers else None
        writer.write(raw or b"")
        await writer.drain()
        return raw in KEPT_OPEN

    async def finished(self):
        await asyncio.gather(*self._connections)


@asynccontextmanager
async def listening(server):
    """The server's address while the block runs."""
    listener = await asyncio.start_server(server.connected, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    finally:
        listener.close()
        await server.finished()


@asynccontextmanager
async def transport_of(**options):
    transport = AiohttpTransport(**options)
    try:
        yield transport
    finally:
        await transport.close()


def get(url, path="/"):
    return HttpRequest("GET", url + path, {})


def post(url):
    return HttpRequest("POST", f"{url}/", {})


async def outcome_of(raw, **options):
    async with listening(Server(raw)) as url, transport_of(**options) as transport:
        return await transport.exchange(post(url))


# --- what is sent and what comes back


async def test_an_answer_comes_back_whole_with_lower_case_headers():
    response = await outcome_of(OK)

    assert (response.status, response.body, response.headers["x-kind"]) == (200, b"{}", "Test")


async def test_a_post_without_body_has_neither_type_nor_length():
    server = Server(OK)
    async with listening(server) as url, transport_of() as transport:
        await transport.exchange(HttpRequest("POST", f"{url}/token/", {"Authorization": "Basic x"}))

    (head,) = server.received
    assert b"POST /token/ HTTP/1.1" in head
    assert b"Authorization: Basic x" in head
    assert b"content-type" not in head.lower()
    assert b"content-length: 0" in head.lower() or b"content-length" not in head.lower()


async def test_a_quoted_path_keeps_its_meaning():
    server = Server(OK)
    async with listening(server) as url, transport_of() as transport:
        await transport.exchange(get(url, "/email/a%2Bb%40x.test"))

    assert server.received[0].startswith(b"GET /email/a%2Bb@x.test HTTP/1.1")


async def test_a_redirect_is_an_answer_and_not_followed():
    response = await outcome_of(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")

    assert response.status == 302


async def test_connections_are_used_again_and_cookies_are_not():
    server = Server(COOKIE, OK)
    async with listening(server) as url, transport_of() as transport:
        await transport.exchange(get(url))
        await transport.exchange(get(url))

    assert len(server.received) == 2
    assert b"cookie" not in server.received[1].lower()


# --- failures


async def test_a_refused_connection_was_never_established():
    async with listening(Server()) as url:
        pass
    async with transport_of() as transport:
        with pytest.raises(ConnectionFailed):
            await transport.exchange(post(url))


@pytest.mark.parametrize(
    "raw",
    [
        None,
        b"HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"220 smtp.test ESMTP\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 20_000 + b"\r\n\r\n",
    ],
    ids=["closed", "truncated", "bad chunk", "bad gzip", "not http", "long header"],
)
async def test_anything_but_a_whole_answer_is_a_lost_response(raw):
    with pytest.raises(ResponseLost):
        await outcome_of(raw)


async def test_an_answer_over_the_limit_is_a_lost_response():
    body = b"x" * (256 * 1024 + 1)

    with pytest.raises(ResponseLost, match="more than 262144 bytes"):
        await outcome_of(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


async def test_an_answer_that_takes_too_long_is_a_lost_response():
    with pytest.raises(ResponseLost):
        await outcome_of(STUCK, total_seconds=0.05)


async def test_a_post_on_a_connection_closed_meanwhile_is_lost_and_not_sent_again():
    server = Server(OK, None, OK)
    async with listening(server) as url, transport_of() as transport:
        await transport.exchange(post(url))

        with pytest.raises(ResponseLost):
            await transport.exchange(post(url))

    assert len(server.received) == 2


async def test_a_closed_transport_sends_nothing():
    transport = AiohttpTransport()
    await transport.close()
    await transport.close()

    with pytest.raises(ConnectionFailed, match="closed"):
        await transport.exchange(get("http://127.0.0.1:1"))


# --- every exception aiohttp has

NEVER_CONNECTED = {
    "ClientConnectorError",
    "ClientConnectorDNSError",
    "ClientProxyConnectionError",
    "UnixClientConnectorError",
    "ClientSSLError",
    "ClientConnectorSSLError",
    "ClientConnectorCertificateError",
    "ConnectionTimeoutError",
    "ServerFingerprintMismatch",
}
HOMES = {aiohttp.ClientError.__module__, http_exceptions.__name__}
KINDS = {
    kind
    for module in (aiohttp.client_exceptions, http_exceptions)
    for kind in vars(module).values()
    if inspect.isclass(kind) and issubclass(kind, Exception) and kind.__module__ in HOMES
} | {OSError, TimeoutError, ConnectionResetError, BrokenPipeError, EOFError, ValueError}


class Raising(AiohttpTransport):
    """Fails with one exception where the exchange would be."""

    def __init__(self, error):
        super().__init__()
        self._error = error

    async def _exchange(self, session, request):
        raise self._error


@pytest.mark.parametrize("kind", sorted(KINDS, key=lambda kind: kind.__name__), ids=lambda kind: kind.__name__)
async def test_every_exception_becomes_one_of_two(kind):
    expected = ConnectionFailed if kind.__name__ in NEVER_CONNECTED else ResponseLost
    transport = Raising(kind.__new__(kind))

    with pytest.raises(expected):
        await transport.exchange(get("http://127.0.0.1:1"))
    await transport.close()

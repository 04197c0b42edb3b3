"""AiohttpTransport over real sockets on loopback, and the name each kind of failure gets."""

import asyncio
import inspect
import ssl
import subprocess
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import http_exceptions

from momo import AiohttpTransport, ConfigurationError, ConnectionFailed, HttpRequest, ResponseLost, endpoints

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


async def test_a_delete_that_never_connected_was_not_sent():
    async with listening(Server()) as url:
        pass
    async with transport_of() as transport:
        with pytest.raises(ConnectionFailed):
            await transport.exchange(HttpRequest("DELETE", f"{url}/", {}))


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH"])
async def test_nor_is_any_other_write_which_aiohttp_would_repeat(method):
    server = Server(OK, None, OK)
    async with listening(server) as url, transport_of() as transport:
        await transport.exchange(HttpRequest(method, f"{url}/", {}))

        with pytest.raises(ResponseLost):
            await transport.exchange(HttpRequest(method, f"{url}/", {}))

    assert len(server.received) == 2


async def test_reads_and_tokens_may_be_given_less_time_than_writes():
    read, token = (HttpRequest(row.method, "", {}, endpoint=row) for row in (endpoints.BALANCE, endpoints.TOKEN))
    async with listening(Server(STUCK, STUCK, STUCK)) as url, transport_of(read_seconds=0.05) as transport:
        for request in (read, token, get(url)):
            with pytest.raises(ResponseLost):
                await transport.exchange(replace(request, url=f"{url}/"))


async def test_writes_keep_their_own_time():
    async with listening(Server(STUCK)) as url, transport_of(total_seconds=0.05, read_seconds=60) as transport:
        with pytest.raises(ResponseLost):
            await transport.exchange(post(url))


async def test_a_proxy_is_asked_and_only_the_one_that_was_named(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    server = Server(OK)
    async with listening(server) as url, transport_of(proxy=url) as transport:
        await transport.exchange(get("http://momo.test", "/v1_0/x"))

    assert server.received[0].startswith(b"GET http://momo.test/v1_0/x HTTP/1.1")


async def test_a_proxy_that_opens_no_tunnel_has_sent_nothing():
    server = Server(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    async with listening(server) as url, transport_of(proxy=url) as transport:
        with pytest.raises(ConnectionFailed):
            await transport.exchange(post("https://momo.test"))


@pytest.mark.parametrize("proxy", ["", "shop:secret@proxy", "socks5://secret@proxy:1"])
def test_a_proxy_that_is_none_is_refused_without_its_password(proxy):
    with pytest.raises(ConfigurationError) as caught:
        AiohttpTransport(proxy=proxy)

    assert "secret" not in str(caught.value)


async def test_certificates_of_ones_own_are_trusted(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)  # noqa: ASYNC221
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    server = Server(OK)
    listener = await asyncio.start_server(server.connected, "127.0.0.1", 0, ssl=tls)
    url = f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}"

    async with transport_of(ca_file=certificate) as transport:
        response = await transport.exchange(get(url))

    assert response.status == 200
    listener.close()
    await server.finished()


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_a_file_without_certificates_is_a_configuration_error(tmp_path, text):
    file = tmp_path / "ca.pem"
    if text is not None:
        file.write_text(text)

    with pytest.raises(ConfigurationError, match=r"ca\.pem"):
        AiohttpTransport(ca_file=file)


async def test_a_transport_of_another_loop_says_so():
    transport = AiohttpTransport()
    transport._loop = asyncio.new_event_loop()

    with pytest.raises(ConfigurationError, match="another event loop"):
        await transport.exchange(get("http://127.0.0.1:1"))
    transport._loop.close()


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
    "ClientHttpProxyError",
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


async def test_an_answer_in_chunks_comes_back_whole():
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"

    assert (await outcome_of(chunks)).body == b"{}"

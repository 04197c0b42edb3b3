"""One HTTP exchange. Knows sockets and aiohttp; knows nothing of MoMo, tokens or retries."""

import asyncio
import ssl
from pathlib import Path
from typing import Protocol

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from momo import checks
from momo.endpoints import Purpose
from momo.errors import ConfigurationError, ConnectionFailed, InvalidValue, ResponseLost
from momo.wire import HttpRequest, HttpResponse

_LARGEST_ANSWER = 256 * 1024  # bytes; MTN's longest is about one thousand

# aiohttp raises these while it connects and at no other time, so nothing can have been sent.
_NEVER_CONNECTED = (
    aiohttp.ClientConnectorError,  # refused, unreachable, no such name, TLS refused
    aiohttp.ConnectionTimeoutError,
    aiohttp.ServerFingerprintMismatch,
    aiohttp.ClientHttpProxyError,  # the proxy opened no tunnel
)
# aiohttp itself repeats these when a connection breaks, and here they are writes.
_REPEATED_BY_AIOHTTP = frozenset({"PUT", "DELETE"})
_NO_TYPE = frozenset({"Content-Type"})  # aiohttp gives one even to a POST without body, such as a token request
# Whatever else may go wrong can go wrong after the request left. TimeoutError is an OSError.
_MAY_HAVE_BEEN_SENT = (aiohttp.ClientError, HttpProcessingError, OSError, EOFError, TypeError, ValueError)


class Transport(Protocol):
    """Carries one request and brings back its answer. Write your own to fake the wire in tests."""

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        """Return the answer, whatever its status. Sends the request at most once if it is a write.

        Raises:
            ConnectionFailed: nothing was sent.
            ResponseLost: it may have been sent, and no whole answer came back.
        """
        ...

    async def close(self) -> None:
        """Let go of all connections. May be called twice."""
        ...


class AiohttpTransport:
    """The Transport for real use: pooled connections, no redirects, no cookies, no proxy from the environment.

    A write is never sent twice. A GET may be, by aiohttp itself, if a pooled connection turns out to be closed.
    An answer of more than 256 KiB counts as lost. It belongs to the event loop in which it is first used.

    Args:
        connect_seconds: the longest to wait for a connection, waiting for a free one in the pool included.
        total_seconds: the longest for one exchange as a whole.
        read_seconds: the same for reads and token requests; None for total_seconds.
        connections: how many may be open at once.
        proxy: where an HTTP proxy is, with user and password if it wants them; the environment is not looked at.
        ca_file: certificates to trust in place of the system's, in PEM.

    Raises:
        ConfigurationError: the proxy's address or the file of certificates cannot be used.
    """

    def __init__(
        self,
        *,
        connect_seconds: float = 5,
        total_seconds: float = 20,
        read_seconds: float | None = None,
        connections: int = 100,
        proxy: str | None = None,
        ca_file: str | Path | None = None,
    ) -> None:
        write = aiohttp.ClientTimeout(total=total_seconds, connect=connect_seconds)
        read = write if read_seconds is None else aiohttp.ClientTimeout(total=read_seconds, connect=connect_seconds)
        self._timeouts = {Purpose.WRITE: write, Purpose.READ: read, Purpose.TOKEN: read}
        self._connections = connections
        self._proxy = _proxy(proxy)
        self._ssl = _trusting(ca_file)
        self._session: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        """Return the answer, whatever its status. See Transport."""
        try:
            return await self._exchange(self._open_session(), request)
        except _NEVER_CONNECTED as error:
            raise ConnectionFailed(f"no connection: {type(error).__name__}") from error
        except _MAY_HAVE_BEEN_SENT as error:
            raise ResponseLost(f"no answer: {type(error).__name__}") from error

    async def close(self) -> None:
        """Close all connections; exchanges after this raise ConnectionFailed."""
        self._closed = True
        if self._session is not None:
            await self._session.close()

    def _open_session(self) -> aiohttp.ClientSession:
        """Made at first use, because a session belongs to the event loop it was made in."""
        if self._closed:
            raise ConnectionFailed("no connection: the client was closed")
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            if self._loop is not None:
                raise ConfigurationError("this client was used in another event loop: make one for each")
            self._loop = loop
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, ssl=self._ssl)
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"Accept-Encoding": "identity"},
                trust_env=False,
            )
        return self._session

    def _timeout_of(self, request: HttpRequest) -> aiohttp.ClientTimeout:
        if request.endpoint is not None:
            return self._timeouts[request.endpoint.purpose]
        return self._timeouts[Purpose.READ if request.method == "GET" else Purpose.WRITE]

    async def _exchange(self, session: aiohttp.ClientSession, request: HttpRequest) -> HttpResponse:
        async with session.request(
            request.method,
            request.url,
            headers=request.headers,
            data=request.body,
            allow_redirects=False,
            proxy=self._proxy,
            timeout=self._timeout_of(request),
            middlewares=(_once,) if request.method in _REPEATED_BY_AIOHTTP else (),
            skip_auto_headers=_NO_TYPE if request.body is None and request.method == "POST" else None,
        ) as response:
            return HttpResponse(response.status, response.headers, await _read_body(response))


async def _once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Turn a broken connection into something that aiohttp does not answer by sending again."""
    try:
        return await send(request)
    except _NEVER_CONNECTED:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise ResponseLost(f"no answer: {type(error).__name__}") from error


def _proxy(address: str | None) -> str | None:
    try:
        return None if address is None else checks.url("proxy", address)
    except InvalidValue:
        raise ConfigurationError("proxy must be an http or https address") from None  # it may hold a password


def _trusting(ca_file: str | Path | None) -> ssl.SSLContext | bool:
    if ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=str(ca_file))
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise ConfigurationError(f"the file of certificates {str(ca_file)!r} cannot be used") from error


async def _read_body(response: aiohttp.ClientResponse) -> bytes:
    told = response.content_length
    if told is not None and told <= _LARGEST_ANSWER and "Content-Encoding" not in response.headers:
        return await response.read()
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > _LARGEST_ANSWER:
            raise ResponseLost(f"no answer: more than {_LARGEST_ANSWER} bytes")
    return bytes(body)

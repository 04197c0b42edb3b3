"""One HTTP exchange. Knows sockets and aiohttp; knows nothing of MoMo, tokens or retries."""

from typing import Protocol

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from momo.errors import ConnectionFailed, ResponseLost
from momo.wire import HttpRequest, HttpResponse

_LARGEST_ANSWER = 256 * 1024  # bytes; MTN's longest is about one thousand

# aiohttp raises these while it connects and at no other time, so nothing can have been sent.
_NEVER_CONNECTED = (
    aiohttp.ClientConnectorError,  # refused, unreachable, no such name, TLS refused
    aiohttp.ConnectionTimeoutError,
    aiohttp.ServerFingerprintMismatch,
)
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

    A POST is never sent twice. A GET may be, by aiohttp itself, if a pooled connection turns out to be closed.
    An answer of more than 256 KiB counts as lost.

    Args:
        connect_seconds: the longest to wait for a connection, waiting for a free one in the pool included.
        total_seconds: the longest for one exchange as a whole.
    """

    def __init__(self, *, connect_seconds: float = 5, total_seconds: float = 20) -> None:
        self._timeout = aiohttp.ClientTimeout(total=total_seconds, connect=connect_seconds)
        self._session: aiohttp.ClientSession | None = None
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
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
            )
        return self._session

    async def _exchange(self, session: aiohttp.ClientSession, request: HttpRequest) -> HttpResponse:
        async with session.request(
            request.method,
            request.url,
            headers={"Accept-Encoding": "identity", **request.headers},
            data=request.body,
            allow_redirects=False,
            skip_auto_headers=("Content-Type",),  # a token request has neither body nor type
        ) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            return HttpResponse(response.status, headers, await _read_body(response))


async def _read_body(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > _LARGEST_ANSWER:
            raise ResponseLost(f"no answer: more than {_LARGEST_ANSWER} bytes")
    return bytes(body)

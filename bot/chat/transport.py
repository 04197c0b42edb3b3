"""Telegram's HTTP on aiohttp, in the place of python-telegram-bot's own on httpx.

What lives here: one HTTP exchange with the Bot API, and its failures in Telegram's error classes. What must
not: retries, pacing, and any knowledge of what is sent.

The bot's token is part of every address, and aiohttp's errors carry the address. So no error of aiohttp
leaves this module, not even as the cause of another: only its class is named.
"""

import os
import time
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, FormData, TCPConnector
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

_KEEP_ALIVE_SECONDS = 30
OF_A_FORM = {"Content-Type": "application/x-www-form-urlencoded"}

# RetryAfter.retry_after is a timedelta, as it will be in python-telegram-bot 23. Without this, which it reads
# each time, 22.8 warns of that whenever Telegram asks for a pause.
os.environ.setdefault("PTB_TIMEDELTA", "true")

Told = Callable[[str, str, float], None]
"""What is told of each exchange, for metrics: the method, how it ended, and how many seconds it took."""


def tell_nobody(_method: str, _outcome: str, _seconds: float) -> None:
    """Let nobody know."""


class AiohttpRequest(BaseRequest):
    """One pool of connections to the Bot API.

    Everything goes straight to Telegram: proxies of the environment and redirects are not followed, since
    either would hand the token to somebody else. A POST is sent once: aiohttp repeats only idempotent methods.
    All limits are in seconds; ``None`` means no limit.
    """

    __slots__ = ("_connect", "_media_write", "_pool", "_pool_size", "_read", "_session", "_told", "_write")

    def __init__(
        self,
        connection_pool_size: int = 64,
        *,
        read_timeout: float | None = 10,
        write_timeout: float | None = 10,
        media_write_timeout: float | None = 30,
        connect_timeout: float | None = 5,
        pool_timeout: float | None = 5,
        told: Told = tell_nobody,
    ) -> None:
        self._pool_size = connection_pool_size
        self._read = read_timeout
        self._write = write_timeout
        self._media_write = media_write_timeout
        self._connect = connect_timeout
        self._pool = pool_timeout
        self._told = told
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """How long to wait for the answer, unless a call says otherwise."""
        return self._read

    async def initialize(self) -> None:
        """Open the pool. Does nothing if it is open."""
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=self._pool_size, keepalive_timeout=_KEEP_ALIVE_SECONDS),
                cookie_jar=DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                trust_env=False,
            )

    async def shutdown(self) -> None:
        """Close the pool. Does nothing if it is closed; `initialize` opens a new one."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return the status and the body of Telegram's answer, whatever it says.

        Raises:
            TimedOut: a limit passed. The request may have been carried out.
            NetworkError: there was no whole answer. The request may have been carried out.
        """
        has_files = request_data is not None and request_data.contains_files
        timeout = _timeout(
            read=_chosen(read_timeout, self._read),
            write=_chosen(write_timeout, self._media_write if has_files else self._write),
            connect=_chosen(connect_timeout, self._connect),
            pool=_chosen(pool_timeout, self._pool),
        )
        address, started, outcome = URL(url, encoded=True), time.monotonic(), "cancelled"
        try:
            status, answer = await self._exchange(method, address, _body(request_data), timeout)
            outcome = _outcome(status)
        except TimeoutError as error:
            outcome = "timeout"
            raise TimedOut(f"No answer from Telegram in time ({type(error).__name__})") from None
        except (ClientError, OSError, ValueError) as error:
            outcome = "no_answer"
            raise NetworkError(f"No answer from Telegram ({type(error).__name__})") from None
        finally:
            self._told(address.name, outcome, time.monotonic() - started)
        return status, answer

    async def _exchange(
        self, method: str, url: URL, body: bytes | FormData | None, timeout: ClientTimeout
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("This request is not initialized")
        headers = OF_A_FORM if isinstance(body, bytes) else None
        async with self._session.request(
            method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
        ) as answer:
            return answer.status, await answer.read()


def _outcome(status: int) -> str:
    """Return how an exchange ended, in a word."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "throttled"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "failed"
    return "ok" if status == HTTPStatus.OK else "refused"


def _chosen(given: object, default: float | None) -> float | None:
    """Return a limit as the caller gave it, or the default where none was given."""
    if given is BaseRequest.DEFAULT_NONE:
        return default
    return given if isinstance(given, int | float) else None


def _timeout(*, read: float | None, write: float | None, connect: float | None, pool: float | None) -> ClientTimeout:
    """Return the limits as aiohttp knows them.

    It has none for writing, and waits for a free place in the pool as part of connecting. So a stalled
    upload, or an answer that drips, is ended by the sum.
    """
    return ClientTimeout(
        total=_sum(pool, connect, write, read),
        connect=_sum(pool, connect),
        sock_connect=connect,
        sock_read=read,
    )


def _sum(*limits: float | None) -> float | None:
    given = [limit for limit in limits if limit is not None]
    return sum(given) if len(given) == len(limits) else None


def _body(data: RequestData | None) -> bytes | FormData | None:
    """Return the parameters as a form; with files it is sent as multipart."""
    if data is None or not (data.parameters or data.contains_files):
        return None
    if not data.contains_files:
        return urlencode(data.json_parameters).encode()
    # Names of files go out as they are, in UTF-8: percent signs would be shown to the person.
    form = FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=content_type)
    return form

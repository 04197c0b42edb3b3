"""An authorised call of one product: token, wire and transport put together.

Reads are repeated here; writes are not, ever, because only the caller can know whether that is safe.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from momo import answers, wire
from momo.errors import (
    AuthenticationFailed,
    BadRequest,
    DuplicateReference,
    MomoError,
    NotFound,
    Outcome,
    PermissionDenied,
    Refused,
)
from momo.models import Credentials, Token
from momo.retry import seconds_before_repeat
from momo.tokens import TokenCache
from momo.transport import Transport
from momo.wire import Access, HttpRequest, HttpResponse

T = TypeVar("T")

REFUSED_TOKEN = (BadRequest, PermissionDenied, NotFound, DuplicateReference, Refused)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often reads are repeated, and where time and chance come from."""

    read_retries: int
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    jitter: Callable[[], float]


class Exchange:
    """Sends the calls of one product in the name of one API user."""

    def __init__(self, access: Access, credentials: Credentials, transport: Transport, pace: Pace) -> None:
        self._basic = wire.basic_token(credentials.api_user, credentials.api_key)
        request = wire.token(access.base_url, access.product, access.subscription_key)
        self._token_request = wire.authorised(request, self._basic)
        self._transport = transport
        self._pace = pace
        self._tokens = TokenCache(self._fetch_token, pace.clock)

    async def write(self, request: HttpRequest) -> None:
        """Send a write once.

        Raises:
            MomoError: it was not accepted, or nobody knows; `outcome` tells which.
        """
        await self.once(request, lambda response: answers.read_accepted(response, request.endpoint))

    async def once(self, request: HttpRequest, answer: Callable[[HttpResponse], T]) -> T:
        """Send a call once and return what `answer` makes of it."""
        return await self._ask(await self._tokens.value(), request, answer)

    async def once_as_user(self, request: HttpRequest, answer: Callable[[HttpResponse], T]) -> T:
        """Send a call once with Basic authentication, in the name of the API user itself."""
        return answer(await self._transport.exchange(wire.authorised(request, self._basic)))

    async def read(self, request: HttpRequest, answer: Callable[[HttpResponse], T]) -> T:
        """Send a read, again if it fails for a passing reason, and return what `answer` makes of it."""
        return await self._repeat(lambda: self._read_once(request, answer))

    async def read_as(self, bearer: str, request: HttpRequest, answer: Callable[[HttpResponse], T]) -> T:
        """Like `read`, but with a token of the caller's own."""
        return await self._repeat(lambda: self._ask(bearer, request, answer))

    async def close(self) -> None:
        """Stop what is under way."""
        await self._tokens.close()

    async def _repeat(self, once: Callable[[], Awaitable[T]]) -> T:
        for failures in range(1, self._pace.read_retries + 1):
            try:
                return await once()
            except MomoError as error:
                wait = seconds_before_repeat(error, failures, self._pace.jitter())
                if wait is None:
                    raise
                await self._pace.sleep(wait)
        return await once()

    async def _read_once(self, request: HttpRequest, answer: Callable[[HttpResponse], T]) -> T:
        token = await self._tokens.value()
        try:
            return await self._ask(token, request, answer)
        except AuthenticationFailed as error:
            if error.gateway:
                raise
        # The wallet took the token back before its time; it has been dropped, and a new one may do.
        return await self._ask(await self._tokens.value(), request, answer)

    async def _ask(self, token: str, request: HttpRequest, answer: Callable[[HttpResponse], T]) -> T:
        response = await self._transport.exchange(wire.authorised(request, wire.bearer_token(token)))
        try:
            return answer(response)
        except AuthenticationFailed as error:
            if not error.gateway:  # the gateway minds the subscription key, which no new token cures
                self._tokens.drop(token)
            raise

    async def _fetch_token(self) -> Token:
        try:
            return answers.read_token(await self._transport.exchange(self._token_request))
        except REFUSED_TOKEN as error:
            # The words of a refused write, said of a token: the caller must not take them for the former.
            raise AuthenticationFailed(error.status, error.code, error.message, gateway=error.gateway) from error
        except MomoError as error:
            # A token moves no money, and the call it was for has not left: true even if this answer was lost.
            error.outcome = Outcome.NOT_APPLIED
            raise

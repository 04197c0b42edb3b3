"""An authorised call of one product: token, wire and transport put together.

Reads are repeated here; writes are not, because only the caller can know whether that is safe. The one exception: a
write that MTN refused because its token was taken back (401) did nothing, and goes once more with a new token.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from momo import answers, hooks, wire
from momo.errors import (
    AuthenticationFailed,
    BadRequest,
    DuplicateReference,
    MomoError,
    NotFound,
    Outcome,
    PermissionDenied,
    RateLimited,
    Refused,
)
from momo.hooks import Hook
from momo.limiter import Limiter
from momo.models import Credentials, Token
from momo.retry import RetryBudget, seconds_before_repeat
from momo.tokens import TokenCache
from momo.transport import Transport
from momo.wire import Access, HttpRequest, HttpResponse

T = TypeVar("T")
_Try = Callable[[HttpRequest, Callable[[HttpResponse], T], int], Awaitable[T]]

REFUSED_TOKEN = (BadRequest, PermissionDenied, NotFound, DuplicateReference, Refused)
_LONGEST_PAUSE = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Pace:
    """How often reads are repeated, how fast calls may follow each other, who is told, and whose time and chance.

    Shared by all products of a client.
    """

    read_retries: int
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    jitter: Callable[[], float]
    limiter: Limiter | None = None
    hooks: tuple[Hook, ...] = ()
    budget: RetryBudget = field(default_factory=RetryBudget)


class Exchange:
    """Sends the calls of one product in the name of one API user."""

    def __init__(self, access: Access, credentials: Credentials, transport: Transport, pace: Pace) -> None:
        self._product = access.product
        self._basic = wire.basic_token(credentials.api_user, credentials.api_key)
        request = wire.token(access.base_url, access.product, access.subscription_key)
        self._token_request = wire.authorised(request, self._basic)
        self._transport = transport
        self.pace = pace
        self._tokens = TokenCache(self._fetch_token, pace.clock)

    async def write(self, request: HttpRequest) -> None:
        """Send a write once; the same request once more only where a 401 told that its token is no longer good.

        Raises:
            MomoError: it was not accepted, or nobody knows; `outcome` tells which.
        """
        await self._with_good_token(request, lambda response: answers.read_accepted(response, request.endpoint))

    async def once(self, request: HttpRequest, answer: Callable[[HttpResponse], T]) -> T:
        """Send a call once and return what `answer` makes of it."""
        return await self._ask(await self._tokens.value(), request, answer)

    async def once_as_user(self, request: HttpRequest, answer: Callable[[HttpResponse], T]) -> T:
        """Send a call once with Basic authentication, in the name of the API user itself."""
        return await self._exchange(wire.authorised(request, self._basic), answer)

    async def read(self, request: HttpRequest, answer: Callable[[HttpResponse], T]) -> T:
        """Send a read, again if it fails for a passing reason, and return what `answer` makes of it."""
        return await self._repeat(self._with_good_token, request, answer)

    async def read_as(self, bearer: str, request: HttpRequest, answer: Callable[[HttpResponse], T]) -> T:
        """Like `read`, but with a token of the caller's own."""
        return await self._repeat(partial(self._ask, bearer), request, answer)

    async def ensure_token(self) -> bool:
        """Have a token that can be used now; return whether it had to be waited for."""
        if self._tokens.current() is not None:
            return False
        await self._tokens.value()
        return True

    async def close(self) -> None:
        """Stop what is under way."""
        await self._tokens.close()

    async def _repeat(self, once: _Try[T], request: HttpRequest, answer: Callable[[HttpResponse], T]) -> T:
        self.pace.budget.earn()
        for attempt in range(1, self.pace.read_retries + 1):
            try:
                return await once(request, answer, attempt)
            except MomoError as error:
                wait = seconds_before_repeat(error, attempt, self.pace.jitter())
                if wait is None or not self.pace.budget.spend():
                    raise
                await self.pace.sleep(wait)
        return await once(request, answer, self.pace.read_retries + 1)

    async def _with_good_token(self, request: HttpRequest, answer: Callable[[HttpResponse], T], attempt: int = 1) -> T:
        token = await self._tokens.value()
        try:
            return await self._ask(token, request, answer, attempt)
        except AuthenticationFailed as error:
            if error.gateway:
                raise
        # The wallet took the token back before its time; it has been dropped, and a new one may do.
        return await self._ask(await self._tokens.value(), request, answer, attempt)

    async def _ask(self, token: str, request: HttpRequest, answer: Callable[[HttpResponse], T], attempt: int = 1) -> T:
        return await self._exchange(wire.authorised(request, wire.bearer_token(token)), answer, attempt, token)

    async def _fetch_token(self) -> Token:
        try:
            return await self._exchange(self._token_request, answers.read_token)
        except REFUSED_TOKEN as error:
            # The words of a refused write, said of a token: the caller must not take them for the former.
            raise AuthenticationFailed(error.status, error.code, error.message, gateway=error.gateway) from error
        except MomoError as error:
            # A token moves no money, and the call it was for has not left: true even if this answer was lost.
            error.outcome = Outcome.NOT_APPLIED
            raise

    async def _exchange(
        self, request: HttpRequest, answer: Callable[[HttpResponse], T], attempt: int = 1, token: str | None = None
    ) -> T:
        """One exchange in its turn, judged and told of."""
        if self.pace.limiter is not None:
            await self.pace.limiter.turn()
        started, status = self.pace.clock(), None
        try:
            response = await self._transport.exchange(request)
            status = response.status
            result = answer(response)
        except BaseException as error:  # a call that was cancelled is told of too
            self._learn(error, token)
            self._tell(request, attempt, started, status, error)
            raise
        self._tell(request, attempt, started, status, None)
        return result

    def _tell(
        self, request: HttpRequest, attempt: int, started: float, status: int | None, error: BaseException | None
    ) -> None:
        if self.pace.hooks:
            seconds = self.pace.clock() - started
            report = hooks.report_of(self._product, request, attempt, seconds, status, error)
            hooks.tell(self.pace.hooks, report)

    def _learn(self, error: BaseException, token: str | None) -> None:
        """A token that was refused is not used again; a 429 that names a time holds back every call of the client."""
        if token is not None and isinstance(error, AuthenticationFailed) and not error.gateway:
            self._tokens.drop(token)  # the gateway minds the subscription key, which no new token cures
        if isinstance(error, RateLimited) and error.retry_after is not None and self.pace.limiter is not None:
            self.pace.limiter.pause(min(error.retry_after, _LONGEST_PAUSE))

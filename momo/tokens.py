"""One access token, fetched when needed, renewed early, shared by all who wait. Does no I/O of its own."""

import asyncio
from collections.abc import Awaitable, Callable

from momo.models import Token

_RENEWED_BEFORE_EXPIRY = 600.0  # seconds, MTN's advice
_TRIED_AGAIN_AFTER = 30.0


class TokenCache:
    """The current access token of one product.

    A token is renewed ten minutes before it expires, or at half its life if that is later: a token of fewer than
    twenty minutes would otherwise be renewed all the time. Nobody waits for that: the old one is good until it expires.

    Args:
        fetch: brings a new token. Its errors reach everybody who waits.
        clock: seconds that never go back.
    """

    def __init__(self, fetch: Callable[[], Awaitable[Token]], clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._value: str | None = None
        self._renew_at = self._expires_at = 0.0
        self._fetching: asyncio.Task[str] | None = None

    async def value(self) -> str:
        """Return a token that can be used now."""
        if (current := self.current()) is None:
            # Shielded: a waiter who is cancelled must not take the token away from the others.
            return await asyncio.shield(self._renewal())
        if self._clock() >= self._renew_at:
            self._renew_at = self._clock() + _TRIED_AGAIN_AFTER  # should this renewal fail
            self._renewal()
        return current

    def current(self) -> str | None:
        """Return the token that can be used now; None when there is none without waiting."""
        return self._value if self._clock() < self._expires_at else None

    def drop(self, value: str) -> None:
        """Forget a token that MTN no longer takes, unless a newer one has replaced it already."""
        if value == self._value:
            self._value = None

    async def close(self) -> None:
        """Stop a fetch that is under way."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])

    def _renewal(self) -> asyncio.Task[str]:
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._renew())
            self._fetching.add_done_callback(self._fetched)
        return self._fetching

    async def _renew(self) -> str:
        asked_at = self._clock()  # before the request: MTN counts from somewhere in the middle of it
        token = await self._fetch()
        self._value = token.value
        self._expires_at = asked_at + token.expires_in
        self._renew_at = self._expires_at - min(_RENEWED_BEFORE_EXPIRY, token.expires_in / 2)
        return token.value

    def _fetched(self, task: asyncio.Task[str]) -> None:
        self._fetching = None
        if not task.cancelled():
            task.exception()  # marks it as seen, should nobody wait for it

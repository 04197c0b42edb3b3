"""``/readyz``: whether the till keeps up, for whoever decides to restart it or to send somebody to look."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.service.health import Lags

# Anybody may ask, so the database is asked no more often than this.
FRESH_SECONDS = 1.0
PATIENCE_SECONDS = 3.0

Measure = Callable[[], Awaitable[Lags]]


class Readiness:
    """Measures at most once a second, however many ask."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._turn = asyncio.Lock()
        self._fresh_until = 0.0
        self._body: dict[str, Any] = {}

    async def handle(self, _: web.Request) -> web.Response:
        """Answer 200, or 503 with what is late: the database, the lookups at MTN (poll) or the messages (outbox)."""
        async with self._turn:
            if time.monotonic() >= self._fresh_until:
                self._body = await _measured(self._measure)
                self._fresh_until = time.monotonic() + FRESH_SECONDS
        return web.json_response(self._body, status=200 if self._body["ready"] else 503)


async def _measured(measure: Measure) -> dict[str, Any]:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            lags = await measure()
    except (sqlite3.Error, TimeoutError):
        return {"ready": False, "why": ["database"]}
    return {
        "ready": lags.ready,
        "why": lags.why,
        "poll_lag_seconds": int(lags.poll.total_seconds()),
        "outbox_lag_seconds": int(lags.outbox.total_seconds()),
        "frozen": lags.frozen,
    }

"""Telegram's webhook: the secret is checked, the update stored, and only then answered with 200."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
LARGEST_UPDATE = 1024 * 1024
BODY_SECONDS = 2.0

Keep = Callable[[dict[str, Any]], Awaitable[None]]


class TelegramWebhook:
    """Takes updates that carry the secret; everything else leaves no trace."""

    def __init__(self, secret: str, keep: Keep) -> None:
        self._secret = secret.encode()
        self._keep = keep

    async def handle(self, request: web.Request) -> web.Response:
        """Store one update. Telegram brings it again unless it is answered with 2xx."""
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(given, self._secret):
            raise web.HTTPForbidden
        update = _update(await _body(request))
        if update is None:
            raise web.HTTPBadRequest
        await self._keep(update)
        return web.Response()


async def _body(request: web.Request) -> bytes:
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None


def _update(body: bytes) -> dict[str, Any] | None:
    try:
        update = json.loads(body)
    except ValueError:
        return None
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        return None
    return update

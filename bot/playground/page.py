"""The chat page over HTTP and its WebSocket, for browsers on this machine only.

What is shown and done is decided in phones.py; how it looks in static/.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import WSCloseCode, web

from bot.playground.botapi import BotApi
from bot.playground.phones import Hint, Phone, PhoneBoard

STATIC = Path(__file__).parent / "static"
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
# What browsers show by themselves without running it as a page of this origin; anything else is saved.
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
HEARTBEAT_SECONDS = 20
LARGEST_ORDER = 64 * 1024
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class PlaygroundPage:
    """A page with the phones of some people.

    Args:
        api: the Telegram that people act on.
        phones: who is there, and which chats they see; the first two are shown side by side.
        hints: example lines beside the phones; a click puts one into the writing field.
    """

    def __init__(self, api: BotApi, phones: Sequence[Phone], hints: Sequence[Hint] = ()) -> None:
        self.url = ""
        self._api = api
        self._board = PhoneBoard(api, phones, hints)
        self._sockets: set[web.WebSocketResponse] = set()
        self._runner: web.AppRunner | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 8000) -> str:
        """Listen, and return the address of the page."""
        app = web.Application(middlewares=[_only_from_this_machine])
        app.on_response_prepare.append(_add_headers)
        app.router.add_get("/", _front_page)
        app.router.add_get("/ws", self._socket)
        app.router.add_get("/files/{file_id}", self._file)
        app.router.add_static("/static", STATIC)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"
        return self.url

    async def stop(self) -> None:
        """Say goodbye to open pages and stop listening."""
        for socket in list(self._sockets):
            await socket.close(code=WSCloseCode.GOING_AWAY)
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=LARGEST_ORDER)
        await socket.prepare(request)
        self._sockets.add(socket)
        writer = asyncio.create_task(self._tell(socket))
        try:
            async for message in socket:
                await self._obey(socket, message.data)
        finally:
            self._sockets.discard(socket)
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await writer
        return socket

    async def _tell(self, socket: web.WebSocketResponse) -> None:
        # Subscribed before the history is taken: nothing can fall between the two.
        events = self._api.subscribe(after=len(self._api.transcript))
        await socket.send_json(self._board.state())
        async for event in events:
            shown = self._board.shown(event)
            if shown is not None:
                await socket.send_json(shown)

    async def _obey(self, socket: web.WebSocketResponse, text: Any) -> None:
        try:
            self._board.act(json.loads(text))
        except (TypeError, ValueError, LookupError) as error:
            await socket.send_json({"type": "problem", "text": str(error)})

    async def _file(self, request: web.Request) -> web.Response:
        upload = self._api.files.get(request.match_info["file_id"])
        if upload is None:
            raise web.HTTPNotFound
        shown = upload.content_type in SHOWN
        how = "inline" if shown else "attachment"
        return web.Response(
            body=upload.content,
            content_type=upload.content_type if shown else "application/octet-stream",
            headers={"Content-Disposition": f"{how}; filename*=UTF-8''{quote(upload.filename, safe='')}"},
        )


async def _front_page(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "page.html")


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)


@web.middleware
async def _only_from_this_machine(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse other sites: a foreign Host is DNS rebinding, a foreign Origin a page that reaches over."""
    origin = request.headers.get("Origin")
    if _host_name(request.host) not in LOOPBACK_NAMES:
        raise web.HTTPForbidden(text="This page is for browsers on this machine.")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="Another site may not use this page.")
    return await handler(request)


def _host_name(host: str) -> str:
    return urlsplit(f"//{host}").hostname or ""

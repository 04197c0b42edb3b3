"""The HTTP door: carries requests to the sandbox, its answers and faults back, and its callbacks out.

No rule of MTN's is here. It listens on loopback unless told otherwise.
"""

import asyncio
import socket
import struct
from contextlib import suppress

import aiohttp
from aiohttp import web

from momo.sandbox.callbacks import ANSWER_TIMEOUT, Callback
from momo.sandbox.core import Sandbox
from momo.sandbox.faults import Answer, Cut
from momo.sandbox.pump import Pump
from momo.wire import HttpRequest, HttpResponse


class SandboxServer:
    """A sandbox that listens.

    Example:
        server = SandboxServer(Sandbox())
        await server.start()
        ...  # clients use server.url
        await server.stop()
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.url = ""
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self._pump = Pump(sandbox, self._post)
        self._handled = asyncio.Event()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. `url` says where."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        # A client that gives up ends its request here too; nothing waits for it.
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound = self._runner.addresses[0]
        self.url = f"http://{_in_url(bound[0])}:{bound[1]}"
        # One connection per callback: on a kept one aiohttp would repeat a PUT by itself.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True),
            timeout=aiohttp.ClientTimeout(total=ANSWER_TIMEOUT),
        )

    async def stop(self) -> None:
        """Stop listening and sending. May be called twice."""
        await self._pump.stop()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._session is not None:
            await self._session.close()

    async def deliver_due(self) -> None:
        """Send the callbacks that are due now and wait for the answers; usually nobody has to ask."""
        await self._pump.deliver_due()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        url = f"{self.url}{request.raw_path}"
        answer = self.sandbox.handle(HttpRequest(request.method, url, dict(request.headers), body or None))
        self._pump.wake()
        self._handled.set()
        self._handled = asyncio.Event()
        if answer.delay:
            await self._pass(answer.delay)
        return await _carried_out(request, answer)

    async def _pass(self, seconds: float) -> None:
        """Wait on the sandbox's clock, which any request may move."""
        timeline = self.sandbox.timeline
        until = timeline.now() + seconds
        while (left := until - timeline.now()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._handled.wait(), left)

    async def _post(self, callback: Callback) -> int | None:
        assert self._session is not None  # noqa: S101 - made in start, before any request
        out = callback.request()
        try:
            async with self._session.request(
                out.method, out.url, data=out.body, headers=out.headers, allow_redirects=False
            ) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None


async def _carried_out(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Send the answer, or end the connection as the fault wants it."""
    match answer.cut:
        case None:
            return _response(answer.response)
        case Cut.SILENT:
            await asyncio.Event().wait()  # cancelled when the client hangs up, or at the end
        case Cut.MID_BODY:
            return await _half(request, answer.response)
        case Cut.CLOSED:
            _close(request)
        case _:  # reset, or refused as far as a listening server can
            _reset(request)
    return web.Response()


def _response(reply: HttpResponse) -> web.Response:
    return web.Response(status=reply.status, body=reply.body or None, headers=reply.headers)


async def _half(request: web.Request, reply: HttpResponse) -> web.StreamResponse:
    response = web.StreamResponse(status=reply.status, headers=reply.headers)
    response.content_length = len(reply.body)
    await response.prepare(request)
    await response.write(reply.body[: len(reply.body) // 2])
    _close(request)
    return response


def _close(request: web.Request) -> None:
    _transport_of(request).close()


def _reset(request: web.Request) -> None:
    transport = _transport_of(request)
    connection: socket.socket = transport.get_extra_info("socket")
    # Lingering for no time makes the kernel send RST instead of FIN.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _transport_of(request: web.Request) -> asyncio.Transport:
    assert isinstance(request.transport, asyncio.Transport)  # noqa: S101 - who hangs up ends the request
    return request.transport


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host

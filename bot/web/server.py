"""The till's HTTP door: MTN's callbacks, Telegram's webhook, the health probes. Answers at once; works later."""

import asyncio
from typing import cast

import structlog
from aiohttp import web

from bot.service.callbacks import Doorbell
from bot.service.mtn import CALLBACK_PATH
from bot.web import telegram
from bot.web.doorkeeper import Doorkeeper
from bot.web.metrics import MetricsPage
from bot.web.probes import Readiness
from bot.web.telegram import LARGEST_UPDATE, TelegramWebhook

log = structlog.get_logger(__name__)

LARGEST_BODY = 16 * 1024
SHUTDOWN_SECONDS = 2.0
# How long a rest of a body is read and thrown away, so that the answer is not lost in a reset.
LINGER_SECONDS = 2.0


class WebServer:
    """Listens for callbacks and probes."""

    def __init__(
        self,
        doorbell: Doorbell,
        readiness: Readiness,
        telegram: TelegramWebhook | None = None,
        metrics: MetricsPage | None = None,
    ) -> None:
        self._doorbell = doorbell
        self._telegram = telegram
        self._readiness = readiness
        self._metrics = metrics
        self._runner: web.AppRunner | None = None
        self._listening: asyncio.Server | None = None
        self._doorkeeper: Doorkeeper

    async def start(self, host: str, port: int) -> int:
        """Listen and return the port (the one the system chose, for port 0).

        Raises:
            OSError: it is taken, or the host is not this machine.
        """
        app = web.Application(client_max_size=LARGEST_UPDATE)
        for method in ("PUT", "POST"):
            app.router.add_route(method, CALLBACK_PATH + "{token}", self._callback)
        if self._telegram is not None:
            app.router.add_post(telegram.PATH, self._telegram.handle)
        app.router.add_get("/healthz", self._alive)
        app.router.add_get("/readyz", self._readiness.handle)
        if self._metrics is not None:
            app.router.add_get("/metrics", self._metrics.handle)
        app.on_response_prepare.append(self._answering)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS, lingering_time=LINGER_SECONDS
        )
        await self._runner.setup()
        self._doorkeeper = Doorkeeper(cast("web.Server", self._runner.server))
        self._listening = await self._listen(host, port)
        bound: int = self._listening.sockets[0].getsockname()[1]
        log.info("listening", host=host, port=bound)
        return bound

    async def _listen(self, host: str, port: int) -> asyncio.Server:
        try:
            return await asyncio.get_running_loop().create_server(self._doorkeeper.connection, host, port)
        except OSError as error:
            why = str(error).rpartition(": ")[2]
            cure = "end what has it, or set LISTEN_HOST and LISTEN_PORT to an address of this machine that is free"
            raise OSError(f"cannot listen on {host}, port {port} ({why}): {cure}") from error

    async def stop(self) -> None:
        """Stop listening."""
        if self._listening is not None:
            self._listening.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answering(self, request: web.Request, _: web.StreamResponse) -> None:
        self._doorkeeper.answered(request.transport)

    async def _callback(self, request: web.Request) -> web.Response:
        # The body proves nothing and is not read; the answer is the same whatever the token.
        if (request.content_length or 0) > LARGEST_BODY:
            raise web.HTTPRequestEntityTooLarge(LARGEST_BODY, request.content_length or 0)
        self._doorbell.ring(request.match_info["token"])
        return web.Response()

    async def _alive(self, _: web.Request) -> web.Response:
        return web.json_response({"alive": True})

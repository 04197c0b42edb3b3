"""The playground's Bot API over HTTP, on loopback: addresses, bodies, dropped connections.

Every rule about methods is elsewhere; here a request becomes Parameters and an Answer becomes a response.
"""

import asyncio
import json
from typing import Any

from aiohttp import BodyPartReader, web

from bot.playground import methods
from bot.playground.botapi import BotApi
from bot.playground.parameters import Parameters, Upload
from bot.playground.refusals import Refusal, bad_request
from bot.playground.webhook import WebhookSender

LARGEST_BODY = 50 * 1024 * 1024  # Telegram's limit for an upload


class BotApiServer:
    """Serves one BotApi. ``url`` is what a bot takes for Telegram's address."""

    def __init__(self, api: BotApi) -> None:
        self.url = ""
        self._api = api
        self._runner: web.AppRunner | None = None
        self._webhooks = WebhookSender(api)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen, and return the address."""
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/{file_id}", self._handle_file)
        app.router.add_route("*", "/{rest:.*}", _handle_nothing)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"
        self._webhooks.start()
        return self.url

    async def stop(self) -> None:
        """Let go of held polls and stop listening."""
        await self._webhooks.stop()
        if self._runner is not None:
            self._api.updates.release()
            await self._runner.cleanup()
            self._runner = None

    async def _handle(self, request: web.Request) -> web.Response:
        token, method = request.match_info["token"], request.match_info["method"]
        try:
            parameters = await _read(request)
        except Refusal as refusal:
            return _json(refusal.as_json(), refusal.code)
        answer = await methods.answer(self._api, token, method, parameters)
        await asyncio.sleep(answer.late_seconds)
        if answer.lost and request.transport is not None:
            request.transport.abort()
        if isinstance(answer.body, str):
            return web.Response(text=answer.body, status=answer.status, content_type="text/html")
        return _json(answer.body, answer.status)

    async def _handle_file(self, request: web.Request) -> web.Response:
        upload = self._api.files.get(request.match_info["file_id"])
        if request.match_info["token"] != self._api.token or upload is None:
            return await _handle_nothing(request)
        return web.Response(body=upload.content, content_type=upload.content_type)


async def _handle_nothing(_request: web.Request) -> web.Response:
    return _json({"ok": False, "error_code": 404, "description": "Not Found"}, 404)


def _json(body: dict[str, Any], status: int) -> web.Response:
    return web.json_response(body, status=status)


async def _read(request: web.Request) -> Parameters:
    values: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return Parameters(values | await _json_body(request))
    if request.content_type == "multipart/form-data":
        return await _multipart(request, values)
    return Parameters(values | dict(await request.post()))


async def _json_body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(body, dict):
        raise bad_request("can't parse JSON object: an Object is expected")
    return body


async def _multipart(request: web.Request, values: dict[str, Any]) -> Parameters:
    files: dict[str, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = bytes(await part.read())
        if part.filename is None:
            values[part.name] = content.decode()
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = Upload(part.filename, kind, content)
    return Parameters(values, files)

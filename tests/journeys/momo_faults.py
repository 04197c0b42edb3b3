"""What can go wrong with one write to MTN, by name: did MTN take it, and what did it say?

A fault gets the server, the request and `accept`, which does what MTN does with a whole request.
"""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .waiting import Hold

if TYPE_CHECKING:
    from .foreign_momo import ForeignMomo

Accept = Callable[[], web.Response]
Fault = Callable[["ForeignMomo", web.Request, Accept], Awaitable[web.StreamResponse]]


def answer(status: int, body: Any, **headers: str) -> web.Response:
    return web.json_response(body, status=status, headers=headers)


async def _hang_up(request: web.Request) -> web.StreamResponse:
    """Reset the connection: the caller sees neither an answer nor a polite end."""
    assert request.transport is not None
    wire = request.transport.get_extra_info("socket")
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()
    await asyncio.Event().wait()  # the server cancels this handler, for its caller is gone
    raise AssertionError


async def lost_answer(momo: "ForeignMomo", request: web.Request, accept: Accept) -> web.StreamResponse:
    accept()
    return await _hang_up(request)


async def reset_before(momo: "ForeignMomo", request: web.Request, accept: Accept) -> web.StreamResponse:
    return await _hang_up(request)


async def error_without_code(momo: "ForeignMomo", request: web.Request, accept: Accept) -> web.Response:
    return web.Response(status=500)


async def internal_error(momo: "ForeignMomo", request: web.Request, accept: Accept) -> web.Response:
    return answer(500, {"code": "INTERNAL_PROCESSING_ERROR", "message": "An internal error occurred."})


async def error_after_all(momo: "ForeignMomo", request: web.Request, accept: Accept) -> web.Response:
    accept()
    return web.Response(status=500)


async def payee_not_found(momo: "ForeignMomo", request: web.Request, accept: Accept) -> web.Response:
    return answer(500, {"code": "PAYEE_NOT_FOUND", "message": "Payee does not exist."})


async def unavailable(momo: "ForeignMomo", request: web.Request, accept: Accept) -> web.Response:
    return answer(503, {"code": "SERVICE_UNAVAILABLE", "message": "Service temporarily unavailable."})


async def too_many(momo: "ForeignMomo", request: web.Request, accept: Accept) -> web.Response:
    return answer(429, {"statusCode": 429, "message": "Rate limit is exceeded."}, **{"Retry-After": "1"})


async def unauthorised(momo: "ForeignMomo", request: web.Request, accept: Accept) -> web.Response:
    momo.revoke_tokens()
    return answer(401, {"error": "invalid_token"})


async def truncated_error(momo: "ForeignMomo", request: web.Request, accept: Accept) -> web.Response:
    return web.Response(status=500, text='{"code": "PAYEE_NOT_F', content_type="application/json")


async def truncated_accepted(momo: "ForeignMomo", request: web.Request, accept: Accept) -> web.Response:
    accept()
    return web.Response(status=202, text='{"status": "PEN', content_type="application/json")


async def cut_in_the_body(momo: "ForeignMomo", request: web.Request, accept: Accept) -> web.StreamResponse:
    """Promise 100 bytes, send ten, hang up; the request itself was taken."""
    accept()
    response = web.StreamResponse(status=202, headers={"Content-Length": "100", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"code": "')
    return await _hang_up(request)


def held(hold: Hold, *, taken: bool = False) -> Fault:
    """Stop the request here; MTN has it already if `taken`, and only looks at it after `release` if not."""

    async def fault(momo: "ForeignMomo", request: web.Request, accept: Accept) -> web.Response:
        early = accept() if taken else None
        await hold.stop_here()
        return early or accept()

    return fault

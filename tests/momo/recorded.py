"""A Transport that tests own: every request is kept, and what is answered is told beforehand."""

import json
from typing import Any

from momo import MomoClient
from momo.errors import MomoError
from momo.models import Credentials
from momo.transport import Transport
from momo.wire import HttpRequest, HttpResponse
from tests.momo.sandbox.world import Clock

BASE_URL = "https://momo.test"
USER = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
REFERENCE = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"
CREDENTIALS = Credentials(USER, "api-key", "d" * 32)
Reply = HttpResponse | MomoError


def answer(status: int = 200, body: Any = None, **headers: str) -> HttpResponse:
    """An answer: bytes as they are, anything else as JSON, None as an empty body."""
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return HttpResponse(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw)


PAGE = answer(200, b"<html><body>Request Rejected</body></html>", content_type="text/html")
ACCEPTED = answer(202)
GATEWAY_401 = answer(401, {"statusCode": 401, "message": "Access denied due to invalid subscription key"})
WALLET_401 = answer(401, {"code": "UNAUTHORIZED", "message": "token expired"})


class Recorded:
    """Answers token requests by itself ("token-1", "token-2", …) and everything else as told.

    Args:
        replies: what to answer or raise, in turn; the last one stays.
        expires_in: the life of a token in seconds.
    """

    def __init__(self, *replies: Reply, expires_in: int = 3600) -> None:
        self._replies = list(replies)
        self._expires_in = expires_in
        self.requests: list[HttpRequest] = []
        self.tokens = 0
        self.token_reply: Reply | None = None
        self.closed = 0

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        reply = self._token() if request.url.endswith("/token/") else self._other(request)
        if isinstance(reply, MomoError):
            raise reply
        return reply

    async def close(self) -> None:
        self.closed += 1

    def _token(self) -> Reply:
        self.tokens += 1
        fresh = {"access_token": f"token-{self.tokens}", "token_type": "x", "expires_in": self._expires_in}
        return self.token_reply or answer(200, fresh)

    def _other(self, request: HttpRequest) -> Reply:
        self.requests.append(request)
        return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]


def client_of(transport: Transport, clock: Clock | None = None, **options: Any) -> MomoClient:
    """A client with these options, whose time passes only by sleeping."""
    clock = clock or Clock()
    usual = {"collection": CREDENTIALS, "disbursement": CREDENTIALS, "clock": clock, "sleep": clock.sleep}
    return MomoClient(BASE_URL, "sandbox", transport=transport, **{**usual, **options})

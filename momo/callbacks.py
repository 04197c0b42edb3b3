"""MTN's callbacks: reading their bodies, making addresses that only MTN is told, and receiving them with aiohttp.

**A body proves nothing.** MTN signs no callback, and anybody who learns the address can send one; the body has no
reference id in it; it may come twice, late, out of order, or never. So a callback is a doorbell: it says "look now".
Find your order by the address, ask for its status, and believe only that answer. What a body says may be shown to
nobody as the truth, may end nothing, and must not create anything.

    paths = CallbackPaths("https://shop.example", secret)
    await client.disbursement.transfer(..., callback_url=paths.url(reference_id))

    async def rung(bell: Callback) -> None:         # note it and return: MTN waits two seconds
        queue.put_nowait(bell.reference_id)         # elsewhere: client.disbursement.transfer_status(reference_id)

    app.add_routes(callback_routes(paths, rung))
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from momo import checks
from momo.bodies import decode_bytes, money_of, party_of, reason_of, text, text_or_none
from momo.errors import ConfigurationError, InvalidValue
from momo.models import Party, Reason, Status
from momo.money import Money

_LABEL = b"momo-callback-1\x00"
_LARGEST_BODY = 64 * 1024  # bytes; MTN's are under one thousand
_SHORTEST_SECRET = 16


@dataclass(frozen=True, slots=True)
class Notice:
    """What the body of a callback says. A hint, not a fact; every field may be missing.

    Attributes:
        raw: the whole body, decoded; it holds personal data and stays out of the repr.
    """

    status: Status | None = None
    amount: Money | None = None
    financial_transaction_id: str | None = None
    external_id: str | None = None
    party: Party | None = None
    payer_message: str | None = None
    payee_note: str | None = None
    reason: Reason | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Callback:
    """A callback to one of our addresses.

    Attributes:
        reference_id: of the order it is about, from its address; this much is certain.
        notice: what its body says; None if it cannot be read.
    """

    reference_id: str
    notice: Notice | None


def read_notice(body: bytes) -> Notice:
    """Read the body of a callback, as tolerantly as can be.

    Raises:
        InvalidValue: it is no JSON object.
    """
    fields = decode_bytes(body)
    if not isinstance(fields, dict):
        raise InvalidValue("body", "a JSON object")
    word = text(fields.get("status")).strip().upper()
    return Notice(
        status=Status(word) if word else None,
        amount=_money(fields),
        financial_transaction_id=text_or_none(fields.get("financialTransactionId")),
        external_id=text_or_none(fields.get("externalId")),
        party=party_of(fields.get("payee") or fields.get("payer") or fields.get("intendedPayer")),
        payer_message=text_or_none(fields.get("payerMessage")),
        payee_note=text_or_none(fields.get("payeeNote")),
        reason=reason_of(fields.get("reason") or fields.get("Reason") or fields.get("errorReason")),
        raw=fields,
    )


class CallbackPaths:
    """Addresses for callbacks, each with the reference id of its order and a token that only we can make.

    Nothing has to be stored: the token is an HMAC of the id. A program that stores a random token for each order, as
    a till with a database may, does not need this.

    Args:
        base_url: where the program is reached from outside, on the host registered for the API user; https, except
            on loopback.
        secret: at least 16 characters, kept like a key. Another one makes the old addresses unknown.
        prefix: the path in front of them.

    Raises:
        ConfigurationError: one of them cannot be used.
    """

    def __init__(self, base_url: str, secret: str, *, prefix: str = "/momo/callbacks") -> None:
        self._base_url = checks.base_url(base_url)
        if not isinstance(secret, str) or len(secret) < _SHORTEST_SECRET:
            raise ConfigurationError(f"the secret for callbacks must have at least {_SHORTEST_SECRET} characters")
        self._secret = secret.encode()
        try:
            self.prefix = checks.path("prefix", prefix).rstrip("/")
        except InvalidValue as error:
            raise ConfigurationError(str(error)) from None

    def url(self, reference_id: str) -> str:
        """The address for the callbacks of an order; the same each time.

        Raises:
            InvalidValue: the reference id is none.
        """
        checks.uuid4("reference_id", reference_id)
        # MTN advises against a query, so all of it is path.
        return f"{self._base_url}{self.prefix}/{reference_id}/{self._token(reference_id)}"

    def reference_id_of(self, path: str) -> str | None:
        """The order that a path is about; None if the path is not one of ours."""
        start, _, token = path.rpartition("/")
        prefix, _, reference_id = start.rpartition("/")
        return reference_id if prefix.endswith(self.prefix) and self.knows(reference_id, token) else None

    def knows(self, reference_id: str, token: str) -> bool:
        """Whether the token was made for the reference id; in a time that tells nothing of how near it is."""
        return hmac.compare_digest(self._token(reference_id).encode(), token.encode("utf-8", "replace"))

    def _token(self, reference_id: str) -> str:
        message = _LABEL + reference_id.lower().encode("utf-8", "replace")
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()[:32]


def callback_routes(paths: CallbackPaths, ring: Callable[[Callback], Awaitable[None]]) -> list[web.RouteDef]:
    """Routes for an aiohttp application that receive callbacks: PUT and POST, since MTN uses both.

    Args:
        paths: whose addresses are answered; any other gets a 404 and no more.
        ring: told of each callback. It should note it and return: MTN waits two seconds for an answer. If it raises,
            the answer is a 500, and MTN may call again or not.
    """

    async def received(request: web.Request) -> web.Response:
        reference_id, token = request.match_info["reference_id"], request.match_info["token"]
        if not paths.knows(reference_id, token):
            return web.Response(status=404)
        await ring(Callback(reference_id, await _notice_of(request)))
        return web.Response(status=200)

    path = f"{paths.prefix}/{{reference_id}}/{{token}}"
    return [web.put(path, received), web.post(path, received)]


async def _notice_of(request: web.Request) -> Notice | None:
    """What the body says; whatever it is, the bell has rung."""
    body = bytearray()
    async for chunk in request.content.iter_chunked(16 * 1024):
        body += chunk
        if len(body) > _LARGEST_BODY:
            return None
    try:
        return read_notice(bytes(body))
    except InvalidValue:
        return None


def _money(fields: Mapping[str, Any]) -> Money | None:
    try:
        return money_of(fields.get("amount"), fields.get("currency"))
    except InvalidValue:
        return None

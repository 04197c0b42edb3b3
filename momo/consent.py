"""Calls an account holder has to agree to first: asking for the consent, using it, and renewing it.

request = await client.collection.consent.authorize(msisdn, ["profile"])
token = await client.collection.consent.token(request.auth_req_id)       # once the holder has agreed
info = await client.collection.consent.user_info(token.access_token)
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from momo import answers, checks, wire
from momo.errors import InvalidValue
from momo.exchange import Exchange
from momo.models import UserInfo
from momo.msisdn import Msisdn
from momo.results import ConsentRequest, ConsentToken
from momo.wire import Access

_CIBA = "urn:openid:params:grant-type:ciba"
Scheme = Literal["bearer", "basic"]


class Consent:
    """Calls around the consent of account holders."""

    def __init__(self, access: Access, exchange: Exchange) -> None:
        self._access = access
        self._exchange = exchange

    async def authorize(
        self,
        msisdn: Msisdn,
        scopes: Sequence[str],
        *,
        access_type: Literal["online", "offline"] = "online",
        valid_seconds: int | None = None,
        notification_token: str | None = None,
        scope_instruction: Mapping[str, Any] | None = None,
        callback_url: str | None = None,
        scheme: Scheme = "bearer",
    ) -> ConsentRequest:
        """Ask an account holder for consent. Sent once: each repeat would ask them again.

        Args:
            msisdn: whose consent.
            scopes: what for, such as "profile" or "all_info".
            access_type: "offline" gives a refresh token.
            valid_seconds: how long the consent is to last; with "offline" only.
            notification_token: what MTN's notice of the consent carries, so that it can be told from others.
            scope_instruction: what a scope about money is for.
            callback_url: where MTN tells that it was given.
            scheme: how to authenticate. MTN's specifications say "bearer" for Collection and "basic" for the other
                two; "bearer" was seen to work for those as well.
        """
        form = {
            "login_hint": f"ID:{checks.instance('msisdn', msisdn, Msisdn)}/MSISDN",
            "scope": _scope(scopes),
            **_duration(access_type, valid_seconds),
        }
        if notification_token is not None:
            form["client_notification_token"] = checks.one_line("notification_token", notification_token)
        if scope_instruction is not None:
            form["scope_instruction"] = base64.b64encode(wire.json_bytes(scope_instruction)).decode()
        request = wire.bc_authorize(self._access, form, callback_url)
        send = self._exchange.once_as_user if _is_basic(scheme) else self._exchange.once
        return await send(request, answers.read_consent_request)

    async def token(self, auth_req_id: str) -> ConsentToken:
        """Return the token of a consent that was given.

        Args:
            auth_req_id: of the ConsentRequest.

        Raises:
            ApiError: it was not given; with code AUTHORIZATION_PENDING it may still be.
        """
        form = {"grant_type": _CIBA, "auth_req_id": checks.one_line("auth_req_id", auth_req_id)}
        return await self._exchange.once_as_user(wire.oauth2_token(self._access, form), answers.read_consent_token)

    async def refresh(self, refresh_token: str) -> ConsentToken:
        """Return another token of a consent, without asking anybody again.

        Args:
            refresh_token: of the ConsentToken before.
        """
        form = {"grant_type": "refresh_token", "refresh_token": checks.one_line("refresh_token", refresh_token)}
        return await self._exchange.once_as_user(wire.oauth2_token(self._access, form), answers.read_consent_token)

    async def user_info(self, consent_token: str) -> UserInfo:
        """Return all an account holder agreed to show.

        Args:
            consent_token: the access token of that consent.
        """
        request = wire.user_info(self._access)
        token = checks.one_line("consent_token", consent_token)
        return await self._exchange.read_as(token, request, answers.read_user_info)


def _scope(scopes: Sequence[str]) -> str:
    if not scopes:
        raise InvalidValue("scopes", "at least one")
    return " ".join(checks.one_word("scopes", scope) for scope in scopes)


def _duration(access_type: str, valid_seconds: int | None) -> dict[str, str]:
    if access_type not in {"online", "offline"}:
        raise InvalidValue("access_type", "online or offline", access_type)
    if valid_seconds is None:
        return {"access_type": access_type}
    if access_type != "offline":
        raise InvalidValue("valid_seconds", "left out unless access_type is offline", valid_seconds)
    return {"access_type": access_type, "consent_valid_in": str(checks.seconds("valid_seconds", valid_seconds))}


def _is_basic(scheme: str) -> bool:
    if scheme not in {"bearer", "basic"}:
        raise InvalidValue("scheme", "bearer or basic", scheme)
    return scheme == "basic"

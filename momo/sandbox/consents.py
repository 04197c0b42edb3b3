"""Consent: asking an account holder for it, turning it into a token, renewing that, and what it lets one see.

Only the success of these calls is in MTN's specification. The errors are those of OpenID's CIBA, which the calls
are modelled on; which of them MTN really sends is not known.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from momo.sandbox import replies
from momo.sandbox.access import Access, ApiUser
from momo.sandbox.call import Call
from momo.sandbox.holders import USER_INFO
from momo.sandbox.magic import PREFIX
from momo.sandbox.operations import Product
from momo.sandbox.settings import Consenting, Settings
from momo.sandbox.timeline import Timeline
from momo.wire import HttpResponse

_CIBA = "urn:openid:params:grant-type:ciba"
_UNKNOWN_HOLDER, _EXPIRED_REFRESH, _REVOKED = "450", "454", "455"
# What asking for the token is answered with, by the last three digits of the number.
_NOT_GIVEN = {"451": "access_denied", "452": "authorization_pending", "453": "expired_token", "457": "invalid_grant"}
_ASKED_FOR, _TOKEN_LIFE, _REFRESH_LIFE = 600, 3600, 7776000  # seconds


@dataclass(slots=True)
class Asked:
    """A consent that was asked for."""

    owner: str
    product: Product
    number: str
    scope: str
    offline: bool
    ends_at: float
    used: bool = False

    @property
    def magic(self) -> str:
        """The last digits, where they steer the sandbox."""
        return self.number.removeprefix(PREFIX) if self.number.startswith(PREFIX) else ""


class Consents:
    """The consents asked for and given."""

    def __init__(self, access: Access, settings: Settings, timeline: Timeline, rng: random.Random) -> None:
        self._access = access
        self._settings = settings
        self._timeline = timeline
        self._rng = rng
        self._asked: dict[str, Asked] = {}
        self._tokens: dict[str, tuple[Asked, float]] = {}
        self._refresh_tokens: dict[str, Asked] = {}

    def authorize(self, call: Call, product: Product, _names: Mapping[str, str]) -> HttpResponse:
        """POST /v1_0/bc-authorize. MTN's specifications disagree on Basic or Bearer, so both are taken."""
        user = self._caller(call, product)
        form = _form(call)
        kind, _, number = form.get("login_hint", "").partition(":")
        number, _, holder_type = number.partition("/")
        if kind != "ID" or not number.isdigit() or holder_type != "MSISDN" or not form.get("scope", "").strip():
            raise replies.bad_request()
        access_type, valid_for = form.get("access_type"), form.get("consent_valid_in")
        if access_type not in {"online", "offline"} or (valid_for and access_type == "online"):
            raise replies.bad_request()
        ends_at = self._timeline.now() + _ASKED_FOR
        asked = Asked(user.user_id, product, number, form["scope"], access_type == "offline", ends_at)
        if asked.magic == _UNKNOWN_HOLDER:
            raise _error("unknown_user_id")
        auth_req_id = self._name()
        self._asked[auth_req_id] = asked
        return replies.as_json(200, {"auth_req_id": auth_req_id, "interval": 5, "expires_in": _ASKED_FOR})

    def token(self, call: Call, product: Product, _names: Mapping[str, str]) -> HttpResponse:
        """POST /oauth2/token/, for a consent or for a refresh token."""
        user = self._access.basic_user(call)
        self._access.check_environment(call, user, product)
        form = _form(call)
        if form.get("grant_type") == _CIBA:
            return self._given(user, product, form.get("auth_req_id", ""))
        if form.get("grant_type") == "refresh_token":
            return self._refreshed(user, product, form.get("refresh_token", ""))
        raise _error("unsupported_grant_type")

    def user_info(self, call: Call, product: Product, _names: Mapping[str, str]) -> HttpResponse:
        """GET /oauth2/v1_0/userinfo; by a switch, also with the product's own token."""
        _, _, name = call.headers.get("authorization", "").partition(" ")
        asked, ends_at = self._tokens.get(name, (None, 0.0))
        if asked is None and not self._settings.user_info_needs_consent:
            self._access.authorised_user(call, product)
            return replies.as_json(200, USER_INFO)
        if asked is None or asked.product is not product or ends_at <= self._timeline.now() or asked.magic == _REVOKED:
            raise replies.RefusalError(replies.token_error(401, "invalid_token"))
        self._access.check_environment(call, self._access.users[asked.owner], product)
        return replies.as_json(200, {**USER_INFO, "phone_number": asked.number})

    def _caller(self, call: Call, product: Product) -> ApiUser:
        basic = call.headers.get("authorization", "").startswith("Basic ")
        if self._settings.consent_caller is (Consenting.BEARER if basic else Consenting.BASIC):
            raise replies.RefusalError(replies.token_error(401, "invalid_client"))
        if basic:
            user = self._access.basic_user(call)
            self._access.check_environment(call, user, product)
            return user
        return self._access.authorised_user(call, product)

    def _given(self, user: ApiUser, product: Product, auth_req_id: str) -> HttpResponse:
        asked = self._asked.get(auth_req_id)
        if asked is None or asked.used or (asked.owner, asked.product) != (user.user_id, product):
            raise _error("invalid_grant")
        if asked.ends_at <= self._timeline.now():
            raise _error("expired_token")
        if (word := _NOT_GIVEN.get(asked.magic)) is not None:
            raise _error(word)
        asked.used = True
        return self._tokens_for(asked)

    def _refreshed(self, user: ApiUser, product: Product, refresh_token: str) -> HttpResponse:
        asked = self._refresh_tokens.pop(refresh_token, None)
        if asked is None or (asked.owner, asked.product) != (user.user_id, product):
            raise _error("invalid_grant")
        if asked.magic == _EXPIRED_REFRESH:
            raise _error("expired_token")
        return self._tokens_for(asked)

    def _tokens_for(self, asked: Asked) -> HttpResponse:
        name = self._name()
        self._tokens[name] = asked, self._timeline.now() + _TOKEN_LIFE
        answer = {"access_token": name, "token_type": "Bearer", "expires_in": _TOKEN_LIFE, "scope": asked.scope}
        if asked.offline:
            refresh_token = self._name()
            self._refresh_tokens[refresh_token] = asked
            answer |= {"refresh_token": refresh_token, "refresh_token_expired_in": _REFRESH_LIFE}
        return replies.as_json(200, answer)

    def _name(self) -> str:
        return f"{self._rng.getrandbits(128):032x}"


def _form(call: Call) -> dict[str, str]:
    try:
        read = parse_qs(call.body.decode(), strict_parsing=True)
    except ValueError:
        raise replies.bad_request() from None
    return {name: values[-1] for name, values in read.items()}


def _error(word: str) -> replies.RefusalError:
    return replies.RefusalError(replies.token_error(400, word))

"""Who may call: subscription keys, API users and their keys, tokens, and the provisioning calls.

Says yes or no to a request; knows nothing of money.
"""

import base64
import binascii
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from momo.sandbox import replies
from momo.sandbox.call import Call
from momo.sandbox.checks import json_object_or_400, uuid4_or_400
from momo.sandbox.operations import Product
from momo.sandbox.settings import Settings
from momo.sandbox.timeline import Timeline
from momo.wire import HttpResponse

_MISSING_KEY = (
    "Access denied due to missing subscription key. "
    "Make sure to include subscription key when making requests to an API."
)
_INVALID_KEY = (
    "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
)


class ApiCredentials(NamedTuple):
    """What provisioning leaves behind."""

    api_user: str
    api_key: str


@dataclass(slots=True)
class ApiUser:
    """An API user: made under the subscription key of one product (or of several, if they share a key)."""

    user_id: str
    callback_host: str
    products: frozenset[Product]
    api_key: str | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token: of one user, for one product, until a moment."""

    user: ApiUser
    product: Product
    expires_at: float


class Access:
    """The sandbox's register of keys, users and tokens."""

    def __init__(self, keys: Mapping[Product, str], settings: Settings, timeline: Timeline, rng: random.Random) -> None:
        self.keys = dict(keys)
        self._settings = settings
        self._timeline = timeline
        self._rng = rng
        self.users: dict[str, ApiUser] = {}
        self._tokens: dict[str, Token] = {}

    # -- provisioning

    def create_user(self, call: Call) -> HttpResponse:
        """POST /v1_0/apiuser: the reference id becomes the API user's id."""
        self._demand_provisioning()
        products = self._products_of(_subscription_key(call))
        user_id = uuid4_or_400(call.reference_id)
        host = json_object_or_400(call).get("providerCallbackHost")
        if not isinstance(host, str) or not host.strip():
            raise replies.bad_request()
        if user_id in self.users:
            raise replies.refused("RESOURCE_ALREADY_EXIST")
        self.users[user_id] = ApiUser(user_id, host.strip(), products)
        return replies.empty(201)

    def create_key(self, call: Call, user_id: str) -> HttpResponse:
        """POST /v1_0/apiuser/{id}/apikey: a new key; the one before stops working."""
        self._demand_provisioning()
        self._products_of(_subscription_key(call))
        user = self._user(user_id)
        user.api_key = f"{self._rng.getrandbits(128):032x}"
        return replies.as_json(201, {"apiKey": user.api_key})

    def get_user(self, call: Call, user_id: str) -> HttpResponse:
        """GET /v1_0/apiuser/{id}."""
        self._demand_provisioning()
        self._products_of(_subscription_key(call))
        user = self._user(user_id)
        answer = {
            "providerCallbackHost": user.callback_host,
            "targetEnvironment": self._settings.target_environment,
        }
        return replies.as_json(200, answer)

    def provision(self, product: Product, callback_host: str) -> ApiCredentials:
        """Make an API user with a key for *product*, without any request."""
        user_id = str(uuid.UUID(int=self._rng.getrandbits(128), version=4))
        api_key = f"{self._rng.getrandbits(128):032x}"
        self.users[user_id] = ApiUser(user_id, callback_host, frozenset({product}), api_key)
        return ApiCredentials(user_id, api_key)

    def _demand_provisioning(self) -> None:
        if not self._settings.provisioning:
            raise replies.RefusalError(replies.gateway_error(404, "Resource not found"))

    def _user(self, user_id: str) -> ApiUser:
        user = self.users.get(uuid4_or_400(user_id))
        if user is None:
            raise replies.refused("RESOURCE_NOT_FOUND")
        return user

    # -- subscription keys

    def check_subscription(self, call: Call, product: Product) -> None:
        """Refuse a call to *product* without its key; it comes in a header or in the query."""
        if product not in self._products_of(_subscription_key(call)):
            raise replies.RefusalError(replies.gateway_error(401, _INVALID_KEY))

    def _products_of(self, key: str | None) -> frozenset[Product]:
        if key is None:
            raise replies.RefusalError(replies.gateway_error(401, _MISSING_KEY))
        products = frozenset(product for product, its_key in self.keys.items() if its_key == key)
        if not products:
            raise replies.RefusalError(replies.gateway_error(401, _INVALID_KEY))
        return products

    # -- tokens

    def create_token(self, call: Call, product: Product) -> HttpResponse:
        """POST /{product}/token/. Older tokens stay valid."""
        if call.body and self._settings.refuse_token_body:
            raise replies.bad_request()
        user = self.basic_user(call)
        lifetime = self._settings.token_lifetime
        name = self._new_token(user)
        self._tokens[name] = Token(user, product, self._timeline.now() + lifetime)
        answer = {"access_token": name, "token_type": "access_token", "expires_in": int(lifetime)}
        return replies.as_json(200, answer)

    def authorised_user(self, call: Call, product: Product) -> ApiUser:
        """The user behind the bearer token; refuses what may not call *product* in this environment."""
        scheme, _, name = call.headers.get("authorization", "").partition(" ")
        token = self._tokens.get(name) if scheme == "Bearer" else None
        if token is None or token.product is not product or token.expires_at <= self._timeline.now():
            raise replies.RefusalError(replies.token_error(401, "invalid_token"))
        self.check_environment(call, token.user, product)
        return token.user

    def basic_user(self, call: Call) -> ApiUser:
        """The user who names itself with Basic authentication."""
        user_id, api_key = _basic_credentials(call)
        user = self.users.get(user_id)
        if user is None or user.api_key != api_key:
            raise replies.RefusalError(replies.token_error(500, "login_failed"))
        return user

    def check_environment(self, call: Call, user: ApiUser, product: Product) -> None:
        """Refuse a call to another environment, and one by a user that was not made for *product*."""
        if call.headers.get("x-target-environment") != self._settings.target_environment:
            raise replies.refused("NOT_ALLOWED_TARGET_ENVIRONMENT")
        if self._settings.users_bound_to_product and product not in user.products:
            raise replies.refused("NOT_ALLOWED_TARGET_ENVIRONMENT")

    def revoke_tokens(self) -> None:
        """Make every token given out so far unknown."""
        self._tokens.clear()

    def _new_token(self, user: ApiUser) -> str:
        """A name that looks like MTN's: a JWT. It is opaque to clients, and here too."""
        session = uuid.UUID(int=self._rng.getrandbits(128), version=4)
        parts = ('{"typ":"JWT"}', f'{{"clientId":"{user.user_id}","sessionId":"{session}"}}')
        encoded = [base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts]
        return ".".join([*encoded, f"{self._rng.getrandbits(256):064x}"])


def _subscription_key(call: Call) -> str | None:
    return call.headers.get("ocp-apim-subscription-key") or call.query.get("subscription-key")


def _basic_credentials(call: Call) -> tuple[str, str]:
    scheme, _, encoded = call.headers.get("authorization", "").partition(" ")
    if scheme != "Basic":
        raise replies.RefusalError(replies.token_error(401, "invalid_client"))
    try:
        user_id, _, api_key = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise replies.RefusalError(replies.token_error(401, "invalid_client")) from None
    return user_id, api_key

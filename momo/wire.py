"""Every endpoint as a function from arguments to an HttpRequest. Never does I/O, never awaits.

Arguments are checked here, so a request that exists is one that may be sent. Requests are made without their
Authorization; `authorised` adds it last, because a token may have to be fetched first. Where a call goes and what
it takes is a row of `endpoints.py`; how answers are read is in `answers.py`.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlencode

from momo import checks, endpoints
from momo.endpoints import Endpoint
from momo.errors import InvalidValue
from momo.markets import Market
from momo.models import Product
from momo.money import Money

_KEY = "Ocp-Apim-Subscription-Key"
_encode = json.JSONEncoder(allow_nan=False).encode
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it goes over the wire. Its repr shows no header and no body: they hold secrets.

    Attributes:
        endpoint: what it asks for; None where nobody knows.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)
    endpoint: Endpoint | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An answer as it came over the wire.

    Attributes:
        headers: looked up in lower case; a Transport that keeps MTN's spelling gives a mapping that minds no case.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Access:
    """Where the calls of one product go, under which key, and what the market takes, if that is known.

    Attributes:
        root: what every URL of the product begins with.
        headers: what every call of it carries.
    """

    base_url: str
    product: Product
    subscription_key: str = field(repr=False)
    target_environment: str
    market: Market | None = None
    root: str = field(init=False, repr=False, compare=False)
    headers: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        headers = {
            _KEY: checks.one_line("subscription_key", self.subscription_key),
            "X-Target-Environment": checks.target("target", self.target_environment),
        }
        object.__setattr__(self, "root", f"{self.base_url}/{self.product.value}")
        object.__setattr__(self, "headers", headers)


@dataclass(frozen=True, slots=True)
class Operation:
    """One kind of thing that is submitted under a reference id and then asked about.

    Attributes:
        submits: where it is submitted, by version of the path. The newest is the default.
        status: where it is asked about.
        party: who the body names: "payer" or "payee"; None where there is no such field.
    """

    submits: Mapping[int, Endpoint]
    status: Endpoint
    party: str | None = None

    def submit(self, version: int | None = None) -> Endpoint:
        """The row of a version, or of the newest."""
        if version is None:
            return self.submits[max(self.submits)]
        if version not in self.submits:
            raise InvalidValue("version", f"one of {', '.join(map(str, sorted(self.submits)))}", version)
        return self.submits[version]


REQUEST_TO_PAY = Operation({1: endpoints.REQUEST_TO_PAY}, endpoints.REQUEST_TO_PAY_STATUS, "payer")
WITHDRAW = Operation({1: endpoints.WITHDRAW_V1, 2: endpoints.WITHDRAW_V2}, endpoints.WITHDRAW_STATUS, "payer")
TRANSFER = Operation({1: endpoints.TRANSFER}, endpoints.TRANSFER_STATUS, "payee")
DEPOSIT = Operation({1: endpoints.DEPOSIT_V1, 2: endpoints.DEPOSIT_V2}, endpoints.DEPOSIT_STATUS, "payee")
REFUND = Operation({1: endpoints.REFUND_V1, 2: endpoints.REFUND_V2}, endpoints.REFUND_STATUS)
CASH_TRANSFER = Operation({2: endpoints.CASH_TRANSFER}, endpoints.CASH_TRANSFER_STATUS, "payee")
INVOICE = Operation({2: endpoints.CREATE_INVOICE}, endpoints.INVOICE_STATUS)
PRE_APPROVAL = Operation({2: endpoints.CREATE_PRE_APPROVAL}, endpoints.PRE_APPROVAL_STATUS, "payer")
PAYMENT = Operation({2: endpoints.CREATE_PAYMENT}, endpoints.PAYMENT_STATUS)


# --- authorisation


def basic_token(api_user: str, api_key: str) -> str:
    """The Authorization value for a token request."""
    pair = f"{api_user}:{api_key}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"


def bearer_token(token: str) -> str:
    """The Authorization value for every other call."""
    return f"Bearer {token}"


def authorised(request: HttpRequest, authorization: str) -> HttpRequest:
    """The same request with its Authorization header, which was checked where it came from."""
    headers = {**request.headers, "Authorization": authorization}
    return HttpRequest(request.method, request.url, headers, request.body, request.endpoint)


# --- any call


def call(
    access: Access,
    endpoint: Endpoint,
    names: Mapping[str, str] = _NOTHING,
    *,
    reference_id: str | None = None,
    callback_url: str | None = None,
    body: bytes | None = None,
    headers: Mapping[str, str] = _NOTHING,
) -> HttpRequest:
    """A call of a product.

    Args:
        access: where it goes.
        endpoint: what is called.
        names: what stands in the path's braces, fit for a path.
        reference_id: the value of X-Reference-Id; for the endpoints that take one.
        callback_url: where MTN tells the end; for the endpoints that take one.
        body: written as the endpoint's media wants it.
        headers: further ones.
    """
    if access.product not in endpoint.products:
        products = " or ".join(product.value for product in endpoint.products)
        raise InvalidValue(endpoint.name, f"asked of {products}", access.product.value)
    sent = {**access.headers, **headers}
    _add_headers(sent, endpoint, reference_id, callback_url)
    return HttpRequest(endpoint.method, access.root + _path(endpoint, names), sent, body, endpoint)


def _add_headers(
    headers: dict[str, str], endpoint: Endpoint, reference_id: str | None, callback_url: str | None
) -> None:
    if endpoint.has_reference:
        headers["X-Reference-Id"] = checks.uuid4("reference_id", reference_id)
    if callback_url is not None:
        headers["X-Callback-Url"] = checks.url("callback_url", callback_url)
    if endpoint.media is not None:
        headers["Content-Type"] = endpoint.media.value


def _path(endpoint: Endpoint, names: Mapping[str, str]) -> str:
    return endpoint.path.format_map(names) if names else endpoint.path


def _quoted(text: str) -> str:
    return quote(text, safe="")


# --- calls of a product


def token(base_url: str, product: Product, subscription_key: str) -> HttpRequest:
    """Ask for an access token, good for every target environment; to be authorised with Basic."""
    # A body, even an empty object, is answered with 400.
    url = f"{base_url}/{product.value}{endpoints.TOKEN.path}"
    return HttpRequest("POST", url, _key_header(subscription_key), endpoint=endpoints.TOKEN)


def balance(access: Access, currency: str | None = None) -> HttpRequest:
    """Ask for the balance of the account, in one currency if it is named."""
    if currency is None:
        return call(access, endpoints.BALANCE)
    return call(access, endpoints.BALANCE_IN, {"currency": checks.currency("currency", currency)})


def account_active(access: Access, account_type: str, account: str) -> HttpRequest:
    """Ask whether an account can be used."""
    # MTN tells upper from lower case in the type.
    checks.account("account", account_type, account)
    return call(access, endpoints.ACTIVE, {"account_type": account_type, "account": _quoted(account)})


def basic_user_info(access: Access, msisdn: str) -> HttpRequest:
    """Ask for the name behind a number."""
    account = checks.msisdn("msisdn", msisdn)
    return call(access, endpoints.BASIC_USER_INFO, {"account_type": "msisdn", "account": account})


def submit(
    access: Access,
    operation: Operation,
    reference_id: str,
    body: Mapping[str, Any],
    callback_url: str | None = None,
    version: int | None = None,
) -> HttpRequest:
    """Submit an order. Only an answer of 202 accepts it."""
    endpoint = operation.submit(version)
    return call(access, endpoint, reference_id=reference_id, callback_url=callback_url, body=json_bytes(body))


def status(access: Access, operation: Operation, reference_id: str) -> HttpRequest:
    """Ask where an order stands."""
    return call(access, operation.status, {"reference_id": checks.uuid4("reference_id", reference_id)})


def delivery_notification(access: Access, reference_id: str, message: str, language: str | None) -> HttpRequest:
    """Send the payer of a finished request to pay one more message; MTN wants it in a header and in the body."""
    headers = {"notificationMessage": message}
    if language is not None:
        headers["Language"] = checks.language("language", language)
    names = {"reference_id": checks.uuid4("reference_id", reference_id)}
    body = json_bytes({"notificationMessage": message})
    return call(access, endpoints.DELIVERY_NOTIFICATION, names, body=body, headers=headers)


def cancel_invoice(
    access: Access, invoice_reference_id: str, reference_id: str, external_id: str, callback_url: str | None
) -> HttpRequest:
    """Cancel an invoice; the cancelling has a reference id of its own."""
    names = {"reference_id": checks.uuid4("invoice_reference_id", invoice_reference_id)}
    body = json_bytes({"externalId": checks.external_id("external_id", external_id)})
    return call(
        access, endpoints.CANCEL_INVOICE, names, reference_id=reference_id, callback_url=callback_url, body=body
    )


def pre_approvals(access: Access, account_type: str, account: str) -> HttpRequest:
    """Ask which pre-approvals a customer has given."""
    checks.holder("account", account_type, account)
    return call(access, endpoints.PRE_APPROVALS, {"account_type": account_type, "account": _quoted(account)})


def cancel_pre_approval(access: Access, pre_approval_id: str) -> HttpRequest:
    """Cancel a pre-approval by MTN's id of it, which `pre_approvals` tells."""
    names = {"pre_approval_id": _quoted(checks.path_part("pre_approval_id", pre_approval_id))}
    return call(access, endpoints.CANCEL_PRE_APPROVAL, names)


# --- consent


def bc_authorize(access: Access, form: Mapping[str, str], callback_url: str | None) -> HttpRequest:
    """Ask an account holder for consent."""
    return call(access, endpoints.BC_AUTHORIZE, callback_url=callback_url, body=urlencode(form).encode())


def oauth2_token(access: Access, form: Mapping[str, str]) -> HttpRequest:
    """Turn a given consent, or a refresh token, into a token; to be authorised with Basic."""
    return call(access, endpoints.OAUTH2_TOKEN, body=urlencode(form).encode())


def user_info(access: Access) -> HttpRequest:
    """Ask for all about an account holder who consented; the Bearer token is the one the consent gave."""
    return call(access, endpoints.USER_INFO)


# --- provisioning: exists in the sandbox only, at the root of the host


def create_api_user(base_url: str, subscription_key: str, reference_id: str, callback_host: str) -> HttpRequest:
    """Make an API user whose id is the reference id. MTN calls back that host and no other."""
    # An empty host is answered with 400.
    endpoint = endpoints.CREATE_API_USER
    headers = _key_header(subscription_key)
    _add_headers(headers, endpoint, reference_id, None)
    body = {"providerCallbackHost": checks.one_line("callback_host", callback_host)}
    return HttpRequest(endpoint.method, f"{base_url}{endpoint.path}", headers, json_bytes(body), endpoint)


def get_api_user(base_url: str, subscription_key: str, reference_id: str) -> HttpRequest:
    """Ask what an API user was made with."""
    return _of_user(endpoints.GET_API_USER, base_url, subscription_key, reference_id)


def create_api_key(base_url: str, subscription_key: str, reference_id: str) -> HttpRequest:
    """Make a key for an API user; the one before stops working."""
    return _of_user(endpoints.CREATE_API_KEY, base_url, subscription_key, reference_id)


def _of_user(endpoint: Endpoint, base_url: str, subscription_key: str, reference_id: str) -> HttpRequest:
    path = _path(endpoint, {"reference_id": checks.uuid4("reference_id", reference_id)})
    return HttpRequest(endpoint.method, f"{base_url}{path}", _key_header(subscription_key), endpoint=endpoint)


# --- what they share


def movement_body(
    amount: Money,
    subject: Mapping[str, Any],
    *,
    external_id: str,
    payer_message: str,
    payee_note: str,
) -> dict[str, Any]:
    """The body of a money movement; `subject` is what tells one kind from another: a party, or what to refund."""
    # Source: schemas RequestToPay, Transfer, Refund. All values are strings.
    return {
        "amount": amount.wire(),
        "currency": amount.currency,
        "externalId": external_id,
        **subject,
        "payerMessage": payer_message,
        "payeeNote": payee_note,
    }


def json_bytes(body: object) -> bytes:
    """A body as JSON.

    Raises:
        InvalidValue: JSON cannot hold it.
    """
    try:
        return _encode(body).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidValue("body", "an object of strings that JSON can hold") from error


def _key_header(subscription_key: str) -> dict[str, str]:
    return {_KEY: checks.one_line("subscription_key", subscription_key)}

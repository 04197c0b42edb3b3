"""Every endpoint as a function from arguments to an HttpRequest. Never does I/O, never awaits.

Arguments are checked here, so a request that exists is one that may be sent. Requests are made without their
Authorization; `authorised` adds it last, because a token may have to be fetched first.
How answers are read is in `answers.py`.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from momo import checks
from momo.errors import InvalidValue
from momo.models import Product
from momo.money import Money

_KEY = "Ocp-Apim-Subscription-Key"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it goes over the wire. Its repr shows no header and no body: they hold secrets."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An answer as it came over the wire; header names in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Access:
    """Where the calls of one product go, and under which key."""

    base_url: str
    product: Product
    subscription_key: str = field(repr=False)
    target_environment: str

    def __post_init__(self) -> None:
        checks.one_line("subscription_key", self.subscription_key)
        checks.one_line("target", self.target_environment)


@dataclass(frozen=True, slots=True)
class Operation:
    """One kind of money movement: where it is submitted, and where its status is read.

    The newest version of each path that MTN has. Status lives on the v1 path for both versions.
    """

    product: Product
    submit_path: str
    status_path: str
    party: str | None
    """Who the body names: "payer" or "payee"; None for a refund, which names the payment instead."""


# Source: operations of the Collection and Disbursement exports. There is no /v2_0/transfer.
REQUEST_TO_PAY = Operation(Product.COLLECTION, "/v1_0/requesttopay", "/v1_0/requesttopay", "payer")
WITHDRAW = Operation(Product.COLLECTION, "/v2_0/requesttowithdraw", "/v1_0/requesttowithdraw", "payer")
TRANSFER = Operation(Product.DISBURSEMENT, "/v1_0/transfer", "/v1_0/transfer", "payee")
DEPOSIT = Operation(Product.DISBURSEMENT, "/v2_0/deposit", "/v1_0/deposit", "payee")
REFUND = Operation(Product.DISBURSEMENT, "/v2_0/refund", "/v1_0/refund", None)


# --- authorisation


def basic_token(api_user: str, api_key: str) -> str:
    """The Authorization value for a token request."""
    pair = f"{api_user}:{api_key}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"


def bearer_token(token: str) -> str:
    """The Authorization value for every other call."""
    return f"Bearer {token}"


def authorised(request: HttpRequest, authorization: str) -> HttpRequest:
    """The same request with its Authorization header."""
    checks.one_line("authorization", authorization)
    return replace(request, headers={**request.headers, "Authorization": authorization})


# --- calls of a product


def token(base_url: str, product: Product, subscription_key: str) -> HttpRequest:
    """Ask for an access token, good for every target environment; to be authorised with Basic."""
    # Source: CreateAccessToken. A body, even an empty object, is answered with 400.
    return HttpRequest("POST", f"{base_url}/{product.value}/token/", _key_header(subscription_key))


def balance(access: Access, currency: str | None = None) -> HttpRequest:
    """Ask for the balance of the account, in one currency if it is named."""
    # Source: GetAccountBalance, GetAccountBalanceInSpecificCurrency.
    if currency is None:
        return _get(access, "/v1_0/account/balance")
    return _get(access, f"/v1_0/account/balance/{checks.currency('currency', currency)}")


def account_active(access: Access, account_type: str, account: str) -> HttpRequest:
    """Ask whether an account can be used."""
    # Source: ValidateAccountHolderStatus. MTN tells upper from lower case in the type.
    checks.account("account", account_type, account)
    return _get(access, f"/v1_0/accountholder/{account_type}/{quote(account, safe='')}/active")


def basic_user_info(access: Access, msisdn: str) -> HttpRequest:
    """Ask for the name behind a number."""
    # Source: GetBasicUserinfo. The export spells the type MSISDN; MTN's own clients send lower case.
    return _get(access, f"/v1_0/accountholder/msisdn/{checks.msisdn('msisdn', msisdn)}/basicuserinfo")


def user_info(access: Access) -> HttpRequest:
    """Ask for all about an account holder who consented; the Bearer token is the one the consent gave."""
    # Source: GetUserInfoWithConsent.
    return _get(access, "/oauth2/v1_0/userinfo")


def submit(
    access: Access,
    operation: Operation,
    reference_id: str,
    body: Mapping[str, Any],
    callback_url: str | None = None,
) -> HttpRequest:
    """Move money. Only an answer of 202 accepts it."""
    headers = {
        **_product_headers(access),
        "X-Reference-Id": checks.uuid4("reference_id", reference_id),
        "Content-Type": "application/json",
    }
    if callback_url is not None:
        headers["X-Callback-Url"] = checks.url("callback_url", callback_url)
    return HttpRequest("POST", _url(access, operation.submit_path), headers, _json(body))


def status(access: Access, operation: Operation, reference_id: str) -> HttpRequest:
    """Ask where a money movement stands."""
    checks.uuid4("reference_id", reference_id)
    return _get(access, f"{operation.status_path}/{reference_id}")


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


# --- provisioning: exists in the sandbox only, at the root of the host


def create_api_user(base_url: str, subscription_key: str, reference_id: str, callback_host: str) -> HttpRequest:
    """Make an API user whose id is the reference id. MTN calls back that host and no other."""
    # Source: PostV1_0Apiuser. An empty host is answered with 400.
    headers = {
        **_key_header(subscription_key),
        "X-Reference-Id": checks.uuid4("reference_id", reference_id),
        "Content-Type": "application/json",
    }
    body = {"providerCallbackHost": checks.one_line("callback_host", callback_host)}
    return HttpRequest("POST", f"{base_url}/v1_0/apiuser", headers, _json(body))


def get_api_user(base_url: str, subscription_key: str, reference_id: str) -> HttpRequest:
    """Ask what an API user was made with."""
    # Source: GetV1_0ApiuserX-Reference-Id.
    checks.uuid4("reference_id", reference_id)
    return HttpRequest("GET", f"{base_url}/v1_0/apiuser/{reference_id}", _key_header(subscription_key))


def create_api_key(base_url: str, subscription_key: str, reference_id: str) -> HttpRequest:
    """Make a key for an API user; the one before stops working."""
    # Source: PostV1_0ApiuserX-Reference-IdApikey.
    checks.uuid4("reference_id", reference_id)
    url = f"{base_url}/v1_0/apiuser/{reference_id}/apikey"
    return HttpRequest("POST", url, _key_header(subscription_key))


# --- what all of them share


def _get(access: Access, path: str) -> HttpRequest:
    return HttpRequest("GET", _url(access, path), _product_headers(access))


def _url(access: Access, path: str) -> str:
    return f"{access.base_url}/{access.product.value}{path}"


def _product_headers(access: Access) -> dict[str, str]:
    return {_KEY: access.subscription_key, "X-Target-Environment": access.target_environment}


def _key_header(subscription_key: str) -> dict[str, str]:
    return {_KEY: checks.one_line("subscription_key", subscription_key)}


def _json(body: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(body, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidValue("body", "an object of strings that JSON can hold") from error

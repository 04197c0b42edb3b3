"""The client as the published reference page documents it: same names, same parameters, same order.

Tokens and target are passed in by hand, bodies are plain dictionaries, and every call answers `(bool, data)`:

    client = Client()
    client.is_sandbox()                                     # without this line it is live
    disbursements = client.disbursements(subscription_key)
    ok, data = await disbursements.create_access_token(client.basic_token(api_user, api_key))

A refusal is `(False, body)`. No answer at all raises TransportError. A value that cannot be right raises
InvalidValue, and nothing is sent. Nothing is ever sent twice. For typed results use MomoClient instead.
"""

import uuid as uuids
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from momo import bodies, checks, wire
from momo.errors import InvalidValue
from momo.models import Product
from momo.transport import AiohttpTransport, Transport
from momo.wire import Access, HttpRequest, HttpResponse, Operation

LIVE = "https://proxy.momoapi.mtn.com"
SANDBOX = "https://sandbox.momodeveloper.mtn.com"

_NO_CALLBACKS = "localhost"  # MTN refuses an API user without any callback host
_ACCOUNT_TYPE_OF_PARTY = {"MSISDN": "msisdn", "EMAIL": "email", "PARTY_CODE": "party_code"}


class Answer(tuple[bool, Any]):
    """`(ok, data)`, which also knows its HTTP status. As a truth value it is `ok`.

    `data` is the decoded JSON body, with every fraction a Decimal; the text of a body that is no JSON; None for an
    empty one, which is what an accepted write has.

    Attributes:
        status: the HTTP status.
    """

    status: int

    def __new__(cls, ok: bool, data: Any, status: int) -> Self:
        """Make the pair and note the status beside it."""
        answer = super().__new__(cls, (ok, data))
        answer.status = status
        return answer

    def __bool__(self) -> bool:
        return self[0]


class Client:
    """The entry: makes users, and hands out the products. All coroutines may run side by side.

    Args:
        base_url: where the API is; stays as given. None means live, or the sandbox after `is_sandbox()`.
        transport: carries the requests; made here if None. Closing the client closes it either way.
    """

    def __init__(self, base_url: str | None = None, *, transport: Transport | None = None) -> None:
        self._given_url = None if base_url is None else checks.base_url(base_url)
        self._own_url = LIVE
        self._transport = transport if transport is not None else AiohttpTransport()

    @property
    def base_url(self) -> str:
        """Where requests go at this moment."""
        return self._given_url or self._own_url

    def is_sandbox(self) -> bool:
        """Switch to MTN's sandbox and return True. Products handed out before switch too."""
        self._own_url = SANDBOX
        return True

    def collection(self, subscription_key: str) -> "Collection":
        """Return the Collection calls."""
        return Collection(self, subscription_key)

    def disbursements(self, subscription_key: str) -> "Disbursements":
        """Return the Disbursements calls."""
        return Disbursements(self, subscription_key)

    def get_reference_id(self) -> str:
        """Return a new UUID version 4."""
        return str(uuids.uuid4())

    def basic_token(self, apiuser: str, apikey: str) -> str:
        """Return the authorization for `create_access_token`."""
        return wire.basic_token(apiuser, apikey)

    def bearer_token(self, token: str) -> str:
        """Return the authorization for everything else."""
        return wire.bearer_token(token)

    async def create_api_user(self, uuid: str, subscription_key: str, url_callback: str | None = None) -> Answer:
        """Make an API user of the sandbox, with `uuid` as its name.

        Args:
            uuid: version 4.
            subscription_key: of the product the user is for.
            url_callback: the host that may be called back, or an address on it; None for no callbacks.
        """
        host = _host_of(url_callback) if url_callback is not None else _NO_CALLBACKS
        checks.uuid4("uuid", uuid)
        return await self.write(wire.create_api_user(self.base_url, subscription_key, uuid, host), 201)

    async def get_api_user(self, uuid: str, subscription_key: str) -> Answer:
        """Ask for `providerCallbackHost` and `targetEnvironment` of an API user."""
        checks.uuid4("uuid", uuid)
        return await self.read(wire.get_api_user(self.base_url, subscription_key, uuid))

    async def create_api_key(self, uuid: str, subscription_key: str) -> Answer:
        """Make an `apiKey` for an API user; the one before stops working."""
        checks.uuid4("uuid", uuid)
        return await self.read(wire.create_api_key(self.base_url, subscription_key, uuid), 201)

    async def write(self, request: HttpRequest, success: int = 202) -> Answer:
        """Send once; the status alone says whether it was accepted."""
        response = await self._transport.exchange(request)
        return Answer(response.status == success, _data(response), response.status)

    async def read(self, request: HttpRequest, success: int = 200) -> Answer:
        """Send once; without a JSON object in it an answer is no success, whatever its status."""
        response = await self._transport.exchange(request)
        data = _data(response)
        return Answer(response.status == success and isinstance(data, dict), data, response.status)

    async def close(self) -> None:
        """Close all connections. May be called twice."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class _ProductCalls:
    """What both products have: tokens, balances, account holders, and how money is moved."""

    _product: Product

    def __init__(self, client: Client, subscription_key: str) -> None:
        self._client = client
        self._subscription_key = checks.one_line("subscription_key", subscription_key)

    async def create_access_token(self, authorization: str) -> Answer:
        """Answer `access_token, token_type, expires_in`; `authorization` is a Basic token."""
        checks.basic("authorization", authorization)
        request = wire.token(self._client.base_url, self._product, self._subscription_key)
        return await self._client.read(wire.authorised(request, authorization))

    async def get_account_balance(self, authorization: str, target: str) -> Answer:
        """Answer `availableBalance, currency`; `authorization` is a Bearer token, here and below."""
        return await self._read(wire.balance(self._access(target)), authorization)

    async def ask_user_info(self, authorization: str, target: str) -> Answer:
        """Answer what the account holder consented to show; the Bearer token is the one of that consent."""
        return await self._read(wire.user_info(self._access(target)), authorization)

    async def isActive(  # noqa: N802 - the documented name
        self,
        account: str,
        account_type: str = "msisdn",
        authorization: str | None = None,
        target: str | None = None,
    ) -> Answer:
        """Answer `result`: whether the account is active.

        Args:
            account: a number, an e-mail address or a party code.
            account_type: `msisdn`, `email` or `party_code`.
            authorization: needed, although it stands behind an argument with a default.
            target: needed too.
        """
        if authorization is None or target is None:
            raise InvalidValue("authorization" if authorization is None else "target", "given")
        account = _e164("account", account) if account_type == "msisdn" else account
        return await self._read(wire.account_active(self._access(target), account_type, account), authorization)

    is_active = isActive

    def _access(self, target: str) -> Access:
        return Access(self._client.base_url, self._product, self._subscription_key, target)

    async def _balance_in(self, currency: str, authorization: str, target: str) -> Answer:
        return await self._read(wire.balance(self._access(target), currency), authorization)

    async def _basic_user_info(self, msisdn: str, authorization: str, target: str) -> Answer:
        return await self._read(wire.basic_user_info(self._access(target), _e164("msisdn", msisdn)), authorization)

    async def _status(self, operation: Operation, uuid: str, authorization: str, target: str) -> Answer:
        checks.uuid4("uuid", uuid)
        return await self._read(wire.status(self._access(target), operation, uuid), authorization)

    async def _submit(
        self,
        operation: Operation,
        uuid: str,
        authorization: str,
        target: str,
        body: Mapping[str, Any],
        url_callback: str | None,
    ) -> Answer:
        checks.uuid4("uuid", uuid)
        checks.bearer("authorization", authorization)
        if url_callback is not None:
            checks.url("url_callback", url_callback)
        request = wire.submit(self._access(target), operation, uuid, _body(body, operation), url_callback)
        return await self._client.write(wire.authorised(request, authorization))

    async def _read(self, request: HttpRequest, authorization: str) -> Answer:
        checks.bearer("authorization", authorization)
        return await self._client.read(wire.authorised(request, authorization))


class Disbursements(_ProductCalls):
    """The documented Disbursements calls. Deposit and refund use version 2 of MTN's API."""

    _product = Product.DISBURSEMENT

    async def get_account_balance_in(self, currency: str, authorization: str, target: str) -> Answer:
        """Answer `availableBalance, currency` for one currency (ISO 4217)."""
        return await self._balance_in(currency, authorization, target)

    async def get_basic_user_info(self, msisdn: str, authorization: str, target: str) -> Answer:
        """Answer `given_name, family_name, birthdate, locale, gender, status`; no consent needed."""
        return await self._basic_user_info(msisdn, authorization, target)

    async def deposit(
        self, uuid: str, authorization: str, target: str, body: Mapping[str, Any], url_callback: str | None = None
    ) -> Answer:
        """Put money into an account. The page names a `payer`, MTN a `payee`: either is taken, `payee` is sent."""
        return await self._submit(wire.DEPOSIT, uuid, authorization, target, body, url_callback)

    async def transfer(
        self, uuid: str, authorization: str, target: str, body: Mapping[str, Any], url_callback: str | None = None
    ) -> Answer:
        """Send money to a `payee`."""
        return await self._submit(wire.TRANSFER, uuid, authorization, target, body, url_callback)

    async def refund(
        self, uuid: str, authorization: str, target: str, body: Mapping[str, Any], url_callback: str | None = None
    ) -> Answer:
        """Give back the payment whose reference id is `referenceIdToRefund`, or part of it."""
        return await self._submit(wire.REFUND, uuid, authorization, target, body, url_callback)

    async def get_deposit_status(self, uuid: str, authorization: str, target: str) -> Answer:
        """Answer where a deposit stands."""
        return await self._status(wire.DEPOSIT, uuid, authorization, target)

    async def get_transfer_status(self, uuid: str, authorization: str, target: str) -> Answer:
        """Answer where a transfer stands."""
        return await self._status(wire.TRANSFER, uuid, authorization, target)

    async def get_refund_status(self, uuid: str, authorization: str, target: str) -> Answer:
        """Answer where a refund stands."""
        return await self._status(wire.REFUND, uuid, authorization, target)


class Collection(_ProductCalls):
    """The Collection calls. `authorization` comes first here, except in `isActive`."""

    _product = Product.COLLECTION

    async def get_account_balance_in(self, authorization: str, currency: str, target: str) -> Answer:
        """Answer `availableBalance, currency` for one currency (ISO 4217)."""
        return await self._balance_in(currency, authorization, target)

    async def get_basic_user_info(self, authorization: str, msisdn: str, target: str) -> Answer:
        """Answer `given_name, family_name, birthdate, locale, gender, status`; no consent needed."""
        return await self._basic_user_info(msisdn, authorization, target)

    async def request_to_pay(
        self, authorization: str, uuid: str, target: str, body: Mapping[str, Any], callback: str | None = None
    ) -> Answer:
        """Ask a `payer` to pay."""
        return await self._submit(wire.REQUEST_TO_PAY, uuid, authorization, target, body, callback)

    async def withdraw(
        self, authorization: str, uuid: str, target: str, body: Mapping[str, Any], callback: str | None = None
    ) -> Answer:
        """Ask a `payer` to withdraw."""
        return await self._submit(wire.WITHDRAW, uuid, authorization, target, body, callback)

    async def get_request_to_pay_status(self, authorization: str, uuid: str, target: str) -> Answer:
        """Answer where a request to pay stands. The published library had no such call."""
        return await self._status(wire.REQUEST_TO_PAY, uuid, authorization, target)

    async def get_withdraw_status(self, authorization: str, uuid: str, target: str = "sandbox") -> Answer:
        """Answer where a withdrawal stands."""
        return await self._status(wire.WITHDRAW, uuid, authorization, target)


def _data(response: HttpResponse) -> Any:
    data = bodies.decode(response)
    return data if data is not None or not response.body else response.body.decode(errors="replace")


def _host_of(url_callback: str) -> str:
    return (urlsplit(url_callback).hostname or "") if "://" in url_callback else url_callback


def _e164(field: str, number: str) -> str:
    """E.164 as the page has it may begin with "+"; MTN wants it without."""
    return checks.msisdn(field, str(number).removeprefix("+"))


def _body(body: Mapping[str, Any], operation: Operation) -> dict[str, Any]:
    """The body as it is sent: strings only, and its party checked and under the name MTN uses."""
    if not isinstance(body, Mapping):
        raise InvalidValue("body", "an object")
    rest = {key: value for key, value in body.items() if key not in {"payer", "payee"}}
    for key, value in rest.items():
        if not isinstance(value, str):
            raise InvalidValue(f"body.{key}", "a string", value)
    if operation.party is None or len(rest) == len(body):
        return rest  # without a party it is MTN's to refuse
    return {**rest, operation.party: _party(body)}


def _party(body: Mapping[str, Any]) -> dict[str, str]:
    named = [body[role] for role in ("payer", "payee") if role in body]
    if not isinstance(named[0], Mapping) or any(other != named[0] for other in named):
        raise InvalidValue("body", "an object that names one party, as payer or as payee")
    kind, party_id = str(named[0].get("partyIdType")), str(named[0].get("partyId"))
    account_type = _ACCOUNT_TYPE_OF_PARTY.get(kind)
    if account_type is None:
        raise InvalidValue("partyIdType", f"one of {', '.join(_ACCOUNT_TYPE_OF_PARTY)}", kind)
    if account_type == "msisdn":
        return {"partyIdType": kind, "partyId": _e164("partyId", party_id)}
    return {"partyIdType": kind, "partyId": checks.account("partyId", account_type, party_id)}

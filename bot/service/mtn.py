"""MTN as the till sees it: submit, look, ask a name, ask a balance.

Turns the client's errors into evidence for ``domain.settling``; decides nothing itself.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from types import MappingProxyType

from bot.domain.schedule import ATTEMPT
from bot.domain.settling import GetAnswer, PostAnswer, PostOutcome
from bot.domain.transactions import Kind, Transaction
from bot.service.throttle import Throttle, Turn
from momo import (
    ApiError,
    AuthenticationFailed,
    BadRequest,
    CollectionClient,
    DisbursementClient,
    DuplicateReference,
    InvalidValue,
    MomoClient,
    MomoError,
    Money,
    Msisdn,
    NotFound,
    Outcome,
    PermissionDenied,
    Product,
    RateLimited,
    Refused,
    TransactionResult,
)

CALLBACK_PATH = "/momo/callbacks/"
NAME_WAIT = timedelta(seconds=5)
SHORTEST_PAUSE = timedelta(seconds=2)
# A definite no to the request itself, as against one to our key, our pace or our connection.
DEFINITE = (BadRequest, PermissionDenied, Refused, InvalidValue)
USED = (Product.COLLECTION, Product.DISBURSEMENT)
PRODUCTS = {
    Kind.TRANSFER: Product.DISBURSEMENT,
    Kind.DEPOSIT: Product.DISBURSEMENT,
    Kind.REFUND: Product.DISBURSEMENT,
    Kind.REQUEST_TO_PAY: Product.COLLECTION,
}


class Mtn:
    """The two products behind one throttle. *previous*: clients for API users of before, whose rows are still open."""

    def __init__(
        self,
        client: MomoClient,
        throttle: Throttle,
        public_url: str,
        api_users: dict[Product, str],
        previous: Mapping[tuple[Product, str], MomoClient] = MappingProxyType({}),
    ) -> None:
        self._client = client
        self._throttle = throttle
        self._public_url = public_url.rstrip("/")
        self._api_users = api_users
        self._clients = {**previous, **dict.fromkeys(api_users.items(), client)}

    def api_user(self, kind: Kind) -> str:
        """Return the API user that new transactions of this kind are sent under."""
        return self._api_users[PRODUCTS[kind]]

    def has_user(self, kind: Kind, api_user: str | None) -> bool:
        """Tell whether we may call as this API user: what was sent under one is unknown to any other."""
        return (PRODUCTS[kind], api_user) in self._clients

    async def turn(self, turn: Turn) -> None:
        """Wait for our turn to call MTN."""
        await self._throttle.turn(turn)

    async def submit(self, txn: Transaction, original_reference_id: str | None) -> PostAnswer:
        """Make one attempt, whose turn it is. Never raises what MTN or the network may do."""
        client = self._clients[PRODUCTS[txn.kind], txn.api_user or self.api_user(txn.kind)]
        too_late = PostOutcome.NOT_TAKEN
        try:
            async with asyncio.timeout(ATTEMPT.total_seconds()), self._heeding():
                await self._ready(client, PRODUCTS[txn.kind], Turn.WRITE)
                too_late = PostOutcome.DOUBT
                await self._post(client, txn, original_reference_id)
        except MomoError as error:
            return post_answer(error)
        except TimeoutError:
            return PostAnswer(too_late, code="Timeout")
        return PostAnswer(PostOutcome.ACCEPTED, 202)

    async def look(self, txn: Transaction) -> GetAnswer:
        """Ask where a transaction stands. Never raises what MTN or the network may do."""
        turn = Turn.HINTED if txn.hinted_at >= txn.next_at else Turn.POLL
        return await self.look_up(txn.kind, txn.reference_id, txn.api_user or self.api_user(txn.kind), turn)

    async def look_up(self, kind: Kind, reference_id: str, api_user: str, turn: Turn = Turn.POLL) -> GetAnswer:
        """Ask what became of a reference id sent as *api_user*. Never raises what MTN or the network may do."""
        await self.turn(turn)
        client = self._clients[PRODUCTS[kind], api_user]
        try:
            async with self._heeding():
                await self._ready(client, PRODUCTS[kind], turn)
                return GetAnswer(await _status(client, kind, reference_id), http_status=200)
        except MomoError as error:
            return get_answer(error)

    @asynccontextmanager
    async def _heeding(self) -> AsyncIterator[None]:
        """Let everybody wait when MTN says that we call too often."""
        try:
            yield
        except RateLimited as error:
            self._throttle.pause(max(_wish(error), SHORTEST_PAUSE).total_seconds())
            raise

    async def name_of(self, txn: Transaction) -> str:
        """Return the name MTN knows a transaction's number by; empty when it gives none in time."""
        return await self.name_of_number(txn.msisdn, PRODUCTS[txn.kind])

    async def name_of_number(self, msisdn: Msisdn, product: Product = Product.DISBURSEMENT) -> str:
        """Return the name MTN knows a number by; empty when it gives none in time."""
        try:
            async with asyncio.timeout(NAME_WAIT.total_seconds()), self._heeding():
                await self.turn(Turn.PERSON)
                asked = await self._ready(self._client, product, Turn.PERSON)
                return (await asked.basic_user_info(msisdn)).full_name
        except (MomoError, TimeoutError):
            return ""

    async def balance(self, product: Product, currency: str | None) -> Money:
        """Return what the product's account holds.

        Raises:
            MomoError: MTN did not tell.
        """
        await self.turn(Turn.PERSON)
        async with self._heeding():
            asked = await self._ready(self._client, product, Turn.PERSON)
            return (await asked.balance(currency)).available

    async def _ready(self, client: MomoClient, product: Product, turn: Turn) -> CollectionClient | DisbursementClient:
        """Return a product with a token at hand.

        Whoever waited for the token gives the turn to it and takes another: all who waited would call at once.
        """
        asked = client.collection if product is Product.COLLECTION else client.disbursement
        if await asked.ensure_token():
            await self.turn(turn)
        return asked

    async def _post(self, client: MomoClient, txn: Transaction, original_reference_id: str | None) -> None:
        callback_url = f"{self._public_url}{CALLBACK_PATH}{txn.callback_token}" if self._public_url else None
        # externalId is our reference id: callbacks carry it, and the status answer must repeat it.
        external_id, note = txn.reference_id, txn.note
        match txn.kind:
            case Kind.REQUEST_TO_PAY:
                await client.collection.request_to_pay(
                    txn.reference_id, txn.amount, txn.msisdn,
                    external_id=external_id, payer_message=note, payee_note=note, callback_url=callback_url,
                )  # fmt: skip
            case Kind.TRANSFER:
                await client.disbursement.transfer(
                    txn.reference_id, txn.amount, txn.msisdn,
                    external_id=external_id, payer_message=note, payee_note=note, callback_url=callback_url,
                )  # fmt: skip
            case Kind.DEPOSIT:
                await client.disbursement.deposit(
                    txn.reference_id, txn.amount, txn.msisdn,
                    external_id=external_id, payer_message=note, payee_note=note, callback_url=callback_url,
                )  # fmt: skip
            case Kind.REFUND if original_reference_id is not None:
                await client.disbursement.refund(
                    txn.reference_id, txn.amount, reference_id_to_refund=original_reference_id,
                    external_id=external_id, payer_message=note, payee_note=note, callback_url=callback_url,
                )  # fmt: skip
            case _:
                raise InvalidValue("kind", "one that this desk sends", txn.kind)


async def _status(client: MomoClient, kind: Kind, reference_id: str) -> TransactionResult:
    match kind:
        case Kind.REQUEST_TO_PAY:
            return await client.collection.request_to_pay_status(reference_id)
        case Kind.TRANSFER:
            return await client.disbursement.transfer_status(reference_id)
        case Kind.DEPOSIT:
            return await client.disbursement.deposit_status(reference_id)
        case Kind.REFUND:
            return await client.disbursement.refund_status(reference_id)
        case Kind.WITHDRAW:
            raise InvalidValue("kind", "one that this desk sends", kind)


def post_answer(error: MomoError) -> PostAnswer:
    """Return what an error of a submission says about it."""
    status, code = getattr(error, "status", None), _word(error)
    if isinstance(error, DuplicateReference):
        return PostAnswer(PostOutcome.ACCEPTED, status, code)
    if isinstance(error, DEFINITE):
        return PostAnswer(PostOutcome.REFUSED, status, code)
    clean = isinstance(error, (AuthenticationFailed, RateLimited)) or error.outcome is Outcome.NOT_APPLIED
    return PostAnswer(PostOutcome.NOT_TAKEN if clean else PostOutcome.DOUBT, status, code, _wish(error))


def get_answer(error: MomoError) -> GetAnswer:
    """Return what an error of a status lookup says: "not found" only for MTN's own words for it."""
    status = getattr(error, "status", None)
    return GetAnswer(
        not_found=isinstance(error, NotFound), http_status=status, code=_word(error), retry_after=_wish(error)
    )


def _word(error: MomoError) -> str:
    code = error.code if isinstance(error, ApiError) else None
    return code or f"{type(error).__name__}"


def _wish(error: MomoError) -> timedelta:
    seconds = error.retry_after if isinstance(error, RateLimited) else None
    return timedelta(seconds=min(seconds or 0, 600))

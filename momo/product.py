"""What all products have in common: balance, names, active accounts, orders, and a door for the unmodelled."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, ClassVar, NotRequired, TypedDict, TypeVar, overload

from momo import answers, checks, raw, watching, wire
from momo.consent import Consent
from momo.errors import InvalidValue
from momo.exchange import Exchange
from momo.models import Balance, BasicUserInfo, TransactionResult
from momo.msisdn import Msisdn
from momo.orders import Order
from momo.results import RawAnswer
from momo.submission import Submission, Submitted
from momo.wire import Access

R = TypeVar("R")
S = TypeVar("S", bound=watching.HasStatus)
FIVE_MINUTES = 300.0  # a customer has about so long to approve


class Details(TypedDict):
    """The keyword arguments that every movement of money takes.

    Attributes:
        external_id: the caller's own mark, without spaces; it comes back in status and callback.
        payer_message: shown to the payer; see clean_note.
        payee_note: shown to the payee; see clean_note.
        callback_url: where MTN tells the end, on the host registered for the API user. May be left out.
    """

    external_id: str
    payer_message: str
    payee_note: str
    callback_url: NotRequired[str | None]


class Texts(TypedDict):
    """Those of them that stand in the body."""

    external_id: str
    payer_message: str
    payee_note: str


def unpacked(details: Details) -> tuple[Texts, str | None]:
    """What of them stands in the body, and the callback URL."""
    texts: Texts = {
        "external_id": details["external_id"],
        "payer_message": details["payer_message"],
        "payee_note": details["payee_note"],
    }
    return texts, details.get("callback_url")


class ProductClient:
    """The calls every product has.

    Attributes:
        consent: what an account holder has to agree to first.
    """

    _usual: ClassVar[type[Order[TransactionResult]]]

    def __init__(self, access: Access, exchange: Exchange) -> None:
        self._access = access
        self._exchange = exchange
        self.consent = Consent(access, exchange)

    async def ensure_token(self) -> bool:
        """Have an access token that can be used now, so that the next call leaves at once. Every call does so itself.

        For callers who give out turns of their own: calls that waited for one token would leave together.

        Returns:
            Whether the token had to be waited for.

        Raises:
            MomoError: there is none to be had; `outcome` is NOT_APPLIED.
        """
        return await self._exchange.ensure_token()

    async def balance(self, currency: str | None = None) -> Balance:
        """Return what is in the account.

        Args:
            currency: ISO 4217; None for the account's own.
        """
        return await self._exchange.read(wire.balance(self._access, currency), answers.read_balance)

    async def basic_user_info(self, msisdn: Msisdn) -> BasicUserInfo:
        """Return the name behind a number; the account holder is not asked."""
        request = wire.basic_user_info(self._access, str(msisdn))
        return await self._exchange.read(request, answers.read_basic_user_info)

    async def is_active(self, account: Msisdn | str, account_type: str = "msisdn") -> bool:
        """Return whether an account can be used; False also if there is none.

        Args:
            account: a number, an e-mail address or a party code, as `account_type` says.
            account_type: "msisdn", "email" or "party_code".
        """
        request = wire.account_active(self._access, account_type, str(account))
        return await self._exchange.read(request, answers.read_active)

    async def send(
        self, reference_id: str, order: Order[R], *, callback_url: str | None = None, version: int | None = None
    ) -> None:
        """Submit an order, once. Returning means that MTN took it, not that anything has happened.

        Args:
            reference_id: a UUID version 4, stored by the caller before this call; the same for every repeat.
            order: what to submit, such as a Transfer or an Invoice.
            callback_url: where MTN tells the end, on the host registered for the API user.
            version: of MTN's path; None for the newest.

        Raises:
            InvalidValue: nothing was sent.
            MomoError: `outcome` says whether the order may still exist.
        """
        if not isinstance(order, Order):
            raise InvalidValue("order", "an order such as Transfer", f"of type {type(order).__name__}")
        if self._access.market is not None and (amount := order.money()) is not None:
            self._access.market.demand(amount)
        request = wire.submit(self._access, order.operation, reference_id, order.body(), callback_url, version)
        await self._exchange.write(request)

    async def status(self, reference_id: str, of: type[Order[R]]) -> R:
        """Return where an order stands.

        Args:
            reference_id: what it was submitted under.
            of: what kind of order it is, such as Transfer.

        Raises:
            NotFound: MTN does not know it, or not yet.
        """
        return await self._exchange.read(wire.status(self._access, of.operation, reference_id), of.read)

    @overload
    def observe(
        self, reference_id: str, *, timeout_seconds: float | None = None
    ) -> AsyncIterator[TransactionResult]: ...

    @overload
    def observe(
        self, reference_id: str, of: type[Order[S]], *, timeout_seconds: float | None = None
    ) -> AsyncIterator[S]: ...

    def observe(
        self, reference_id: str, of: type[Order[Any]] | None = None, *, timeout_seconds: float | None = None
    ) -> AsyncIterator[Any]:
        """Yield each state an order is seen in, up to the final one: often at first, then more and more seldom.

            async for result in client.disbursement.observe(reference_id): ...

        Args:
            reference_id: what it was submitted under.
            of: what kind of order it is; None for the product's usual one, a RequestToPay or a Transfer.
            timeout_seconds: when to stop although it is not final; None for never.

        Raises:
            MomoError: asking again would not help; or, when time is over, why there never was an answer.
        """
        return watching.changes(self._looks(reference_id, of, timeout_seconds))

    @overload
    async def wait_until_final(
        self, reference_id: str, *, timeout_seconds: float = FIVE_MINUTES
    ) -> TransactionResult: ...

    @overload
    async def wait_until_final(
        self, reference_id: str, of: type[Order[S]], *, timeout_seconds: float = FIVE_MINUTES
    ) -> S: ...

    async def wait_until_final(
        self, reference_id: str, of: type[Order[Any]] | None = None, *, timeout_seconds: float = FIVE_MINUTES
    ) -> Any:
        """Ask for a status until it is final, or until the time is over; arguments and errors as in `observe`.

        Returns:
            The last answer, which is not final if the time was too short. That is no failure: go on asking.
        """
        return await watching.last_of(self._looks(reference_id, of, timeout_seconds))

    async def submit(
        self,
        reference_id: str,
        order: Order[R],
        *,
        callback_url: str | None = None,
        version: int | None = None,
        patience_seconds: float = 60.0,
    ) -> Submitted[R]:
        """Send an order, and on doubt ask and send it again under the same id, until MTN has it.

        For programs without a database. What this can do and what not is told in `momo.submission`.

        Args:
            reference_id: kept by the caller, or worked out with `reference_id_from`, whatever happens here.
            order: what to submit.
            callback_url: as in `send`.
            version: as in `send`.
            patience_seconds: how long to go on.

        Raises:
            DuplicateReference: the id belongs to another order.
            MomoError: `outcome` is that of all attempts together. After UNKNOWN ask for the status, later again.
        """
        submission = Submission(
            reference_id,
            order,
            lambda: self.send(reference_id, order, callback_url=callback_url, version=version),
            lambda: self.status(reference_id, type(order)),
            self._exchange.pace,
        )
        return await submission.run(patience_seconds)

    async def raw(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> RawAnswer:
        """Make a call that this library does not model, once, with token, key and environment added.

        Args:
            method: such as "GET".
            path: behind the product, such as "/v1_0/account/balance".
            body: sent as JSON.
            form: sent as a form; not both.
            headers: further ones, such as X-Reference-Id.

        Returns:
            The answer, whatever its status: judging it is the caller's business. That a write was answered by
            anything but its own success is no proof that it was not carried out.

        Raises:
            TransportError: there was no answer.
        """
        request = raw.request(self._access, method, path, body=body, form=form, headers=headers or {})
        return await self._exchange.once(request, raw.answer)

    def _looks(self, reference_id: str, of: type[Order[Any]] | None, timeout_seconds: float | None) -> Any:
        kind = of or self._usual
        checks.uuid4("reference_id", reference_id)
        pace = self._exchange.pace
        return watching.looks(lambda: self.status(reference_id, kind), pace.clock, pace.sleep, timeout_seconds)

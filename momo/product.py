"""What Collection and Disbursement have in common: balance, names, active accounts, and moving money at all."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from momo import answers, checks, notes, wire
from momo.consent import Consent
from momo.errors import InvalidValue
from momo.exchange import Exchange
from momo.models import Balance, BasicUserInfo, TransactionResult
from momo.money import Money
from momo.msisdn import Msisdn
from momo.wire import Access, Operation


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


class ProductClient:
    """The calls every product has.

    Attributes:
        consent: what an account holder has to agree to first.
    """

    def __init__(self, access: Access, exchange: Exchange) -> None:
        self._access = access
        self._exchange = exchange
        self.consent = Consent(access, exchange)

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

    async def _submit(
        self,
        operation: Operation,
        reference_id: str,
        amount: Money,
        subject: Mapping[str, object],
        *,
        external_id: str,
        payer_message: str,
        payee_note: str,
        callback_url: str | None = None,
    ) -> None:
        body = wire.movement_body(
            _positive(amount),
            subject,
            external_id=_one_word("external_id", external_id),
            payer_message=notes.demand_clean("payer_message", payer_message),
            payee_note=notes.demand_clean("payee_note", payee_note),
        )
        await self._exchange.write(wire.submit(self._access, operation, reference_id, body, callback_url))

    async def _status(self, operation: Operation, reference_id: str) -> TransactionResult:
        request = wire.status(self._access, operation, reference_id)
        return await self._exchange.read(request, answers.read_transaction)


def party(msisdn: Msisdn) -> dict[str, str]:
    """A phone number as MTN's Party."""
    return {"partyIdType": "MSISDN", "partyId": str(msisdn)}


def _positive(amount: Money) -> Money:
    if amount.amount <= 0:
        raise InvalidValue("amount", "more than zero", amount)
    return amount


def _one_word(field: str, value: str) -> str:
    """MTN is reported to refuse spaces in external ids."""
    if " " in checks.one_line(field, value):
        raise InvalidValue(field, "without spaces", value)
    return value

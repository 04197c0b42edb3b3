"""Disbursement: money goes out, at once and without anybody's approval on a phone."""

from typing import Unpack

from momo import checks, wire
from momo.models import TransactionResult
from momo.money import Money
from momo.msisdn import Msisdn
from momo.product import Details, ProductClient, party


class DisbursementClient(ProductClient):
    """The typed calls of Disbursement."""

    async def transfer(self, reference_id: str, amount: Money, payee: Msisdn, **details: Unpack[Details]) -> None:
        """Send money. Returning means that MTN accepted the transfer, not that money moved.

        Args:
            reference_id: a UUID version 4, stored by the caller before this call; the same for every repeat.
            amount: more than zero.
            payee: who gets it.
            details: external_id, payer_message, payee_note and perhaps callback_url; see Details.

        Raises:
            InvalidValue: nothing was sent.
            MomoError: `outcome` says whether the transfer may still exist.
        """
        await self._submit(wire.TRANSFER, reference_id, amount, {"payee": party(payee)}, **details)

    async def deposit(self, reference_id: str, amount: Money, payee: Msisdn, **details: Unpack[Details]) -> None:
        """Put money into somebody's account; arguments and errors as in `transfer`."""
        await self._submit(wire.DEPOSIT, reference_id, amount, {"payee": party(payee)}, **details)

    async def refund(
        self, reference_id: str, amount: Money, *, reference_id_to_refund: str, **details: Unpack[Details]
    ) -> None:
        """Give a customer's payment back, or part of it; the rest as in `transfer`.

        MTN publishes no rule against giving back too much: the caller has to add up.

        Args:
            reference_id: of this refund; as in `transfer`.
            amount: more than zero.
            reference_id_to_refund: of the request to pay.
            details: as in `transfer`.
        """
        paid = checks.uuid4("reference_id_to_refund", reference_id_to_refund)
        await self._submit(wire.REFUND, reference_id, amount, {"referenceIdToRefund": paid}, **details)

    async def transfer_status(self, reference_id: str) -> TransactionResult:
        """Return where a transfer stands.

        Raises:
            NotFound: MTN does not know it, or not yet.
        """
        return await self._status(wire.TRANSFER, reference_id)

    async def deposit_status(self, reference_id: str) -> TransactionResult:
        """Return where a deposit stands; MTN gives a deposit no financial transaction id."""
        return await self._status(wire.DEPOSIT, reference_id)

    async def refund_status(self, reference_id: str) -> TransactionResult:
        """Return where a refund stands."""
        return await self._status(wire.REFUND, reference_id)

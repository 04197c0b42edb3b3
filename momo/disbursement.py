"""Disbursement: money goes out, at once and without anybody's approval on a phone."""

from typing import Unpack

from momo.models import TransactionResult
from momo.money import Money
from momo.orders import Deposit, Holder, Refund
from momo.product import Details, unpacked
from momo.transfers import Transfers


class DisbursementClient(Transfers):
    """The typed calls of Disbursement."""

    async def deposit(
        self, reference_id: str, amount: Money, payee: Holder, *, version: int = 2, **details: Unpack[Details]
    ) -> None:
        """Put money into somebody's account; the rest as in `transfer`.

        Args:
            reference_id: of this deposit; as in `transfer`.
            amount: more than zero.
            payee: who gets it.
            version: 2, or 1 for MTN's older path, whose callbacks come as POST instead of PUT.
            details: as in `transfer`.
        """
        texts, callback_url = unpacked(details)
        order = Deposit(amount=amount, payee=payee, **texts)
        await self.send(reference_id, order, callback_url=callback_url, version=version)

    async def deposit_status(self, reference_id: str) -> TransactionResult:
        """Return where a deposit stands; MTN gives a deposit no financial transaction id."""
        return await self.status(reference_id, Deposit)

    async def refund(
        self,
        reference_id: str,
        amount: Money,
        *,
        reference_id_to_refund: str,
        version: int = 2,
        **details: Unpack[Details],
    ) -> None:
        """Give a customer's payment back, or part of it; the rest as in `transfer`.

        MTN publishes no rule against giving back too much: the caller has to add up.

        Args:
            reference_id: of this refund; as in `transfer`.
            amount: more than zero.
            reference_id_to_refund: of the request to pay.
            version: as in `deposit`.
            details: as in `transfer`.
        """
        texts, callback_url = unpacked(details)
        order = Refund(amount=amount, reference_id_to_refund=reference_id_to_refund, **texts)
        await self.send(reference_id, order, callback_url=callback_url, version=version)

    async def refund_status(self, reference_id: str) -> TransactionResult:
        """Return where a refund stands."""
        return await self.status(reference_id, Refund)

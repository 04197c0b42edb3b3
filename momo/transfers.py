"""Transfers, which Disbursement and Remittance share."""

from typing import Unpack

from momo.models import TransactionResult
from momo.money import Money
from momo.orders import Holder, Transfer
from momo.product import Details, ProductClient, unpacked


class Transfers(ProductClient):
    """The calls that send money to an account."""

    _usual = Transfer

    async def transfer(self, reference_id: str, amount: Money, payee: Holder, **details: Unpack[Details]) -> None:
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
        texts, callback_url = unpacked(details)
        await self.send(reference_id, Transfer(amount=amount, payee=payee, **texts), callback_url=callback_url)

    async def transfer_status(self, reference_id: str) -> TransactionResult:
        """Return where a transfer stands.

        Raises:
            NotFound: MTN does not know it, or not yet.
        """
        return await self.status(reference_id, Transfer)

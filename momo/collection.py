"""Collection: money comes in, asked of a customer who approves it on their phone."""

from typing import Unpack

from momo import wire
from momo.models import TransactionResult
from momo.money import Money
from momo.msisdn import Msisdn
from momo.product import Details, ProductClient, party


class CollectionClient(ProductClient):
    """The typed calls of Collection."""

    async def request_to_pay(self, reference_id: str, amount: Money, payer: Msisdn, **details: Unpack[Details]) -> None:
        """Ask a customer to pay. Returning means that MTN accepted the request, not that anybody paid.

        Args:
            reference_id: a UUID version 4, stored by the caller before this call; the same for every repeat.
            amount: more than zero.
            payer: who is asked.
            details: external_id, payer_message, payee_note and perhaps callback_url; see Details.

        Raises:
            InvalidValue: nothing was sent.
            MomoError: `outcome` says whether the request may still exist.
        """
        await self._submit(wire.REQUEST_TO_PAY, reference_id, amount, {"payer": party(payer)}, **details)

    async def request_to_pay_status(self, reference_id: str) -> TransactionResult:
        """Return where a request to pay stands.

        Raises:
            NotFound: MTN does not know it, or not yet.
        """
        return await self._status(wire.REQUEST_TO_PAY, reference_id)

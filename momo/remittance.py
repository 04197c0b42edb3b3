"""Remittance: money from abroad goes out."""

from momo.cash import CashTransfer
from momo.results import CashTransferResult
from momo.transfers import Transfers


class RemittanceClient(Transfers):
    """The typed calls of Remittance."""

    async def cash_transfer(
        self, reference_id: str, cash_transfer: CashTransfer, *, callback_url: str | None = None
    ) -> None:
        """Send money with what is known of its sender; reference id and errors as in `transfer`."""
        await self.send(reference_id, cash_transfer, callback_url=callback_url)

    async def cash_transfer_status(self, reference_id: str) -> CashTransferResult:
        """Return where a cash transfer stands."""
        return await self.status(reference_id, CashTransfer)

"""Collection: money comes in, asked of a customer who approves it on their phone."""

from typing import Unpack

from momo import answers, notes, wire
from momo.billing import Invoice, Payment, PreApproval
from momo.models import TransactionResult
from momo.money import Money
from momo.msisdn import Msisdn
from momo.orders import Holder, RequestToPay, Withdrawal
from momo.product import Details, ProductClient, unpacked
from momo.results import InvoiceResult, PaymentResult, PreApprovalDetails, PreApprovalResult


class CollectionClient(ProductClient):
    """The typed calls of Collection."""

    _usual = RequestToPay

    # --- requests to pay

    async def request_to_pay(self, reference_id: str, amount: Money, payer: Holder, **details: Unpack[Details]) -> None:
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
        texts, callback_url = unpacked(details)
        await self.send(reference_id, RequestToPay(amount=amount, payer=payer, **texts), callback_url=callback_url)

    async def request_to_pay_status(self, reference_id: str) -> TransactionResult:
        """Return where a request to pay stands.

        Raises:
            NotFound: MTN does not know it, or not yet.
        """
        return await self.status(reference_id, RequestToPay)

    async def notify_delivery(self, reference_id: str, message: str, *, language: str | None = None) -> None:
        """Send the payer of a successful request to pay one message more. MTN sends one, and soon after only.

        Args:
            reference_id: of the request to pay.
            message: see clean_note.
            language: ISO 639; None for MTN's default.

        Raises:
            ApiError: with status 409 if it was not paid yet, 410 if it is too late.
            RateLimited: there was one already.
        """
        text = notes.demand_clean("message", message)
        await self._exchange.write(wire.delivery_notification(self._access, reference_id, text, language))

    # --- withdrawals

    async def withdraw(
        self, reference_id: str, amount: Money, payer: Holder, *, version: int = 2, **details: Unpack[Details]
    ) -> None:
        """Ask a customer to withdraw; arguments and errors as in `request_to_pay`.

        Args:
            reference_id: of this withdrawal.
            amount: more than zero.
            payer: who is asked.
            version: 2, or 1 for MTN's older path, whose callbacks come as POST instead of PUT.
            details: as in `request_to_pay`.
        """
        texts, callback_url = unpacked(details)
        order = Withdrawal(amount=amount, payer=payer, **texts)
        await self.send(reference_id, order, callback_url=callback_url, version=version)

    async def withdraw_status(self, reference_id: str) -> TransactionResult:
        """Return where a withdrawal stands."""
        return await self.status(reference_id, Withdrawal)

    # --- invoices

    async def create_invoice(self, reference_id: str, invoice: Invoice, *, callback_url: str | None = None) -> None:
        """Make an invoice; reference id and errors as in `request_to_pay`."""
        await self.send(reference_id, invoice, callback_url=callback_url)

    async def invoice_status(self, reference_id: str) -> InvoiceResult:
        """Return where an invoice stands, and what it is paid by."""
        return await self.status(reference_id, Invoice)

    async def cancel_invoice(
        self, invoice_reference_id: str, *, reference_id: str, external_id: str, callback_url: str | None = None
    ) -> None:
        """Cancel an invoice that was not paid.

        Args:
            invoice_reference_id: of the invoice.
            reference_id: of this cancelling, another one.
            external_id: the caller's own mark, without spaces.
            callback_url: where MTN tells the end.
        """
        request = wire.cancel_invoice(self._access, invoice_reference_id, reference_id, external_id, callback_url)
        await self._exchange.write(request)

    # --- pre-approvals

    async def create_pre_approval(
        self, reference_id: str, pre_approval: PreApproval, *, callback_url: str | None = None
    ) -> None:
        """Ask a customer for a pre-approval; reference id and errors as in `request_to_pay`."""
        await self.send(reference_id, pre_approval, callback_url=callback_url)

    async def pre_approval_status(self, reference_id: str) -> PreApprovalResult:
        """Return where a request for a pre-approval stands."""
        return await self.status(reference_id, PreApproval)

    async def pre_approvals(
        self, account: Msisdn | str, account_type: str = "msisdn"
    ) -> tuple[PreApprovalDetails, ...]:
        """Return the pre-approvals a customer has given; none of them is no error.

        Args:
            account: a number, an e-mail address, an id or an alias, as `account_type` says.
            account_type: "msisdn", "email", "id" or "alias".
        """
        request = wire.pre_approvals(self._access, account_type, str(account))
        return await self._exchange.read(request, answers.read_pre_approvals)

    async def cancel_pre_approval(self, pre_approval_id: str) -> None:
        """Cancel a pre-approval by MTN's id of it, which `pre_approvals` tells."""
        await self._exchange.write(wire.cancel_pre_approval(self._access, pre_approval_id))

    # --- payments

    async def create_payment(self, reference_id: str, payment: Payment, *, callback_url: str | None = None) -> None:
        """Pay a service provider; reference id and errors as in `request_to_pay`."""
        await self.send(reference_id, payment, callback_url=callback_url)

    async def payment_status(self, reference_id: str) -> PaymentResult:
        """Return where a payment stands."""
        return await self.status(reference_id, Payment)

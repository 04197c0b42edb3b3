"""The status of a transaction as MTN shows it: in the answer to a GET, and in a callback."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal

from momo.sandbox.operations import CASH_TRANSFER, INVOICE, PAYMENT, PRE_APPROVAL
from momo.sandbox.replies import WALLET_ERRORS
from momo.sandbox.settings import Settings
from momo.sandbox.wallet import Transaction


def wire_amount(amount: Decimal) -> str:
    """An amount as MTN returns it: "5.0" comes back as "5", "12.50" as "12.5" (measured)."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def status_fields(transaction: Transaction, settings: Settings) -> dict[str, object]:
    """The JSON object of a status GET; there is no reference id in it, and so none in a callback."""
    order = transaction.order
    shown = _SHAPES.get(order.operation.name, _movement)(transaction, settings)
    return {name: value for name, value in shown.items() if value is not None}


def _movement(transaction: Transaction, settings: Settings) -> dict[str, object]:
    order = transaction.order
    return {
        "financialTransactionId": _financial_id(transaction),
        "externalId": order.external_id,
        "amount": wire_amount(order.amount),
        "currency": order.currency,
        order.operation.party_field: dict(order.party) if order.party else None,
        "payerMessage": None if settings.omit_notes else order.payer_message,
        "payeeNote": None if settings.omit_notes else order.payee_note,
        "status": transaction.status,
        "reason": _reason(transaction.reason, settings),
    }


def _cash_transfer(transaction: Transaction, settings: Settings) -> dict[str, object]:
    # The specification gives it a bare word for a reason, against all others.
    return {**transaction.order.extra, **_movement(transaction, settings), "reason": transaction.reason}


def _invoice(transaction: Transaction, settings: Settings) -> dict[str, object]:
    order = transaction.order
    expires = moment(transaction.created_at + (order.valid_for or 0))
    return {
        **order.extra,
        "referenceId": order.reference_id,
        "externalId": order.external_id,
        "amount": wire_amount(order.amount),
        "currency": order.currency,
        "status": transaction.status,
        "paymentReference": str(uuid.UUID(order.reference_id).int % 10**10),
        "invoiceId": order.reference_id,
        "expiryDateTime": expires,
        "intendedPayer": dict(order.party) if order.party else None,
        "errorReason": _reason(transaction.reason, settings),
    }


def _pre_approval(transaction: Transaction, settings: Settings) -> dict[str, object]:
    order = transaction.order
    return {
        "payer": dict(order.party) if order.party else None,
        "payerCurrency": order.currency,
        "payerMessage": order.payer_message,
        "status": transaction.status,
        "reason": _reason(transaction.reason, settings),
    }


def _payment(transaction: Transaction, settings: Settings) -> dict[str, object]:
    return {
        "referenceId": transaction.reference_id,
        "status": transaction.status,
        "financialTransactionId": _financial_id(transaction),
        "reason": _reason(transaction.reason, settings),
    }


_SHAPES = {
    CASH_TRANSFER.name: _cash_transfer,
    INVOICE.name: _invoice,
    PRE_APPROVAL.name: _pre_approval,
    PAYMENT.name: _payment,
}


def moment(seconds: float) -> str:
    """A moment of the sandbox's clock, which counts from 1970 for want of a better year."""
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=0, tzinfo=None).isoformat()


def _financial_id(transaction: Transaction) -> str | None:
    return transaction.financial_transaction_id if transaction.order.operation.shows_financial_id else None


def _reason(code: str | None, settings: Settings) -> object:
    """An object in the sandbox and in the specification, a bare string in production since 2024."""
    if code is None or settings.reason_as_text:
        return code
    _, message = WALLET_ERRORS.get(code, (0, code.replace("_", " ").capitalize() + "."))
    return {"code": code, "message": message}

"""Reads the bodies that are no plain movement of money: invoices, pre-approvals, payments and cash transfers.

Turns JSON into the parts of an Order, and refuses what MTN's specification rules out; creates nothing.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from momo.sandbox import replies
from momo.sandbox.checks import amount_or_400, party_or_400, seconds_or_400, text_or_400
from momo.sandbox.magic import ONGOING, SUCCESS, fate_of_number
from momo.sandbox.operations import CASH_TRANSFER, INVOICE, PAYMENT, PRE_APPROVAL, Operation
from momo.sandbox.statuses import wire_amount

Parts = dict[str, Any]
Fields = Mapping[str, object]
_IDENTIFICATIONS = frozenset({"PASS", "CPFA", "SRSSA", "NRIN", "OTHR", "DRLC", "SOCS", "AREG", "IDCD", "EMID"})
_SENDER = (
    "orginatingCountry",  # spelled so by MTN
    "originalCurrency",
    "payerIdentificationType",
    "payerIdentificationNumber",
    "payerIdentity",
    "payerFirstName",
    "payerSurName",
    "payerLanguageCode",
    "payerEmail",
    "payerMsisdn",
    "payerGender",
)


def invoice(body: Fields) -> Parts:
    """What an invoice adds. Without an intended payer nobody pays it until it is forced."""
    payer = _party(body, "intendedPayer") if "intendedPayer" in body else None
    _party(body, "payee")
    return {
        "party": payer,
        "fate": fate_of_number(INVOICE.fates, payer["partyId"]) if payer else ONGOING,
        "valid_for": seconds_or_400(body.get("validityDuration")),
        "extra": {"description": text_or_400(body, "description")},
    }


def pre_approval(body: Fields) -> Parts:
    """What a pre-approval adds."""
    payer = _party(body, "payer")
    return {
        "party": payer,
        "fate": fate_of_number(PRE_APPROVAL.fates, payer["partyId"]),
        "valid_for": seconds_or_400(body.get("validityTime")),
    }


def payment(body: Fields) -> Parts:
    """What a payment adds; its amount decides what becomes of it."""
    money = body.get("money")
    customer, provider = text_or_400(body, "customerReference"), text_or_400(body, "serviceProviderUserName")
    if not isinstance(money, dict) or not customer or not provider:
        raise replies.bad_request()
    amount = amount_or_400(money.get("amount"))
    return {
        "party": None,
        "fate": PAYMENT.fates.get(wire_amount(amount), SUCCESS),
        "external_id": text_or_400(body, "externalTransactionId"),
    }


def cash_transfer(body: Fields) -> Parts:
    """What a cash transfer adds: the payee, and what is said of the sender."""
    payee = _party(body, "payee")
    told = {name: text for name in _SENDER if (text := text_or_400(body, name)) is not None}
    if told.get("payerIdentificationType", "PASS") not in _IDENTIFICATIONS:
        raise replies.bad_request()
    if "originalAmount" in body:
        told["originalAmount"] = wire_amount(amount_or_400(body["originalAmount"]))
    return {"party": payee, "fate": fate_of_number(CASH_TRANSFER.fates, payee["partyId"]), "extra": told}


READERS: Mapping[str, Callable[[Fields], Parts]] = {
    INVOICE.name: invoice,
    PRE_APPROVAL.name: pre_approval,
    PAYMENT.name: payment,
    CASH_TRANSFER.name: cash_transfer,
}


def money_fields(body: Fields, operation: Operation) -> tuple[object, object]:
    """Where amount and currency stand in the body of an operation."""
    if operation is PRE_APPROVAL:
        return Decimal(1), body.get("payerCurrency")
    if operation is PAYMENT and isinstance(money := body.get("money"), dict):
        return money.get("amount"), money.get("currency")
    return body.get("amount"), body.get("currency")


def _party(body: Fields, name: str) -> Mapping[str, str]:
    party = body.get(name)
    if not isinstance(party, dict):
        raise replies.bad_request()
    return party_or_400(party.get("partyIdType"), party.get("partyId"))

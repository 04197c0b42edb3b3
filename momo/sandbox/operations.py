"""The products and their money operations, as data: names, paths, direction of money, callback verb."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from momo.sandbox.magic import (
    CASH_TRANSFER_FATES,
    DEPOSIT_FATES,
    PAYMENT_FATES,
    PRE_APPROVAL_FATES,
    REFUND_FATES,
    REQUEST_TO_PAY_FATES,
    TRANSFER_FATES,
    WITHDRAW_FATES,
    Fate,
)


class Product(StrEnum):
    """A product of MTN's, spelled as in its paths."""

    COLLECTION = "collection"
    DISBURSEMENT = "disbursement"
    REMITTANCE = "remittance"


@dataclass(frozen=True, slots=True)
class Operation:
    """A kind of transaction."""

    name: str
    party_field: str  # "payer" or "payee", in the body and in the status
    incoming: bool  # True: money comes into the product's account
    fates: Mapping[str, Fate]
    shows_financial_id: bool = True
    moves_money: bool = True
    opens_as: str = "PENDING"  # its status while it is open


@dataclass(frozen=True, slots=True)
class Write:
    """A path that takes transactions of one operation."""

    product: Product
    path: str
    operation: Operation
    callback_method: str = "PUT"
    only_version: bool = False  # True: there is no version 1, so its status is on the same path

    @property
    def has_status(self) -> bool:
        """Whether its status is read on this path: version 2 is read on the path of version 1, where there is one."""
        return self.only_version or self.path.startswith("v1_0/")


REQUEST_TO_PAY = Operation("request_to_pay", "payer", incoming=True, fates=REQUEST_TO_PAY_FATES)
WITHDRAW = Operation("withdraw", "payer", incoming=True, fates=WITHDRAW_FATES)
TRANSFER = Operation("transfer", "payee", incoming=False, fates=TRANSFER_FATES)
# MTN's deposit status has no financialTransactionId, even when it succeeded (measured twice).
DEPOSIT = Operation("deposit", "payee", incoming=False, fates=DEPOSIT_FATES, shows_financial_id=False)
REFUND = Operation("refund", "payee", incoming=False, fates=REFUND_FATES)
CASH_TRANSFER = Operation("cash_transfer", "payee", incoming=False, fates=CASH_TRANSFER_FATES)
# Invoices and payments are CREATED before anybody has paid (specification).
INVOICE = Operation("invoice", "intendedPayer", incoming=True, fates=REQUEST_TO_PAY_FATES, opens_as="CREATED")
PRE_APPROVAL = Operation("pre_approval", "payer", incoming=True, fates=PRE_APPROVAL_FATES, moves_money=False)
PAYMENT = Operation("payment", "", incoming=False, fates=PAYMENT_FATES, opens_as="CREATED")

# Callback verbs: MTN's specification says POST for version 1 of deposit, refund and withdraw, PUT for
# version 2, nothing for the others; its general page says PUT.
WRITES = (
    Write(Product.COLLECTION, "v1_0/requesttopay", REQUEST_TO_PAY),
    Write(Product.COLLECTION, "v1_0/requesttowithdraw", WITHDRAW, "POST"),
    Write(Product.COLLECTION, "v2_0/requesttowithdraw", WITHDRAW),
    Write(Product.DISBURSEMENT, "v1_0/transfer", TRANSFER),
    Write(Product.DISBURSEMENT, "v1_0/deposit", DEPOSIT, "POST"),
    Write(Product.DISBURSEMENT, "v2_0/deposit", DEPOSIT),
    Write(Product.DISBURSEMENT, "v1_0/refund", REFUND, "POST"),
    Write(Product.DISBURSEMENT, "v2_0/refund", REFUND),
    Write(Product.REMITTANCE, "v1_0/transfer", TRANSFER),
    Write(Product.REMITTANCE, "v2_0/cashtransfer", CASH_TRANSFER, only_version=True),
    Write(Product.COLLECTION, "v2_0/invoice", INVOICE, only_version=True),
    Write(Product.COLLECTION, "v2_0/preapproval", PRE_APPROVAL, only_version=True),
    Write(Product.COLLECTION, "v2_0/payment", PAYMENT, only_version=True),
)

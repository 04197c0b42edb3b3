"""The kinds of transaction that the command line knows: which product they belong to, which order they are. Data."""

from collections.abc import Mapping
from enum import StrEnum

from momo.client import MomoClient
from momo.models import Product, TransactionResult
from momo.orders import Deposit, Order, Refund, RequestToPay, Transfer, Withdrawal
from momo.product import ProductClient


class Kind(StrEnum):
    """A kind of transaction."""

    TRANSFER = "transfer"
    REQUEST_TO_PAY = "request-to-pay"
    REFUND = "refund"
    DEPOSIT = "deposit"
    WITHDRAW = "withdraw"

    @property
    def order(self) -> type[Order[TransactionResult]]:
        """Its order."""
        return _ORDERS[self]

    @property
    def product(self) -> Product:
        """Where it belongs."""
        return Product.COLLECTION if self in {Kind.REQUEST_TO_PAY, Kind.WITHDRAW} else Product.DISBURSEMENT


_ORDERS: Mapping[Kind, type[Order[TransactionResult]]] = {
    Kind.TRANSFER: Transfer,
    Kind.REQUEST_TO_PAY: RequestToPay,
    Kind.REFUND: Refund,
    Kind.DEPOSIT: Deposit,
    Kind.WITHDRAW: Withdrawal,
}


def product_of(client: MomoClient, product: Product) -> ProductClient:
    """The part of a client that serves a product."""
    if product is Product.COLLECTION:
        return client.collection
    return client.disbursement if product is Product.DISBURSEMENT else client.remittance

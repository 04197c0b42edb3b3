"""Fees by the operator's table: the tier an amount falls into, and nothing where the table is silent."""

from decimal import Decimal

import pytest

from bot.domain.fees import Fee, fee_of
from bot.domain.transactions import Kind
from momo import Money

TABLE = {
    Kind.TRANSFER: (Fee(500, Decimal(100)), Fee(5000, Decimal(250)), Fee(60000, Decimal("0.5"), percent=True)),
    Kind.REQUEST_TO_PAY: (Fee(0, Decimal("1.5"), percent=True),),
}


@pytest.mark.parametrize(
    ("kind", "amount", "fee"),
    [
        (Kind.TRANSFER, "499", None),
        (Kind.TRANSFER, "500", "100"),
        (Kind.TRANSFER, "4999", "100"),
        (Kind.TRANSFER, "5000", "250"),
        (Kind.TRANSFER, "60000", "300"),
        (Kind.TRANSFER, "60101", "301"),
        (Kind.REQUEST_TO_PAY, "33", "0"),
        (Kind.REQUEST_TO_PAY, "34", "1"),
        (Kind.REFUND, "5000", None),
    ],
)
def test_the_tier_of_an_amount_is_the_last_one_it_reaches(kind: Kind, amount: str, fee: str | None) -> None:
    charged = fee_of(TABLE, kind, Money(Decimal(amount), "UGX"), 0)
    assert charged == (None if fee is None else Money(Decimal(fee), "UGX"))


def test_a_percentage_is_rounded_to_what_the_currency_has() -> None:
    assert fee_of(TABLE, Kind.REQUEST_TO_PAY, Money(Decimal("12.50"), "EUR"), 2) == Money(Decimal("0.19"), "EUR")

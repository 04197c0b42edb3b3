"""Money: an exact amount and its currency. Never a float, never a rounding."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from momo import checks
from momo.errors import InvalidValue

# Far above any payment, far below what would cost memory to write out or precision to move the point in.
_MOST_WHOLE_DIGITS = 15
_MOST_DECIMALS = 12
# An exponent only because JSON numbers may have one. Decimal itself would also take "1_000" and other scripts' digits.
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([Ee][+-]?[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency, equal to another when both are the same number: 50 EUR is 50.00 EUR.

    Args:
        amount: in whole units, as a Decimal; may be negative (a balance can be).
        currency: ISO 4217, three capital letters.

    Raises:
        InvalidValue: the amount is no finite Decimal of sensible size, or the currency has another shape.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        amount = self.amount
        if not isinstance(amount, Decimal) or not amount.is_finite():
            raise InvalidValue("amount", "a finite Decimal", amount)
        exponent = amount.as_tuple().exponent
        assert isinstance(exponent, int)  # noqa: S101 - it is finite
        if amount.adjusted() >= _MOST_WHOLE_DIGITS or exponent < -_MOST_DECIMALS:
            rule = f"of at most {_MOST_WHOLE_DIGITS} digits and {_MOST_DECIMALS} decimals"
            raise InvalidValue("amount", rule, amount)
        checks.currency("currency", self.currency)

    @classmethod
    def parse(cls, amount: str, currency: str) -> Self:
        """Read a plain number such as "12.50".

        Raises:
            InvalidValue: it is not one.
        """
        if _PLAIN_NUMBER.fullmatch(amount) is None:
            raise InvalidValue("amount", "a plain number", amount)
        return cls(Decimal(amount), currency)

    @classmethod
    def from_minor(cls, minor: int, currency: str, decimals: int) -> Self:
        """Make money from its smallest unit: 1250 with 2 decimals is 12.50."""
        return cls(Decimal(minor).scaleb(-decimals), currency)

    def minor_units(self, decimals: int) -> int:
        """Count the smallest units: 12.5 with 2 decimals is 1250.

        Raises:
            InvalidValue: the amount has more decimals than the currency.
        """
        scaled = self.amount.scaleb(decimals)
        if scaled != scaled.to_integral_value():
            raise InvalidValue("amount", f"of at most {decimals} decimals", self.amount)
        return int(scaled)

    def wire(self) -> str:
        """Write the amount as MTN does: "5000", "12.5"."""
        text = f"{self.amount:f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return "0" if text == "-0" else text

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

"""Msisdn: a phone number as MTN wants it. Reading what people type is not done here."""

from dataclasses import dataclass

from momo import checks


@dataclass(frozen=True, slots=True, order=True)
class Msisdn:
    """A phone number of 8 to 15 digits, with calling code and without "+".

    `str()` gives the digits. `repr()` masks them, so that a number is not logged by accident.

    Raises:
        InvalidValue: the text is anything else.
    """

    digits: str

    def __post_init__(self) -> None:
        checks.msisdn("msisdn", self.digits)

    def masked(self) -> str:
        """The number with four digits hidden, to be recognised by those who know it."""
        return f"{self.digits[:-7]}••••{self.digits[-3:]}"

    def __str__(self) -> str:
        return self.digits

    def __repr__(self) -> str:
        return f"Msisdn('{self.masked()}')"

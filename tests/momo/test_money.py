"""Money: exact, never a float."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momo import InvalidValue, Money


def test_equal_numbers_are_equal_money():
    assert Money(Decimal(50), "EUR") == Money(Decimal("50.00"), "EUR")
    assert hash(Money(Decimal(50), "EUR")) == hash(Money(Decimal("50.00"), "EUR"))
    assert Money(Decimal(50), "EUR") != Money(Decimal(50), "UGX")


@pytest.mark.parametrize(
    "amount", [1.5, 5, "5", Decimal("NaN"), Decimal("Infinity"), Decimal("1E+15"), Decimal("1E-13")]
)
def test_what_is_no_exact_amount_is_refused(amount):
    with pytest.raises(InvalidValue, match="amount"):
        Money(amount, "EUR")


@pytest.mark.parametrize("currency", ["eur", "EURO", "", "EU1", None])
def test_a_currency_is_three_capital_letters(currency):
    with pytest.raises(InvalidValue, match="currency"):
        Money(Decimal(1), currency)


@pytest.mark.parametrize(
    ("amount", "wire"),
    [("5000", "5000"), ("12.50", "12.5"), ("5.0", "5"), ("5E+3", "5000"), ("-0.00", "0"), ("-7.10", "-7.1")],
)
def test_an_amount_is_written_as_mtn_does(amount, wire):
    assert Money(Decimal(amount), "EUR").wire() == wire


@pytest.mark.parametrize("text", ["", "five", "NaN", "Infinity", "1_000", "1,5", " 1", "٣", "0x10", "1e999"])
def test_only_plain_numbers_are_read(text):
    with pytest.raises(InvalidValue):
        Money.parse(text, "EUR")


def test_more_decimals_than_the_currency_has_are_refused():
    assert Money.parse("12.50", "EUR").minor_units(2) == 1250

    with pytest.raises(InvalidValue, match="at most 0 decimals"):
        Money.parse("12.50", "UGX").minor_units(0)


@given(minor=st.integers(-(10**14), 10**14), decimals=st.integers(0, 3))
def test_minor_units_survive_the_way_there_and_back(minor, decimals):
    money = Money.from_minor(minor, "EUR", decimals)

    assert money.minor_units(decimals) == minor
    assert Money.parse(money.wire(), "EUR") == money


def test_money_is_shown_with_a_space_and_its_decimals():
    assert str(Money.from_minor(1250, "EUR", 2)) == "12.50 EUR"

"""Amounts as people type them: one meaning, two asked back, or refused with a right example."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.amounts import Ambiguous, Parsed, parse_amount
from bot.chat.badinput import BadInput
from bot.chat.badinput import BadReason as Why
from bot.domain.transactions import LARGEST_MINOR
from momo import Market, Money, market_of

UGANDA = market_of("mtnuganda")  # no decimals
SANDBOX = market_of("sandbox")  # two decimals
MARKETS = st.sampled_from([UGANDA, SANDBOX])


def meanings(text: str, market: Market) -> tuple[str, ...]:
    """Return what the text can mean, as MTN would write it."""
    result = parse_amount(text, market)
    readings = (result.value,) if isinstance(result, Parsed) else result.readings
    assert {money.currency for money in readings} == {market.currency}
    return tuple(money.wire() for money in readings)


def meanings_or_example(text: str, market: Market) -> tuple[str, ...] | str:
    try:
        return meanings(text, market)
    except BadInput as bad:
        return bad.example


@pytest.mark.parametrize(
    ("text", "shillings"),
    [
        ("1", "1"),
        ("5000", "5000"),
        (" 5000 ", "5000"),
        ("\t5000\n", "5000"),
        ("5k", "5000"),
        ("5K", "5000"),
        ("5 k", "5000"),
        ("1.5k", "1500"),
        ("1,5k", "1500"),
        ("1.25k", "1250"),
        ("0.5k", "500"),
        ("1.234k", None),
        ("2m", "2000000"),
        ("2M", "2000000"),
        ("1.000001m", "1000001"),
        ("5 000", "5000"),
        ("5  000", "5000"),
        ("5 000 000", "5000000"),
        ("1,000,000", "1000000"),
        ("1.000.000", "1000000"),
        ("12.345.678", "12345678"),
        ("1,234", "1234"),
        ("1.234", "1234"),
        ("999.999", "999999"),
        ("5000 UGX", "5000"),
        ("UGX 5000", "5000"),
        ("5000UGX", "5000"),
        ("UGX5000", "5000"),
        ("5000 ugx", "5000"),
        ("5k UGX", "5000"),
        ("5kugx", "5000"),
        ("UGX 5 000", "5000"),
        ("100000000000", "100000000000"),
    ],
)
def test_in_a_currency_without_decimals(text: str, shillings: str | None):
    assert meanings(text, UGANDA) == ((shillings,) if shillings else ("1234", "1234000"))


@pytest.mark.parametrize(
    ("text", "euros"),
    [
        ("12.50", "12.5"),
        ("12,50", "12.5"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("0.01", "0.01"),
        ("0,50", "0.5"),
        ("12", "12"),
        ("12.00", "12"),
        ("1,000.50", "1000.5"),
        ("1.000,50", "1000.5"),
        ("1 000.50", "1000.5"),
        ("1 000,50", "1000.5"),
        ("1,000,000.5", "1000000.5"),
        ("1.23456k", "1234.56"),
        ("EUR 12.50", "12.5"),
        ("12,50eur", "12.5"),
        ("1000000000.00", "1000000000"),
    ],
)
def test_in_a_currency_with_two_decimals(text: str, euros: str):
    assert meanings(text, SANDBOX) == (euros,)


@pytest.mark.parametrize(
    ("text", "market", "readings"),
    [
        ("5.000", UGANDA, ("5", "5000")),
        ("5,000", UGANDA, ("5", "5000")),
        ("1,000", UGANDA, ("1", "1000")),
        ("100.000", UGANDA, ("100", "100000")),
        ("5.000 UGX", UGANDA, ("5", "5000")),
        ("1.500k", UGANDA, ("1500", "1500000")),
        ("5.000", SANDBOX, ("5", "5000")),
        ("1,000", SANDBOX, ("1", "1000")),
        ("1.500", SANDBOX, ("1.5", "1500")),
        ("1,250", SANDBOX, ("1.25", "1250")),
        ("EUR 1,250", SANDBOX, ("1.25", "1250")),
    ],
)
def test_what_two_people_read_in_two_ways_is_asked_back(text: str, market: Market, readings: tuple[str, ...]):
    assert isinstance(parse_amount(text, market), Ambiguous)
    assert meanings(text, market) == readings


REFUSED = [
    ("", Why.AMOUNT_MISSING, "5000"),
    ("   ", Why.AMOUNT_MISSING, "5000"),
    ("５０００", Why.AMOUNT_NOT_ASCII, "5000"),
    ("٥٠٠٠", Why.AMOUNT_NOT_ASCII, "5000"),
    ("5000²", Why.AMOUNT_NOT_ASCII, "5000"),
    ("5\u00a0000", Why.AMOUNT_NOT_ASCII, "5000"),
    ("−5000", Why.AMOUNT_NOT_ASCII, "5000"),
    ("\u202e5000", Why.AMOUNT_NOT_ASCII, "5000"),
    ("-5000", Why.AMOUNT_NEGATIVE, "5000"),
    ("- 700", Why.AMOUNT_NEGATIVE, "700"),
    ("UGX -700", Why.AMOUNT_NEGATIVE, "700"),
    ("-0", Why.AMOUNT_NEGATIVE, "5000"),
    ("+5000", Why.AMOUNT_PLUS_SIGN, "5000"),
    ("1e5", Why.AMOUNT_EXPONENT, "5000"),
    ("1E5", Why.AMOUNT_EXPONENT, "5000"),
    ("1e-5", Why.AMOUNT_EXPONENT, "5000"),
    ("1.e+5", Why.AMOUNT_EXPONENT, "5000"),
    ("1_000", Why.AMOUNT_UNDERSCORE, "1000"),
    ("_5", Why.AMOUNT_UNDERSCORE, "5"),
    ("NaN", Why.AMOUNT_NOT_A_NUMBER, "5000"),
    ("inf", Why.AMOUNT_NOT_A_NUMBER, "5000"),
    ("-Infinity", Why.AMOUNT_NEGATIVE, "5000"),
    ("five", Why.AMOUNT_NOT_A_NUMBER, "5000"),
    ("0x10", Why.AMOUNT_NOT_A_NUMBER, "5000"),
    ("5000/=", Why.AMOUNT_NOT_A_NUMBER, "5000"),
    ("$5", Why.AMOUNT_NOT_A_NUMBER, "5"),
    ("5'000", Why.AMOUNT_NOT_A_NUMBER, "5000"),
    (".5", Why.AMOUNT_NOT_A_NUMBER, "5"),
    ("5.", Why.AMOUNT_NOT_A_NUMBER, "5"),
    (",", Why.AMOUNT_NOT_A_NUMBER, "5000"),
    ("5kk", Why.AMOUNT_NOT_A_NUMBER, "5"),
    ("5b", Why.AMOUNT_NOT_A_NUMBER, "5"),
    ("5000 for rent", Why.AMOUNT_NOT_A_NUMBER, "5000"),
    ("UGX", Why.AMOUNT_NOT_A_NUMBER, "5000"),
    ("UGX 5 UGX", Why.AMOUNT_NOT_A_NUMBER, "5"),
    ("0", Why.AMOUNT_ZERO, "5000"),
    ("0k", Why.AMOUNT_ZERO, "5000"),
    ("007", Why.AMOUNT_LEADING_ZERO, "7"),
    ("00", Why.AMOUNT_LEADING_ZERO, "5000"),
    ("000,000", Why.AMOUNT_LEADING_ZERO, "5000"),
    ("0 500", Why.AMOUNT_LEADING_ZERO, "5000"),
    ("1,00,000", Why.AMOUNT_GROUPING, "100000"),
    ("1,0000,000", Why.AMOUNT_GROUPING, "10000000"),
    ("1.000.00", Why.AMOUNT_GROUPING, "1000"),
    ("5 00", Why.AMOUNT_GROUPING, "5000"),
    ("5000 6000", Why.AMOUNT_GROUPING, "5000"),
    ("1..000", Why.AMOUNT_GROUPING, "1"),
    ("1,000.000,000", Why.AMOUNT_GROUPING, "1000000000"),
    ("12.50", Why.AMOUNT_TOO_MANY_DECIMALS, "12"),
    ("0,5", Why.AMOUNT_TOO_MANY_DECIMALS, "5000"),
    ("5.0", Why.AMOUNT_TOO_MANY_DECIMALS, "5"),
    ("1,000.50", Why.AMOUNT_TOO_MANY_DECIMALS, "1000"),
    ("1.2345k", Why.AMOUNT_TOO_MANY_DECIMALS, "5000"),
    ("100000000001", Why.AMOUNT_TOO_LARGE, "5000"),
    ("100001m", Why.AMOUNT_TOO_LARGE, "5000"),
    ("999999.999m", Why.AMOUNT_TOO_LARGE, "5000"),
    ("9" * 15, Why.AMOUNT_TOO_LARGE, "5000"),
    ("9" * 4096, Why.AMOUNT_TOO_LARGE, "5000"),
    ("5000 USD", Why.AMOUNT_OTHER_CURRENCY, "5000"),
    ("EUR 5000", Why.AMOUNT_OTHER_CURRENCY, "5000"),
    ("5kes", Why.AMOUNT_OTHER_CURRENCY, "5"),
]


@pytest.mark.parametrize(("text", "reason", "example"), REFUSED)
def test_what_cannot_be_paid_is_refused_with_its_reason_and_a_right_example(text: str, reason: Why, example: str):
    with pytest.raises(BadInput) as caught:
        parse_amount(text, UGANDA)
    assert (caught.value.reason, caught.value.example) == (reason, example)
    assert caught.value.typed == text[:64]


@pytest.mark.parametrize(
    ("text", "reason", "example"),
    [
        ("12.5055", Why.AMOUNT_TOO_MANY_DECIMALS, "12.50"),
        ("0.505", Why.AMOUNT_TOO_MANY_DECIMALS, "0.50"),
        ("1000.500", Why.AMOUNT_TOO_MANY_DECIMALS, "1000.50"),
        ("0.00", Why.AMOUNT_ZERO, "12.50"),
        ("0.001", Why.AMOUNT_TOO_MANY_DECIMALS, "12.50"),
        ("-12,50", Why.AMOUNT_NEGATIVE, "12.50"),
        ("1000000000.01", Why.AMOUNT_TOO_LARGE, "1000000000"),
    ],
)
def test_refusals_in_a_currency_with_decimals(text: str, reason: Why, example: str):
    with pytest.raises(BadInput) as caught:
        parse_amount(text, SANDBOX)
    assert (caught.value.reason, caught.value.example) == (reason, example)


def test_each_kind_of_trouble_has_a_reason_of_its_own():
    assert {reason for _, reason, _ in REFUSED} == {why for why in Why if why.startswith("amount")}


@given(minor=st.integers(1, LARGEST_MINOR), market=MARKETS)
def test_what_is_shown_is_read_back_as_the_same(minor: int, market: Market):
    money = Money.from_minor(minor, market.currency, market.decimals)
    for shown in (money.wire(), str(money), f"{money.currency}{money.wire()}", f"{money.amount:,}".replace(",", " ")):
        assert parse_amount(shown, market) == Parsed(money)


@given(text=st.text("0123456789.,kKmM UGXER-+_e'", max_size=14), market=MARKETS)
def test_no_text_gains_or_loses_a_digit(text: str, market: Market):
    read = meanings_or_example(text, market)
    if isinstance(read, str):
        return
    typed = re.sub(r"[^0-9]", "", text).strip("0")
    assert {re.sub(r"[^0-9]", "", meaning).strip("0") for meaning in read} == {typed}
    assert all(0 < Decimal(meaning) * 10**market.decimals <= LARGEST_MINOR for meaning in read)


@given(text=st.text(max_size=30), market=MARKETS)
def test_any_text_is_read_or_refused_with_a_right_example(text: str, market: Market):
    read = meanings_or_example(text, market)
    assert not isinstance(read, str) or isinstance(parse_amount(read, market), Parsed)


@pytest.mark.parametrize("text", ["12.345", "12,345", "1.001"])
def test_three_digits_that_cannot_be_decimals_are_not_taken_for_thousands(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_amount(text, market_of("sandbox"))

    assert refused.value.reason is Why.AMOUNT_TOO_MANY_DECIMALS

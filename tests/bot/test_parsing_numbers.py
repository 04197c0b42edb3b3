"""Phone numbers as people type them, in the numbering plans of the markets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.badinput import BadInput
from bot.chat.badinput import BadReason as Why
from bot.chat.numbers import example_number, parse_number
from momo import Market, market_of

UGANDA = market_of("mtnuganda")
IVORY_COAST = market_of("mtnivorycoast")
SANDBOX = market_of("sandbox")
NEW = market_of("mtnatlantis", "EUR")
ENVIRONMENTS = (
    *("mtnbenin", "mtncameroon", "mtncongo", "mtnghana", "mtnguineaconakry", "mtnivorycoast", "mtnliberia", "sandbox"),
    *("mtnnigeria", "mtnrwanda", "mtnsouthafrica", "mtnsouthsudan", "mtnswaziland", "mtnuganda", "mtnzambia"),
)
MARKETS = st.sampled_from([market_of(name) for name in ENVIRONMENTS])


@pytest.mark.parametrize(
    "text",
    [
        "0700123456",
        "700123456",
        "256700123456",
        "+256700123456",
        " 0700 123 456 ",
        "0700-123-456",
        "0700.123.456",
        "07 00 12 34 56",
        "700 123 456",
        "256 700 123 456",
        "+256 700 123-456",
        "+256 (0)700 123456",
        "+256(0)700123456",
        "256 (0) 700 123456",
        "0700  123\t456\n",
    ],
)
def test_all_forms_of_a_number_are_one_number(text: str):
    assert str(parse_number(text, UGANDA)) == "256700123456"


@pytest.mark.parametrize(
    ("market", "text", "canonical"),
    [
        ("mtnivorycoast", "0501020304", "2250501020304"),
        ("mtnivorycoast", "05 01 02 03 04", "2250501020304"),
        ("mtnivorycoast", "+225 05 01 02 03 04", "2250501020304"),
        ("mtnivorycoast", "2250501020304", "2250501020304"),
        ("mtnbenin", "0112345678", "2290112345678"),
        ("mtncongo", "061234567", "242061234567"),
        ("mtncongo", "+242 06 123 4567", "242061234567"),
        ("mtncameroon", "671234567", "237671234567"),
        ("mtnswaziland", "76123456", "26876123456"),
        ("mtnsouthafrica", "083 123 4567", "27831234567"),
        ("mtnnigeria", "0803 123 4567", "2348031234567"),
        ("sandbox", "46733123453", "46733123453"),
        ("sandbox", "+46 733 123 453", "46733123453"),
        ("sandbox", "12345678", "12345678"),
        ("sandbox", "123456789012345", "123456789012345"),
    ],
)
def test_the_plans_of_other_countries(market: str, text: str, canonical: str):
    assert str(parse_number(text, market_of(market))) == canonical


@pytest.mark.parametrize(
    ("market", "text", "reason"),
    [
        (UGANDA, "", Why.NUMBER_MISSING),
        (UGANDA, "  ", Why.NUMBER_MISSING),
        (UGANDA, "00256700123456", Why.NUMBER_DOUBLE_ZERO),
        (UGANDA, "00 256 700 123 456", Why.NUMBER_DOUBLE_ZERO),
        (UGANDA, "07OO123456", Why.NUMBER_LETTERS),
        (UGANDA, "tel:0700123456", Why.NUMBER_LETTERS),
        (UGANDA, "０７００123456", Why.NUMBER_NOT_ASCII),
        (UGANDA, "٠٧٠٠123456", Why.NUMBER_NOT_ASCII),
        (UGANDA, "\u202e0700123456", Why.NUMBER_NOT_ASCII),
        (UGANDA, "0700\u00a0123456", Why.NUMBER_NOT_ASCII),
        (UGANDA, "0700/123/456", Why.NUMBER_OTHER_CHARACTERS),
        (UGANDA, "(0700) 123456", Why.NUMBER_OTHER_CHARACTERS),
        (UGANDA, "0700--123456", Why.NUMBER_OTHER_CHARACTERS),
        (UGANDA, "++256700123456", Why.NUMBER_OTHER_CHARACTERS),
        (UGANDA, "0700+123456", Why.NUMBER_OTHER_CHARACTERS),
        (UGANDA, "-0700123456", Why.NUMBER_OTHER_CHARACTERS),
        (UGANDA, "+", Why.NUMBER_OTHER_CHARACTERS),
        (UGANDA, "070012345", Why.NUMBER_TOO_SHORT),
        (UGANDA, "07001234567", Why.NUMBER_TOO_LONG),
        (UGANDA, "+25670012345", Why.NUMBER_TOO_SHORT),
        (UGANDA, "+2560700123456", Why.NUMBER_TOO_LONG),
        (UGANDA, "256070012345", Why.NUMBER_TOO_SHORT),
        (UGANDA, "+254700123456", Why.NUMBER_OTHER_COUNTRY),
        (UGANDA, "254700123456", Why.NUMBER_OTHER_COUNTRY),
        (UGANDA, "+0700123456", Why.NUMBER_OTHER_COUNTRY),
        (UGANDA, "7" * 4096, Why.NUMBER_TOO_LONG),
        (IVORY_COAST, "501020304", Why.NUMBER_TOO_SHORT),
        (IVORY_COAST, "5010203040", Why.NUMBER_WRONG_START),
        (IVORY_COAST, "2255010203040", Why.NUMBER_WRONG_START),
        (IVORY_COAST, "05010203040", Why.NUMBER_TOO_LONG),
        (SANDBOX, "1234567", Why.NUMBER_TOO_SHORT),
        (SANDBOX, "1234567890123456", Why.NUMBER_TOO_LONG),
        (SANDBOX, "0733123453", Why.NUMBER_WRONG_START),
        (SANDBOX, "999999999999999", Why.NUMBER_WRONG_START),  # nobody's: what is left of a number that was removed
        (SANDBOX, "0046733123453", Why.NUMBER_DOUBLE_ZERO),
        (NEW, "0733123453", Why.NUMBER_WRONG_START),
    ],
)
def test_what_is_no_number_here_is_refused_with_its_reason(market: Market, text: str, reason: Why):
    with pytest.raises(BadInput) as caught:
        parse_number(text, market)
    assert caught.value.reason is reason
    assert parse_number(caught.value.example, market)


def test_a_double_zero_is_answered_with_the_same_number_and_a_plus():
    with pytest.raises(BadInput) as caught:
        parse_number("00256 700 123456", UGANDA)
    assert caught.value.example == "+256700123456"


@given(market=MARKETS)
def test_each_market_has_an_example_of_its_own(market: Market):
    assert str(parse_number(example_number(market), market)).startswith(market.calling_code or "46")


@given(text=st.text("0123456789+-. ()", max_size=20), market=MARKETS)
def test_a_number_that_was_read_is_read_as_itself(text: str, market: Market):
    try:
        number = parse_number(text, market)
    except BadInput as bad:
        number = parse_number(bad.example, market)
    assert parse_number(str(number), market) == number
    assert parse_number(f"+{number}", market) == number


@given(text=st.text(max_size=20), market=MARKETS)
def test_any_text_is_a_number_or_refused(text: str, market: Market):
    try:
        number = parse_number(text, market)
    except BadInput:
        return
    assert str(number).endswith("".join(letter for letter in text if letter.isdigit())[-7:])

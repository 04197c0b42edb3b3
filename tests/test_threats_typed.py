"""Hundreds of ways to write an amount or a number that is not one, or not the one meant: none is guessed."""

import ast
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.amounts import Ambiguous, Parsed, parse_amount
from bot.chat.badinput import BadInput
from bot.chat.numbers import parse_number
from momo import market_of

ROOT = Path(__file__).parents[1]
UGANDA, EURO = market_of("mtnuganda"), market_of("sandbox")
THREE_DECIMALS = market_of("mtnatlantis", "KWD")
DIGITS = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "০১২৩৪৫৬৭৮৯"]
FOREIGN = ["".join(script[int(d)] for d in text) for script in DIGITS[1:] for text in ("5", "12", "500", "5000")]
PYTHONS = [
    *("1e5", "1E5", "1e-2", "5e0", "NaN", "nan", "sNaN", "Infinity", "inf", "-inf", "1_000", "5_0", "0x10", "0b1"),
    *("0o7", "1j", "5.", ".5", "+.5", "1.e2", "True", "None", "1L", "5f", "5d", "1/2", "10%", "5**2", "2+2", "(5)"),
    *("[5]", "{5}", "'5'", '"5"', "`5`", "5;", "5,", "5:", "=5", "==5", "~5", "5!", "5?", "#5", "$5", "€5", "5€", "£5"),
    *("5\\n", "\\5", "/5", "5/", "|5", "5|", "<5>", "&5", "5&5", "@5", "5@", "^5", "5^2", "5*", "*5", "5--", "--5"),
]
SIGNED = [f"{sign}{n}" for sign, n in product(["-", "+", "−", "–", "±", "- ", "~"], ["0", "5", "500", "1.5"])]
NOTHING = [
    *(
        "",
        " ",
        "\t",
        "\n",
        "0",
        "00",
        "0.0",
        "0.00",
        "0,00",
        "000",
        "-0",
        "0k",
        "0 UGX",
        ".",
        ",",
        "-",
        "+",
        "k",
        "UGX",
    ),
]
UNSEEN = [
    f"5{c}00"
    for c in "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2069\u2060\ufeff\u00ad\x00\x08\x1b"
]
SYMBOLS = [
    *(
        "²",
        "5²",
        "½",
        "5½",
        "Ⅴ",
        "五",
        "五百",
        "⑤",
        "５００",
        "5٫5",
        "5٬000",
        "5’000",
        "5'000",
        "5·5",
        "1⁄2",
        "㊄",
        "🖐",
        "5️⃣",
    ),
]
BROKEN = [
    *("1,00,000", "1.00.000", "12,34,56", "1,,000", "1..5", "1.,5", "1 00 0", "10 00", "1,000.5.5", "1,000,00"),
    *("5 5", "1 2", "05", "007", "0500", "00.5", "01,000"),
    *("5k5", "5kk", "5mk", "5K K", "k5", "1.2.3", "1,2,3", "1 000,000.0", "5000USD", "USD5000", "UGXUGX5", "UGX5UGX"),
    *("5 000 00", "5. 000", "5 .000", "5, 000", "9" * 16, "9" * 40, "9" * 400, "1" + "0" * 15, "99999999999999999999"),
    *(
        "five",
        "cinq",
        "5 thousand",
        "5 and 6",
        "5-6",
        "5–6",
        "5..6",
        "5 x 2",
        "5x",
        "x5",
        "O5",
        "5O",
        "l00",
        "1O0",
        "S00",
    ),
]
WRONG_AMOUNTS = sorted({*FOREIGN, *PYTHONS, *SIGNED, *NOTHING, *UNSEEN, *SYMBOLS, *BROKEN})

_GOOD = "256700123456"
WRONG_NUMBERS = sorted(
    {
        *("".join(script[int(d)] for d in _GOOD) for script in DIGITS[1:]),
        *(f"{_GOOD[:k]}{c}{_GOOD[k:]}" for c in "\u200b\u200e\u202e\u2066\ufeff\x00²½" for k in (0, 3, 6, 12)),
        *(f"{_GOOD[:k]}{c}{_GOOD[k:]}" for c in "OlISxe_*#,;:/\\&'\"<>@!?=%$~^|{}[]`" for k in (1, 6, 11)),
        *(f"{sign}{_GOOD}" for sign in ("++", "-", "00", "+00", "000", "tel:", "+ +", "(+)", "＋")),
        *(_GOOD[:k] for k in range(9)),
        *(_GOOD + "9" * k for k in range(1, 30)),
        *("254700123456", "+254700123456", "+46733123999", "+1", "+", "0", "00", "0" * 10, "0" * 12, "1" * 40, " "),
        *("1e11", "2.567e11", "0x3BC9", "two five six", "256700123456 256700123457", "256700123456,256700123457"),
        *("256--700123456", "256..700123456", "256700123456-", "256700123456.", "-256700123456", ".256700123456"),
    }
)


def test_the_lists_are_long_enough() -> None:
    assert min(len(WRONG_AMOUNTS), len(WRONG_NUMBERS)) >= 200


@pytest.mark.parametrize("text", WRONG_AMOUNTS)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_amount(text, UGANDA)


@pytest.mark.parametrize("text", WRONG_NUMBERS)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_number(text, UGANDA)


@pytest.mark.parametrize("text", ["1,000", "1.000", "12,345", "999.999"])
def test_what_two_people_read_in_two_ways_is_never_guessed(text: str) -> None:
    assert not isinstance(parse_amount(text, THREE_DECIMALS), Parsed)


@given(text=st.text("0123456789.,kKmM ", max_size=20))
def test_an_amount_that_is_read_has_no_digit_that_was_not_typed(text: str) -> None:
    try:
        read = parse_amount(text, EURO)
    except BadInput:
        return
    for value in read.readings if isinstance(read, Ambiguous) else (read.value,):
        assert set(value.wire()) - set("0.") <= set(text)


@given(text=st.text("+0123456789 .-()", max_size=22))
def test_a_number_that_is_read_is_read_as_itself_again(text: str) -> None:
    try:
        number = str(parse_number(text, UGANDA))
    except BadInput:
        return
    assert str(parse_number(number, UGANDA)) == number
    assert number.isascii()
    assert number.isdecimal()


MONEY_CODE = sorted(
    {
        *(ROOT / "bot" / "domain").glob("*.py"),
        *(ROOT / "bot" / "chat").glob("*amount*.py"),
        *(ROOT / "bot" / "service").glob("pay*.py"),
        *(ROOT / "bot" / "service").glob("refund*.py"),
        ROOT / "momo" / "money.py",
        ROOT / "momo" / "wire.py",
        ROOT / "bot" / "store" / "transactions.py",
        ROOT / "bot" / "store" / "balances.py",
    }
)
# Durations and chance, which are no money.
TIME = {"schedule.py", "mint.py", "settling.py", "steady.py"}


@pytest.mark.parametrize("path", MONEY_CODE, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_no_float_is_in_money_code(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        named = isinstance(node, ast.Name) and node.id == "float"
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        assert path.name in TIME or not (named or literal), f"{path.name}:{getattr(node, 'lineno', 0)}"

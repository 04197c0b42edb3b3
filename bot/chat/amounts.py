"""Reading an amount of money that a person typed. Exact or asked back, never guessed.

What lives here: one field of text to Money. What must not: Telegram, and knowledge of any command.

`5.000` is five to one person and five thousand to another, so is `1,000`: where both are possible, both
are returned. A reading that the currency cannot have (1.234 shillings) is not possible.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from bot.chat.badinput import BadInput, BadReason, Unfit, ascii_digits
from bot.domain.transactions import LARGEST_MINOR
from momo import Market, Money

_MOST_DIGITS = 15
_POWERS = {"": 0, "k": 3, "m": 6}
# The last one is what amounts are grouped with in French.
_BLANKS = re.compile(r"[ \t\r\n\u202f]+")
# 5000 | 5 000,50 | UGX 1.5k | 5000UGX: the digits with their separators, then k or m, a currency around.
_SHAPE = re.compile(
    r"(?:(?P<before>[A-Za-z]{3}) ?)?"
    r"(?P<number>[0-9](?:[0-9., ]*[0-9])?) ?(?P<scale>[kKmM]?)"
    r"(?: ?(?P<after>[A-Za-z]{3}))?"
)
_PLAIN = re.compile(r"(?P<whole>[0-9]+)(?:[.,](?P<fraction>[0-9]+))?")
# Groups of three behind one and the same separator; a decimal separator is another one.
_GROUPED = re.compile(
    r"(?P<whole>[0-9]{1,3}(?P<separator>[ .,])[0-9]{3}(?:(?P=separator)[0-9]{3})*)"
    r"(?:(?!(?P=separator))[.,](?P<fraction>[0-9]+))?"
)
_LIKE_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]+)*\.[0-9]{3}")
_EITHER = re.compile(r"(?P<whole>[1-9][0-9]{0,2})[.,](?P<thousands>[0-9]{3})")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The only thing that the text can mean."""

    value: Money


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """All that the text can mean, smallest first: ask which."""

    readings: tuple[Money, ...]


def parse_amount(text: str, market: Market) -> Parsed | Ambiguous:
    """Return what `text`, one whole field, means in the market's currency.

    Raises:
        BadInput: it means nothing that can be paid.
    """
    try:
        return _read(text, market)
    except Unfit as unfit:
        raise BadInput(unfit.reason, _example(text, market), text) from None


def example_amount(market: Market) -> str:
    """Return an amount that is right in this market."""
    return "12.50" if market.decimals else "5000"


def _read(text: str, market: Market) -> Parsed | Ambiguous:
    field = _BLANKS.sub(" ", text).strip(" ")
    shape = _SHAPE.fullmatch(field)
    if shape is None:
        raise Unfit(_what_is_wrong(field))
    if any(word and word.upper() != market.currency for word in shape.group("before", "after")):
        raise Unfit(BadReason.AMOUNT_OTHER_CURRENCY)
    if shape["before"] and shape["after"]:
        raise Unfit(BadReason.AMOUNT_NOT_A_NUMBER)
    power = _POWERS[shape["scale"].lower()]
    either = _EITHER.fullmatch(shape["number"])
    if either:
        return _both_readings(either, power, market)
    return Parsed(_payable(_one_reading(shape["number"], power, market), market))


def _both_readings(either: re.Match[str], power: int, market: Market) -> Parsed | Ambiguous:
    """Read three digits after a single separator: as decimals, and as thousands."""
    texts = (f"{either['whole']}.{either['thousands']}", either["whole"] + either["thousands"])
    amounts = [Decimal(text).scaleb(power) for text in texts]
    possible = [_money(amount, market) for amount in amounts if _fits(amount, market)]
    if not possible:
        raise Unfit(BadReason.AMOUNT_TOO_LARGE)
    if len(possible) > 1:
        return Ambiguous(tuple(possible))
    if market.decimals:  # "12.345": a slip in the decimals is as likely as a thousand times as much
        raise Unfit(BadReason.AMOUNT_TOO_MANY_DECIMALS)
    return Parsed(possible[0])


def _one_reading(number: str, power: int, market: Market) -> Decimal:
    match = _PLAIN.fullmatch(number) or _GROUPED.fullmatch(number)
    if match is None:
        raise Unfit(BadReason.AMOUNT_GROUPING)
    whole, fraction = re.sub(r"[ .,]", "", match["whole"]), match["fraction"] or ""
    if whole.startswith("0") and whole != "0":
        raise Unfit(BadReason.AMOUNT_LEADING_ZERO)
    if len(whole) > _MOST_DIGITS:
        raise Unfit(BadReason.AMOUNT_TOO_LARGE)
    if len(fraction) > market.decimals + power:
        raise Unfit(BadReason.AMOUNT_TOO_MANY_DECIMALS)
    return Decimal(f"{whole}.{fraction or 0}").scaleb(power)


def _payable(amount: Decimal, market: Market) -> Money:
    if not amount:
        raise Unfit(BadReason.AMOUNT_ZERO)
    if not _fits(amount, market):
        raise Unfit(BadReason.AMOUNT_TOO_LARGE)
    return _money(amount, market)


def _fits(amount: Decimal, market: Market) -> bool:
    """Tell whether the currency can have this amount, and nobody typed a zero too many."""
    minor = amount.scaleb(market.decimals)
    return minor == minor.to_integral_value() and minor <= LARGEST_MINOR


def _money(amount: Decimal, market: Market) -> Money:
    return Money.from_minor(int(amount.scaleb(market.decimals)), market.currency, market.decimals)


_WRONG = (
    (re.compile(r"[\s\S]*[^\x00-\x7f]"), BadReason.AMOUNT_NOT_ASCII),
    (re.compile(r".*[0-9.][eE][+-]?[0-9]"), BadReason.AMOUNT_EXPONENT),
    (re.compile(r"[^0-9]*-"), BadReason.AMOUNT_NEGATIVE),
    (re.compile(r"[^0-9]*\+"), BadReason.AMOUNT_PLUS_SIGN),
    (re.compile(r".*_"), BadReason.AMOUNT_UNDERSCORE),
)


def _what_is_wrong(field: str) -> BadReason:
    """Name the trouble with text that is not shaped like an amount."""
    if not field:
        return BadReason.AMOUNT_MISSING
    return next((why for pattern, why in _WRONG if pattern.match(field)), BadReason.AMOUNT_NOT_A_NUMBER)


def _example(text: str, market: Market) -> str:
    """Return what was typed in a right form, or else any right amount."""
    return next((guess for guess in _repairs(text, market) if _is_clear(guess, market)), example_amount(market))


def _repairs(text: str, market: Market) -> Iterable[str]:
    """Guess what a single run of digits was meant to be. With k, m or e behind it there is no telling."""
    typed = ascii_digits(text[: 2 * _MOST_DIGITS]).replace(",", ".")
    runs = re.findall(r"[0-9][0-9._]*(?:[eEkKmM](?![A-Za-z]))?", typed)
    if len(runs) != 1 or runs[0][-1].isalpha():
        return
    whole, separator, fraction = runs[0].rpartition(".")
    if not separator or (_LIKE_THOUSANDS.fullmatch(runs[0]) and not market.decimals):
        yield _only_digits(runs[0]).lstrip("0")
        return
    if market.decimals:
        yield f"{_only_digits(whole).lstrip('0') or '0'}.{_only_digits(fraction)[: market.decimals]}"
    yield _only_digits(whole).lstrip("0")


def _only_digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _is_clear(guess: str, market: Market) -> bool:
    try:
        return isinstance(_read(guess, market), Parsed)
    except Unfit:
        return False

"""Reading a phone number that a person typed, in the local or the international form of one market.

What lives here: one field of text to Msisdn. What must not: Telegram, and knowledge of any command.

Two kinds of numbering plan: in most, a number within the country is dialled with a 0 in front that is no part
of it (Uganda: 0700… is 256 700…). In a few the 0 is part of the number and is kept behind the calling code
(Côte d'Ivoire: 0501… is 225 0501…).
"""

import re

from bot.chat.badinput import BadInput, BadReason, Unfit, ascii_digits
from bot.domain.purging import REMOVED
from momo import Market, Msisdn

SHORTEST, LONGEST = 8, 15

# Côte d'Ivoire and Benin (10 digits), Congo-Brazzaville (9): national numbers begin with 0 and keep it.
_ZERO_IS_PART = frozenset({"225", "229", "242"})
_BLANKS = re.compile(r"[ \t\r\n]+")
_TRUNK_ZERO = re.compile(r" ?\(0\) ?")
_SHAPE = re.compile(r"\+?[0-9]+(?:[ .-][0-9]+)*")


def parse_number(text: str, market: Market) -> Msisdn:
    """Return the number that `text`, one whole field, names in this market.

    Raises:
        BadInput: it names none.
    """
    try:
        return Msisdn(_read(text, market))
    except Unfit as unfit:
        raise BadInput(unfit.reason, _example(text, market), text) from None


def example_number(market: Market) -> str:
    """Return a made-up number in the form that people of this market write."""
    if market.calling_code is None or market.national_digits is None:
        return "46733123999"
    start = "01" if market.calling_code in _ZERO_IS_PART else "7"
    national = (start + "1234567890")[: market.national_digits]
    return national if start == "01" else f"0{national}"


def _read(text: str, market: Market) -> str:
    field = _BLANKS.sub(" ", text).strip(" ")
    plain = _TRUNK_ZERO.sub(" ", field) if _is_international(field, market) else field
    if _SHAPE.fullmatch(plain) is None:
        raise Unfit(_what_is_wrong(field))
    digits = re.sub(r"[^0-9]", "", plain)
    if digits.startswith("00"):
        raise Unfit(BadReason.NUMBER_DOUBLE_ZERO)
    if market.calling_code is None or market.national_digits is None:
        return _of_open_plan(digits)
    code, length = market.calling_code, market.national_digits
    if plain.startswith("+") or len(digits) == len(code) + length:
        return code + _national(_without_code(digits, code), code, length)
    return code + _national(_without_trunk_zero(digits, code, length), code, length)


def _without_code(digits: str, code: str) -> str:
    if not digits.startswith(code):
        raise Unfit(BadReason.NUMBER_OTHER_COUNTRY)
    return digits.removeprefix(code)


def _without_trunk_zero(digits: str, code: str, length: int) -> str:
    is_trunk_zero = code not in _ZERO_IS_PART and len(digits) == length + 1
    return digits.removeprefix("0") if is_trunk_zero else digits


def _national(digits: str, code: str, length: int) -> str:
    """Check what stands behind the calling code."""
    if len(digits) != length:
        raise Unfit(BadReason.NUMBER_TOO_SHORT if len(digits) < length else BadReason.NUMBER_TOO_LONG)
    keeps_zero = code in _ZERO_IS_PART
    if digits.startswith("0") != keeps_zero:
        # With a trunk zero that is counted in, a digit is missing elsewhere.
        raise Unfit(BadReason.NUMBER_WRONG_START if keeps_zero else BadReason.NUMBER_TOO_SHORT)
    return digits


def _of_open_plan(digits: str) -> str:
    """Check a number where the length is not known: the sandbox, and markets newer than this program."""
    if digits.startswith("0") or digits == str(REMOVED):
        raise Unfit(BadReason.NUMBER_WRONG_START)
    if not SHORTEST <= len(digits) <= LONGEST:
        raise Unfit(BadReason.NUMBER_TOO_SHORT if len(digits) < SHORTEST else BadReason.NUMBER_TOO_LONG)
    return digits


def _is_international(field: str, market: Market) -> bool:
    """Tell whether `(0)` may be dropped: it is only written between a calling code and the rest."""
    return market.calling_code is not None and field.lstrip("+").startswith(market.calling_code)


def _what_is_wrong(field: str) -> BadReason:
    if not field:
        return BadReason.NUMBER_MISSING
    if not field.isascii():
        return BadReason.NUMBER_NOT_ASCII
    if re.search(r"[A-Za-z]", field):
        return BadReason.NUMBER_LETTERS
    return BadReason.NUMBER_OTHER_CHARACTERS


def _example(text: str, market: Market) -> str:
    """Return what was typed without its odd characters or its leading 00, if that was all; else any right number."""
    digits = re.sub(r"[^0-9]", "", ascii_digits(text[:64]))
    guess = f"+{digits[2:]}" if digits.startswith("00") else digits
    # A letter may stand for a digit: without it the number would be somebody else's.
    if any(letter.isalpha() for letter in text):
        return example_number(market)
    try:
        _read(guess, market)
    except Unfit:
        return example_number(market)
    return guess

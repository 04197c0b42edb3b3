"""Reading a phone number that a person typed, in the local or the international form of one market.

What lives here: one field of text to Msisdn. What must not: Telegram, and knowledge of any command.

Two kinds of numbering plan: in most, a number within the country is dialled with a 0 in front that is no part
of it (Uganda: 0772… is 256 772…). In a few the 0 is part of the number and is kept behind the calling code
(Côte d'Ivoire: 0501… is 225 0501…).
"""

import re

from bot.chat.badinput import BadInput, BadReason
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
    field = _BLANKS.sub(" ", text).strip(" ")
    plain = _TRUNK_ZERO.sub(" ", field) if _is_international(field, market) else field
    if _SHAPE.fullmatch(plain) is None:
        raise _bad(_what_is_wrong(field), text, market)
    digits = re.sub(r"[^0-9]", "", plain)
    if digits.startswith("00"):
        raise _bad(BadReason.NUMBER_DOUBLE_ZERO, text, market)
    canonical = _canonical(digits, market, has_plus=plain.startswith("+"))
    if isinstance(canonical, BadReason):
        raise _bad(canonical, text, market)
    return Msisdn(canonical)


def example_number(market: Market) -> str:
    """Return a made-up number in the form that people of this market write."""
    if market.calling_code is None or market.national_digits is None:
        return "46733123453"
    start = "01" if market.calling_code in _ZERO_IS_PART else "7"
    national = (start + "1234567890")[: market.national_digits]
    return national if start == "01" else f"0{national}"


def _canonical(digits: str, market: Market, *, has_plus: bool) -> str | BadReason:
    if market.calling_code is None or market.national_digits is None:
        return _open_plan(digits)
    code, length = market.calling_code, market.national_digits
    keeps_zero = code in _ZERO_IS_PART
    if has_plus or len(digits) == len(code) + length:
        national = digits.removeprefix(code) if digits.startswith(code) else None
    else:
        national = digits[1:] if len(digits) == length + 1 and not keeps_zero and digits[0] == "0" else digits
    return _national(national, code, length, keeps_zero=keeps_zero)


def _national(national: str | None, code: str, length: int, *, keeps_zero: bool) -> str | BadReason:
    if national is None:
        return BadReason.NUMBER_OTHER_COUNTRY
    if len(national) != length:
        return BadReason.NUMBER_TOO_SHORT if len(national) < length else BadReason.NUMBER_TOO_LONG
    if national.startswith("0") != keeps_zero:
        return BadReason.NUMBER_WRONG_START if keeps_zero else BadReason.NUMBER_TOO_SHORT
    return code + national


def _open_plan(digits: str) -> str | BadReason:
    """Check a number where the length is not known: the sandbox, and markets newer than this program."""
    if digits.startswith("0"):
        return BadReason.NUMBER_WRONG_START
    if len(digits) < SHORTEST:
        return BadReason.NUMBER_TOO_SHORT
    return digits if len(digits) <= LONGEST else BadReason.NUMBER_TOO_LONG


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


def _bad(reason: BadReason, text: str, market: Market) -> BadInput:
    return BadInput(reason, _example(reason, text, market), text)


def _example(reason: BadReason, text: str, market: Market) -> str:
    """Return what was typed without its leading 00, if that was all; else any right number."""
    digits = re.sub(r"[^0-9]", "", text)[2:]
    if reason is BadReason.NUMBER_DOUBLE_ZERO and isinstance(_canonical(digits, market, has_plus=True), str):
        return f"+{digits}"
    return example_number(market)

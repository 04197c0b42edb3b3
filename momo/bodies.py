"""What stands in an answer's body, read value by value. Tolerant: MTN leaves fields out and swaps their types.

Which field means what is in `answers.py`, what an error means in `problems.py`.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from momo.models import Party, Reason
from momo.money import Money
from momo.wire import HttpResponse


def decode(response: HttpResponse) -> Any:
    """The body as JSON with every fraction a Decimal; None if it is empty or no JSON."""
    return decode_bytes(response.body)


def decode_bytes(body: bytes) -> Any:
    """The same for a body without an answer around it, as a callback's."""
    try:
        return _DECODER.decode(body.decode("utf-8-sig"))
    except (ValueError, ArithmeticError, RecursionError):  # wrong UTF-8, absurd numbers, endless nesting
        return None


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number that money can have")


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant)


def is_html(response: HttpResponse) -> bool:
    """True if the body is a web page: it begins like one, and its type or its first word says HTML."""
    beginning = response.body.lstrip()[:15].lower()
    says_html = "html" in response.headers.get("content-type", "").lower()
    return beginning.startswith(b"<" if says_html else (b"<!doctype html", b"<html"))


def text(value: object) -> str:
    """A string field; MTN sends numbers where it documents strings. Lone surrogates could not be stored."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    return str(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else ""


def text_or_none(value: object) -> str | None:
    """A string field that may be missing; an empty one counts as missing."""
    return None if value is None else text(value) or None


def normal_code(value: object) -> str | None:
    """A code in one spelling: upper case, underscores. None where there is none."""
    return "_".join(text(value).upper().split())[:100] or None


def money_of(amount: object, currency: object) -> Money | None:
    """An amount and its currency; None where one of them is missing.

    Raises:
        InvalidValue: they are there and cannot be read.
    """
    if amount is None or currency is None:
        return None
    return Money.parse(text(amount), text(currency))


def party_of(value: object) -> Party | None:
    """A party; None where there is none."""
    if not isinstance(value, dict):
        return None
    return Party(text(value.get("partyIdType")), text(value.get("partyId")))


def reason_of(value: object) -> Reason | None:
    """Why something failed; None where nothing is said."""
    if value is None:
        return None
    # Source: an object in the export and the sandbox; a bare string in production, in any spelling.
    fields: Mapping[str, object] = value if isinstance(value, dict) else {"code": value}
    message = text(fields.get("message"))
    code = normal_code(fields.get("code")) or normal_code(message)
    return Reason(code, message, raw=value) if code else None

"""Small readings of untrusted text that end in MTN's empty 400 when they fail."""

import re
import uuid
from collections.abc import Mapping
from decimal import Decimal

from momo.sandbox import replies
from momo.sandbox.call import Call

MAX_TEXT = 160
_AMOUNT = re.compile(r"[0-9]{1,18}(\.[0-9]{1,9})?", re.ASCII)
_MSISDN = re.compile(r"\+?[0-9]{3,15}", re.ASCII)  # local formats and "+" were accepted (measured)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def json_object_or_400(call: Call) -> dict[str, object]:
    """The body as a JSON object."""
    try:
        body = call.json()
    except (ValueError, RecursionError):
        raise replies.bad_request() from None
    if not isinstance(body, dict):
        raise replies.bad_request()
    return body


def uuid_or_400(text: str | None) -> uuid.UUID:
    """A UUID in the usual spelling, either case."""
    try:
        value = uuid.UUID(text or "")
    except ValueError:
        raise replies.bad_request() from None
    if str(value) != (text or "").lower():  # Python also reads braces, "urn:" and missing hyphens
        raise replies.bad_request()
    return value


def uuid4_or_400(text: str | None) -> str:
    """A UUID version 4, in lower case."""
    value = uuid_or_400(text)
    if value.version != 4:
        raise replies.bad_request()
    return str(value)


def party_or_400(kind: object, party_id: object) -> Mapping[str, str]:
    """A party of MTN's three types. Null fields are an internal error there (measured), not a 400."""
    if kind is None or party_id is None:
        raise replies.refused("INTERNAL_PROCESSING_ERROR")
    text = str(party_id)
    if not isinstance(party_id, str | int) or not _is_party_id(str(kind), text):
        raise replies.bad_request()
    return {"partyIdType": str(kind), "partyId": text}


def _is_party_id(kind: str, text: str) -> bool:
    match kind:
        case "MSISDN":
            return _MSISDN.fullmatch(text) is not None
        case "EMAIL":
            return _EMAIL.fullmatch(text) is not None
        case "PARTY_CODE":
            return bool(uuid_or_400(text))
        case _:
            return False


def amount_or_400(value: object) -> Decimal:
    """A decimal number in plain digits, as a string or (as in MTN's examples) as a JSON number."""
    if not _AMOUNT.fullmatch(text := str(value)):
        raise replies.bad_request()
    return Decimal(text)


def text_or_400(body: Mapping[str, object], name: str) -> str | None:
    """A text field: None if it is missing, a 400 if it is too long or has an apostrophe in it."""
    value = body.get(name)
    if value is None:
        return None
    text = str(value)
    if isinstance(value, dict | list | bool) or len(text) > MAX_TEXT or "'" in text:
        raise replies.bad_request()
    return text


def seconds_or_400(value: object) -> int:
    """A whole number of seconds, more than none; as a string or as a number."""
    if not re.fullmatch(r"[1-9][0-9]{0,8}", str(value), re.ASCII):
        raise replies.bad_request()
    return int(str(value))

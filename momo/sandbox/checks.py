"""Small readings of untrusted text that end in MTN's empty 400 when they fail."""

import uuid

from momo.sandbox import replies
from momo.sandbox.call import Call


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

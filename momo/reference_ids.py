"""Reference ids: by chance, or worked out from something that stays the same.

An id that is worked out survives a crash without being stored: whoever knows the seed can ask again. The scheme,
version 1, for other languages to follow:

1. HMAC-SHA-256 with the key (UTF-8; may be empty) over the bytes `momo-reference-id-1`, a zero byte, and the seed in
   UTF-8.
2. The first 16 bytes, with the version bits set to 4 and the variant bits to 10, as RFC 9562 lays them out.

MTN takes only UUIDs of version 4, so version 5 would not do. Test vector: key "", seed "order 7" gives
`820792b4-6b6e-4dbb-9e93-de82fc5d5ae1`.
"""

import hashlib
import hmac
import uuid

from momo.errors import InvalidValue

_LABEL = b"momo-reference-id-1\x00"


def new_reference_id() -> str:
    """A reference id by chance. Store it before it is used."""
    return str(uuid.uuid4())


def reference_id_from(seed: str, *, key: str = "") -> str:
    """The reference id that belongs to a seed, always the same.

    The seed has to name one intention to pay, such as "order 7, payment 1". A person who wants to pay again after a
    failure wants a new one, such as "order 7, payment 2": MTN would take the old one for a repeat.

    Args:
        seed: not empty.
        key: yours; without it anybody who can guess the seed knows the id, which by itself opens nothing.

    Raises:
        InvalidValue: the seed is empty or no text.
    """
    if not isinstance(seed, str) or not seed:
        raise InvalidValue("seed", "a text that is not empty", f"of type {type(seed).__name__}")
    digest = hmac.new(key.encode(), _LABEL + seed.encode(), hashlib.sha256).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))

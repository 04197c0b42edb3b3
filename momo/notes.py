"""Notes: what MTN accepts as payer_message and payee_note.

MTN documents at most 160 characters and refuses an apostrophe; its firewall refuses brackets and "#"; "&" lost
transactions; empty notes failed in production. So only letters, digits and a few harmless signs pass.
"""

import re
import unicodedata

from momo.errors import InvalidValue

MOST_CHARACTERS = 160
_LAST_RESORT = "MoMo"
_ACCEPTED = re.compile(rf"[A-Za-z0-9 .,_-]{{1,{MOST_CHARACTERS}}}")
_REFUSED = re.compile(r"[^A-Za-z0-9 .,_-]+")

# Letters that do not come apart into a plain letter and a mark; the second line is of West African alphabets.
_PLAIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
    | {"ɛ": "e", "Ɛ": "E", "ɔ": "o", "Ɔ": "O", "ŋ": "n", "Ŋ": "N", "ɖ": "d", "Ɖ": "D", "ɓ": "b", "Ɓ": "B"}
    | dict.fromkeys("‐‑‒–—", "-")
)


def clean_note(text: str, fallback: str) -> str:
    """Turn any text into a note that MTN accepts: "Café l'Étoile" becomes "Cafe l Etoile".

    Args:
        text: what a person typed.
        fallback: used when nothing of `text` can be kept; cleaned too.

    Returns:
        1 to 160 characters of A-Z, a-z, 0-9, space, dot, comma, underscore and hyphen.
    """
    return _clean(text) or _clean(fallback) or _LAST_RESORT


def demand_clean(field: str, text: str) -> str:
    """Return the text if MTN accepts it as it is.

    Raises:
        InvalidValue: it has to go through clean_note first.
    """
    if not isinstance(text, str) or _ACCEPTED.fullmatch(text) is None or not text.strip():
        rule = f"1 to {MOST_CHARACTERS} letters, digits, spaces and . , _ - (see clean_note)"
        raise InvalidValue(field, rule, text)
    return text


def without_accents(text: str) -> str:
    """The same letters without the marks above and below them."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _clean(text: str) -> str:
    words = _REFUSED.sub(" ", without_accents(text.translate(_PLAIN))).split()
    return " ".join(words)[:MOST_CHARACTERS].rstrip()

"""Whether two names may be of one person: the one somebody has for a number, and the one MTN has."""

import re
from difflib import SequenceMatcher

from momo.notes import without_accents

_ALIKE = 0.75  # below, two words have letters in common and nothing else


def name_match(name: str, other: str) -> int:
    """How well two names fit, in percent. Order, capitals, accents and names that only one of them has do not count.

    Each word of the shorter name counts as much as its letters agree with those of the most similar word of the other.
    A high figure proves nothing; a low one is a reason to ask before money is sent.

        name_match("Nakato Sarah", "SARAH N. NAKATTO") == 96

    Args:
        name: such as what the payer knows.
        other: such as BasicUserInfo.full_name.

    Returns:
        0 where no word of one is in the other, or one of them has none, to 100.
    """
    fewer, more = sorted((_words(name), _words(other)), key=len)
    agreed = 0.0
    for word in sorted(fewer, key=len, reverse=True):
        likeness, best = max((_likeness(word, one), one) for one in more)
        if likeness >= _ALIKE:
            agreed += likeness
            more.remove(best)
    return round(100 * agreed / len(fewer)) if fewer else 0


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", without_accents(name).casefold())


def _likeness(word: str, other: str) -> float:
    return SequenceMatcher(None, word, other, autojunk=False).ratio()

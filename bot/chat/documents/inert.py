"""Text that a spreadsheet must show and never run.

A cell that begins with one of a few signs is a formula to a spreadsheet that opens a text file, and names and notes
are written by strangers. Source: owasp.org/www-community/attacks/CSV_Injection.
"""

import re

from bot.chat.formats import UNSEEN

# Also the signs' wide forms, which some spreadsheets read as the signs themselves.
_STARTS_A_FORMULA = re.compile(r"[\s'\"]*[=+\-@＝＋－＠|%]|[\t\r\n]")
# What no cell of a workbook may hold: XML has no way to write it.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def is_risky(text: str) -> bool:
    """Tell whether a spreadsheet could take a text for a formula."""
    if text[:1].isalnum():
        return False  # as nearly everything is
    return _STARTS_A_FORMULA.match(UNSEEN.sub("", text)) is not None or _STARTS_A_FORMULA.match(text) is not None


def inert(text: str) -> str:
    """Return a text for a text file: the same, behind an apostrophe where it could be taken for a formula."""
    return f"'{text}" if is_risky(text) else text


def writable(text: str) -> str:
    """Return a text for a workbook: what XML cannot hold is shown as the sign for it."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)

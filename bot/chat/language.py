"""In which language a sentence is said: gettext catalogues, chosen once for each answer or message.

English is the source, written in the code; every other language is a catalogue in ``bot/locales``. A sentence is
marked with ``_`` where it is said, or with ``later`` where a table holds it and ``_`` is applied when it is said.
Values are put in afterwards (``_("Pay {amount}").format(amount=...)``): an f-string inside ``_`` cannot be found.
"""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.domain.marking import later

__all__ = ["LANGUAGES", "SOURCE", "_", "current", "known", "later", "ngettext", "speak"]

CATALOGUES = Path(__file__).parents[1] / "locales"
SOURCE = "en"
LANGUAGES = {SOURCE: "English", "fr": "Français"}
_spoken: ContextVar[str] = ContextVar("language", default=SOURCE)


@contextmanager
def speak(language: str) -> Iterator[None]:
    """Say everything inside in *language*; in English when there is no catalogue for it."""
    token = _spoken.set(known(language) or SOURCE)
    try:
        yield
    finally:
        _spoken.reset(token)


def current() -> str:
    """Return the language spoken now, which is also the locale of numbers and dates."""
    return _spoken.get()


def known(code: str | None) -> str | None:
    """Return our language for a code like "fr-CI", or None when it is not spoken here."""
    language = (code or "").replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else None


def _(sentence: str) -> str:
    """Return *sentence* in the language spoken now."""
    return _catalogue(current()).gettext(sentence)


def ngettext(one: str, many: str, n: int) -> str:
    """Return the form of a sentence that fits *n* things, in the language spoken now."""
    return _catalogue(current()).ngettext(one, many, n)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Read a catalogue as translators write it: nothing must be compiled and kept beside it."""
    if language == SOURCE:
        return gettext.NullTranslations()
    compiled = BytesIO()
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)

"""Sentences are said in the language of whoever is spoken to, wherever the code that says them runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chat import language
from bot.chat.language import _, current, known, later, ngettext, speak

CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "good morning"
msgstr "bonjour"

msgid "{n} card"
msgid_plural "{n} cards"
msgstr[0] "{n} carte"
msgstr[1] "{n} cartes"
"""


@pytest.fixture(autouse=True)
def small_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(CATALOGUE)
    monkeypatch.setattr(language, "CATALOGUES", tmp_path)
    language._catalogue.cache_clear()
    yield
    language._catalogue.cache_clear()


def test_a_sentence_is_said_in_the_language_spoken() -> None:
    greeting = later("good morning")

    with speak("fr"):
        assert _(greeting) == "bonjour"
    assert _(greeting) == "good morning"


def test_what_has_no_translation_is_said_in_english() -> None:
    with speak("fr"):
        assert _("good night") == "good night"
    with speak("sw"):
        assert (current(), _("good morning")) == ("en", "good morning")


@pytest.mark.parametrize(("n", "said"), [(0, "0 carte"), (1, "1 carte"), (2, "2 cartes")])
def test_a_count_is_said_as_the_language_counts(n: int, said: str) -> None:
    with speak("fr"):
        assert ngettext("{n} card", "{n} cards", n).format(n=n) == said


@pytest.mark.parametrize(
    ("code", "language"), [("fr-CI", "fr"), ("FR", "fr"), ("en_UG", "en"), ("sw", None), ("", None), (None, None)]
)
def test_a_language_is_known_by_its_code(code: str | None, language: str | None) -> None:
    assert known(code) == language

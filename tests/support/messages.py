"""The sentences of the code and those of the catalogues: what is missing, what is no longer said, what does not fit.

``python -m tests.support.messages`` brings the catalogues up to date: new sentences come in untranslated, those that
are no longer said go.
"""

import ast
import re
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
# How many of the first arguments are sentences.
KEYWORDS = {"_": 1, "later": 1, "ngettext": 2}
LINE_LENGTH = 120
PLACEHOLDER = re.compile(r"\{(\w*)[^{}]*\}")
TAG = re.compile(r"</?[a-z]+>")
# Lines of the head that would differ at each run, or say nothing.
DATED = re.compile(rb'^"(?:POT-|PO-|Report-|Last-|Language-Team|Generated-)[^\n]*\n', re.MULTILINE)
# What is typed as it stands, in any language.
COMMAND = re.compile(r"(?<![\w/])/[a-z]+")


@cache
def said() -> Catalog:
    """Return every sentence the bot's code marks."""
    found = Catalog(project="momo-desk", fuzzy=False)
    for file in sorted((ROOT / "bot").rglob("*.py")):
        where = str(file.relative_to(ROOT))
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
                sentence = _marked(node, node.func.id, f"{where}:{node.lineno}")
                if sentence:
                    found.add(sentence, locations=[(where, node.lineno)])
    return found


def _marked(call: ast.Call, keyword: str, where: str) -> str | tuple[str, ...] | None:
    """Return the sentence of a call; None where ``_`` is applied to one that is marked elsewhere."""
    given = call.args[: KEYWORDS[keyword]]
    texts = [arg.value for arg in given if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    assert not any(isinstance(arg, ast.JoinedStr) for arg in given), f"{where} marks an f-string"
    if len(texts) < len(given):
        assert keyword == "_", f"{where} marks something that is not written there"
        return None
    assert all(texts), f"{where} marks an empty sentence"
    return texts[0] if len(texts) == 1 else tuple(texts)


def catalogues() -> dict[str, Path]:
    """Return the file of each language."""
    return {file.parts[-3]: file for file in (ROOT / "bot" / "locales").glob("*/LC_MESSAGES/messages.po")}


def read(language: str) -> Catalog:
    """Return a catalogue as it is."""
    with catalogues()[language].open("rb") as file:
        return read_po(file, locale=language)


def forms(message: Message) -> list[tuple[str, str]]:
    """Return each translation of a sentence, beside the English it stands for."""
    if not message.pluralizable:
        return [(str(message.id), str(message.string or ""))]
    ids, strings = list(message.id), list(message.string or ("",))
    return [(ids[min(place, len(ids) - 1)], string) for place, string in enumerate(strings)]


def shape(sentence: str) -> tuple[list[str], list[str], list[str]]:
    """Return what a translation must have too: placeholders, tags, commands."""
    return (
        sorted(PLACEHOLDER.findall(sentence)),
        sorted(TAG.findall(sentence)),
        sorted(set(COMMAND.findall(TAG.sub(" ", sentence)))),
    )


def bring_up_to_date() -> None:
    """Write each catalogue with exactly the sentences of the code."""
    for language, file in catalogues().items():
        catalogue = read(language)
        catalogue.update(said(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        out = BytesIO()
        write_po(out, catalogue, width=LINE_LENGTH, sort_output=True, include_lineno=False, ignore_obsolete=True)
        file.write_bytes(DATED.sub(b"", out.getvalue()))
        missing = [message.id for message in catalogue if message.id and not all(text for _, text in forms(message))]
        print(f"{language}: {len(catalogue)} sentences, {len(missing)} to translate")


if __name__ == "__main__":
    bring_up_to_date()

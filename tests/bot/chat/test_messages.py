"""Every sentence of the code is in every catalogue, translated, fitting; and nothing else is there."""

import ast
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot.chat.amounts import Ambiguous, Parsed, parse_amount
from bot.chat.formats import date, day_and_time, money
from bot.chat.language import LANGUAGES, SOURCE, speak
from bot.chat.parsing import Order, parse_order, parse_refund
from momo import Money, market_of
from tests.bot.chat.samples import KAMPALA, UNTIL
from tests.support import messages

TRANSLATED = sorted(set(LANGUAGES) - {SOURCE})
HINT = "run `make messages`, then translate what it counts"
MARKS = {"_", "later", "ngettext"}
# Two words, and a beginning or an end as only a sentence has.
SENTENCE = re.compile(r"\W*[A-ZÀ-Ý][^<>{}/]* [a-z]|.*[a-z]{2} [a-z]{2}.*[.?!…]\s*$", re.DOTALL)
# An example of a till's name: the same in every language.
NO_SENTENCES = {"Corner shop"}


def ids(language: str) -> set[object]:
    return {message.id for message in messages.read(language) if message.id}


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_the_sentences_of_the_code_and_no_others(language: str) -> None:
    said = {message.id for message in messages.said() if message.id}
    assert said - ids(language) == set(), f"missing: {HINT}"
    assert ids(language) - said == set(), f"no longer said: {HINT}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated_and_none_is_fuzzy(language: str) -> None:
    entries = [message for message in messages.read(language) if message.id]
    assert [message.id for message in entries if not all(said for _english, said in messages.forms(message))] == []
    assert [message.id for message in entries if message.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_tags_and_commands_of_its_sentence(language: str) -> None:
    pairs = [pair for message in messages.read(language) if message.id for pair in messages.forms(message)]
    differing = [(english, said) for english, said in pairs if messages.shape(english) != messages.shape(said)]
    assert differing == []


def test_every_language_that_is_offered_has_a_catalogue_and_the_other_way_round() -> None:
    assert sorted(messages.catalogues()) == TRANSLATED


def test_no_sentence_of_the_chat_is_left_unmarked() -> None:
    files = sorted((messages.ROOT / "bot" / "chat").rglob("*.py"))
    assert [found for file in files for found in _unmarked(file)] == []


def _unmarked(file: Path) -> Iterator[tuple[str, str]]:
    """Find texts that look like sentences; of what is raised or logged, nobody in a chat reads a word."""
    tree = ast.parse(file.read_text())
    spared = {id(part) for node in ast.walk(tree) for part in _spared(node)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if id(node) not in spared and SENTENCE.match(text) and text not in NO_SENTENCES:
            yield f"{file.name}:{getattr(node, 'lineno', 0)}", text


def _spared(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Expr | ast.Raise):  # docstrings and logs stand alone
        calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
        if isinstance(node, ast.Raise) or not calls or _name(calls[0]) in {"log", "warnings"}:
            yield from ast.walk(node)
    elif isinstance(node, ast.Call) and _name(node) in MARKS:
        yield from ast.walk(node)


def _name(call: ast.Call) -> str:
    function = call.func.value if isinstance(call.func, ast.Attribute) else call.func
    return function.id if isinstance(function, ast.Name) else ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("amount", ["0.07", "12", "12.50", "999.99", "1500", "1234567", "999999999.99"])
def test_what_we_write_of_an_amount_we_read_again(language: str, amount: str) -> None:
    market = market_of("sandbox", "EUR")
    meant = Money.parse(amount, "EUR")
    with speak(language):
        read = parse_amount(money(meant), market)
    assert meant in (read.readings if isinstance(read, Ambiguous) else (read.value,))
    if language == "fr":
        assert isinstance(read, Parsed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_amount_of_ours_is_read_again_in_a_whole_line(language: str) -> None:
    market = market_of("mtnuganda", "UGX")
    with speak(language):
        shown = money(Money(Decimal(1500), "UGX"))
    order = parse_order("pay", f"256772123456 {shown} rent", market)
    assert isinstance(order, Order)
    assert (order.amount.wire(), order.note) == ("1500", "rent")
    assert getattr(parse_refund(f"7K3MQP {shown}", market), "amount", None) == order.amount


def test_dates_are_written_as_the_language_writes_them() -> None:
    assert (date(UNTIL, KAMPALA), day_and_time(UNTIL, KAMPALA)) == ("2026-01-05", "05 Jan 12:05")
    with speak("fr"):
        assert (date(UNTIL, KAMPALA), day_and_time(UNTIL, KAMPALA)) == ("05/01/2026", "05 janv. 12:05")

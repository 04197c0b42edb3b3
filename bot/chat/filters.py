"""Reading what somebody looks for behind /history and /find: words to `Wanted`.

Every word is a filter, in any order, and all must fit: a number, an amount (`5000`, `>5000`, `1000-5000`), a day or
a period, a state, a kind, `by Grace`, `me`; any other word is looked for in names and notes. What is none of these
is refused with a right example: no word is passed over in silence.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.chat.amounts import Parsed, example_amount, parse_amount
from bot.chat.badinput import BadInput, BadReason
from bot.chat.filter_words import BY, KINDS, MINE, PAIRS, STATES
from bot.chat.numbers import parse_number
from bot.chat.periods import find_period
from bot.domain.finding import Wanted
from bot.domain.periods import Period
from momo import Market, Money, Msisdn

MOST_WORDS = 12
# "du 1/11/2026 au 15/11/2026" has as many words as a period may have.
LONGEST_PERIOD = 4
_DIGITS = re.compile(r"\+?[0-9(][0-9().,-]*(?:[kKmM](?![A-Za-z]))?")
_COMPARED = re.compile(r"(>=|<=|>|<|≥|≤)(.+)")
_RANGE = re.compile(r"([0-9][0-9.,]*[kKmM]?)-([0-9][0-9.,]*[kKmM]?)")
_TEXT = re.compile(r"#?[^\W\d_][\w'’.&/@-]+")


@dataclass(frozen=True, slots=True)
class Here:
    """Where and when it is typed: the market's numbers and amounts, and what "today" is."""

    market: Market
    now: datetime
    zone: ZoneInfo


class _Unclear(Exception):
    """A word that is no filter, or one that was given already."""


def parse_filters(command: str, text: str, here: Here) -> Wanted:
    """Return what *text* behind `command` ("history") asks for; nothing asks for everything.

    Raises:
        BadInput: a word is no filter, or does not go with another one; the example is a whole line.
    """
    words = _paired(text.split())
    if len(words) > MOST_WORDS:
        raise BadInput(BadReason.FILTERS_TOO_MANY, f"/{command} {_example('', here)}", text)
    wanted, place = Wanted(), 0
    while place < len(words):
        word = words[place]
        try:
            wanted, place = _next(wanted, words, place, here)
        except _Unclear:
            raise BadInput(BadReason.FILTER_UNCLEAR, f"/{command} {_example(word, here)}", word) from None
        except BadInput as bad:
            raise BadInput(bad.reason, f"/{command} {bad.example}", bad.typed) from None
    return wanted


def fold(word: str) -> str:
    """Return a word in small letters without accents, as the tables of words have it."""
    plain = unicodedata.normalize("NFKD", word.replace("’", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def _paired(words: list[str]) -> list[str]:
    """Return the words, those that belong together as one: "en attente", "> 5000"."""
    joined: list[str] = []
    for word in words:
        if joined and f"{fold(joined[-1])} {fold(word)}" in PAIRS:
            joined[-1] = f"{joined[-1]}-{word}"
        elif joined and re.fullmatch(r"[<>≥≤]=?", joined[-1]):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _next(wanted: Wanted, words: list[str], place: int, here: Here) -> tuple[Wanted, int]:
    """Read the filter that begins at *place*; return what is wanted with it, and where the next one begins."""
    word = words[place]
    if fold(word) in BY:
        maker = words[place + 1 : place + 2]
        if not maker or not _TEXT.fullmatch(maker[0]):
            raise _Unclear
        return replace(wanted, makers=(*wanted.makers, maker[0])), place + 2
    period, length = _period(words[place : place + LONGEST_PERIOD], here)
    if period is not None:
        if wanted.period is not None:
            raise _Unclear
        return replace(wanted, period=period), place + length
    named = _named(wanted, word)
    if named is not None:
        return named, place + 1
    return _figures(wanted, words, place, here)


def _named(wanted: Wanted, word: str) -> Wanted | None:
    """Read a word of the tables, or any other one that is looked for in names and notes."""
    known = fold(word)
    if known in STATES:
        return replace(wanted, states=wanted.states | STATES[known])
    if known in KINDS:
        return replace(wanted, kinds=wanted.kinds | {KINDS[known]})
    if known in MINE:
        return replace(wanted, mine=True)
    return replace(wanted, words=(*wanted.words, word)) if _TEXT.fullmatch(word) else None


def _figures(wanted: Wanted, words: list[str], place: int, here: Here) -> tuple[Wanted, int]:
    """Read an amount with a sign or a range, or a run of digits: numbers and amounts may be typed in groups."""
    compared, ranged = _COMPARED.fullmatch(words[place]), _RANGE.fullmatch(words[place])
    if compared:
        return _bounded(wanted, *_bounds(compared[1], _amount(compared[2], here), here)), place + 1
    if ranged and _number([words[place]], here) is None:
        return _bounded(wanted, _amount(ranged[1], here), _amount(ranged[2], here)), place + 1
    end = place
    while end < len(words) and _DIGITS.fullmatch(words[end]) and _period([words[end]], here)[0] is None:
        end += 1
    if end == place:
        raise _Unclear
    for alone, group in groupby(words[place:end], lambda word: _number([word], here)):
        wanted = _of_run(wanted, list(group), alone, here)
    return wanted, end


def _of_run(wanted: Wanted, run: list[str], alone: Msisdn | None, here: Here) -> Wanted:
    """Read groups of digits: one number, one amount, or one behind the other."""
    number = alone or _number(run, here)
    if number is not None:
        if wanted.msisdn is not None:
            raise _Unclear
        return replace(wanted, msisdn=number)
    amount = _amount(" ".join(run), here)
    return _bounded(wanted, amount, amount)


def _number(groups: list[str], here: Here) -> Msisdn | None:
    try:
        return parse_number(" ".join(groups), here.market)
    except BadInput:
        return None


def _amount(text: str, here: Here) -> Money:
    try:
        read = parse_amount(text, here.market)
    except BadInput:
        raise _Unclear from None
    # Of two meanings the larger one, "5,000" as five thousand: nothing moves by it, and the answer tells the reading.
    return read.value if isinstance(read, Parsed) else read.readings[-1]


def _bounds(sign: str, amount: Money, here: Here) -> tuple[Money | None, Money | None]:
    step = Decimal(1).scaleb(-here.market.decimals)
    match sign:
        case ">":
            return Money(amount.amount + step, amount.currency), None
        case "<":
            return None, Money(max(amount.amount - step, Decimal(0)), amount.currency)
        case ">=" | "≥":
            return amount, None
        case _:
            return None, amount


def _bounded(wanted: Wanted, least: Money | None, most: Money | None) -> Wanted:
    if (least and wanted.least) or (most and wanted.most):
        raise _Unclear
    both = replace(wanted, least=least or wanted.least, most=most or wanted.most)
    if both.least and both.most and both.least.amount > both.most.amount:
        raise _Unclear
    return both


def _period(words: list[str], here: Here) -> tuple[Period | None, int]:
    """Return the period that the words begin with, the longest one, and how many words it takes.

    Raises:
        BadInput: the first word is meant as days, and there are none such.
    """
    for length in range(len(words), 1, -1):
        try:
            period = find_period(" ".join(words[:length]), here.now, here.zone)
        except BadInput:
            continue
        if period is not None:
            return period, length
    try:
        return find_period(words[0], here.now, here.zone), 1
    except BadInput:
        # What looks like a date may be a number or an amount typed with dashes, or the number of an invoice.
        if _TEXT.fullmatch(words[0]) or _RANGE.fullmatch(words[0]) or _number(words[:1], here):
            return None, 1
        raise


def _example(word: str, here: Here) -> str:
    """Return a right filter of the sort that the word seems to be."""
    amount = example_amount(here.market)
    if word[:1] in ("<", ">", "≥", "≤"):
        return f"{word[0]}{amount}"
    if fold(word) in BY:
        return f"{word} Grace"
    return amount if re.match(r"[0-9]", word) else "failed today"

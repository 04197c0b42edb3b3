"""Contacts' names in what people type: in place of a number in an order, and in the lines of /contacts.

What lives here: where a name ends and the rest begins. What must not: Telegram, and whose contacts they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.chat.amount_words import read_amount
from bot.chat.amounts import example_amount
from bot.chat.badinput import BadInput, BadReason
from bot.chat.numbers import SHORTEST, example_number, parse_number
from bot.chat.parsing import Choices, Order, number_in, one_or_two, parse_order
from momo import Market, Msisdn

LONGEST_NAME = 40
_EXAMPLE_NAME = "Corner shop"


@dataclass(frozen=True, slots=True)
class _Meant:
    """A contact that a line may begin with, and how many of its words belong to the name."""

    name: str
    msisdn: Msisdn
    words: int
    whole: bool


def parse_order_to(command: str, arguments: str, market: Market, saved: Mapping[str, Msisdn]) -> Order | Choices[Order]:
    """Return what `<number or saved name> <amount> [note]` tells `command` ("pay") to do.

    A name may be shortened to the words it begins with, where only one contact's does.

    Raises:
        BadInput: nothing that can be done; the example is the whole line as it should be.
    """
    words = arguments.split()
    meant = [found for name, msisdn in saved.items() if (found := _meant(name, msisdn, words))]
    if not meant:
        return parse_order(command, arguments, market)
    whole, begun = [m for m in meant if m.whole], [m for m in meant if not m.whole]
    readings = _readings(whole, words, market) or _readings(begun, words, market)
    if len({order.msisdn for order in readings}) > 1 and not whole:
        raise BadInput(BadReason.CONTACT_UNCLEAR, _example(command, begun[0], words, market), arguments)
    if not readings:
        best = max(meant, key=lambda m: (m.whole, m.words))
        raise BadInput(_wrong(best, words, market).reason, _example(command, best, words, market), arguments)
    return one_or_two(readings, arguments)


def _meant(name: str, msisdn: Msisdn, words: Sequence[str]) -> _Meant | None:
    of_name, typed = name.casefold().split(), [word.casefold() for word in words]
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(of_name, typed, strict=False)))
    return _Meant(name, msisdn, same, same == len(of_name)) if same else None


def _readings(meant: Sequence[_Meant], words: Sequence[str], market: Market) -> list[Order]:
    found: dict[Order, None] = {}
    for contact in meant:
        try:
            amounts = read_amount(words[contact.words :], market)
        except BadInput:
            continue
        found |= dict.fromkeys(Order(contact.msisdn, read.amount, read.text) for read in amounts)
    return list(found)


def _wrong(contact: _Meant, words: Sequence[str], market: Market) -> BadInput:
    """Return what is wrong with the amount behind a name."""
    try:
        read_amount(words[contact.words :], market)
    except BadInput as bad:
        return bad
    return BadInput(BadReason.ORDER_UNCLEAR, example_amount(market), " ".join(words))


def _example(command: str, contact: _Meant, words: Sequence[str], market: Market) -> str:
    readings = _readings([contact], words, market)
    amount = readings[0].amount.wire() if readings else _wrong(contact, words, market).example
    return f"/{command} {contact.name} {amount}"


def parse_name(text: str) -> str:
    """Return a contact's name as it is kept: single blanks, a letter first, so that no number is taken for one.

    Raises:
        BadInput: it is none.
    """
    name = " ".join(text.split())
    if not name:
        raise BadInput(BadReason.CONTACT_NAME_MISSING, _EXAMPLE_NAME, text)
    if not name[0].isalpha() or not name.isprintable() or len(name) > LONGEST_NAME:
        raise BadInput(BadReason.CONTACT_NAME_SHAPE, _repaired(name), text)
    return name


def _repaired(name: str) -> str:
    """Return a name made from one that cannot be: from its first letter on, and short enough."""
    seen = "".join(letter for letter in name if letter.isprintable())
    start = next((place for place, letter in enumerate(seen) if letter.isalpha()), len(seen))
    return seen[start : start + LONGEST_NAME].strip() or _EXAMPLE_NAME


def parse_saving(arguments: str, market: Market) -> tuple[str, Msisdn]:
    """Return the name and the number of `<name> <number>`, or of `<number> <name>`.

    Raises:
        BadInput: one is missing or wrong; the example is the whole line as it should be.
    """
    number, name = _cut(arguments.split(), market)
    try:
        return parse_name(" ".join(name)), parse_number(" ".join(number), market)
    except BadInput as bad:
        right_name = bad.example if bad.reason.startswith("contact") else " ".join(name)
        right_number = bad.example if bad.reason.startswith("number") else number_in(number, market)
        line = f"/contacts add {right_name} {right_number or example_number(market)}"
        raise BadInput(bad.reason, line, arguments) from None


def _cut(words: Sequence[str], market: Market) -> tuple[Sequence[str], Sequence[str]]:
    """Return the words of the number and those of the name, whichever comes first."""
    named_first = bool(words) and words[0][0].isalpha()
    outer = words[::-1] if named_first else words
    whole = bool(words) and sum(letter.isdigit() for letter in outer[0]) >= SHORTEST
    groups = 1 if whole else sum(1 for _ in takewhile(lambda word: any(map(str.isdigit, word)), outer))
    counts = range(groups, 0, -1)
    cuts = [(words[-n:], words[:-n]) if named_first else (words[:n], words[n:]) for n in counts]
    # "Shop 2 0772 123 456": the longest that is a number; where none is, all of it, to say what is wrong.
    return next((cut for cut in cuts if number_in(cut[0], market)), cuts[0] if cuts else ([], words))


def parse_renaming(arguments: str) -> tuple[str, str]:
    """Return the old and the new name of `<old> = <new>`; the new one is empty where it is still to be asked.

    Raises:
        BadInput: the old name is missing, or the new one is none.
    """
    old, equals, new = (part.strip() for part in arguments.partition("="))
    if not old:
        raise BadInput(BadReason.CONTACT_NAME_MISSING, f"/contacts rename {_EXAMPLE_NAME} = Market stall", arguments)
    try:
        return old, parse_name(new) if equals else ""
    except BadInput as bad:
        raise BadInput(bad.reason, f"/contacts rename {old} = {bad.example}", arguments) from None

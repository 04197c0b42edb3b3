"""Reading the one-line commands: text behind /pay, /request, /refund, /status and /role to typed values.

What lives here: the order of the pieces in a line. What must not: what a number or an amount is (`numbers`,
`amounts`, `amount_words`), and Telegram.

People write numbers and amounts in groups (`0700 123 456 5 000 rent`), so a line can be cut in more than one
place. Every cut that gives a number and an amount is a reading: one is taken, two are asked back, and more are
refused with the advice to write without spaces. Nothing is guessed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Generic, TypeVar

from bot.chat.amount_words import is_currency, read_amount
from bot.chat.amounts import Parsed, example_amount, parse_amount
from bot.chat.badinput import BadInput, BadReason
from bot.chat.numbers import LONGEST, SHORTEST, example_number, parse_number
from bot.domain.mint import SHORT_CODE_ALPHABET, SHORT_CODE_LENGTH
from bot.domain.roles import Role
from bot.domain.transactions import Kind
from momo import Market, Money, Msisdn

T = TypeVar("T")

# The commands that take a number and an amount, and what each asks for.
COMMANDS = {"pay": Kind.TRANSFER, "request": Kind.REQUEST_TO_PAY, "deposit": Kind.DEPOSIT}

# The blank that French amounts are grouped with. Nobody types it.
NARROW = "\u202f"
_GROUPED_BY_US = re.compile(rf"(?<![0-9])[0-9]{{1,3}}(?:{NARROW}[0-9]{{3}})+(?![0-9])")
_FIRST_GROUP = re.compile(r"\+?[0-9(][0-9().-]*")
_NEXT_GROUP = re.compile(r"[0-9()-]+")
_UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
_SHORT_CODE = re.compile(rf"#?([{SHORT_CODE_ALPHABET}]{{{SHORT_CODE_LENGTH}}})", re.IGNORECASE | re.ASCII)
# Also what only looks like a number to people: a refund of "-5" must not become a refund of all, reason "-5".
_LIKE_A_NUMBER = re.compile(r"[^\w\s]{0,3}\d")
_EVERYTHING = frozenset({"all", "everything", "tout", "totalité"})
_USER_ID = re.compile(r"[1-9][0-9]{0,15}")
_GRANTED: dict[str, Role | None] = {
    "cashier": Role.CASHIER,
    "admin": Role.ADMIN,
    "auditor": Role.AUDITOR,
    "none": None,
    "caissier": Role.CASHIER,
    "caissière": Role.CASHIER,
    "caissiere": Role.CASHIER,
    "auditeur": Role.AUDITOR,
    "auditrice": Role.AUDITOR,
    "aucun": None,
}
_EXAMPLE_CODE = "7K3MQP"
_EXAMPLE_USER_ID = "123456789"


@dataclass(frozen=True, slots=True)
class Order:
    """Pay, or ask for, an amount."""

    msisdn: Msisdn
    amount: Money
    note: str


@dataclass(frozen=True, slots=True)
class RefundLine:
    """Give money back: `amount` is None where the line leaves it open, or with `everything` asks for all the rest."""

    reference: str
    amount: Money | None
    reason: str
    everything: bool = False

    @property
    def is_open(self) -> bool:
        """Whether there are words where the amount would stand, and they are none: nobody knows how much is meant."""
        return self.amount is None and not self.everything and bool(self.reason)


@dataclass(frozen=True, slots=True)
class RoleLine:
    """Give a person a role, or none. `user_id` is None where the person is the one replied to."""

    user_id: int | None
    role: Role | None


@dataclass(frozen=True, slots=True)
class Choices(Generic[T]):
    """The two meanings of one line, for two buttons."""

    readings: tuple[T, ...]


def parse_order(command: str, arguments: str, market: Market) -> Order | Choices[Order]:
    """Return what `<number> <amount> [note]` tells `command` ("pay") to do.

    Raises:
        BadInput: nothing that can be done; the example is the whole line as it should be.
    """
    words = _words(arguments)
    try:
        return one_or_two(_orders(words, market), arguments)
    except BadInput as bad:
        example = f"/{command} {_example_order(bad, words, market)}"
        raise BadInput(bad.reason, example, arguments) from None


def parse_refund(arguments: str, market: Market) -> RefundLine | Choices[RefundLine]:
    """Return what `<reference> [amount] [reason]` asks for.

    Raises:
        BadInput: nothing that can be done; the example is the whole line as it should be.
    """
    reference, words = _EXAMPLE_CODE, _words(arguments)
    try:
        reference = parse_reference("".join(words[:1]))
        return one_or_two(_refunds(reference, words[1:], market), arguments)
    except BadInput as bad:
        amount = f" {bad.example}" if bad.reason.startswith("amount") else ""
        raise BadInput(bad.reason, f"/refund {reference}{amount}", arguments) from None


def _words(line: str) -> list[str]:
    """Cut a line at its blanks; an amount copied from a message of ours is one word, however it is grouped."""
    return _GROUPED_BY_US.sub(lambda amount: amount[0].replace(NARROW, ""), line).split()


def parse_reference(text: str) -> str:
    """Return a reference id in lower case, or a short code in capitals without its "#".

    Raises:
        BadInput: it is neither.
    """
    reference = find_reference(text)
    if reference is None:
        reason = BadReason.REFERENCE_SHAPE if text.strip() else BadReason.REFERENCE_MISSING
        raise BadInput(reason, _EXAMPLE_CODE, text)
    return reference


def find_reference(text: str) -> str | None:
    """Return the same, or None for text that is no reference; a name may look like one."""
    typed = text.strip()
    if _UUID4.fullmatch(typed):
        return typed.lower()
    code = _SHORT_CODE.fullmatch(typed)
    return code[1].upper() if code else None


def parse_role(arguments: str, *, replying: bool) -> RoleLine:
    """Return what `<user id> <role>` says, or only `<role>` when replying to that person's message.

    Raises:
        BadInput: it says something else; the example is the whole line as it should be.
    """
    words = arguments.split()
    typed_id = words[0] if words and _USER_ID.fullmatch(words[0]) else None
    role = " ".join(words[1:] if typed_id else words).lower()
    wrong = _wrong_role(words, typed_id, role, replying=replying)
    if wrong:
        person = typed_id or ("" if replying else _EXAMPLE_USER_ID)
        example = f"/role {person} {role if role in _GRANTED else 'cashier'}"
        raise BadInput(wrong, " ".join(example.split()), arguments)
    return RoleLine(int(typed_id) if typed_id else None, _GRANTED[role])


def _wrong_role(words: Sequence[str], typed_id: str | None, role: str, *, replying: bool) -> BadReason | None:
    if typed_id is None and not replying:
        only_a_role = not words or role in _GRANTED
        return BadReason.USER_ID_MISSING if only_a_role else BadReason.USER_ID_SHAPE
    if not role:
        return BadReason.ROLE_MISSING
    return None if role in _GRANTED else BadReason.ROLE_UNKNOWN


def one_or_two(readings: Sequence[T], typed: str) -> T | Choices[T]:
    """Return the only reading of a line, or its two for the person to choose from.

    Raises:
        BadInput: there is none, or there are more than two.
    """
    if not 1 <= len(readings) <= 2:
        raise BadInput(BadReason.ORDER_UNCLEAR, "", typed)
    return readings[0] if len(readings) == 1 else Choices(tuple(readings))


def _orders(words: Sequence[str], market: Market) -> list[Order]:
    """Return every reading of the line.

    Raises:
        BadInput: there is none, or there is one only because another cut lacks its amount.
    """
    cuts = _cuts(words, market)
    found: list[Order] = []
    refused: list[BadInput] = []
    for number, end in cuts:
        try:
            # Groups of digits behind a whole number in groups: more than the market allows.
            readings = read_amount(words[end:], market, any_digits_go_on=end > 1 and len(cuts) == 1)
            found += [Order(number, reading.amount, reading.text) for reading in readings]
        except BadInput as bad:
            refused.append(bad)
    if refused and not (found and _is_open(market)):
        raise refused[0] if len(cuts) == 1 else BadInput(BadReason.ORDER_UNCLEAR, "", " ".join(words))
    return found


def _cuts(words: Sequence[str], market: Market) -> list[tuple[Msisdn, int]]:
    """Return each number that the line can begin with, and how many words it takes.

    Raises:
        BadInput: there is none.
    """
    groups = _number_groups(words, market)
    cuts = [(number, end) for end in range(1, len(groups) + 1) if (number := number_in(groups[:end], market))]
    if not cuts:
        # The last group was meant to be the amount: what is before it is no number, and this says why.
        parse_number(" ".join(groups[:-1] or words[:1]), market)
    return cuts


def _number_groups(words: Sequence[str], market: Market) -> list[str]:
    if not words or _FIRST_GROUP.fullmatch(words[0]) is None:
        return []
    whole = _is_open(market) and sum(letter.isdigit() for letter in words[0]) >= SHORTEST
    more = [] if whole else takewhile(_NEXT_GROUP.fullmatch, words[1 : LONGEST + 1])
    return [words[0], *more]


def _is_open(market: Market) -> bool:
    """Tell whether numbers may have any length, as in the sandbox."""
    return market.national_digits is None


def number_in(groups: Sequence[str], market: Market) -> Msisdn | None:
    """Return the number that groups of digits make, or None."""
    try:
        return parse_number(" ".join(groups), market)
    except BadInput:
        return None


def _refunds(reference: str, words: Sequence[str], market: Market) -> list[RefundLine]:
    if words and is_everything(words[0]):
        return [RefundLine(reference, None, " ".join(words[1:]), everything=True)]
    if not _begins_with_amount(words, market):
        return [RefundLine(reference, None, " ".join(words))]
    return [RefundLine(reference, read.amount, read.text) for read in read_amount(words, market)]


def is_everything(word: str) -> bool:
    """Tell whether a word stands for all that is left."""
    return word.casefold() in _EVERYTHING


def _begins_with_amount(words: Sequence[str], market: Market) -> bool:
    typed = " ".join(words[:2])
    if is_currency(typed[:3], market):
        typed = typed[3:].lstrip()
    return _LIKE_A_NUMBER.match(typed) is not None


def _example_order(bad: BadInput, words: Sequence[str], market: Market) -> str:
    """Return `<number> <amount>` with what was right in the line, also in the wrong order."""
    number, rest = _typed_number(words, market)
    amount = bad.example if bad.reason.startswith("amount") else _typed_amount(rest, market)
    return f"{number or (bad.example if bad.reason.startswith('number') else example_number(market))} {amount}"


def _typed_number(words: Sequence[str], market: Market) -> tuple[str | None, Sequence[str]]:
    """Return the number in the line, if there is one, and the words that may hold the amount."""
    if market.national_digits is None and any(len(word) >= SHORTEST for word in words[1:2]):
        # The amount came first. Joined, the two would make a number that nobody typed, and perhaps somebody's.
        return (words[1], words[:1]) if number_in(words[1:2], market) else (None, words[:1])
    groups = _number_groups(words, market)
    ends = [end for end in range(1, len(groups) + 1) if number_in(groups[:end], market)]
    if ends:
        # The longest number that leaves a word for the amount.
        end = max([end for end in ends if end < len(words)] or ends)
        return "".join(groups[:end]), words[end:]
    if len(words) > 1 and number_in(words[1:2], market):
        return words[1], words[:1]
    return None, words[max(1, len(groups) - 1) :]


def _typed_amount(words: Sequence[str], market: Market) -> str:
    groups = "".join(takewhile(str.isdigit, words))
    return next((guess for guess in (groups, *words[:1]) if _is_amount(guess, market)), example_amount(market))


def _is_amount(text: str, market: Market) -> bool:
    try:
        return isinstance(parse_amount(text, market), Parsed)
    except BadInput:
        return False

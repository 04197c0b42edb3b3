"""Reading an amount at the head of words: where it ends, and the text begins.

What lives here: the words behind an amount that may belong to it (`5 000 rent`, `5000 UGX`). What must not:
what a single amount is (`amounts`), and what stands before it (`parsing`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.chat.amounts import Ambiguous, parse_amount
from bot.chat.badinput import BadInput, BadReason
from momo import Market, Money

# What a foreign amount would be written in: "5000 usd" is never 5000 shillings with the note "usd".
_CURRENCIES = frozenset(
    "CDF EUR GBP GHS GNF KES LRD MWK NGN RWF SSP SZL TZS UGX USD XAF XOF ZAR ZMW".split()  # noqa: SIM905 - readable
)
_DIGITS = re.compile(r"[0-9]+")
# What may go on an amount: "000", "000UGX", "000,50". Not "2026", not "12".
_THREE_DIGITS = re.compile(r"[0-9]{3}(?![0-9])")
# As many as an amount over the cap has; whoever types more is refused all the same.
_MOST_GROUPS = 8
_ONLY_WORDS = frozenset({BadReason.AMOUNT_NOT_A_NUMBER, BadReason.AMOUNT_NOT_ASCII})


@dataclass(frozen=True, slots=True)
class AmountAndText:
    """An amount and the words behind it."""

    amount: Money
    text: str


def read_amount(words: Sequence[str], market: Market, *, any_digits_go_on: bool = False) -> tuple[AmountAndText, ...]:
    """Return what `words` can mean that begin with an amount: one reading or two.

    Three digits behind an amount may be its thousands; with `any_digits_go_on` so may all other digits.

    Raises:
        BadInput: they begin with no amount, or go on like one that cannot be.
    """
    start = 1 if len(words) > 1 and is_currency(words[0], market) else 0
    literal = _cut(words, start, start + 1, market)
    if _DIGITS.fullmatch("".join(words[start : start + 1])) is None:
        return literal
    going_on = _DIGITS if any_digits_go_on else _THREE_DIGITS
    groups = list(takewhile(going_on.match, words[start + 1 : start + 1 + _MOST_GROUPS]))
    return tuple(dict.fromkeys((*literal, *_longest(words, start, len(groups), market))))


def is_currency(word: str, market: Market) -> bool:
    """Tell whether `word` names money, this market's or another's."""
    return word.upper() in _CURRENCIES or word.upper() == market.currency


def _longest(words: Sequence[str], start: int, groups: int, market: Market) -> tuple[AmountAndText, ...]:
    """Read the amount together with as many of the groups behind it as make sense."""
    for count in range(groups, 0, -1):
        try:
            return _cut(words, start, start + 1 + count, market)
        except BadInput as bad:
            # "12 345-B" or "5 200bags": words, not an amount. "5 000 USD" is one, and wrong.
            if bad.reason not in _ONLY_WORDS:
                raise
    return ()


def _cut(words: Sequence[str], start: int, end: int, market: Market) -> tuple[AmountAndText, ...]:
    """Read words `start` to `end` as one amount, with the currency before or behind it."""
    has_currency = end < len(words) and is_currency(words[end], market)
    rest = end + 1 if has_currency else end
    amount = " ".join([*words[:start], "".join(words[start:end]), *words[end:rest]])
    result = parse_amount(amount, market)
    readings = result.readings if isinstance(result, Ambiguous) else (result.value,)
    return tuple(AmountAndText(money, " ".join(words[rest:])) for money in readings)

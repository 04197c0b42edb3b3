"""What somebody looks for among the transactions: all of it must fit, and what is not named fits everything."""

from dataclasses import dataclass

from bot.domain.periods import Period
from bot.domain.transactions import Kind, State
from momo import Money, Msisdn


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters. ``least`` and ``most`` are included.

    ``words``: each is in the name or the note, in any case of letters. ``makers``: each is in the name of the person
    who asked for it. ``mine``: only what the person who looks has asked for.
    """

    msisdn: Msisdn | None = None
    words: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()
    mine: bool = False
    states: frozenset[State] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    least: Money | None = None
    most: Money | None = None
    period: Period | None = None

    @property
    def names_people(self) -> bool:
        """Whether it asks for what tells who: whoever sees numbers masked may not find one out by asking."""
        return self.msisdn is not None or bool(self.words)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: behind this row, towards older ones or newer ones. 0: at the newest."""

    row: int = 0
    newer: bool = False

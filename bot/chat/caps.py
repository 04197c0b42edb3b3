"""How much one person may type and press in a minute: counters in memory, and what is said over the caps.

What lives here: counting and words. What must not: Telegram, and what a command or a press does.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.chat.language import _

MINUTE = timedelta(minutes=1)
COMMANDS, PRESSES = 20, 60
# About whom something is remembered; whoever was heard from longest ago is forgotten first.
MOST_PEOPLE = 10_000


def too_many_commands() -> str:
    """Return what is said of a command over the cap."""
    return _(
        "More than {n} commands in a minute: this one was not carried out. Wait a minute, then type it again."
        " Until then the next ones are passed over without a word; what was started before goes on."
    ).format(n=COMMANDS)


def too_many_presses() -> str:
    """Return what is said of a press over the cap."""
    return _("More than {n} presses in a minute: this one did nothing. Wait a minute, then press again.").format(
        n=PRESSES
    )


class SlidingMinute:
    """Lets *most* updates of each person pass in any minute. What was not let pass does not count."""

    def __init__(self, most: int) -> None:
        self._most = most
        # person -> update -> when it passed; by the update, since one that is tried again counts once.
        self._passed: dict[int, dict[int, datetime]] = {}

    def admits(self, person: int, update_id: int, now: datetime) -> bool:
        """Tell whether an update may pass, and count it if so."""
        passed = self._passed.pop(person, {})
        # Either way of the clock: after it was set back, what it said before locks nobody out.
        recent = {update: at for update, at in passed.items() if abs(now - at) < MINUTE}
        admitted = update_id in recent or len(recent) < self._most
        if admitted:
            recent.setdefault(update_id, now)
        self._passed[person] = recent
        if len(self._passed) > MOST_PEOPLE:
            del self._passed[next(iter(self._passed))]
        return admitted


@dataclass(frozen=True, slots=True)
class Caps:
    """The counters of a bot: neither typing nor pressing uses up the other."""

    commands: SlidingMinute = field(default_factory=lambda: SlidingMinute(COMMANDS))
    presses: SlidingMinute = field(default_factory=lambda: SlidingMinute(PRESSES))
    # Being told that it was too much, once a minute.
    told: SlidingMinute = field(default_factory=lambda: SlidingMinute(1))

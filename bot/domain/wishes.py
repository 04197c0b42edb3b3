"""What a chat wishes to be told, and how: the one place where that is decided, message by message.

Pure: no clock, no rows, no words. Whatever is decided here, the card of a transaction always shows its state.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum, StrEnum

from bot.domain.transactions import State


class Event(StrEnum):
    """What a message is about, by what people can do about it."""

    SUCCESS = "success"
    FAILURE = "failure"
    ALERT = "alert"  # somebody must act: told at once and with sound, whatever is wished
    NEWS = "news"  # good to know
    REPORT = "report"  # asked for by a setting of its own


class Told(StrEnum):
    """How ends of one sort are told."""

    EACH = "each"
    HOURLY = "hourly"
    CARD = "card"


class Manner(Enum):
    """What becomes of one message."""

    LOUD = "loud"
    SILENT = "silent"
    HELD = "held"  # told later, together with others
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of a day in which nothing rings that can wait; they may go over midnight."""

    start: time
    end: time

    def covers(self, at: time) -> bool:
        """Tell whether a time of day is in them."""
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def __str__(self) -> str:
        """Return them as in "22:00-07:00"."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Wishes:
    """One chat's wishes. Those of a chat that never said any: everything, at once, with sound.

    ``from_minor``: a success below it is shown on the card alone. ``closing_at``: when the day's closing is told here,
    None as the settings say; ``closing_off``: not at all. ``thread_id``: the topic that takes what answers nobody.
    """

    success: Told = Told.EACH
    failure: Told = Told.EACH
    from_minor: int = 0
    news: bool = True
    sound: bool = True
    quiet: Quiet | None = None
    closing_at: time | None = None
    closing_off: bool = False
    thread_id: int | None = None


# Sentences that the program says by itself, by what they are for; those not named here are alerts.
NEWS = frozenset({"was_away", "telegram_back", "mtn_away", "mtn_back", "person_left", "person_back", "disk_has_room"})
REPORTS = frozenset({"digest", "closing", "role_changed", "rejected_because", "corrected", "thawed"})


def of_notice(name: str) -> Event:
    """Return what a sentence is about; what is not known is an alert: too loud is better than too late."""
    return Event.NEWS if name in NEWS else Event.REPORT if name in REPORTS else Event.ALERT


def of_end(state: State) -> Event:
    """Return what a transaction's end is about."""
    if state is State.REVIEW:
        return Event.ALERT
    return Event.SUCCESS if state is State.SUCCESSFUL else Event.FAILURE


def decide(event: Event, minor: int, wishes: Wishes, at: time) -> Manner:
    """Return how a chat is told of an event now; *minor* is its amount, *at* the local time of day."""
    quiet = wishes.quiet is not None and wishes.quiet.covers(at)
    heard = Manner.SILENT if quiet or not wishes.sound else Manner.LOUD
    match event:
        case Event.ALERT:
            return Manner.LOUD
        case Event.SUCCESS if wishes.success is Told.CARD or minor < wishes.from_minor:
            return Manner.UNSAID
        case Event.SUCCESS if quiet or wishes.success is Told.HOURLY:
            return Manner.HELD
        case Event.FAILURE if wishes.failure is Told.HOURLY:
            return Manner.HELD
        case Event.NEWS if not wishes.news:
            return Manner.UNSAID
        case _:
            return heard


def held_until(event: Event, wishes: Wishes, now: datetime) -> datetime:
    """Return when what is held now is told: at the full hour, and not in the quiet hours. *now* is local."""
    told = wishes.success if event is Event.SUCCESS else wishes.failure
    at = now
    if told is Told.HOURLY:
        at = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if wishes.quiet is None or not wishes.quiet.covers(at.time()):
        return at
    end = wishes.quiet.end
    morning = at.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return morning if morning > at else morning + timedelta(days=1)

"""Whole days of a time zone, and the moments between which they lie."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``first`` to ``last``, both included, as the clocks of ``zone`` count them."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def since(self) -> datetime:
        """Return the moment the first day begins, in UTC."""
        return _begins(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """Return the moment after the last day, in UTC: what happens then is outside."""
        return _begins(self.last + ONE_DAY, self.zone)

    @property
    def days(self) -> list[date]:
        """Return every day of it."""
        return [self.first + n * ONE_DAY for n in range((self.last - self.first).days + 1)]

    def day_of(self, moment: datetime) -> date:
        """Return the day a moment falls on."""
        return moment.astimezone(self.zone).date()


def _begins(day: date, zone: ZoneInfo) -> datetime:
    """Return a day's first moment: with a midnight that is skipped, the first one after it; of two, the earlier."""
    return datetime.combine(day, time(0), zone).astimezone(UTC)

"""Periods as people type them: `today`, `month`, `2026-11`, `2026-11-01..2026-11-15`, and the same in French.

What lives here: words to whole days. What must not: what is done with them, and Telegram.
"""

import calendar
import re
import unicodedata
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.badinput import BadInput, BadReason
from bot.domain.periods import ONE_DAY, Period

Days = tuple[date, date]

_WORDS = {
    "today": "today",
    "aujourd'hui": "today",
    "aujourdhui": "today",
    "yesterday": "yesterday",
    "hier": "yesterday",
    "week": "week",
    "this week": "week",
    "semaine": "week",
    "cette semaine": "week",
    "last week": "last week",
    "semaine derniere": "last week",
    "month": "month",
    "this month": "month",
    "mois": "month",
    "ce mois": "month",
    "last month": "last month",
    "mois dernier": "last month",
}
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
# Between two ends: dots, an arrow or a word; a bare dash only with blanks, since days have dashes of their own.
_BETWEEN = re.compile(r"\s*(?:\.{2,}|…|→)\s*|\s+(?:[-–—]|to|until|au|a|jusqu'au)\s+|\s+(?=[0-9]{1,4}[-/.])")
_PREFIX = re.compile(r"^(?:from|since|du|de)\s+")
_LIKE_A_DATE = re.compile(r"[0-9]{4}-[0-9]|[0-9]{1,2}/[0-9]{1,2}/|[0-9]\.\.|\.\.[0-9]")


def parse_period(text: str, now: datetime, zone: ZoneInfo, command: str = "") -> Period:
    """Return the days that *text*, all of it, names; none of them is later than today.

    Raises:
        BadInput: it names none; the example is *command* as it should be.
    """
    try:
        return _demand_period(text, now, zone)
    except BadInput as bad:
        raise BadInput(bad.reason, f"{command} {bad.example}".strip(), bad.typed) from None


def demand_at_most(most_days: int, period: Period, command: str) -> None:
    """Refuse a period that is too long for what is to be made of it."""
    if len(period.days) > most_days:
        last = period.first + (most_days - 1) * ONE_DAY
        raise BadInput(BadReason.PERIOD_TOO_LONG, f"{command} {period.first}..{last}", f"{period.first}..{period.last}")


def _demand_period(text: str, now: datetime, zone: ZoneInfo) -> Period:
    if not text.strip():
        raise BadInput(BadReason.PERIOD_MISSING, "today", text)
    period = find_period(text, now, zone)
    if period is None:
        month = now.astimezone(zone).date().replace(day=1)
        raise BadInput(BadReason.PERIOD_SHAPE, f"{month}..{month.replace(day=15)}", text)
    return period


def find_period(text: str, now: datetime, zone: ZoneInfo) -> Period | None:
    """Return the days that *text* names, or None when it is not about days at all.

    Raises:
        BadInput: it is meant as days, and there are none such.
    """
    today = now.astimezone(zone).date()
    typed = _folded(text)
    ends = [_days(end, today, text) for end in _BETWEEN.split(_PREFIX.sub("", typed), maxsplit=1)]
    if None in ends:
        if _LIKE_A_DATE.search(typed):
            raise BadInput(BadReason.PERIOD_SHAPE, f"{today - timedelta(days=14)}..{today}", text)
        return None
    named = [days for days in ends if days]
    first, last = named[0][0], named[-1][1]
    if first > last:
        raise BadInput(BadReason.PERIOD_BACKWARDS, f"{named[-1][0]}..{named[0][1]}", text)
    if first > today:
        raise BadInput(BadReason.PERIOD_AHEAD, "today", text)
    return Period(first, min(last, today), zone)


def _folded(text: str) -> str:
    """Return a text in small letters without accents, and with one kind of apostrophe and blank."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return " ".join(plain.replace("’", "'").lower().split())


def _days(typed: str, today: date, text: str) -> Days | None:
    """Return the first and last day of one word or date; None when it is neither."""
    if typed in _WORDS:
        return _of_word(_WORDS[typed], today)
    if found := _DAY.fullmatch(typed):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.fullmatch(typed):
        day, month, year = (int(part) for part in found.groups())
    elif found := _MONTH.fullmatch(typed):
        return _whole_month(int(found[1]), int(found[2]), today, text)
    else:
        return None
    return _one_day(year, month, day, today, text)


def _of_word(word: str, today: date) -> Days:
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    return {
        "today": (today, today),
        "yesterday": (today - ONE_DAY, today - ONE_DAY),
        "week": (monday, today),
        "last week": (monday - 7 * ONE_DAY, monday - ONE_DAY),
        "month": (first, today),
        "last month": ((first - ONE_DAY).replace(day=1), first - ONE_DAY),
    }[word]


def _whole_month(year: int, month: int, today: date, text: str) -> Days:
    first, _ = _one_day(year, month, 1, today, text)
    return first, first.replace(day=calendar.monthrange(year, month)[1])


def _one_day(year: int, month: int, day: int, today: date, text: str) -> Days:
    try:
        found = date(year, month, day)
    except ValueError:
        raise BadInput(BadReason.PERIOD_NO_SUCH_DAY, str(_nearest(year, month, today)), text) from None
    return found, found


def _nearest(year: int, month: int, today: date) -> date:
    """Return a day that exists: the last one of the month that was meant, if that was ever."""
    year, month = min(max(year, 2000), today.year), min(max(month, 1), 12)
    return min(date(year, month, calendar.monthrange(year, month)[1]), today)

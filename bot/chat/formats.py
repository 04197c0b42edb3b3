"""Amounts and times as people read them."""

import html
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal

from bot.chat.language import _, current
from bot.domain.purging import is_removed
from momo import Money, Msisdn

__all__ = ["clock_time", "date", "day", "day_and_time", "escape", "hidden", "link", "money", "number", "plain", "quote"]

LONGEST_QUOTE = 300
DATES = {"fr": "dd/MM/yyyy"}
TAGS = re.compile(r"</?[a-z]+(?: [^<>]*)?>")
# What is not seen, or turns round what is: controls, marks of direction, joiners and spaces without width.
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def escape(text: str) -> str:
    """Return what people or MTN wrote as text of a message: without markup, and without what would hide in it."""
    return html.escape(UNSEEN.sub("", text))


def money(amount: Money, locale: str | None = None) -> str:
    """Return an amount with its currency, as in "1,500 UGX" or "12.50 EUR"; decimals only where there are any.

    It is written for *locale*, which is the language spoken now unless said otherwise.
    """
    whole = amount.amount == amount.amount.to_integral_value()
    pattern = "#,##0" if whole else "#,##0.00######"
    return f"{format_decimal(amount.amount, format=pattern, locale=locale or current())} {amount.currency}"


def hidden(msisdn: Msisdn) -> str:
    """Return a number as everybody in a group may see it: its last four digits, as in "•••• 3456"."""
    return f"•••• {str(msisdn)[-4:]}"


def number(msisdn: Msisdn, *, masked: bool = False) -> str:
    """Return a number as those who may know it see it, or (*masked*) as those who may only recognise it."""
    if is_removed(msisdn):
        return _("number removed")
    return msisdn.masked() if masked else str(msisdn)


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """Return the time of day in the desk's time zone, as in "10:07"."""
    return f"{moment.astimezone(zone):%H:%M}"


def day(moment: datetime, zone: ZoneInfo) -> str:
    """Return the day without its year, as in "27 Nov"."""
    return _moment(moment, zone, "dd MMM")


def day_and_time(moment: datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """Return the day and the time of day, as in "27 Nov 10:07"."""
    return _moment(moment, zone, "dd MMM HH:mm:ss" if seconds else "dd MMM HH:mm")


def date(moment: datetime, zone: ZoneInfo) -> str:
    """Return the whole date: "2026-11-27", or as the language spoken now writes it."""
    return _moment(moment, zone, DATES.get(current(), "yyyy-MM-dd"))


def _moment(moment: datetime, zone: ZoneInfo, pattern: str) -> str:
    return format_datetime(moment.astimezone(zone), pattern, locale=current())


def link(code: str) -> str:
    """Return a reference as a command, which Telegram's apps make a link of: it tells where that one stands."""
    return f"/s_{code}"


def quote(text: str) -> str:
    """Return what somebody typed, to be shown back: escaped, and short enough for any message."""
    return f"<code>{escape(text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + ' …')}</code>"


def plain(sentence: str) -> str:
    """Return the words of one of our HTML sentences."""
    return html.unescape(TAGS.sub("", sentence))

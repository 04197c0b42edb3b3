"""Amounts and times as people read them."""

import html
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal

from bot.chat.language import current
from momo import Money

__all__ = ["clock_time", "escape", "money", "plain", "quote"]

LONGEST_QUOTE = 300
TAGS = re.compile(r"</?[a-z]+>")
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


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """Return the time of day in the desk's time zone, as in "10:07"."""
    return f"{moment.astimezone(zone):%H:%M}"


def quote(text: str) -> str:
    """Return what somebody typed, to be shown back: escaped, and short enough for any message."""
    return f"<code>{escape(text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + ' …')}</code>"


def plain(sentence: str) -> str:
    """Return the words of one of our HTML sentences."""
    return html.unescape(TAGS.sub("", sentence))

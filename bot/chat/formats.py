"""Amounts and times as people read them."""

import re
from datetime import datetime
from html import escape, unescape
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal

from momo import Money

__all__ = ["clock_time", "escape", "money", "plain", "quote"]

LONGEST_QUOTE = 300
TAGS = re.compile(r"</?[a-z]+>")


def money(amount: Money, locale: str = "en") -> str:
    """Return an amount with its currency, as in "1,500 UGX" or "12.50 EUR"; decimals only where there are any."""
    whole = amount.amount == amount.amount.to_integral_value()
    pattern = "#,##0" if whole else "#,##0.00######"
    return f"{format_decimal(amount.amount, format=pattern, locale=locale)} {amount.currency}"


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """Return the time of day in the desk's time zone, as in "10:07"."""
    return f"{moment.astimezone(zone):%H:%M}"


def quote(text: str) -> str:
    """Return what somebody typed, to be shown back: escaped, and short enough for any message."""
    return f"<code>{escape(text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + ' …')}</code>"


def plain(html: str) -> str:
    """Return the words of one of our HTML sentences."""
    return unescape(TAGS.sub("", html))

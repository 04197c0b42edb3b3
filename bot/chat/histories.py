"""A page of what somebody looked for: how it was read, one line a transaction, and how far the search has come."""

from datetime import datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.chat.filter_words import EVERY_WORD, STATES
from bot.chat.filters import fold
from bot.chat.formats import day_and_time, escape, link, money, number
from bot.chat.language import _, current, later
from bot.chat.words import STATE_WORDS, kind_word, state_word
from bot.domain.finding import Wanted
from bot.domain.periods import Period
from bot.domain.transactions import Kind, State, Transaction
from bot.service.searching import Page
from momo import Money

SIGNS = {
    State.SUCCESSFUL: "✅",
    State.FAILED: "❌",
    State.REJECTED: "❌",
    State.UNSENT: "❌",
    State.CANCELLED: "✖️",
    State.EXPIRED: "⌛",
    State.REVIEW: "⚠️",
}
OPEN = "⏳"
WAYS = {Kind.REQUEST_TO_PAY: "←", Kind.REFUND: "↩️"}
OUT = "→"
# The groups that have one word to be typed.
GROUPS = {STATES["failed"]: later("failed"), STATES["open"]: later("open")}


def page(shown: Page, wanted: Wanted, zone: ZoneInfo, *, masked: bool) -> str:
    """Return a page as a message. *masked*: for those who see no names and numbers."""
    title, asked = _("History"), filters(wanted)
    head = f"<b>{title}</b>"
    lines = [_line(txn, shown, zone, masked=masked) for txn in shown.rows] or [_nothing(shown, wanted)]
    return "\n".join([f"{head}: {asked}" if asked else head, *lines, *_how_far(shown, zone)])


def _line(txn: Transaction, shown: Page, zone: ZoneInfo, *, masked: bool) -> str:
    who = number(txn.msisdn, masked=True) if masked else escape(txn.payee_name or number(txn.msisdn))
    parts = [
        f"{SIGNS.get(txn.state, OPEN)} {money(txn.amount)} {WAYS.get(txn.kind, OUT)} {who}",
        day_and_time(txn.created_at, zone),
        *([] if txn.state is State.SUCCESSFUL else [state_word(txn)]),
        *([escape(shown.desks[txn.desk_id])] if txn.desk_id in shown.desks else []),
    ]
    return f"{' · '.join(parts)} {link(txn.short_code)}"


def _nothing(shown: Page, wanted: Wanted) -> str:
    if shown.looked_to:
        return _("Nothing found so far.")
    meant = [close[0] for word in wanted.words if (close := get_close_matches(fold(word), EVERY_WORD, 1, 0.8))]
    return " ".join([_("Nothing found."), *(_("Did you mean {word}?").format(word=word) for word in meant[:1])])


def _how_far(shown: Page, zone: ZoneInfo) -> list[str]:
    if shown.looked_to is None:
        return []
    return [_("Looked back to {day} so far.").format(day=_day(shown.looked_to, zone))]


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return format_date(moment.astimezone(zone).date(), locale=current())


def filters(wanted: Wanted) -> str:
    """Return how what was typed was read; empty when nothing was asked for."""
    parts = [
        str(wanted.msisdn) if wanted.msisdn else "",
        ", ".join(_("“{word}”").format(word=escape(word)) for word in wanted.words),
        ", ".join(_("asked by {name}").format(name=escape(name)) for name in wanted.makers),
        _("asked by you") if wanted.mine else "",
        _states(wanted.states),
        ", ".join(kind_word(kind) for kind in Kind if kind in wanted.kinds),
        _amounts(wanted.least, wanted.most),
        _period(wanted.period) if wanted.period else "",
    ]
    return ", ".join(part for part in parts if part)


def _states(states: frozenset[State]) -> str:
    if states in GROUPS:
        return _(GROUPS[states])
    return _(" or ").join(_(STATE_WORDS[state]) for state in State if state in states)


def _amounts(least: Money | None, most: Money | None) -> str:
    if least and most:
        return money(least) if least == most else f"{money(least)} – {money(most)}"
    if least:
        return _("{amount} and more").format(amount=money(least))
    return _("up to {amount}").format(amount=money(most)) if most else ""


def _period(period: Period) -> str:
    first, last = (format_date(day, locale=current()) for day in (period.first, period.last))
    return first if first == last else f"{first} – {last}"

"""The audit trail in words: one line a row, with when, which transaction, what, on which evidence, and who."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat.formats import day_and_time, escape
from bot.chat.language import _, later, ngettext
from bot.chat.words import kind_word, role_word
from bot.domain.transactions import Kind, State
from bot.service.trail import Page
from bot.store.audit import Entry, Verdict

LONGEST_NAME = 40
HEAD_DIGITS = 12
ACTORS = {"telegram": later("Telegram"), "role change": later("bot")}
MOVES = {
    State.AWAITING_APPROVAL: later("confirmed, approval asked"),
    State.READY: later("cleared to be sent"),
    State.UNKNOWN: later("sent, attempt 1"),
    State.PENDING: later("at MTN"),
    State.REVIEW: later("handed to people"),
    State.REJECTED: later("closed, MTN refused it"),
    State.UNSENT: later("closed, MTN never had it"),
    State.CANCELLED: later("cancelled"),
    State.EXPIRED: later("its time was over"),
}


def page(shown: Page, zone: ZoneInfo, title: str) -> str:
    """Return a page of the trail as a message."""
    lines = [_line(entry, zone) for entry in shown.entries] or [_("Nothing here.")]
    older = [_("Older: the same with {n} behind it.").format(n=shown.number + 1)] if shown.more else []
    return "\n".join([f"<b>{title}</b>", *lines, *older, "", _state(shown, zone)])


def _line(entry: Entry, zone: ZoneInfo) -> str:
    code = f"{entry.code} " if entry.code else ""
    return f"{_when(entry.at, zone)} {code}{_what(entry)} · {_who(entry.actor)}"


def _when(at: datetime, zone: ZoneInfo) -> str:
    return day_and_time(at, zone, seconds=True)


def _who(label: Any) -> str:
    name = _(ACTORS[label]) if label in ACTORS else str(label)
    return escape(name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…")


def _what(entry: Entry) -> str:
    if entry.event == "move":
        return _move(entry)
    words = EVENTS.get(entry.event)
    return words(entry.data) if words else escape(entry.event) + _kind(entry.data)


def _move(entry: Entry) -> str:
    if entry.source == "GET" and entry.answer:
        return f"MTN: {escape(entry.answer)}"
    evidence = f" (MTN: HTTP {entry.http_status})" if entry.http_status else ""
    return _(MOVES[State(str(entry.after))]) + evidence


def _kind(data: dict[str, Any]) -> str:
    """Name the kind of what has no words of its own here."""
    kind = data.get("kind") or data.get("cause")
    return f": {escape(str(kind).replace('_', ' '))}" if kind else ""


def _answered(data: dict[str, Any]) -> str:
    if data.get("code"):
        return _("MTN answered the attempt: {code}").format(code=escape(data["code"]))
    return _("MTN answered the attempt")


def _role(data: dict[str, Any]) -> str:
    name = _who(data["user"])
    if not data["role"]:
        return _("{name}: role taken away").format(name=name)
    return _("{name}: made {role}").format(name=name, role=role_word(data["role"]))


def _fixed(sentence: str) -> Callable[[dict[str, Any]], str]:
    return lambda _data: _(sentence)


def _drafted(data: dict[str, Any]) -> str:
    return _("drafted: {kind}").format(kind=kind_word(Kind(data["kind"])))


EVENTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "draft": _drafted,
    "attempt": lambda data: _("sent again, attempt {n}").format(n=data["n"]),
    "attempt answered": _answered,
    "contact saved": _fixed(later("contact saved")),
    "contact renamed": _fixed(later("contact renamed")),
    "contact deleted": _fixed(later("contact deleted")),
    "approve": _fixed(later("approved")),
    "reject": _fixed(later("rejected")),
    "retry": _fixed(later("Retry pressed")),
    "send closed": _fixed(later("Cancel pressed, no further attempt")),
    "says unsent": _fixed(later("says that MTN never had it")),
    "role": _role,
    "left": lambda data: _("{name} left a group").format(name=_who(data["user"])),
    "back": lambda data: _("{name} is back in a group").format(name=_who(data["user"])),
    "desk opened": _fixed(later("till opened")),
    "desk closed": _fixed(later("till closed")),
    "notify": _fixed(later("changed what a chat is told")),
    "receipt": _fixed(later("receipt made")),
    "export": lambda data: _("exported {days} as {form}").format(days=data["days"], form=data["form"]),
    "forged receipt": _fixed(later("showed a receipt this bot did not issue")),
    "purged": lambda data: _("removed what is personal in {n} old rows").format(n=data["rows"]),
    "verified": lambda data: _("trail verified up to row {n}").format(n=data["row"]),
    "trail broken": lambda data: _("trail found broken at row {n}").format(n=data["row"]),
    "differs": _fixed(later("found changed outside the trail")),
}


def _state(shown: Page, zone: ZoneInfo) -> str:
    return ngettext(
        "{n} row, head <code>{head}</code>; {verdict}", "{n} rows, head <code>{head}</code>; {verdict}", shown.rows
    ).format(n=shown.rows, head=shown.head.hash.hex()[:HEAD_DIGITS], verdict=held(shown.verdict, zone))


def held(verdict: Verdict | None, zone: ZoneInfo) -> str:
    """Return whether the last verification held."""
    if verdict is None:
        return _("not verified yet.")
    if verdict.broken is not None:
        return _("⚠️ broken from row {n} on, found {when}.").format(n=verdict.broken, when=_when(verdict.at, zone))
    return _("the chain held {when}.").format(when=_when(verdict.at, zone))

"""The audit trail in words: one line a row, with when, which transaction, what, on which evidence, and who."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat.formats import escape
from bot.domain.transactions import State
from bot.service.trail import Page
from bot.store.audit import Entry, Verdict

LONGEST_NAME = 40
HEAD_DIGITS = 12
ACTORS = {"telegram": "Telegram", "role change": "bot"}
MOVES = {
    State.AWAITING_APPROVAL: "confirmed, approval asked",
    State.READY: "cleared to be sent",
    State.UNKNOWN: "sent, attempt 1",
    State.PENDING: "at MTN",
    State.REVIEW: "handed to people",
    State.REJECTED: "closed, MTN refused it",
    State.UNSENT: "closed, MTN never had it",
    State.CANCELLED: "cancelled",
    State.EXPIRED: "its time was over",
}


def page(shown: Page, zone: ZoneInfo, title: str) -> str:
    """Return a page of the trail as a message."""
    lines = [_line(entry, zone) for entry in shown.entries] or ["Nothing here."]
    older = [f"Older: the same with {shown.number + 1} behind it."] if shown.more else []
    return "\n".join([f"<b>{title}</b>", *lines, *older, "", _state(shown, zone)])


def _line(entry: Entry, zone: ZoneInfo) -> str:
    code = f"{entry.code} " if entry.code else ""
    return f"{_when(entry.at, zone)} {code}{_what(entry)} · {_who(entry.actor)}"


def _when(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d %b %H:%M:%S}"


def _who(label: Any) -> str:
    name = ACTORS.get(str(label), str(label))
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
    return MOVES[State(str(entry.after))] + evidence


def _kind(data: dict[str, Any]) -> str:
    """Name the kind of what has no words of its own here."""
    kind = data.get("kind") or data.get("cause")
    return f": {escape(str(kind).replace('_', ' '))}" if kind else ""


def _answered(data: dict[str, Any]) -> str:
    return f"MTN answered the attempt: {escape(data['code'])}" if data.get("code") else "MTN answered the attempt"


def _role(data: dict[str, Any]) -> str:
    return f"{_who(data['user'])}: " + (f"made {escape(data['role'])}" if data["role"] else "role taken away")


EVENTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "draft": lambda data: f"drafted: {escape(str(data['kind']).replace('_', ' '))}",
    "attempt": lambda data: f"sent again, attempt {data['n']}",
    "attempt answered": _answered,
    "approve": lambda _: "approved",
    "reject": lambda _: "rejected",
    "retry": lambda _: "Retry pressed",
    "send closed": lambda _: "Cancel pressed, no further attempt",
    "says unsent": lambda _: "says that MTN never had it",
    "role": _role,
    "left": lambda data: f"{_who(data['user'])} left a group",
    "back": lambda data: f"{_who(data['user'])} is back in a group",
    "desk opened": lambda _: "till opened",
    "desk closed": lambda _: "till closed",
    "receipt": lambda _: "receipt made",
    "forged receipt": lambda _: "showed a receipt this bot did not issue",
    "verified": lambda data: f"trail verified up to row {data['row']}",
    "trail broken": lambda data: f"trail found broken at row {data['row']}",
    "differs": lambda _: "found changed outside the trail",
}


def _state(shown: Page, zone: ZoneInfo) -> str:
    return f"{shown.rows} rows, head <code>{shown.head.hash.hex()[:HEAD_DIGITS]}</code>; {held(shown.verdict, zone)}"


def held(verdict: Verdict | None, zone: ZoneInfo) -> str:
    """Return whether the last verification held."""
    if verdict is None:
        return "not verified yet."
    if verdict.broken is not None:
        return f"⚠️ broken from row {verdict.broken} on, found {_when(verdict.at, zone)}."
    return f"the chain held {_when(verdict.at, zone)}."

"""The admins' daily message in words."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat.formats import clock_time, escape, money
from bot.chat.trails import held
from bot.domain.transactions import Kind, State
from bot.store.audit import Verdict
from bot.store.times import from_ms
from momo import Money

KINDS = {
    Kind.TRANSFER: "Payments",
    Kind.DEPOSIT: "Deposits",
    Kind.REFUND: "Refunds",
    Kind.REQUEST_TO_PAY: "Requests",
    Kind.WITHDRAW: "Withdrawals",
}
ENDS = {
    State.SUCCESSFUL: "went through",
    State.FAILED: "failed",
    State.REJECTED: "refused by MTN",
    State.UNSENT: "never reached MTN",
    State.CANCELLED: "cancelled",
    State.EXPIRED: "not confirmed or approved in time",
}
OPEN = {
    State.AWAITING_APPROVAL: "waiting for approval",
    State.READY: "to be sent",
    State.UNKNOWN: "sent, not known yet",
    State.PENDING: "waiting at MTN",
    State.REVIEW: "waiting for a person to look at it",
}


def digest(facts: Mapping[str, Any]) -> str:
    """Return the day's digest."""
    zone: ZoneInfo = facts["zone"]
    at = from_ms(facts["at_ms"]).astimezone(zone)
    ended = [_ended(row) for row in facts["ended"]] or ["Nothing ended."]
    title = f"📒 <b>The day until {at:%d %b %H:%M}</b>"
    waiting = [_open(row, zone) for row in facts["waiting"]]
    return "\n".join([title, *ended, *waiting, _odd(facts), "", _trail(facts, zone)])


def _ended(row: Mapping[str, Any]) -> str:
    amount = money(Money.from_minor(row["minor"], row["currency"], row["decimals"]))
    return f"{KINDS[Kind(row['kind'])]}: {row['count']} {ENDS[State(row['state'])]}, {amount}"


def _open(row: Mapping[str, Any], zone: ZoneInfo) -> str:
    since = from_ms(row["since_ms"]).astimezone(zone)
    return f"Open: {row['count']} {OPEN[State(row['state'])]}, the oldest since {since:%d %b} {clock_time(since, zone)}"


def _odd(facts: Mapping[str, Any]) -> str:
    count = facts["anomalies"]
    return f"⚠️ Things that must not happen: {count}, see /audit." if count else "Nothing odd was seen."


def _trail(facts: Mapping[str, Any], zone: ZoneInfo) -> str:
    known = facts["verified_ms"] is not None
    verdict = Verdict(from_ms(facts["verified_ms"]), facts["broken"]) if known else None
    return f"Audit trail: {facts['rows']} rows, {held(verdict, zone)}\nHead: <code>{escape(facts['head'])}</code>"

"""The daily messages in words: the admins' digest, and the closing of one till's day."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat.formats import day_and_time, escape, money
from bot.chat.language import _, later, ngettext
from bot.chat.reasons import plain
from bot.chat.trails import held
from bot.domain.transactions import Kind, State
from bot.store.audit import Verdict
from bot.store.times import from_ms
from momo import Money

KINDS = {
    Kind.TRANSFER: later("Payments"),
    Kind.DEPOSIT: later("Deposits"),
    Kind.REFUND: later("Refunds"),
    Kind.REQUEST_TO_PAY: later("Requests"),
    Kind.WITHDRAW: later("Withdrawals"),
}
ENDS = {
    State.SUCCESSFUL: later("went through"),
    State.FAILED: later("failed"),
    State.REJECTED: later("refused by MTN"),
    State.UNSENT: later("never reached MTN"),
    State.CANCELLED: later("cancelled"),
    State.EXPIRED: later("not confirmed or approved in time"),
}
OPEN = {
    State.AWAITING_APPROVAL: later("waiting for approval"),
    State.READY: later("to be sent"),
    State.UNKNOWN: later("sent, not known yet"),
    State.PENDING: later("waiting at MTN"),
    State.REVIEW: later("waiting for a person to look at it"),
}
# What fits a message, whatever happened on the day.
MOST_CAUSES, MOST_PEOPLE, MOST_CODES = 8, 10, 12


def digest(facts: Mapping[str, Any]) -> str:
    """Return the admins' digest of a day."""
    title = _("📒 <b>The day until {when}</b>").format(when=_until(facts))
    return "\n".join([title, *_day(facts), _odd(facts), "", _trail(facts)])


def closing(facts: Mapping[str, Any]) -> str:
    """Return the closing of one till's day."""
    till = escape(facts["till"])
    title = _("📒 <b>{till}: closing of the day until {when}</b>").format(till=till, when=_until(facts))
    waiting = [] if facts["waiting"] else [_("Nothing is open.")]
    return "\n".join([title, *_day(facts), *waiting, "", _trail(facts)])


def _until(facts: Mapping[str, Any]) -> str:
    return day_and_time(from_ms(facts["at_ms"]), facts["zone"])


def _day(facts: Mapping[str, Any]) -> list[str]:
    ended = [_ended(row) for row in facts["ended"]] or [_("Nothing ended.")]
    causes = [_cause(row) for row in facts["failed"][:MOST_CAUSES]]
    waiting = [_open(row, facts["zone"]) for row in facts["waiting"]]
    return [*ended, *causes, *waiting, *(_decided(row) for row in facts["decided"][:MOST_PEOPLE])]


def _cause(row: Mapping[str, Any]) -> str:
    kind = Kind(row["kind"])
    return _("{kind}, {n} failed: {why}").format(kind=_(KINDS[kind]), n=row["count"], why=plain(row["code"], kind))


def _decided(row: Mapping[str, Any]) -> str:
    codes, more = ", ".join(row["codes"][:MOST_CODES]), len(row["codes"]) - MOST_CODES
    if more > 0:
        codes = ngettext("{codes} and {n} more", "{codes} and {n} more", more).format(codes=codes, n=more)
    said = _("Approved by {name}: {codes}") if row["decision"] == "approve" else _("Rejected by {name}: {codes}")
    return said.format(name=escape(row["who"]), codes=codes)


def _ended(row: Mapping[str, Any]) -> str:
    amount = money(Money.from_minor(row["minor"], row["currency"], row["decimals"]))
    return _("{kind}: {n} {end}, {amount}").format(
        kind=_(KINDS[Kind(row["kind"])]), n=row["count"], end=_(ENDS[State(row["state"])]), amount=amount
    )


def _open(row: Mapping[str, Any], zone: ZoneInfo) -> str:
    return _("Open: {n} {state}, the oldest since {when}").format(
        n=row["count"], state=_(OPEN[State(row["state"])]), when=day_and_time(from_ms(row["since_ms"]), zone)
    )


def _odd(facts: Mapping[str, Any]) -> str:
    count = facts["anomalies"]
    if not count:
        return _("Nothing odd was seen.")
    return _("⚠️ Things that must not happen: {n}, see /audit.").format(n=count)


def _trail(facts: Mapping[str, Any]) -> str:
    known = facts["verified_ms"] is not None
    verdict = Verdict(from_ms(facts["verified_ms"]), facts["broken"]) if known else None
    rows = ngettext("Audit trail: {n} row, {verdict}", "Audit trail: {n} rows, {verdict}", facts["rows"])
    head = _("Head: <code>{head}</code>").format(head=escape(facts["head"]))
    return f"{rows.format(n=facts['rows'], verdict=held(verdict, facts['zone']))}\n{head}"

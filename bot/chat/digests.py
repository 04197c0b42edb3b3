"""The admins' daily message in words."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat.formats import day_and_time, escape, money
from bot.chat.language import _, later, ngettext
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


def digest(facts: Mapping[str, Any]) -> str:
    """Return the day's digest."""
    zone: ZoneInfo = facts["zone"]
    ended = [_ended(row) for row in facts["ended"]] or [_("Nothing ended.")]
    title = _("📒 <b>The day until {when}</b>").format(when=day_and_time(from_ms(facts["at_ms"]), zone))
    waiting = [_open(row, zone) for row in facts["waiting"]]
    return "\n".join([title, *ended, *waiting, _odd(facts), "", _trail(facts, zone)])


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


def _trail(facts: Mapping[str, Any], zone: ZoneInfo) -> str:
    known = facts["verified_ms"] is not None
    verdict = Verdict(from_ms(facts["verified_ms"]), facts["broken"]) if known else None
    rows = ngettext("Audit trail: {n} row, {verdict}", "Audit trail: {n} rows, {verdict}", facts["rows"])
    head = _("Head: <code>{head}</code>").format(head=escape(facts["head"]))
    return f"{rows.format(n=facts['rows'], verdict=held(verdict, zone))}\n{head}"

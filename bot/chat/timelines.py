"""What happened to a transaction, in words: one line a fact, and the answer to "has this money moved?"."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.chat.formats import clock_time, day_and_time, escape
from bot.chat.language import _, later, ngettext
from bot.chat.reasons import plain
from bot.domain.certainty import Moved, Settles
from bot.domain.transactions import State, Transaction
from bot.service.timeline import Account, Fact
from bot.store.audit import MOVE, Entry
from bot.store.observations import Observation

BOT = "bot"
ACCEPTED, THERE_ALREADY, NOT_FOUND = 202, 409, 404
EVENTS = {
    "draft": later("asked for by {who}"),
    "attempt": later("sent again, attempt {n}"),
    "approve": later("approved by {who}"),
    "reject": later("rejected by {who}"),
    "retry": later("Retry pressed by {who}"),
    "send closed": later("no further attempt, said {who}"),
    "says unsent": later("{who} says that MTN never had it"),
    "correction": later("corrected by {who}"),
    "receipt": later("receipt made for {who}"),
    "anomaly": later("something was seen that does not fit: {kind}"),
    "differs": later("found changed outside the trail"),
}
MOVES = {
    State.AWAITING_APPROVAL: later("confirmed by {who}, approval asked"),
    State.READY: later("cleared to be sent"),
    State.UNKNOWN: later("sent"),
    State.PENDING: later("with MTN"),
    State.REVIEW: later("handed to people by {who}"),
    State.REJECTED: later("closed: MTN refused it and does not know it"),
    State.UNSENT: later("closed: MTN never had it"),
    State.CANCELLED: later("cancelled by {who}"),
    State.EXPIRED: later("its time was over"),
}
NOT_MOVED = {
    State.DRAFT: later("No. Nothing leaves before Confirm is pressed on its card."),
    State.AWAITING_APPROVAL: later("No. Nothing leaves before it is approved."),
    State.READY: later("No, not yet: it is about to be sent."),
    State.FAILED: later("No: MTN says so."),
    State.REJECTED: later("No: MTN refused the request, and does not know of it."),
    State.UNSENT: later("No: MTN never had it."),
    State.CANCELLED: later("No: it was stopped before it was sent."),
    State.EXPIRED: later("No: its time was over before it was sent."),
}
SETTLED_BY = {
    Settles.MTN: later("Not known yet. MTN's answer will settle it."),
    Settles.PAYER: later("Not known yet. The payer's answer on the phone will settle it."),
    Settles.REPEAT: later(
        "Not known yet. MTN's answer will settle it; if MTN does not have it, the same one is sent again under the"
        " same reference, and cannot move twice."
    ),
    Settles.PEOPLE: later("Not known yet. MTN's answer will settle it, or Retry or Cancel on its card."),
    Settles.REVIEW: later("Not known yet. MTN's answer will settle it, or two admins."),
    Settles.STATEMENT: later("Not known. MTN's own statement will settle it: an admin must compare."),
}


def answer(txn: Transaction, account: Account, zone: ZoneInfo) -> str:
    """Return whether its money has moved: yes, no, or not known yet, what will settle it and when MTN is asked."""
    return " ".join([_("<b>Has this money moved?</b>"), _certainty(txn, account), *_next_look(account, zone)])


def _certainty(txn: Transaction, account: Account) -> str:
    if account.moved is Moved.NOT_KNOWN:
        return _(SETTLED_BY[account.settles])
    if account.moved is Moved.NO:
        return _("No: sending is stopped.") if account.settles is Settles.THAW else _(NOT_MOVED[txn.state])
    if txn.financial_transaction_id is None:
        return _("Yes: MTN says so.")
    return _("Yes: MTN says so, id {id}.").format(id=escape(txn.financial_transaction_id))


def _next_look(account: Account, zone: ZoneInfo) -> list[str]:
    if account.next_look is None:
        return []
    return [_("MTN is asked again at {time}.").format(time=_second(account.next_look, zone))]


def lines(txn: Transaction, facts: list[Fact], zone: ZoneInfo, most: int) -> list[str]:
    """Return one line a fact, at most the last so many, with the day wherever a new one begins."""
    shown = facts[-most:]
    left_out = len(facts) - len(shown)
    earlier = [ngettext("{n} earlier step", "{n} earlier steps", left_out).format(n=left_out)] if left_out else []
    days = [None, *(fact.at.astimezone(zone).date() for fact in shown)]
    stamps = [
        _moment(fact.at, zone, with_day=before != after)
        for fact, (before, after) in zip(shown, pairwise(days), strict=True)
    ]
    return [*earlier, *(f"{stamp} {_what(txn, fact, zone)}" for stamp, fact in zip(stamps, shown, strict=True))]


def _second(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H:%M:%S}"


def _moment(moment: datetime, zone: ZoneInfo, *, with_day: bool) -> str:
    return day_and_time(moment, zone, seconds=True) if with_day else _second(moment, zone)


def _what(txn: Transaction, fact: Fact, zone: ZoneInfo) -> str:
    if fact.entry is not None:
        return _entry(fact.entry)
    if fact.seen is None:
        return _("callback from MTN: it was asked at once")
    said = _posted(txn, fact.seen) if fact.seen.source == "POST" else _looked(txn, fact.seen)
    if fact.times == 1 or fact.last_at is None:
        return said
    often = ngettext("{n} time until {time}", "{n} times until {time}", fact.times)
    return f"{said} ({often.format(n=fact.times, time=clock_time(fact.last_at, zone))})"


def _entry(entry: Entry) -> str:
    who = _("the bot") if entry.actor == BOT else escape(entry.actor)
    kind = escape(str(entry.data.get("kind", "")).replace("_", " "))
    facts = {"who": who, "n": entry.data.get("n"), "kind": kind}
    if entry.event != MOVE:
        return _(EVENTS[entry.event]).format(**facts) if entry.event in EVENTS else escape(entry.event)
    if entry.after == State.READY and entry.before == State.DRAFT:
        return _("confirmed by {who}").format(**facts)
    return _(MOVES[State(str(entry.after))]).format(**facts)


def _looked(txn: Transaction, seen: Observation) -> str:
    if seen.momo_status == State.SUCCESSFUL != txn.state:
        return _("MTN: says that it has moved, which does not fit")
    if seen.momo_status:
        known_as = txn.financial_transaction_id if seen.momo_status == txn.state else None
        word = escape(seen.momo_status)
        return _("MTN: {word}, id {id}").format(word=word, id=escape(known_as)) if known_as else f"MTN: {word}"
    if seen.http_status == NOT_FOUND:
        return _("MTN: does not know it")
    return _("MTN: no clear answer ({why})").format(why=_evidence(seen))


def _posted(txn: Transaction, seen: Observation) -> str:
    if seen.http_status == ACCEPTED:
        return _("MTN took the request")
    if seen.http_status == THERE_ALREADY:
        return _("MTN has the request already")
    if seen.http_status is None:
        return _("no answer of MTN to the request ({why})").format(why=_evidence(seen))
    why = plain(seen.code, txn.kind)
    return _("MTN to the request: {why} ({evidence})").format(why=why, evidence=f"HTTP {seen.http_status}")


def _evidence(seen: Observation) -> str:
    parts = [f"HTTP {seen.http_status}" if seen.http_status else "", escape(seen.code or "")]
    return " ".join(part for part in parts if part) or "?"

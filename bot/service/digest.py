"""The daily messages: to the admins about every till, and to a till that wishes it, the closing of its day."""

from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Any

from bot.domain.policy import Policy
from bot.domain.wishes import Wishes
from bot.service import telling
from bot.store import anomalies, audit, facts, people, totals, wishes
from bot.store.database import Tx
from bot.store.people import Desk
from bot.store.times import to_ms

TOLD, CLOSED = "digest", "closing"
# A bot that was away tells it so much later; after that the next one is near.
LATEST = timedelta(hours=12)


def send_due(tx: Tx, policy: Policy) -> None:
    """Have the admins' digest, and each till's closing, of the last due moment told, once."""
    at = _due(tx, policy, policy.digest_at, TOLD)
    if at is not None:
        told = compose(tx, at)
        for chat_id in telling.every_admin_chat(tx, policy):
            telling.notice(tx, chat_id, "digest", dedupe=f"digest:{at.date()}:{chat_id}", **told)
    for desk in people.open_desks(tx.conn):
        _close(tx, policy, desk)


def _close(tx: Tx, policy: Policy, desk: Desk) -> None:
    at = _due(tx, policy, closing_time(policy, wishes.of(tx.conn, desk.chat_id)), f"{CLOSED}:{desk.id}")
    if at is not None:
        dedupe = f"closing:{at.date()}:{desk.id}"
        telling.notice(tx, desk.chat_id, "closing", dedupe=dedupe, till=desk.title, **compose(tx, at, desk.id))


def closing_time(policy: Policy, wished: Wishes) -> time | None:
    """Return when a till is told its day's closing: as it wishes, else as the settings say; None: not at all."""
    return None if wished.closing_off else wished.closing_at or policy.closing_at


def begin_with_the_next(tx: Tx, policy: Policy, desk: Desk, wished: Wishes) -> None:
    """After a till chose another time for its closing: the last one that would have been due is not told late."""
    at = last_due(tx.now, policy, closing_time(policy, wished))
    if at is not None:
        facts.put(tx.conn, f"{CLOSED}:{desk.id}", at.date().isoformat())


def _due(tx: Tx, policy: Policy, wanted: time | None, name: str) -> datetime | None:
    """Return the last moment a message was due, if it was not told before; from then on it was."""
    at = last_due(tx.now, policy, wanted)
    if at is None or tx.now - at > LATEST or facts.get(tx.conn, name) == at.date().isoformat():
        return None
    facts.put(tx.conn, name, at.date().isoformat())
    began = audit.began_at(tx.conn)
    # A new bot has nothing to tell of the time before it.
    return None if began is None or began > at else at


def last_due(now: datetime, policy: Policy, wanted: time | None) -> datetime | None:
    """Return the last moment that it was so late, in the time zone of the till; None when none is wanted."""
    if wanted is None:
        return None
    local = now.astimezone(policy.zone)
    at = local.replace(hour=wanted.hour, minute=wanted.minute, second=0, microsecond=0, fold=0)
    return at if at <= now else at - timedelta(days=1)


def compose(tx: Tx, at: datetime, desk_id: int | None = None) -> dict[str, Any]:
    """Return the facts of the day that ended at a moment of the till's clock; of one till, or of all."""
    day_before = at - timedelta(days=1)  # by the clock on the wall, so a day of 23 or 25 hours is one day
    verdict = audit.last_verdict(tx.conn)
    return {
        "at_ms": to_ms(at),
        "ended": [asdict(row) for row in totals.ended(tx.conn, day_before, at, desk_id)],
        "failed": [asdict(row) for row in totals.failed(tx.conn, day_before, at, desk_id)],
        "waiting": [
            {"state": w.state, "count": w.count, "since_ms": to_ms(w.since)} for w in totals.waiting(tx.conn, desk_id)
        ],
        "decided": _decided(tx, day_before, at, desk_id),
        "anomalies": anomalies.count(tx.conn, day_before, at) if desk_id is None else 0,
        "rows": audit.count(tx.conn),
        "head": audit.head(tx.conn).hash.hex(),
        "broken": verdict.broken if verdict else None,
        "verified_ms": to_ms(verdict.at) if verdict else None,
    }


def _decided(tx: Tx, after: datetime, until: datetime, desk_id: int | None) -> list[dict[str, Any]]:
    """Return who approved or rejected which transactions, each person's together."""
    codes: dict[tuple[int, str], list[str]] = {}
    for row in totals.decided(tx.conn, after, until, desk_id):
        codes.setdefault((row.user_id, row.decision), []).append(row.short_code)
    return [
        {"who": people.name_of(tx.conn, user_id), "decision": decision, "codes": of}
        for (user_id, decision), of in codes.items()
    ]

"""The admins' daily message: what ended, what is open, what was odd, and the head of the trail."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from bot.domain.policy import Policy
from bot.service import telling
from bot.store import anomalies, audit, facts, totals
from bot.store.database import Tx
from bot.store.times import to_ms

TOLD = "digest"
# A bot that was away tells it so much later; after that the next one is near.
LATEST = timedelta(hours=12)


def send_due(tx: Tx, policy: Policy) -> bool:
    """Have the digest of the last due moment told, once; True when it was due now."""
    at = last_due(tx.now, policy)
    if at is None or tx.now - at > LATEST or facts.get(tx.conn, TOLD) == at.date().isoformat():
        return False
    facts.put(tx.conn, TOLD, at.date().isoformat())
    began = audit.began_at(tx.conn)
    if began is None or began > at:
        return False  # a new bot has nothing to tell of the time before it
    told = compose(tx, at)
    for chat_id in telling.every_admin_chat(tx, policy):
        telling.notice(tx, chat_id, "digest", dedupe=f"digest:{at.date()}:{chat_id}", **told)
    return True


def last_due(now: datetime, policy: Policy) -> datetime | None:
    """Return the last moment a digest was due, in the time zone of the till; None when none is wanted."""
    if policy.digest_at is None:
        return None
    local = now.astimezone(policy.zone)
    at = local.replace(hour=policy.digest_at.hour, minute=policy.digest_at.minute, second=0, microsecond=0, fold=0)
    return at if at <= now else at - timedelta(days=1)


def compose(tx: Tx, at: datetime) -> dict[str, Any]:
    """Return the facts of the day that ended at a moment of the till's clock."""
    day_before = at - timedelta(days=1)  # by the clock on the wall, so a day of 23 or 25 hours is one day
    verdict = audit.last_verdict(tx.conn)
    return {
        "at_ms": to_ms(at),
        "ended": [asdict(row) for row in totals.ended(tx.conn, day_before, at)],
        "waiting": [{"state": w.state, "count": w.count, "since_ms": to_ms(w.since)} for w in totals.waiting(tx.conn)],
        "anomalies": anomalies.count(tx.conn, day_before, at),
        "rows": audit.count(tx.conn),
        "head": audit.head(tx.conn).hash.hex(),
        "broken": verdict.broken if verdict else None,
        "verified_ms": to_ms(verdict.at) if verdict else None,
    }

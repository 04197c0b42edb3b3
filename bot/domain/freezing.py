"""Stopping all sending: why, until when, and which evidence calls for it. What is done about it is the services'."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain import settling
from bot.domain.settling import GetAnswer
from bot.domain.transactions import State, Transaction

# So many different people must agree before sending goes on ...
AGREEMENTS = 2
# ... or, where only one person may decide, that one must wait so long after having said so to all.
ALONE_WAITS = timedelta(minutes=30)

# MTN's own callback may come a little after our lookup has found the end.
CALLBACK_MAY_TRAIL = timedelta(minutes=1)
# Two of our own calls so far apart that meet another program fetching our updates: it stays.
RIVAL_STAYS = timedelta(minutes=1)
RECHECK_QUIET = timedelta(hours=1)
RECHECK_AGAIN = timedelta(minutes=10)
# Which part of what ended in the last days is asked about again every night, and at least how many.
REVERIFIED_DAYS = timedelta(days=7)
REVERIFIED_SHARE, REVERIFIED_LEAST = 100, 20

MTN_ENDED = frozenset({State.SUCCESSFUL, State.FAILED})
NEVER_AT_MTN = frozenset({State.REJECTED, State.UNSENT})


class Cause(StrEnum):
    """What stopped the sending."""

    PERSON = "person"
    ANOMALY = "anomaly"
    RESTORED = "restored"  # the database is a restored copy: newer payments may be missing in it
    JOURNAL = "journal"  # the reference journal cannot be written


class Anomaly(StrEnum):
    """What must not happen, and what it would mean if it did: a broken promise of MTN's, or a thief."""

    FLIPPED = "flipped"  # a final word of MTN's is another one now
    MISMATCH = "mismatch"  # MTN tells of another amount, number or reference
    KNOWN_AFTER_ALL = "known_after_all"  # MTN has what was closed because it did not
    CALLBACK_UNSENT = "callback_unsent"  # a token was used that has never left the house
    TOKEN_ELSEWHERE = "token_elsewhere"  # noqa: S105 - somebody else fetches this bot's updates


@dataclass(frozen=True, slots=True)
class Freeze:
    """One stop. ``reason``: what a person typed, or a word of ours; ``by``: None when the bot stopped by itself."""

    id: int
    cause: Cause
    reason: str
    by: int | None
    txn_id: int | None
    at: datetime


def contradiction(txn: Transaction, answer: GetAnswer) -> Anomaly | None:
    """Return what MTN's answer about a transaction that is over says against its end, or None.

    "Not found" and "pending" are no evidence: MTN may forget, and its answers may be old.
    """
    result = answer.result
    if result is None:
        return None
    if txn.state in NEVER_AT_MTN:
        return Anomaly.KNOWN_AFTER_ALL
    if txn.state not in MTN_ENDED:
        return None
    if not settling.matches(txn, result):
        return Anomaly.MISMATCH
    return Anomaly.FLIPPED if result.status.final and result.status.word != txn.state else None


def sample_size(ended: int) -> int:
    """Return how many of so many ended transactions are asked about again in one night."""
    return min(ended, max(-(-ended // REVERIFIED_SHARE), REVERIFIED_LEAST))

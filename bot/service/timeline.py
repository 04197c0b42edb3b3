"""Why a transaction is where it is: the facts in the order of time, and whether its money has moved."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from bot.domain import certainty, settling
from bot.domain.certainty import Moved, Settles
from bot.domain.transactions import AT_MTN, State, Transaction
from bot.store import anomalies, audit, callbacks, freezes, observations, people
from bot.store.audit import MOVE, Entry
from bot.store.database import Tx
from bot.store.observations import Observation
from bot.store.times import EPOCH

# More than any transaction has by far: a week of looking fills some hundred rows.
MOST_ENTRIES = 2000
# Told by the answer of MTN that they rest on.
ENDS_OF_ITS_OWN = frozenset({State.REVIEW, State.REJECTED, State.UNSENT})
MTN = frozenset({"POST", "GET"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened: a row of the trail, something seen of MTN, or (neither) a callback.

    ``times`` and ``last_at``: how often MTN answered the same, and when the last time.
    """

    at: datetime
    entry: Entry | None = None
    seen: Observation | None = None
    times: int = 1
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of a transaction's money. ``next_look``: when MTN is asked again, None when it is not."""

    moved: Moved
    settles: Settles
    next_look: datetime | None


def account(tx: Tx, txn: Transaction) -> Account:
    """Tell whether a transaction's money has moved, or what will settle it."""
    contradicted = anomalies.contradicts(tx.conn, txn.id, txn.final_at or EPOCH) and txn.state not in AT_MTN
    settles = certainty.settles(
        txn,
        contradicted=contradicted,
        frozen=freezes.in_force(tx.conn) is not None,
        can_retry=settling.can_retry(txn, tx.now),
        sends_again=settling.can_send_again(txn, tx.now),
    )
    next_look = max(txn.next_at, txn.lease_until, tx.now) if txn.state in AT_MTN else None
    return Account(certainty.moved(txn, contradicted=contradicted), settles, next_look)


def facts(tx: Tx, txn: Transaction) -> list[Fact]:
    """Return what happened to a transaction, oldest first; what MTN said again and again is one fact."""
    entries = audit.read(tx.conn, limit=MOST_ENTRIES, skip=0, desk_id=None, txn_id=txn.id)
    found = [
        *(Fact(entry.at, entry=_named(tx, entry)) for entry in entries if not _told_elsewhere(entry)),
        *(Fact(seen.at, seen=seen) for seen in observations.of(tx.conn, txn.id) if seen.source in MTN),
        *(Fact(at) for at in callbacks.of(tx.conn, txn.id)),
    ]
    # Of one moment the trail comes first: an attempt before its answer.
    return _merged(sorted(found, key=lambda fact: (fact.at, fact.entry is None)))


def _told_elsewhere(entry: Entry) -> bool:
    """Tell whether MTN's answer says it already: its end, or that it took the request."""
    if entry.event == "attempt answered":
        return True
    return entry.event == MOVE and entry.source in MTN and entry.after not in ENDS_OF_ITS_OWN


def _named(tx: Tx, entry: Entry) -> Entry:
    """Put a person's name in the place of the id."""
    what, _, user_id = entry.actor.partition(":")
    known = what == "user" and user_id.isdecimal()
    return replace(entry, actor=people.name_of(tx.conn, int(user_id))) if known else entry


def _merged(found: list[Fact]) -> list[Fact]:
    """Return the facts with equal answers of MTN that follow each other as one."""
    merged = []
    for same, group in groupby(found, key=_answer):
        facts = list(group)
        if same is None:
            merged += facts
        else:
            merged.append(replace(facts[0], times=len(facts), last_at=facts[-1].at))
    return merged


def _answer(fact: Fact) -> tuple[object, ...] | None:
    seen = fact.seen
    return None if seen is None else (seen.source, seen.http_status, seen.code, seen.momo_status)

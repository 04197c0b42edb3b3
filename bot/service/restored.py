"""Whether database and journal belong together, found out at every start; and SAFE mode when they do not.

A copy put back in the database's place knows nothing of what was sent after it was made. The journal does. So
nothing is sent until two people have looked, every line the database has no proof of is followed to its end at
MTN (``forgotten``), and nothing the copy still holds is ever submitted again: what became of it since, a Cancel
perhaps, nobody here knows. Each step may be repeated: a kill between any two leads back here, or is over.
"""

from enum import Enum, StrEnum
from typing import Any

import structlog

from bot.domain.freezing import Cause
from bot.domain.policy import Policy
from bot.domain.transactions import AT_MTN, BEFORE_SENDING, State, Transaction
from bot.service import freeze, telling
from bot.service.mtn import Mtn
from bot.store import audit, facts, forgotten, transactions
from bot.store.database import Store, Tx
from bot.store.journal import Contents, Journal, Line
from bot.store.times import from_ms, to_ms

BOT = "bot"

log = structlog.get_logger(__name__)


class Meeting(StrEnum):
    """What database and journal are to each other; the last three are SAFE mode."""

    FIRST = "first"
    AT_HOME = "at home"
    OTHER_DATABASE = "other_database"
    NO_JOURNAL = "no_journal"
    LINES_MISSING = "lines_missing"


class Proof(Enum):
    """What a journal line proves beyond what the database says."""

    NOTHING = "nothing"
    LATER_ATTEMPT = "later attempt"  # of a transaction that is, or now becomes, followed as one
    FORGOTTEN = "forgotten"  # no transaction here says that it may be at MTN


async def meet(store: Store, journal: Journal, policy: Policy, mtn: Mtn) -> None:
    """Bring database and journal together, before anything else is done with either.

    Raises:
        OSError: the journal cannot be read or begun.
    """
    found = await journal.read()
    meeting = await store.tx(lambda tx: compare(tx, found))
    if meeting is Meeting.FIRST:
        await _meet_first(store, journal, found)
    elif meeting is not Meeting.AT_HOME:
        await _make_safe(store, journal, policy, mtn, found, meeting)


def compare(tx: Tx, found: Contents | None) -> Meeting:
    """Tell whether this journal was written for this database as it is."""
    ours = facts.incarnation(tx.conn)
    if found is None:
        return Meeting.FIRST if ours is None else Meeting.NO_JOURNAL
    if ours is None and found.incarnation and not found.lines:
        return Meeting.FIRST  # killed between the two halves of it
    if found.incarnation != ours:
        return Meeting.OTHER_DATABASE
    known = all(_proof(tx, line) is Proof.NOTHING for line in found.lines)
    return Meeting.AT_HOME if known else Meeting.LINES_MISSING


async def _meet_first(store: Store, journal: Journal, found: Contents | None) -> None:
    """Give both one name: the journal first, for a journal without lines can be taken by any new database."""
    incarnation = found.incarnation if found else await store.tx(lambda tx: tx.mint.nonce())
    if found is None:
        await journal.begin(incarnation)
    await store.tx(lambda tx: facts.renew_incarnation(tx.conn, incarnation))


async def _make_safe(
    store: Store, journal: Journal, policy: Policy, mtn: Mtn, found: Contents | None, meeting: Meeting
) -> None:
    """Take everything over in one transaction, then put the old journal aside and begin a new one."""
    lines = (*await journal.set_aside_before(), *(found.lines if found else ()))
    incarnation = await store.tx(lambda tx: take_over(tx, policy, mtn, lines, meeting))
    if found is not None:
        await journal.set_aside()
    await journal.begin(incarnation)


def take_over(tx: Tx, policy: Policy, mtn: Mtn, lines: tuple[Line, ...], meeting: Meeting) -> str:
    """Stop sending, keep what the lines prove, tell the admins; return the database's new incarnation."""
    before = facts.incarnation(tx.conn)
    latest = {line.reference_id: line for line in lines}
    followed = sum(_take_over(tx, line) for line in latest.values())
    for txn in transactions.unsent(tx.conn):
        if txn.state is State.READY:
            _follow(tx, txn, attempt=1, at=to_ms(tx.now), api_user=mtn.api_user(txn.kind))
    transactions.close_sending(tx)
    incarnation = tx.mint.nonce()
    facts.renew_incarnation(tx.conn, incarnation)
    audit.append(tx, "restored", BOT, meeting=meeting, forgotten=followed)
    log.error("the database is a restored copy: nothing is sent", found=meeting.value, forgotten=followed)
    freeze.stop(tx, policy, Cause.RESTORED, meeting)
    for chat_id in telling.every_admin_chat(tx, policy):
        dedupe = f"restored:{before}:{chat_id}"
        telling.notice(tx, chat_id, "restored", dedupe=dedupe, meeting=meeting, forgotten=followed)
    return incarnation


def _proof(tx: Tx, line: Line) -> Proof:
    txn = transactions.find(tx.conn, line.reference_id)
    if forgotten.find(tx.conn, line.reference_id) is not None:
        return Proof.NOTHING
    if txn is None:
        return Proof.FORGOTTEN
    if line.attempt <= txn.attempts or txn.state in (State.SUCCESSFUL, State.FAILED):
        return Proof.NOTHING
    return Proof.LATER_ATTEMPT if txn.state in AT_MTN | {State.READY} else Proof.FORGOTTEN


def _take_over(tx: Tx, line: Line) -> bool:
    """Keep what one line proves; True when it names something this database had forgotten."""
    proof, txn = _proof(tx, line), transactions.find(tx.conn, line.reference_id)
    if proof is Proof.LATER_ATTEMPT and txn is not None:
        _follow(tx, txn, attempt=line.attempt, at=line.at, api_user=line.api_user)
    if proof is not Proof.FORGOTTEN:
        return False
    if txn is not None and txn.state in BEFORE_SENDING:
        telling.stop(tx, txn, BOT, "RESTORED")
    forgotten.add(tx, line)
    audit.append(tx, "forgotten", BOT, reference_id=line.reference_id, kind=line.kind, attempt=line.attempt)
    return True


def _follow(tx: Tx, txn: Transaction, *, attempt: int, at: int, api_user: str) -> None:
    """Treat a transaction as tried so often, with an outcome nobody knows."""
    booked: dict[str, Any] = {
        "attempts": attempt,
        "ambiguous": txn.ambiguous + attempt - txn.attempts,
        "last_sent_at": from_ms(at),
        "next_at": tx.now,
        "refused_code": None,
        "not_found": 0,
        "first_not_found_at": None,
        "api_user": txn.api_user or api_user,
    }
    if txn.state is State.READY:
        transactions.move(tx, txn, State.UNKNOWN, BOT, **booked)
    else:
        transactions.change(tx, txn, **booked)
    audit.append(tx, "attempt proved by the journal", BOT, txn_id=txn.id, attempt=attempt, at=at)
    telling.card_changed(tx, txn)

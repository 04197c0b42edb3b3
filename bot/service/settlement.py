"""Sending a transaction and finding out how it ended: the only code that touches MTN for money.

Each step is one database transaction, then one call, then one database transaction. A kill between any
two leaves a row that says where to go on; the sections of ``domain.settling`` say how. Before an attempt is
made it also stands in the reference journal, which outlives the database.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from bot import tracing
from bot.domain import schedule, settling
from bot.domain.freezing import Anomaly, Cause
from bot.domain.mint import Entropy
from bot.domain.policy import Policy
from bot.domain.settling import Decision, GetAnswer, PostAnswer, PostOutcome
from bot.domain.transactions import AT_MTN, State, Transaction
from bot.service import anomalies, deadlines, freeze, keys, outages, telling
from bot.service.mtn import Mtn
from bot.service.payments import body_sha256
from bot.service.throttle import Turn
from bot.store import audit, freezes, observations, transactions
from bot.store.database import Store, Tx
from bot.store.journal import Journal, Line
from bot.store.times import to_ms

log = structlog.get_logger(__name__)

JITTER = (0.8, 1.2)
BOT = "bot"
NO_JOURNAL = "JOURNAL_UNWRITABLE"


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt written down before it is made."""

    txn: Transaction
    original_reference_id: str | None
    line: Line


class Settlement:
    """Sends what is ready, looks after what is open."""

    def __init__(self, store: Store, mtn: Mtn, entropy: Entropy, policy: Policy, journal: Journal) -> None:
        self._store = store
        self._mtn = mtn
        self._entropy = entropy
        self._policy = policy
        self._journal = journal
        # Set when the program stops: nothing is sent any more, not even what was booked a moment before.
        self.closing = False

    async def transmit(self, txn_id: int) -> None:
        """Make one attempt, if it may be made: commit first, then the journal, then the call, then commit its answer.

        Our turn comes before the commit: nothing may stand between the two but the journal, the call itself and, where
        there is none, its token, all in the lease's time. A Cancel that came there would be answered with an untruth.
        """
        await self._mtn.turn(Turn.WRITE)
        if self.closing:
            return
        attempt = await self._store.tx(lambda tx: claim(tx, txn_id, self._mtn))
        if attempt is None or not await self._journalled(attempt) or self.closing:
            return
        answer = await self._mtn.submit(attempt.txn, attempt.original_reference_id)
        await self._store.tx(lambda tx: self._keep_post(tx, attempt.txn, answer))
        log.info(
            "attempt",
            txn=attempt.txn.short_code,
            number=attempt.txn.attempts,
            outcome=answer.outcome.value,
            http_status=answer.http_status,
            code=answer.code,
        )

    def _keep_post(self, tx: Tx, txn: Transaction, answer: PostAnswer) -> None:
        record_post(tx, txn.id, answer)
        keys.note(tx, self._policy, txn.kind, answer.http_status)
        outages.note(tx, self._policy, txn.kind, answer)

    async def _journalled(self, attempt: Attempt) -> bool:
        """Bring the attempt to the journal's disk; False: that failed, and it must not be made."""
        try:
            async with asyncio.timeout(schedule.JOURNAL.total_seconds()):
                await self._journal.append(attempt.line)
        except OSError as error:  # also a disk that does not answer in time
            reason = error.strerror or "no answer from the disk"
            await self._store.tx(lambda tx: not_journalled(tx, self._policy, attempt.txn.id, reason))
            return False
        return True

    async def observe(self, txn_id: int) -> None:
        """Ask MTN where a transaction stands and act on it; send it again if that is what follows."""
        txn = await self._store.tx(lambda tx: transactions.get(tx.conn, txn_id))
        tracing.follow(txn.trace)
        if txn.state not in AT_MTN or not await self._still_ours(txn):
            return
        answer = await self._mtn.look(txn)
        jitter = self._entropy.uniform(*JITTER)
        hint = txn.hinted_at
        again, now = await self._store.tx(lambda tx: self._keep_get(tx, txn_id, answer, jitter, hint))
        # Most lookups find what was found before.
        tell = log.debug if now is txn.state else log.info
        tell("lookup", txn=txn.short_code, state=now, http_status=answer.http_status, code=answer.code)
        if again:
            await self.transmit(txn_id)

    def _keep_get(
        self, tx: Tx, txn_id: int, answer: GetAnswer, jitter: float, seen_hint: datetime
    ) -> tuple[bool, State]:
        again = record_get(tx, self._policy, txn_id, answer, jitter, seen_hint=seen_hint)
        return again, transactions.get(tx.conn, txn_id).state

    async def _still_ours(self, txn: Transaction) -> bool:
        """Tell whether we may ask about it: under another API user MTN would not know it."""
        if self._mtn.has_user(txn.kind, txn.api_user):
            return True
        await self._store.tx(lambda tx: strand(tx, txn.id))
        return False


def claim(tx: Tx, txn_id: int, mtn: Mtn) -> Attempt | None:
    """Write an attempt down: UNKNOWN, and doubtful, before the socket is touched. None: it may not be made."""
    txn = transactions.get(tx.conn, txn_id)
    if txn.state is State.READY and txn.send_by is not None and tx.now > txn.send_by:
        deadlines.let_expire(tx, txn)
        return None
    if not _may_be_attempted(tx, txn, mtn):
        return None
    booked: dict[str, Any] = {
        "attempts": txn.attempts + 1,
        "ambiguous": txn.ambiguous + 1,
        "lease_until": tx.now + schedule.LEASE,
        "next_at": tx.now + schedule.LEASE,
        "last_sent_at": tx.now,
        "refused_code": None,
        "not_found": 0,
        "first_not_found_at": None,
        "api_user": txn.api_user or mtn.api_user(txn.kind),
    }
    tracing.follow(txn.trace)
    first = txn.state is State.READY
    if first and not transactions.move(tx, txn, State.UNKNOWN, BOT, **booked):
        return None
    if not first:
        if not transactions.change(tx, txn, **booked):
            return None
        audit.append(tx, "attempt", BOT, txn_id=txn_id, n=txn.attempts + 1)
    transactions.add_attempt(tx, txn_id, txn.attempts + 1)
    telling.card_changed(tx, txn)
    now = transactions.get(tx.conn, txn_id)
    original = _original_reference(tx, txn)
    return Attempt(now, original, _line(tx, now, original))


def _line(tx: Tx, txn: Transaction, original: str | None) -> Line:
    """Return what the journal keeps of the attempt just written down."""
    return Line(
        at=to_ms(tx.now),
        reference_id=txn.reference_id,
        attempt=txn.attempts,
        kind=txn.kind,
        amount_minor=txn.amount.minor_units(txn.decimals),
        currency=txn.amount.currency,
        decimals=txn.decimals,
        party_hash=transactions.party_hash(tx.conn, txn.id).hex(),
        original=original,
        short_code=txn.short_code,
        api_user=txn.api_user or "",
    )


def _may_be_attempted(tx: Tx, txn: Transaction, mtn: Mtn) -> bool:
    """Check every guard again, now that nobody else can come between."""
    _demand_same_body(tx, txn)
    if freezes.in_force(tx.conn) is not None:
        return False
    if txn.state is State.READY:
        return True
    rested = txn.ambiguous == 0 or (txn.last_sent_at is not None and tx.now - txn.last_sent_at >= schedule.RESEND_AFTER)
    same_user = mtn.has_user(txn.kind, txn.api_user)
    return settling.can_send_again(txn, tx.now) and rested and same_user and txn.lease_until <= tx.now


def _demand_same_body(tx: Tx, txn: Transaction) -> None:
    now = body_sha256(txn.reference_id, txn.kind, txn.amount, txn.msisdn, txn.note)
    if now != transactions.stored_body_hash(tx.conn, txn.id):
        raise RuntimeError(f"transaction {txn.short_code} is not what was confirmed: it will not be sent")


def _original_reference(tx: Tx, txn: Transaction) -> str | None:
    return None if txn.original_id is None else transactions.get(tx.conn, txn.original_id).reference_id


def record_post(tx: Tx, txn_id: int, answer: PostAnswer) -> None:
    """Keep what came back from an attempt. A row that moved on meanwhile is left as it is."""
    txn = transactions.get(tx.conn, txn_id)
    observation_id = observations.add(tx, txn_id, "POST", http_status=answer.http_status, code=answer.code)
    if txn.state is not State.UNKNOWN:
        return
    apply(tx, txn, settling.after_post(txn, answer, tx.now), observation_id)
    audit.append(tx, "attempt answered", BOT, txn_id=txn_id, observation_id=observation_id, code=answer.code)
    if answer.outcome is PostOutcome.REFUSED:
        telling.notice_maker(tx, txn, "refused_making_sure", code=answer.code, kind=txn.kind)


def not_journalled(tx: Tx, policy: Policy, txn_id: int, reason: str) -> None:
    """Take back an attempt that the journal could not be told of, and stop sending: it was not made."""
    record_post(tx, txn_id, PostAnswer(PostOutcome.NOT_TAKEN, code=NO_JOURNAL))
    freeze.stop(tx, policy, Cause.JOURNAL, reason, txn_id=txn_id)


def record_get(
    tx: Tx, policy: Policy, txn_id: int, answer: GetAnswer, jitter: float, *, seen_hint: datetime | None = None
) -> bool:
    """Keep what a status lookup told and act on it; True when another attempt is to be made.

    *seen_hint*: when the last callback before the lookup came; after a later one MTN is asked again at once.
    """
    txn = transactions.get(tx.conn, txn_id)
    keys.note(tx, policy, txn.kind, answer.http_status)
    outages.note(tx, policy, txn.kind, answer)
    if txn.state not in AT_MTN:
        anomalies.compare(tx, policy, txn, answer)  # of two lookups at once, the other one ended it
        return False
    status = answer.result.status.word if answer.result else None
    observation_id = observations.add(
        tx, txn_id, "GET", http_status=answer.http_status, code=answer.code, momo_status=status
    )
    decision = settling.after_get(txn, answer, tx.now, jitter)
    if seen_hint is not None and txn.hinted_at > seen_hint:
        decision.changes["next_at"] = tx.now
    apply(tx, txn, decision, observation_id)
    if answer.result is not None and not settling.matches(txn, answer.result):
        anomalies.note(tx, policy, Anomaly.MISMATCH, txn_id=txn_id, says=status)
    return decision.send_again


def apply(tx: Tx, txn: Transaction, decision: Decision, observation_id: int) -> None:
    """Carry a decision out: the row, the trail and the messages in this one transaction."""
    if decision.to is None:
        transactions.change(tx, txn, **decision.changes)
        # The card offers Retry once the window is over; an edit that changes nothing is nothing to Telegram.
        if decision.changes.keys() & {"refused_code", "held"} or settling.can_retry(txn, tx.now):
            telling.card_changed(tx, txn)
        return
    moved = transactions.move(
        tx, txn, decision.to, BOT, observation_id=observation_id, lease_until=tx.now, **_without_lease(decision)
    )
    if moved:
        now = transactions.get(tx.conn, txn.id)
        telling.card_changed(tx, now)
        if decision.to is not State.PENDING:
            telling.ended(tx, now)


def _without_lease(decision: Decision) -> dict[str, Any]:
    return {name: value for name, value in decision.changes.items() if name != "lease_until"}


def strand(tx: Tx, txn_id: int) -> None:
    """Hand a transaction of an API user we no longer have to a person: never posted again, never closed."""
    txn = transactions.get(tx.conn, txn_id)
    if txn.state is State.REVIEW:
        transactions.change(tx, txn, next_at=tx.now + schedule.IN_REVIEW)
        return
    if transactions.move(
        tx, txn, State.REVIEW, BOT, failure_code="OTHER_API_USER", next_at=tx.now + schedule.IN_REVIEW
    ):
        now = transactions.get(tx.conn, txn_id)
        telling.card_changed(tx, now)
        telling.ended(tx, now)

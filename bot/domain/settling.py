"""What an answer of MTN means for a transaction: evidence in, decision out.

The rules, in the order of their weight. Only a status lookup ends a transaction. A missing answer is a
doubt, never a failure. "Not found" means "send again under the same id" inside the send window, and
"wait out the quiet time" after it. Doubt is booked before an attempt and taken back only by a clean no.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from bot.domain import schedule
from bot.domain.purging import is_removed
from bot.domain.transactions import State, Transaction
from momo import Status, TransactionResult

MTN_OVERLOADED = "INTERNAL_PROCESSING_ERROR"


class PostOutcome(Enum):
    """How an attempt to submit ended."""

    ACCEPTED = "accepted"  # 202, or 409: an attempt of ours is there already
    REFUSED = "refused"  # a definite no to the request itself
    NOT_TAKEN = "not taken"  # clean: never connected, 401, 429; says nothing about the request
    DOUBT = "doubt"  # nobody can say


@dataclass(frozen=True, slots=True)
class PostAnswer:
    """What came back from a submission; ``code`` is MTN's code or a word of ours."""

    outcome: PostOutcome
    http_status: int | None = None
    code: str | None = None
    retry_after: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class GetAnswer:
    """What came back from a status lookup: a result, or "not found", or neither."""

    result: TransactionResult | None = None
    not_found: bool = False
    http_status: int | None = None
    code: str | None = None
    retry_after: timedelta = timedelta(0)


@dataclass(slots=True)
class Decision:
    """What to do: columns to change, perhaps a new state, perhaps another attempt."""

    changes: dict[str, Any] = field(default_factory=dict)
    to: State | None = None
    send_again: bool = False


def after_post(txn: Transaction, answer: PostAnswer, now: datetime) -> Decision:
    """Decide what an attempt's end means. The lease is given back at once; the first look follows in 2 s."""
    decision = Decision(changes={"lease_until": now, "next_at": now + max(schedule.FIRST_LOOK, answer.retry_after)})
    if answer.outcome is PostOutcome.ACCEPTED:
        decision.to = State.PENDING
        return decision
    decision.changes["last_answer"] = answer.code
    if answer.outcome is PostOutcome.REFUSED:
        decision.changes |= {"ambiguous": txn.ambiguous - 1, "refused_code": answer.code}
    elif answer.outcome is PostOutcome.NOT_TAKEN:
        decision.changes["ambiguous"] = txn.ambiguous - 1
    elif answer.code == MTN_OVERLOADED == txn.last_answer:
        # Twice the same: mostly too little money. A person decides whether to try on.
        decision.changes["held"] = True
    return decision


def after_get(txn: Transaction, answer: GetAnswer, now: datetime, jitter: float) -> Decision:
    """Decide what a status lookup means for *txn*; *jitter* is handed to the schedule."""
    decision = Decision(changes={"polls": txn.polls + 1, "next_at": _next_look(txn, answer, now, jitter)})
    if answer.result is not None:
        _found(txn, answer.result, decision)
    elif answer.not_found:
        _not_found(txn, decision, now)
    if decision.to is None and txn.state in (State.UNKNOWN, State.PENDING) and _too_old(txn, now):
        decision.to = State.REVIEW
    return decision


def can_send_again(txn: Transaction, now: datetime) -> bool:
    """Tell whether another attempt under the same id may be made without asking anybody."""
    in_window = txn.send_by is not None and now <= txn.send_by
    return txn.may_be_sent_again and in_window and not txn.held and not _refused_for_certain(txn)


def _refused_for_certain(txn: Transaction) -> bool:
    return txn.refused_code is not None and txn.ambiguous == 0


def can_retry(txn: Transaction, now: datetime) -> bool:
    """Tell whether a person may open the send window again."""
    over = txn.held or txn.send_by is None or now > txn.send_by
    return txn.may_be_sent_again and over and not _refused_for_certain(txn)


def _next_look(txn: Transaction, answer: GetAnswer, now: datetime, jitter: float) -> datetime:
    if txn.state is State.REVIEW and _too_old(txn, now):
        return now + schedule.IN_REVIEW
    at = now + max(schedule.poll_delay(txn.polls, jitter), answer.retry_after)
    if txn.state is not State.UNKNOWN or txn.last_sent_at is None:
        return at
    # Never look later than the moment another attempt may leave, the window ends, or the row may be closed.
    again = can_send_again(txn, now)
    milestones = [txn.last_sent_at + (schedule.RESEND_AFTER if again else schedule.REFUSAL_QUIET)]
    if again and txn.send_by is not None:
        milestones += [now + schedule.RESEND_AFTER, txn.send_by + schedule.TICK]
    return min([at, *(milestone for milestone in milestones if milestone > now)])


def _found(txn: Transaction, result: TransactionResult, decision: Decision) -> None:
    decision.changes |= {"not_found": 0, "first_not_found_at": None}
    if not matches(txn, result):
        decision.to = State.REVIEW if txn.state is not State.REVIEW else None
        decision.changes["failure_code"] = "MISMATCH"
    elif result.status.final:
        _ended(result, decision)
    elif txn.state is State.UNKNOWN:
        # PENDING, CREATED, or a word nobody has documented: MTN knows the reference, and it is not over.
        decision.to = State.PENDING


def _ended(result: TransactionResult, decision: Decision) -> None:
    decision.to = State.SUCCESSFUL if result.status == Status.SUCCESSFUL else State.FAILED
    decision.changes["failure_code"] = result.reason.code if result.reason else None
    decision.changes["financial_transaction_id"] = result.financial_transaction_id


def matches(txn: Transaction, result: TransactionResult) -> bool:
    """Tell whether MTN's answer is about what we asked; what it leaves out is no mismatch."""
    if result.amount is not None and result.amount != txn.amount:
        return False
    if result.external_id and result.external_id != txn.reference_id:
        return False
    party = result.party
    if is_removed(txn.msisdn):
        return True  # what is left of it can be compared no further
    return party is None or party.party_id_type != "MSISDN" or party.party_id.lstrip("+") == str(txn.msisdn)


def _not_found(txn: Transaction, decision: Decision, now: datetime) -> None:
    seen, first = txn.not_found + 1, txn.first_not_found_at or now
    decision.changes |= {"not_found": seen, "first_not_found_at": first}
    if txn.state is State.PENDING and seen >= 5 and now - first >= schedule.LOST_AT_MTN_AFTER:
        decision.to = State.REVIEW  # accepted, then gone: never posted again
    if txn.state is not State.UNKNOWN or txn.last_sent_at is None:
        return
    since_sent = now - txn.last_sent_at
    if can_send_again(txn, now):
        decision.send_again = txn.ambiguous == 0 or since_sent >= schedule.RESEND_AFTER
    else:
        _close_if_quiet(txn, decision, since_sent, seen, now - first)


def _close_if_quiet(txn: Transaction, decision: Decision, since_sent: timedelta, seen: int, spread: timedelta) -> None:
    if txn.ambiguous > 0:
        if since_sent >= schedule.UNSENT_QUIET and seen >= 5 and spread >= schedule.UNSENT_SPREAD:
            decision.to = State.UNSENT
        return
    closing, needed = (State.REJECTED, 2) if txn.refused_code else (State.UNSENT, 3)
    if since_sent >= schedule.REFUSAL_QUIET and seen >= needed and spread >= schedule.REFUSAL_SPREAD:
        decision.to = closing


def _too_old(txn: Transaction, now: datetime) -> bool:
    return txn.last_sent_at is not None and now - txn.last_sent_at >= schedule.REVIEW_AFTER

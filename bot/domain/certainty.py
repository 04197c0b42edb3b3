"""Has this money moved? Yes, no, or not known yet: the one place that answers.

"Yes" needs MTN's own final word. "No" is said where it is certain: nothing was tried, MTN says FAILED, or MTN has
shown that it never had it. Everything else is not known yet, with what will settle it.
"""

from enum import StrEnum

from bot.domain.transactions import BEFORE_SENDING, Kind, State, Transaction

# Cancelled because the database is an older copy of itself: it may have been sent all the same.
RESTORED = "RESTORED"
ENDED_WITHOUT = frozenset({State.FAILED, State.REJECTED, State.UNSENT, State.CANCELLED, State.EXPIRED})


class Moved(StrEnum):
    """The answer."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not known yet"


class Settles(StrEnum):
    """What makes an answer certain that is not known yet, or keeps a "no" from lasting."""

    NOTHING = "nothing"  # it is certain for ever
    CONFIRM = "confirm"  # nothing leaves before its maker confirms it
    APPROVAL = "approval"  # nor before somebody approves it
    SENDING = "sending"  # it is about to leave
    THAW = "thaw"  # it leaves when sending goes on
    MTN = "mtn"  # MTN's answer, which is asked for again and again
    PAYER = "payer"  # the payer's answer on the phone
    REPEAT = "repeat"  # MTN's answer, or sending the same once more under the same reference
    PEOPLE = "people"  # somebody pressing Retry or Cancel on its card
    REVIEW = "review"  # MTN's answer, or two admins
    STATEMENT = "statement"  # MTN's own statement, compared by an admin


def moved(txn: Transaction, *, contradicted: bool = False) -> Moved:
    """Tell whether its money has moved. *contradicted*: MTN has said something else about it since, or before."""
    if contradicted or txn.failure_code == RESTORED:
        return Moved.NOT_KNOWN
    if txn.state is State.SUCCESSFUL:
        return Moved.YES
    return Moved.NO if txn.state in ENDED_WITHOUT | BEFORE_SENDING else Moved.NOT_KNOWN


def settles(
    txn: Transaction,
    *,
    contradicted: bool = False,
    frozen: bool = False,
    can_retry: bool = False,
    sends_again: bool = False,
) -> Settles:
    """Tell what will make the answer certain. The flags are what ``settling`` and the stops say of it now."""
    if contradicted or txn.failure_code == RESTORED:
        return Settles.STATEMENT
    match txn.state:
        case State.DRAFT:
            return Settles.CONFIRM
        case State.AWAITING_APPROVAL:
            return Settles.APPROVAL
        case State.READY:
            return Settles.THAW if frozen else Settles.SENDING
        case State.UNKNOWN if can_retry:
            return Settles.PEOPLE
        case State.UNKNOWN if sends_again and not frozen:
            return Settles.REPEAT
        case State.UNKNOWN:
            return Settles.MTN
        case State.PENDING:
            return Settles.PAYER if txn.kind is Kind.REQUEST_TO_PAY else Settles.MTN
        case State.REVIEW:
            return Settles.REVIEW
        case _:
            return Settles.NOTHING

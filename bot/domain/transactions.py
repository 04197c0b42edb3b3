"""A transaction's life: its states, the one table of legal moves, and the row as the program sees it.

Everything that may change a state is in ``TRANSITIONS``; the database holds the same table (``edge``) and
refuses what it does not list. Nothing here waits, asks a clock or knows SQL.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot import tracing
from momo import Money, Msisdn


class Kind(StrEnum):
    """What is asked of MTN."""

    TRANSFER = "transfer"
    DEPOSIT = "deposit"
    REFUND = "refund"
    REQUEST_TO_PAY = "request_to_pay"
    WITHDRAW = "withdraw"


class State(StrEnum):
    """Where a transaction stands; the comments say whether money may have moved."""

    DRAFT = "DRAFT"  # no: shown on a card, to be confirmed
    AWAITING_APPROVAL = "AWAITING_APPROVAL"  # no: the maker confirmed, a checker is needed
    READY = "READY"  # no: authorised, not tried yet
    UNKNOWN = "UNKNOWN"  # perhaps: an attempt was about to be made
    PENDING = "PENDING"  # perhaps: MTN knows the reference
    REVIEW = "REVIEW"  # perhaps: a person decides; polled, never posted again
    SUCCESSFUL = "SUCCESSFUL"  # yes, by GET status only
    FAILED = "FAILED"  # no, by GET status only
    REJECTED = "REJECTED"  # no: MTN refused the request itself
    UNSENT = "UNSENT"  # no: it never reached MTN
    CANCELLED = "CANCELLED"  # no: stopped before any attempt
    EXPIRED = "EXPIRED"  # no: nobody decided in time, or the bot was away


# State -> where it may go. The final ones are listed with nothing: nothing leaves them.
TRANSITIONS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.AWAITING_APPROVAL, State.READY, State.CANCELLED, State.EXPIRED}),
    State.AWAITING_APPROVAL: frozenset({State.READY, State.CANCELLED, State.EXPIRED}),
    State.READY: frozenset({State.UNKNOWN, State.CANCELLED, State.EXPIRED}),
    State.UNKNOWN: frozenset(
        {State.PENDING, State.REVIEW, State.SUCCESSFUL, State.FAILED, State.REJECTED, State.UNSENT}
    ),
    State.PENDING: frozenset({State.REVIEW, State.SUCCESSFUL, State.FAILED}),
    State.REVIEW: frozenset({State.SUCCESSFUL, State.FAILED, State.UNSENT}),
    State.SUCCESSFUL: frozenset(),
    State.FAILED: frozenset(),
    State.REJECTED: frozenset(),
    State.UNSENT: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
}

FINAL = frozenset(state for state, moves in TRANSITIONS.items() if not moves)
BEFORE_SENDING = frozenset({State.DRAFT, State.AWAITING_APPROVAL, State.READY})
AT_MTN = frozenset({State.UNKNOWN, State.PENDING, State.REVIEW})
# What counts against the rest that can be refunded: done, or perhaps done, or about to be done.
CLAIMS_REFUND = AT_MTN | {State.AWAITING_APPROVAL, State.READY, State.SUCCESSFUL}
# What counts against a day's limits: the same, from the moment it is authorised.
MOVES_MONEY = AT_MTN | {State.READY, State.SUCCESSFUL}

CONFIRM_WITHIN = timedelta(minutes=5)
APPROVE_WITHIN = timedelta(hours=4)
SEND_WITHIN = timedelta(minutes=10)
# About so long MTN waits for the payer's PIN before it ends a request.
PAYER_APPROVES_WITHIN = timedelta(minutes=5)
SAME_AGAIN_WITHIN = timedelta(minutes=10)
# The largest amount of one transaction, in minor units of its currency; the database holds the same figure.
LARGEST_MINOR = 100_000_000_000


@dataclass(frozen=True, slots=True)
class Transaction:
    """One intent: one row, one reference id, for ever.

    ``payee_name`` is what MTN answered: None while it is being asked, empty when it gave none.
    ``self_approval``: the maker, an owner, may approve it; off unless the settings allow it.
    ``charged_on``: the local day ('YYYY-MM-DD') against whose limits it counts, if money leaves and it was authorised.
    ``ambiguous`` counts the attempts of which nobody can say whether MTN got them.
    """

    id: int
    reference_id: str
    short_code: str
    callback_token: str
    kind: Kind
    amount: Money
    decimals: int
    msisdn: Msisdn
    payee_name: str | None
    note: str
    desk_id: int
    maker_id: int
    original_id: int | None
    approvals_needed: int
    self_approval: bool
    state: State
    version: int
    created_at: datetime
    expires_at: datetime
    next_at: datetime
    lease_until: datetime
    hinted_at: datetime
    attempts: int = 0
    ambiguous: int = 0
    polls: int = 0
    not_found: int = 0
    first_not_found_at: datetime | None = None
    refused_code: str | None = None
    last_answer: str | None = None
    held: bool = False
    send_closed: bool = False
    repeat_asked: bool = False
    confirmed_at: datetime | None = None
    send_by: datetime | None = None
    last_sent_at: datetime | None = None
    final_at: datetime | None = None
    failure_code: str | None = None
    financial_transaction_id: str | None = None
    api_user: str | None = None
    charged_on: str | None = None
    src_update_id: int = 0

    @property
    def trace(self) -> str:
        """What the log calls everything that goes back to the update which made this."""
        return tracing.of_update(self.src_update_id)

    @property
    def pays_out(self) -> bool:
        """Whether money leaves the merchant."""
        return self.kind is not Kind.REQUEST_TO_PAY and self.kind is not Kind.WITHDRAW

    @property
    def may_be_sent_again(self) -> bool:
        """Whether a person has left the door open for another attempt under the same id."""
        return self.state is State.UNKNOWN and not self.send_closed

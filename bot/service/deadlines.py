"""Drafts and approvals nobody decided in time."""

from bot.domain.transactions import State
from bot.service import telling
from bot.store import transactions
from bot.store.database import Tx

AT_ONCE = 100


def expire(tx: Tx) -> int:
    """Move what is past its time to EXPIRED; the maker of a request nobody approved is told. Return how many."""
    overdue = transactions.undecided(tx, AT_ONCE)
    for txn in overdue:
        transactions.move(tx, txn, State.EXPIRED, "clock")
        expired = transactions.get(tx.conn, txn.id)
        telling.card_changed(tx, expired)
        if txn.state is State.AWAITING_APPROVAL:
            telling.ended(tx, expired)
    return len(overdue)

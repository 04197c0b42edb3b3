"""Drafts and approvals nobody decided in time, and what could not be sent in time."""

from bot.domain.transactions import State, Transaction
from bot.service import telling
from bot.store import transactions
from bot.store.database import Tx

AT_ONCE = 100


def expire(tx: Tx) -> int:
    """Move what is past its time to EXPIRED; return how many.

    What is confirmed and could not leave is among it: while sending is stopped, no sender looks at it.
    """
    overdue = transactions.undecided(tx, AT_ONCE) + transactions.unsendable(tx, AT_ONCE)
    for txn in overdue:
        let_expire(tx, txn)
    return len(overdue)


def let_expire(tx: Tx, txn: Transaction) -> None:
    """Move one to EXPIRED; the maker is told, unless they did not confirm it themselves."""
    transactions.move(tx, txn, State.EXPIRED, "clock")
    expired = transactions.get(tx.conn, txn.id)
    telling.card_changed(tx, expired)
    if txn.state is not State.DRAFT:
        telling.ended(tx, expired)

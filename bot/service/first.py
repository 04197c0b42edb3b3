"""Of several people who press at once one is first; the others are told who that was."""

from bot.domain.refusals import Refusal, Why
from bot.domain.transactions import Transaction
from bot.store import audit, decisions, people
from bot.store.database import Tx


def already(tx: Tx, txn: Transaction) -> Refusal:
    """Return the refusal of what somebody else, or the same person, has done before."""
    return Refusal(Why.ALREADY, txn=txn, by=decisions.last_by(tx.conn, txn.id) or _mover(tx, txn))


def _mover(tx: Tx, txn: Transaction) -> str | None:
    user_id = audit.last_mover(tx.conn, txn.id)
    return None if user_id is None else people.name_of(tx.conn, user_id)

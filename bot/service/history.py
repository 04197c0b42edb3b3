"""Finding a transaction, for those who may see it."""

from bot.domain import schedule
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right
from bot.domain.transactions import AT_MTN, Transaction
from bot.service.seats import Seat
from bot.store import transactions
from bot.store.database import Tx


def find(tx: Tx, seat: Seat, reference: str) -> Transaction:
    """Return the transaction of this reference id or short code.

    Raises:
        Refusal: there is none, or it is another desk's: the answer is the same.
    """
    if not seat.sees_all:
        seat.demand(Right.READ)
    txn = seen(tx, seat, reference)
    if txn is None:
        raise Refusal(Why.UNKNOWN_REFERENCE, reference=reference)
    return txn


def seen(tx: Tx, seat: Seat, reference: str) -> Transaction | None:
    """Return the transaction of this reference if there is one where this seat sees it, or None."""
    txn = transactions.find(tx.conn, reference)
    own = txn is not None and seat.desk is not None and txn.desk_id == seat.desk.id
    return txn if own or seat.sees_all else None


def look_again(tx: Tx, txn: Transaction) -> None:
    """Bring the next look at MTN forward: somebody is asking."""
    if txn.state in AT_MTN and txn.lease_until <= tx.now:
        transactions.change(tx, txn, **schedule.at_once(txn.hinted_at, tx.now))

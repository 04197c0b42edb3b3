"""Asking MTN once more about transactions that are over: because somebody called back, or by lot in the night.

Nothing that MTN answers changes them. What speaks against their end is an anomaly.
"""

from bot.domain import freezing
from bot.domain.freezing import RECHECK_AGAIN, REVERIFIED_DAYS
from bot.domain.mint import Entropy
from bot.domain.policy import Policy
from bot.domain.settling import GetAnswer
from bot.service import anomalies, keys
from bot.service.mtn import Mtn
from bot.service.throttle import Turn
from bot.store import rechecks, transactions
from bot.store.database import Store, Tx


class Rechecks:
    """Asks about one transaction at a time, after everybody else who has something to ask MTN."""

    def __init__(self, store: Store, mtn: Mtn, policy: Policy) -> None:
        self._store = store
        self._mtn = mtn
        self._policy = policy

    async def look(self, txn_id: int) -> None:
        """Ask where a transaction stands now and hold it against its end."""
        txn = await self._store.tx(lambda tx: transactions.get(tx.conn, txn_id))
        if txn.api_user is None or not self._mtn.has_user(txn.kind, txn.api_user):
            await self._store.tx(lambda tx: rechecks.put_off(tx, txn_id, None))
            return
        answer = await self._mtn.look_up(txn.kind, txn.reference_id, txn.api_user, Turn.RECHECK)
        await self._store.tx(lambda tx: record(tx, self._policy, txn_id, answer))


def record(tx: Tx, policy: Policy, txn_id: int, answer: GetAnswer) -> None:
    """Keep what MTN answered about a transaction that is over; ask again later if it did not answer."""
    txn = transactions.get(tx.conn, txn_id)
    keys.note(tx, policy, txn.kind, answer.http_status)
    anomalies.compare(tx, policy, txn, answer)
    answered = answer.result is not None or answer.not_found
    rechecks.put_off(tx, txn_id, None if answered else RECHECK_AGAIN)


def draw(tx: Tx, entropy: Entropy) -> int:
    """Have a part of what ended in the last days asked about again, chosen by lot; return how many."""
    ended = rechecks.ended_since(tx.conn, tx.now - REVERIFIED_DAYS)
    drawn = sorted(ended, key=lambda _: entropy.getrandbits(64))[: freezing.sample_size(len(ended))]
    rechecks.ask(tx, drawn)
    return len(drawn)

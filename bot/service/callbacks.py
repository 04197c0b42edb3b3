"""MTN's callbacks: a doorbell. The body is not read; the token in the path finds the row, and the poller looks.

A callback is unsigned and may be forged, repeated or missing. All it can do for an open transaction is bring the
next look at MTN forward, at most once in five seconds. For one that is over it can have MTN asked once more, at most
once an hour; and for one that was never sent it proves that somebody has read what only we know.
"""

import asyncio
import re
from collections.abc import Iterable

from bot.domain.freezing import CALLBACK_MAY_TRAIL, NEVER_AT_MTN, RECHECK_QUIET, Anomaly
from bot.domain.policy import Policy
from bot.domain.schedule import HINT_QUIET
from bot.domain.transactions import AT_MTN
from bot.service import anomalies
from bot.store import callbacks, rechecks, transactions
from bot.store.database import Store, Tx

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
MOST_WAITING = 1000
# Cancelled because the database is an older copy of itself: it may have been sent all the same.
RESTORED = "RESTORED"
QUIET_MS = int(HINT_QUIET.total_seconds() * 1000)


class Doorbell:
    """Takes callbacks in memory, so that they are answered at once, and writes them down in batches.

    One lost in a crash, or when too many come, costs time only: the poller finds out by itself.
    """

    def __init__(self, store: Store, policy: Policy) -> None:
        self._store = store
        self._policy = policy
        self._rung: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)

    def ring(self, token: str) -> None:
        """Note a callback; one whose token cannot be ours costs nothing."""
        if TOKEN.fullmatch(token) and not self._rung.full():
            self._rung.put_nowait(token)

    async def run(self) -> None:
        """Write callbacks down until cancelled."""
        while True:
            tokens = {await self._rung.get()}
            while not self._rung.empty():
                tokens.add(self._rung.get_nowait())
            waiting = frozenset(tokens)
            await self._store.tx(lambda tx, waiting=waiting: hint(tx, self._policy, waiting))  # type: ignore[misc]


def hint(tx: Tx, policy: Policy, tokens: Iterable[str]) -> int:
    """Bring the next look forward for each of these tokens that is of an open transaction; return how many."""
    rung = 0
    for token in tokens:
        if transactions.ring(tx, token, QUIET_MS):
            callbacks.mark(tx, token)
            rung += 1
        else:
            _nobody_waits(tx, policy, token)
    return rung


def _nobody_waits(tx: Tx, policy: Policy, token: str) -> None:
    """Take a callback that no open transaction waits for as a reason to look, or as proof that a token was stolen."""
    txn = transactions.of_token(tx.conn, token)
    if txn is None or txn.state in AT_MTN:
        return
    if txn.attempts == 0:
        if txn.failure_code != RESTORED:
            anomalies.note(tx, policy, Anomaly.CALLBACK_UNSENT, txn_id=txn.id, state=txn.state)
    elif txn.state in NEVER_AT_MTN or (txn.final_at and txn.final_at <= tx.now - CALLBACK_MAY_TRAIL):
        rechecks.ask(tx, [txn.id], RECHECK_QUIET)

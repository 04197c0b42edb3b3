"""Whether a sentence that waited to be told is still so: news that time has overtaken are not told."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.transactions import State, Transaction
from bot.store import freezes, outages, transactions
from bot.store.database import Tx

# By the transaction a sentence is about.
ABOUT: Mapping[str, Callable[[Transaction], bool]] = {
    "still_waiting": lambda txn: txn.state is State.AWAITING_APPROVAL,
    "nobody_reached": lambda txn: txn.state is State.AWAITING_APPROVAL,
    "refused_making_sure": lambda txn: txn.state is State.UNKNOWN and txn.refused_code is not None,
}


def still_so(tx: Tx, facts: Mapping[str, Any]) -> bool:
    """Tell whether a sentence is true now; *facts* are those it was queued with."""
    name = facts["notice"]
    if name in ABOUT:
        return ABOUT[name](transactions.get(tx.conn, facts["txn_id"]))
    if name == "thaw_waits":
        return freezes.in_force(tx.conn) is not None
    if name == "mtn_away":
        return outages.of(tx.conn, facts["service"]) is not None
    return True

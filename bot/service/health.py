"""Whether the till is in working order, measured by what waits."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.store import audit, freezes, migrations, outbox, transactions
from bot.store.database import Tx

LONGEST_LAG = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Lags:
    """How long the most overdue lookup and message have waited; zero when nothing is overdue.

    ``frozen``: sending is stopped, which people did or must look at; the program itself is in order.
    """

    poll: timedelta
    outbox: timedelta
    frozen: bool = False

    @property
    def ready(self) -> bool:
        """Whether both are under a minute."""
        return self.poll < LONGEST_LAG and self.outbox < LONGEST_LAG


def lags(tx: Tx) -> Lags:
    """Measure both; that this ran at all shows the database can be written."""
    poll_at, outbox_at = transactions.next_due_at(tx.conn), outbox.next_due_at(tx.conn)
    nothing = timedelta(0)
    return Lags(
        poll=max(tx.now - poll_at, nothing) if poll_at else nothing,
        outbox=max(tx.now - outbox_at, nothing) if outbox_at else nothing,
        frozen=freezes.in_force(tx.conn) is not None,
    )


def report(tx: Tx) -> dict[str, Any]:
    """Return how the running bot is, for a command from its own machine; the audit trail as verified last."""
    waits, verdict = lags(tx), audit.last_verdict(tx.conn)
    return {
        "version": migrations.version(tx.conn),
        "audit_rows": audit.count(tx.conn),
        "broken": verdict.broken if verdict else None,
        "frozen": waits.frozen,
        "poll_seconds": int(waits.poll.total_seconds()),
        "outbox_seconds": int(waits.outbox.total_seconds()),
    }

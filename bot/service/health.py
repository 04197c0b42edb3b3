"""Whether the till is in working order, measured by what waits; and what there is, in figures."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.transactions import AT_MTN
from bot.service import away
from bot.store import agenda, audit, figures, freezes, migrations, outbox
from bot.store.audit import Verdict
from bot.store.database import Tx
from bot.store.times import EPOCH

LONGEST_LAG = timedelta(minutes=1)
NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Lags:
    """How long the most overdue lookup and message have waited; zero when nothing is overdue.

    ``unwritten``: how long the database was not written, though it should have been every few seconds.
    ``frozen``: sending is stopped, which people did or must look at; the program itself is in order.
    """

    poll: timedelta
    outbox: timedelta
    frozen: bool = False
    unwritten: timedelta = NOTHING

    @property
    def why(self) -> list[str]:
        """What is a minute late or more."""
        waits = {"database": self.unwritten, "poll": self.poll, "outbox": self.outbox}
        return [what for what, wait in waits.items() if wait >= LONGEST_LAG]

    @property
    def ready(self) -> bool:
        """Whether all are under a minute."""
        return not self.why


@dataclass(frozen=True, slots=True)
class Figures:
    """What there is. ``oldest``: for how long the oldest transaction in each state at MTN has been authorised."""

    lags: Lags
    transactions: dict[tuple[str, str], int]
    oldest: dict[str, timedelta]
    inbox_waiting: int
    outbox_waiting: int
    dead_letters: dict[str, int]
    verdict: Verdict | None


def lags(tx: Tx) -> Lags:
    """Measure how late the till is.

    That it can be written is shown by what it writes by itself every few seconds: whoever asks here must not be able
    to make the disk work.
    """
    return Lags(
        poll=_since(tx, agenda.overdue_since(tx)),
        outbox=_since(tx, outbox.late_since(tx.conn)),
        frozen=freezes.in_force(tx.conn) is not None,
        unwritten=_unwritten(tx),
    )


def _unwritten(tx: Tx) -> timedelta:
    alive_at = away.last_alive(tx)
    return NOTHING if alive_at == EPOCH else _since(tx, alive_at)


def _since(tx: Tx, moment: datetime | None) -> timedelta:
    return NOTHING if moment is None else max(tx.now - moment, NOTHING)


def measure(tx: Tx) -> Figures:
    """Return every figure, in one short transaction that writes nothing."""
    return Figures(
        lags=lags(tx),
        transactions=figures.transactions(tx.conn),
        oldest={state: _since(tx, figures.oldest_at_mtn(tx.conn, state)) for state in sorted(AT_MTN)},
        inbox_waiting=figures.waiting_updates(tx.conn),
        outbox_waiting=figures.waiting_messages(tx.conn),
        dead_letters=figures.dead_letters(tx.conn),
        verdict=audit.last_verdict(tx.conn),
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

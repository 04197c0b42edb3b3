"""No attempt without its line: the journal is written after the claim and before the call, or nothing is sent."""

import asyncio

from bot.domain import schedule
from bot.domain.freezing import Cause
from bot.domain.transactions import State, Transaction
from bot.service.settlement import Settlement
from bot.store import freezes, transactions
from bot.store.journal import Line
from tests.support.clock import on_virtual_time
from tests.support.journal import MemoryJournal
from tests.support.till import ADMIN_CHAT, Till

FULL = OSError(28, "No space left on device")


async def send(till: Till, txn: Transaction) -> Transaction:
    await till.new_settlement().transmit(txn.id)
    return till.get(txn)


class Watching(MemoryJournal):
    """Notes how things stand when a line is written."""

    def __init__(self, till: Till) -> None:
        super().__init__("till")
        self._till = till
        self.seen: list[tuple[State, int, int]] = []

    async def append(self, line: Line) -> None:
        """Look at the row and at MTN, then add the line."""
        [txn_id] = self._till.ask("SELECT id FROM txn WHERE reference_id = ?", line.reference_id)
        txn = transactions.get(self._till.store.conn, txn_id)
        self.seen.append((txn.state, txn.ambiguous, self._till.sandbox.requests.count(operation="transfer")))
        await super().append(line)


class Stuck(MemoryJournal):
    """A disk that never answers."""

    async def append(self, line: Line) -> None:
        """Wait for ever."""
        await asyncio.Event().wait()


async def test_the_line_is_written_after_the_claim_and_before_the_call(till: Till) -> None:
    txn, watching = till.ready(), Watching(till)
    till.journal = watching
    await send(till, txn)
    assert watching.seen == [(State.UNKNOWN, 1, 0)]
    assert till.sandbox.requests.count(operation="transfer") == 1


async def test_what_was_booked_when_the_program_had_to_stop_is_not_sent_but_looked_up_at_the_next_start(
    till: Till,
) -> None:
    worker: Settlement

    class Closing(MemoryJournal):
        async def append(self, line: Line) -> None:
            """The store fails meanwhile."""
            worker.closing = True
            await super().append(line)

    txn, till.journal = till.ready(), Closing("till")
    worker = till.new_settlement()
    await worker.transmit(txn.id)
    after = till.get(txn)
    assert till.sandbox.requests.count(operation="transfer") == 0
    assert (after.state, after.ambiguous) == (State.UNKNOWN, 1)


async def test_what_the_journal_cannot_take_is_not_sent_and_sending_stops(till: Till) -> None:
    txn, till.journal.failing = till.ready(), FULL
    after = await send(till, txn)
    assert till.sandbox.requests.count(operation="transfer") == 0
    assert (after.state, after.attempts, after.ambiguous) == (State.UNKNOWN, 1, 0)
    frozen = freezes.in_force(till.store.conn)
    assert frozen is not None
    assert (frozen.cause, frozen.txn_id) == (Cause.JOURNAL, txn.id)
    assert ADMIN_CHAT in till.noticed("frozen")


async def test_a_journal_that_was_taken_away_stops_sending(till: Till) -> None:
    txn, till.journal.now = till.ready(), None
    await send(till, txn)
    assert till.sandbox.requests.count(operation="transfer") == 0
    assert freezes.in_force(till.store.conn) is not None


async def test_what_was_not_sent_for_want_of_a_journal_is_closed_as_that(till: Till) -> None:
    txn, till.journal.failing = till.ready(), FULL
    await send(till, txn)
    till.journal.failing = None
    while till.get(txn).state is State.UNKNOWN:
        till.clock.now = till.get(txn).next_at
        await till.new_settlement().observe(txn.id)
    assert till.get(txn).state is State.UNSENT
    assert till.sandbox.requests.count(operation="transfer") == 0


@on_virtual_time
async def test_a_disk_that_does_not_answer_holds_no_attempt_past_its_lease(till: Till) -> None:
    txn, till.journal = till.ready(), Stuck("till")
    after = await send(till, txn)
    assert (after.state, after.ambiguous) == (State.UNKNOWN, 0)
    assert asyncio.get_running_loop().time() == schedule.JOURNAL.total_seconds()
    assert freezes.in_force(till.store.conn) is not None


def test_journal_and_attempt_fit_into_the_lease() -> None:
    assert schedule.JOURNAL + schedule.ATTEMPT < schedule.LEASE

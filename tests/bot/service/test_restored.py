"""An older copy of the database is put back: what was sent since is not forgotten, and nothing is sent again."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from bot.domain.freezing import Cause
from bot.domain.refusals import Refusal
from bot.domain.settling import PostOutcome
from bot.domain.transactions import Kind, State, Transaction
from bot.service import freeze, refundable, restored, staff
from bot.service.forgotten import Follower
from bot.service.payments import Confirmed
from bot.service.restored import Meeting
from bot.store import agenda, facts, forgotten, freezes
from bot.store.database import Tx, prepare
from bot.store.journal import Contents, Line
from tests.support.till import ADMIN, ADMIN_CHAT, SECOND_ADMIN, Till

T = TypeVar("T")


async def start(till: Till) -> None:
    """Start the program, as far as database and journal are concerned."""
    await restored.meet(till.store, till.journal, till.policy, till.mtn)


def compared(till: Till) -> Meeting:
    return till.do(lambda tx: restored.compare(tx, till.journal.now))


def snapshot(conn: sqlite3.Connection) -> sqlite3.Connection:
    """The database as it is now, as somebody copies files."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    conn.backup(copy)
    prepare(copy)
    return copy


def backup(till: Till) -> sqlite3.Connection:
    """A copy of the database, with an incarnation of its own."""
    copy = snapshot(till.store.conn)
    facts.renew_incarnation(copy, "the copy's")
    return copy


def lose(till: Till, copy: sqlite3.Connection) -> None:
    """Lose the database and put a copy in its place."""
    till.store.conn.close()
    till.store.conn = snapshot(copy)


async def put_back(till: Till, copy: sqlite3.Connection) -> None:
    """Lose the database, put a copy in its place, and start."""
    lose(till, copy)
    await start(till)


async def send(till: Till, txn: Transaction) -> Transaction:
    await till.new_settlement().transmit(txn.id)
    return till.get(txn)


async def work(till: Till, hours: float = 1) -> None:
    """Have sender, poller and follower do what they do for so long."""
    follower = Follower(till.store, till.mtn, till.entropy, till.policy)
    until = till.clock.seconds() + hours * 3600
    while till.clock.seconds() < until:
        for txn_id in till.do(lambda tx: agenda.ready(tx, 9)):
            await till.new_settlement().transmit(txn_id)
        for txn_id in till.do(lambda tx: agenda.to_observe(tx, 9)):
            await till.new_settlement().observe(txn_id)
        for row in till.do(lambda tx: forgotten.due(tx, 9)):
            await follower.ask(row)
        till.clock.forward(seconds=30)


def thaw(till: Till) -> None:
    for admin in (ADMIN, SECOND_ADMIN):
        till.do(lambda tx, admin=admin: freeze.thaw(tx, till.policy, admin))


def frozen_by(till: Till) -> list[Cause]:
    return [one.cause for one in freezes.all_in_force(till.store.conn)]


def effects(till: Till, txn: Transaction) -> int:
    till.sandbox.timeline.catch_up()
    return len(till.sandbox.ledger.effects_of(txn.reference_id))


@pytest.fixture
async def desk(till: Till) -> Till:
    """A till that has met its journal."""
    till.journal.now = None
    await start(till)
    return till


# --- the first start


async def test_a_new_database_without_a_journal_is_a_first_start(till: Till) -> None:
    till.journal.now = None
    await start(till)
    assert (compared(till), frozen_by(till)) == (Meeting.AT_HOME, [])
    assert till.journal.now == Contents(facts.incarnation(till.store.conn) or "", ())


async def test_a_database_of_before_the_journal_begins_one(till: Till) -> None:
    txn = till.pending()
    till.journal.now = None
    await start(till)
    assert (compared(till), till.get(txn)) == (Meeting.AT_HOME, txn)


async def test_a_restart_is_no_restore(desk: Till) -> None:
    await send(desk, desk.ready())
    desk.claim(desk.ready())  # killed before its line was written
    await start(desk)
    assert (compared(desk), frozen_by(desk), desk.ask("SELECT count(*) FROM forgotten")) == (Meeting.AT_HOME, [], [0])


async def test_a_line_stands_in_the_journal_for_every_attempt(desk: Till) -> None:
    refund = desk.ready(Kind.REFUND, "20", original=(paid := desk.paid()))
    await send(desk, refund)
    [line] = desk.journal.lines
    assert (line.reference_id, line.original) == (refund.reference_id, paid.reference_id)
    assert (line.attempt, line.amount_minor, line.currency, line.kind) == (1, 2000, "EUR", "refund")
    assert line.api_user == desk.mtn.api_user(Kind.REFUND)


# --- what is taken for a restored copy


async def test_a_copy_is_known_by_its_incarnation(desk: Till) -> None:
    await put_back(desk, backup(desk))
    assert frozen_by(desk) == [Cause.RESTORED]
    assert desk.noticed("restored") == [ADMIN_CHAT]


async def test_a_database_whose_journal_is_gone_is_not_trusted(desk: Till) -> None:
    desk.journal.now = None
    await start(desk)
    assert frozen_by(desk) == [Cause.RESTORED]
    assert compared(desk) is Meeting.AT_HOME


async def test_a_rolled_back_database_is_known_by_the_lines_it_lacks(desk: Till) -> None:
    rolled_back = snapshot(desk.store.conn)
    await send(desk, desk.ready())
    await put_back(desk, rolled_back)
    assert frozen_by(desk) == [Cause.RESTORED]


async def test_a_lost_database_is_rebuilt_from_the_journal(desk: Till) -> None:
    sent = await send(desk, desk.ready())
    empty = Till(desk.clock)
    empty.journal = desk.journal
    await start(empty)
    assert empty.ask("SELECT reference_id FROM forgotten") == [sent.reference_id]
    assert frozen_by(empty) == [Cause.RESTORED]


async def test_a_journal_without_a_readable_beginning_is_not_trusted(desk: Till) -> None:
    desk.journal.now = Contents("", desk.journal.lines)
    await start(desk)
    assert frozen_by(desk) == [Cause.RESTORED]


# --- what the copy forgot is followed


async def test_a_payment_made_after_the_backup_is_followed_and_told(desk: Till) -> None:
    copy = backup(desk)
    sent = await send(desk, desk.ready())
    await put_back(desk, copy)
    await work(desk)
    assert desk.ask("SELECT state FROM forgotten WHERE reference_id = ?", sent.reference_id) == ["SUCCESSFUL"]
    assert desk.noticed("forgotten") == [ADMIN_CHAT]
    assert effects(desk, sent) == 1


async def test_a_forgotten_payment_is_not_made_again_without_a_question(desk: Till) -> None:
    desk.draft(amount="1")
    copy = backup(desk)
    await send(desk, desk.ready())
    await put_back(desk, copy)
    thaw(desk)
    again = desk.draft()
    assert desk.confirm(again) is Confirmed.ASKING_AGAIN
    assert desk.confirm(again, again=True) is Confirmed.SENDING


async def test_a_forgotten_refund_counts_against_what_is_left(desk: Till) -> None:
    paid = desk.paid("50")
    copy = backup(desk)
    await send(desk, desk.ready(Kind.REFUND, "50", original=paid))
    await put_back(desk, copy)
    with pytest.raises(Refusal):
        desk.do(lambda tx: refundable.amount(tx, paid, None))


async def test_a_forgotten_refund_that_failed_can_be_made_again(desk: Till) -> None:
    paid = desk.paid("50")
    copy = backup(desk)
    desk.sandbox.faults.add("drop_request", operation="refund")
    await send(desk, desk.ready(Kind.REFUND, "50", original=paid))
    await put_back(desk, copy)
    await work(desk, hours=26)
    assert desk.ask("SELECT state FROM forgotten") == ["NEVER_THERE"]
    assert desk.do(lambda tx: refundable.amount(tx, paid, None)) == paid.amount


@pytest.mark.parametrize("back", [1, 2])
async def test_the_same_backup_put_back_twice_forgets_nothing(desk: Till, back: int) -> None:
    copy = backup(desk)
    sent = [await send(desk, desk.ready(amount="11"))]
    for n in range(back):
        await put_back(desk, copy)
        thaw(desk)
        sent.append(await send(desk, desk.ready(amount=f"2{n}")))
    await put_back(desk, copy)
    assert set(desk.ask("SELECT reference_id FROM forgotten")) == {txn.reference_id for txn in sent}


# --- what the copy still holds


@pytest.mark.parametrize("undecided", [State.DRAFT, State.AWAITING_APPROVAL])
async def test_a_draft_that_was_sent_since_is_stopped_and_followed(desk: Till, undecided: State) -> None:
    txn = desk.draft(amount="150" if undecided is State.AWAITING_APPROVAL else "12.50")
    if undecided is State.AWAITING_APPROVAL:
        desk.confirm(txn)
    copy = backup(desk)
    desk.approve(txn) if undecided is State.AWAITING_APPROVAL else desk.confirm(txn)
    await send(desk, txn)
    await put_back(desk, copy)
    after = desk.get(txn)
    assert (after.state, after.failure_code) == (State.CANCELLED, "RESTORED")
    assert desk.ask("SELECT reference_id FROM forgotten") == [txn.reference_id]


async def test_what_was_ready_and_sent_since_is_followed_and_never_sent_again(desk: Till) -> None:
    txn = desk.ready()
    copy = backup(desk)
    await send(desk, txn)
    await put_back(desk, copy)
    after = desk.get(txn)
    assert (after.state, after.attempts, after.ambiguous, after.send_closed) == (State.UNKNOWN, 1, 1, True)
    await work(desk)
    assert desk.get(txn).state is State.SUCCESSFUL
    assert desk.ask("SELECT count(*) FROM forgotten") == [0]


async def test_what_was_cancelled_since_the_backup_is_not_sent_after_the_thaw(desk: Till) -> None:
    txn = desk.ready()
    copy = backup(desk)
    desk.cancel(txn)
    await put_back(desk, copy)
    thaw(desk)
    await work(desk)
    assert (desk.get(txn).state, effects(desk, txn)) == (State.UNKNOWN, 0)
    await work(desk, hours=26)
    assert desk.get(txn).state is State.UNSENT


async def test_what_was_given_up_since_the_backup_is_not_tried_again_after_the_thaw(desk: Till) -> None:
    desk.sandbox.faults.add("drop_request", operation="transfer")
    txn = await send(desk, desk.ready())
    copy = backup(desk)
    desk.cancel(txn)
    await put_back(desk, copy)
    thaw(desk)
    await work(desk)
    assert (desk.get(txn).state, desk.get(txn).attempts) == (State.UNKNOWN, 1)


async def test_an_attempt_made_since_the_backup_keeps_its_doubt(desk: Till) -> None:
    txn = desk.sent()
    desk.post(txn, PostOutcome.NOT_TAKEN, http_status=429)
    copy = backup(desk)
    desk.sandbox.faults.add("late_processing", operation="transfer", args={"seconds": 3000})
    await desk.new_settlement().observe(txn.id)  # a second attempt, which MTN gets only much later
    assert len(desk.journal.lines) == 1
    await put_back(desk, copy)
    assert (desk.get(txn).attempts, desk.get(txn).ambiguous) == (2, 1)
    await work(desk, hours=4)
    assert (desk.get(txn).state, effects(desk, txn)) == (State.SUCCESSFUL, 1)


async def test_a_copy_sends_nothing_before_the_thaw_and_new_payments_after_it(desk: Till) -> None:
    await put_back(desk, backup(desk))
    with pytest.raises(Refusal, match="frozen"):
        desk.ready()
    thaw(desk)
    late = await send(desk, desk.ready())
    assert late.state is State.PENDING
    await start(desk)
    assert frozen_by(desk) == []


async def test_roles_of_the_copy_do_not_cancel_what_the_journal_proves(desk: Till) -> None:
    txn = desk.ready()
    copy = backup(desk)
    await send(desk, txn)
    await put_back(desk, copy)
    stranger = replace(desk.policy, owners=frozenset())
    desk.do(lambda tx: staff.stop_unauthorised(tx, stranger))
    assert desk.get(txn).state is State.UNKNOWN


# --- killed between any two steps


class Killed(BaseException):
    """The process is gone."""


class Mortal:
    """Store and journal of a process that dies before or after its n-th step."""

    def __init__(self, till: Till, dies_at: int) -> None:
        self._till, self._left = till, dies_at

    def _step(self) -> None:
        if self._left == 0:
            raise Killed
        self._left -= 1

    async def tx(self, fn: Callable[[Tx], T]) -> T:
        self._step()
        result = self._till.do(fn)
        self._step()
        return result

    async def read(self) -> Contents | None:
        return await self._till.journal.read()

    async def set_aside_before(self) -> tuple[Line, ...]:
        return await self._till.journal.set_aside_before()

    async def append(self, line: Line) -> None:
        raise AssertionError("nothing is sent at the start")

    async def begin(self, incarnation: str) -> None:
        self._step()
        await self._till.journal.begin(incarnation)
        self._step()

    async def set_aside(self) -> None:
        self._step()
        await self._till.journal.set_aside()
        self._step()


async def dies(till: Till, at: int) -> bool:
    """Start a process that dies at a step; False when it lived."""
    mortal = Mortal(till, at)
    try:
        await restored.meet(mortal, mortal, till.policy, till.mtn)
    except Killed:
        return True
    return False


@pytest.mark.parametrize("step", range(9))
async def test_a_kill_during_the_first_start_leads_to_a_first_start(till: Till, step: int) -> None:
    till.journal.now = None
    died = await dies(till, step)
    await start(till)
    assert (compared(till), frozen_by(till)) == (Meeting.AT_HOME, [])
    assert died is (step < 8)


@pytest.mark.parametrize("second", [None, 1, 3, 5, 7])
@pytest.mark.parametrize("step", range(9))
async def test_a_kill_while_becoming_safe_leaves_it_safe(desk: Till, step: int, second: int | None) -> None:
    ready, copy = desk.ready(), backup(desk)
    sent = [await send(desk, txn) for txn in (ready, desk.ready(amount="11"))]
    lose(desk, copy)
    died = await dies(desk, step)
    if second is not None:
        await dies(desk, second)
    await start(desk)
    assert (compared(desk), frozen_by(desk)) == (Meeting.AT_HOME, [Cause.RESTORED])
    assert desk.ask("SELECT reference_id FROM forgotten") == [sent[1].reference_id]
    assert (desk.get(ready).state, desk.get(ready).attempts) == (State.UNKNOWN, 1)
    assert len(desk.journal.kept) == 1
    assert died is (step < 8)


async def test_admins_are_told_of_what_mtn_does_not_know_after_a_day(desk: Till) -> None:
    copy = backup(desk)
    desk.sandbox.faults.add("drop_request", operation="transfer")
    await send(desk, desk.ready())
    await put_back(desk, copy)
    await work(desk, hours=23)
    assert (desk.ask("SELECT state FROM forgotten"), desk.noticed("forgotten")) == (["FOLLOWED"], [])
    await work(desk, hours=3)
    assert (desk.ask("SELECT state FROM forgotten"), len(desk.noticed("forgotten"))) == (["NEVER_THERE"], 1)

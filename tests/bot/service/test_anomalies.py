"""What must not happen, and that all sending stops when it does."""

import random
from typing import Any

import pytest

from bot.domain.freezing import Anomaly, Cause, sample_size
from bot.domain.settling import GetAnswer
from bot.domain.transactions import State, Transaction
from bot.service import anomalies, callbacks, rechecks
from bot.service.rechecks import Rechecks
from bot.store import freezes
from bot.store import rechecks as asked
from bot.store.bells import Bell
from momo import Money
from tests.support.till import ADMIN_CHAT, NOT_FOUND, Till, says

NO_ANSWER = GetAnswer(http_status=500, code="ServerError")


def ended(till: Till, state: State) -> Transaction:
    """A transaction that has ended this way."""
    if state in (State.SUCCESSFUL, State.FAILED):
        txn = till.pending()
        till.look(txn, says(txn, state))
        return till.get(txn)
    txn = till.sent()
    till.do(lambda tx: tx.conn.execute("UPDATE txn SET ambiguous = 0, refused_code = ?", (_refused(state),)))
    till.clock.forward(minutes=12)
    for _ in range(3):
        till.look(txn, NOT_FOUND)
        till.clock.forward(seconds=30)
    assert till.get(txn).state is state
    return till.get(txn)


def _refused(state: State) -> str | None:
    return "BadRequest" if state is State.REJECTED else None


def recheck(till: Till, txn: Transaction, answer: GetAnswer) -> None:
    till.do(lambda tx: rechecks.record(tx, till.policy, txn.id, answer))


def call_back(till: Till, txn: Transaction, times: int = 1) -> None:
    for _ in range(times):
        till.do(lambda tx: callbacks.hint(tx, till.policy, {txn.callback_token}))


def due(till: Till) -> list[int]:
    return till.do(lambda tx: asked.due(tx, 100))


def seen(till: Till) -> list[Any]:
    return till.ask("SELECT kind FROM anomaly ORDER BY id")


def is_frozen(till: Till) -> bool:
    frozen = freezes.in_force(till.store.conn)
    return frozen is not None and frozen.cause is Cause.ANOMALY


# --- what MTN says against an end


@pytest.mark.parametrize(("was", "now"), [("SUCCESSFUL", "FAILED"), ("FAILED", "SUCCESSFUL")])
def test_an_end_that_flips_stops_all_sending_and_changes_nothing(till: Till, was: str, now: str) -> None:
    txn = ended(till, State(was))
    recheck(till, txn, says(txn, now))
    assert (seen(till), is_frozen(till)) == ([Anomaly.FLIPPED], True)
    assert till.get(txn) == txn
    assert till.noticed("frozen")[0] == ADMIN_CHAT


def test_of_two_lookups_at_once_that_found_two_ends_the_second_is_an_anomaly(till: Till) -> None:
    txn = till.pending()
    till.look(txn, says(txn, "SUCCESSFUL"))
    till.look(txn, says(txn, "FAILED"))
    assert (seen(till), is_frozen(till)) == ([Anomaly.FLIPPED], True)


@pytest.mark.parametrize("state", [State.REJECTED, State.UNSENT])
@pytest.mark.parametrize("word", ["PENDING", "SUCCESSFUL"])
def test_what_mtn_knows_after_all_stops_all_sending(till: Till, state: State, word: str) -> None:
    txn = ended(till, state)
    recheck(till, txn, says(txn, word))
    assert (seen(till), is_frozen(till)) == ([Anomaly.KNOWN_AFTER_ALL], True)


@pytest.mark.parametrize("state", ["pending", "paid"])
def test_a_mismatch_stops_all_sending(till: Till, state: str) -> None:
    txn = getattr(till, state)()
    till.look(txn, says(txn, "SUCCESSFUL", amount=Money(txn.amount.amount + 1, txn.amount.currency)))
    assert (seen(till), is_frozen(till)) == ([Anomaly.MISMATCH], True)


@pytest.mark.parametrize("word", ["PENDING", "SUCCESSFUL"])
def test_an_old_answer_or_the_same_end_once_more_is_nothing(till: Till, word: str) -> None:
    txn = ended(till, State.SUCCESSFUL)
    recheck(till, txn, says(txn, word))
    assert (seen(till), is_frozen(till)) == ([], False)


@pytest.mark.parametrize("answer", [NOT_FOUND, NO_ANSWER])
@pytest.mark.parametrize("state", [State.SUCCESSFUL, State.FAILED, State.REJECTED, State.UNSENT])
def test_what_mtn_has_forgotten_or_does_not_tell_is_nothing(till: Till, state: State, answer: GetAnswer) -> None:
    txn = ended(till, state)
    recheck(till, txn, answer)
    assert (seen(till), is_frozen(till)) == ([], False)


def test_what_was_accepted_and_then_gone_stops_nothing(till: Till) -> None:
    txn = till.pending()
    for _ in range(6):
        till.clock.forward(minutes=3)
        till.look(txn, NOT_FOUND)
    assert (till.get(txn).state, is_frozen(till)) == (State.REVIEW, False)


def test_what_people_have_looked_at_stops_them_once(till: Till) -> None:
    txn = ended(till, State.SUCCESSFUL)
    for _ in range(3):
        recheck(till, txn, says(txn, "FAILED"))
    assert seen(till) == [Anomaly.FLIPPED]
    assert till.ask("SELECT count(*) FROM freeze") == [1]


def test_more_anomalies_while_sending_is_stopped_are_told_once_of_each_kind(till: Till) -> None:
    txns = [till.pending(amount=amount) for amount in ("1", "2", "3")]
    for txn in txns:
        till.look(txn, says(txn, "SUCCESSFUL", external_id="another"))
    assert len(seen(till)) == 3
    assert till.noticed("frozen").count(ADMIN_CHAT) == 1
    assert till.noticed("anomaly") == [ADMIN_CHAT]


# --- callbacks


@pytest.mark.parametrize("stage", ["draft", "ready"])
def test_a_callback_with_a_token_that_never_left_the_house_stops_all_sending(till: Till, stage: str) -> None:
    txn = getattr(till, stage)()
    call_back(till, txn, times=3)
    assert (seen(till), is_frozen(till)) == ([Anomaly.CALLBACK_UNSENT], True)
    assert till.get(txn) == txn


@pytest.mark.parametrize("state", [State.REJECTED, State.UNSENT])
def test_a_callback_for_what_never_was_at_mtn_has_mtn_asked_once_more(till: Till, state: State) -> None:
    txn = ended(till, state)
    call_back(till, txn)
    assert (due(till), is_frozen(till)) == ([txn.id], False)


@pytest.mark.parametrize(("seconds", "asked_again"), [(59, False), (60, True)])
def test_only_a_late_callback_for_what_mtn_ended_has_it_asked_once_more(
    till: Till, seconds: int, asked_again: bool
) -> None:
    txn = ended(till, State.SUCCESSFUL)
    till.clock.forward(seconds=seconds)
    call_back(till, txn)
    assert bool(due(till)) is asked_again


def test_forged_repeats_cause_one_look_an_hour(till: Till) -> None:
    txn = ended(till, State.UNSENT)
    call_back(till, txn, times=50)
    recheck(till, txn, NOT_FOUND)
    till.clock.forward(minutes=59)
    call_back(till, txn, times=50)
    assert due(till) == []
    till.clock.forward(minutes=1)
    call_back(till, txn, times=50)
    assert due(till) == [txn.id]


def test_without_an_answer_mtn_is_asked_again_after_ten_minutes(till: Till) -> None:
    txn = ended(till, State.UNSENT)
    call_back(till, txn)
    recheck(till, txn, NO_ANSWER)
    assert due(till) == []
    till.clock.forward(minutes=10)
    assert due(till) == [txn.id]


def test_what_is_to_be_asked_again_wakes_nobody_but_who_asks(till: Till) -> None:
    bells = {bell: till.store.bells.listen(bell) for bell in Bell}
    call_back(till, ended(till, State.UNSENT))
    for event in bells.values():
        event.clear()
    till.do(lambda tx: rechecks.draw(tx, random.Random(1)))
    assert [bell for bell, event in bells.items() if event.is_set()] == [Bell.RECHECKS]


# --- somebody else fetches our updates


def test_another_program_that_stays_for_a_minute_stops_all_sending(till: Till) -> None:
    since = till.do(lambda tx: anomalies.met_rival(tx, till.policy, None))
    till.clock.forward(seconds=59)
    assert till.do(lambda tx: anomalies.met_rival(tx, till.policy, since)) == since
    assert not is_frozen(till)
    till.clock.forward(seconds=1)
    for _ in range(3):
        till.do(lambda tx: anomalies.met_rival(tx, till.policy, since))
    assert (seen(till), is_frozen(till)) == ([Anomaly.TOKEN_ELSEWHERE], True)


# --- by lot


async def test_a_row_changed_from_outside_is_found_when_the_lot_falls_on_it(till: Till) -> None:
    txn = await settled(till)
    till.store.conn.execute("DROP TRIGGER txn_frozen")
    till.store.conn.execute("UPDATE txn SET amount_minor = amount_minor + 1")
    assert till.do(lambda tx: rechecks.draw(tx, random.Random(1))) == 1
    await Rechecks(till.store, till.new_mtn(), till.policy).look(txn.id)
    assert (seen(till), is_frozen(till), due(till)) == ([Anomaly.MISMATCH], True, [])


async def settled(till: Till) -> Transaction:
    """A payment that really ended at MTN."""
    txn, worker = till.ready(), till.new_settlement()
    await worker.transmit(txn.id)
    till.clock.forward(minutes=1)
    await worker.observe(txn.id)
    assert till.get(txn).state is State.SUCCESSFUL
    return till.get(txn)


def test_what_ended_more_than_a_week_ago_is_left_alone(till: Till) -> None:
    ended(till, State.SUCCESSFUL)
    till.clock.forward(days=7, seconds=1)
    assert till.do(lambda tx: rechecks.draw(tx, random.Random(1))) == 0


@pytest.mark.parametrize(("ended_ones", "drawn"), [(0, 0), (7, 7), (20, 20), (500, 20), (2001, 21), (10_000, 100)])
def test_a_hundredth_is_drawn_and_at_least_twenty(ended_ones: int, drawn: int) -> None:
    assert sample_size(ended_ones) == drawn

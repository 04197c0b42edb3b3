"""A transaction's facts in the order of time, each with its evidence, and what is known of its money."""

from datetime import timedelta

import pytest

from bot.domain.certainty import Moved, Settles
from bot.domain.settling import GetAnswer, PostOutcome
from bot.domain.transactions import Kind, State, Transaction
from bot.service import anomalies, callbacks, timeline
from bot.service.timeline import Account, Fact
from bot.store.callbacks import of as rung
from tests.support.till import ADMIN, NOT_FOUND, Till, says


def facts(till: Till, txn: Transaction) -> list[Fact]:
    return till.do(lambda tx: timeline.facts(tx, till.get(txn)))


def account(till: Till, txn: Transaction) -> Account:
    return till.do(lambda tx: timeline.account(tx, till.get(txn)))


def ring(till: Till, txn: Transaction) -> None:
    till.do(lambda tx: callbacks.hint(tx, till.policy, [txn.callback_token]))


def told(found: list[Fact]) -> list[str]:
    """Return each fact in a word: an event, a state, an answer, or a callback."""
    return [
        (fact.entry.after or fact.entry.event) if fact.entry
        else f"{fact.seen.source} {fact.seen.momo_status or fact.seen.http_status}" if fact.seen
        else "callback"
        for fact in found
    ]  # fmt: skip


def test_every_step_is_told_once_in_its_order(till: Till) -> None:
    txn = till.pending()
    till.clock.forward(seconds=5)
    ring(till, txn)
    till.clock.forward(seconds=1)
    till.look(txn, says(till.get(txn), "SUCCESSFUL"))
    assert told(facts(till, txn)) == ["DRAFT", "READY", "UNKNOWN", "POST 202", "callback", "GET SUCCESSFUL"]


def test_people_are_named_as_their_evidence(till: Till) -> None:
    txn = till.draft(amount="150")
    till.confirm(txn)
    till.approve(txn, ADMIN)
    by = {fact.entry.event: fact.entry.actor for fact in facts(till, txn) if fact.entry}
    assert (by["draft"], by["approve"]) == (f"Person {txn.maker_id}", f"Person {ADMIN}")


def test_the_same_answer_again_and_again_is_one_fact_with_its_count(till: Till) -> None:
    txn = till.pending()
    for _ in range(3):
        till.clock.forward(minutes=1)
        till.look(txn, says(till.get(txn), "PENDING"))
    last = facts(till, txn)[-1]
    assert (last.times, last.last_at) == (3, till.clock())
    assert last.at == till.clock() - timedelta(minutes=2)


def test_a_callback_is_marked_at_most_once_between_two_looks(till: Till) -> None:
    txn = till.pending()
    for _ in range(5):
        till.clock.forward(seconds=10)
        ring(till, txn)
    assert len(till.do(lambda tx: rung(tx.conn, txn.id))) == 1
    till.look(txn, says(till.get(txn), "PENDING"))
    till.clock.forward(seconds=10)
    ring(till, txn)
    assert len(till.do(lambda tx: rung(tx.conn, txn.id))) == 2


def test_a_forged_callback_leaves_no_mark(till: Till) -> None:
    txn = till.ready()
    ring(till, txn)
    till.do(lambda tx: callbacks.hint(tx, till.policy, ["x" * 43]))
    assert till.ask("SELECT count(*) FROM callback") == [0]


@pytest.mark.parametrize(
    ("state", "moved"), [("SUCCESSFUL", Moved.YES), ("FAILED", Moved.NO), ("PENDING", Moved.NOT_KNOWN)]
)
def test_what_mtn_says_decides_whether_it_moved(till: Till, state: str, moved: Moved) -> None:
    txn = till.pending()
    till.look(txn, says(till.get(txn), state))
    known = account(till, txn)
    assert known.moved is moved
    assert (known.next_look is None) == (moved is not Moved.NOT_KNOWN)


def test_an_end_that_mtn_takes_back_is_not_known_any_more(till: Till) -> None:
    txn = till.pending()
    till.look(txn, says(till.get(txn), "FAILED"))
    till.clock.forward(minutes=1)
    till.do(lambda tx: anomalies.compare(tx, till.policy, till.get(txn), says(till.get(txn), "SUCCESSFUL")))
    assert account(till, txn) == Account(Moved.NOT_KNOWN, Settles.STATEMENT, None)


def test_what_did_not_fit_before_the_end_takes_nothing_back(till: Till) -> None:
    txn = till.pending()
    till.do(lambda tx: anomalies.note(tx, till.policy, "mismatch", txn_id=txn.id))
    assert account(till, txn).settles is not Settles.STATEMENT
    till.clock.forward(minutes=1)
    till.look(txn, says(till.get(txn), "SUCCESSFUL"))
    assert account(till, txn).moved is Moved.YES


def test_who_or_what_settles_it_is_told(till: Till) -> None:
    waiting = till.pending(Kind.REQUEST_TO_PAY)
    assert account(till, waiting).settles is Settles.PAYER
    lost = till.sent()
    till.post(lost, PostOutcome.DOUBT)
    assert account(till, lost).settles is Settles.REPEAT
    till.clock.forward(minutes=11)
    till.look(lost, NOT_FOUND)
    assert account(till, lost).settles is Settles.PEOPLE


def test_the_next_look_is_never_promised_for_the_past(till: Till) -> None:
    txn = till.sent()
    till.post(txn, PostOutcome.ACCEPTED, http_status=202)
    till.clock.forward(hours=1)
    assert account(till, txn).next_look == till.clock()
    till.look(txn, GetAnswer(http_status=500))
    later = account(till, txn).next_look
    assert later is not None
    assert later > till.clock()
    assert till.get(txn).state is State.PENDING

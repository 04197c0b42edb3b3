from datetime import timedelta

import pytest

from bot.domain.settling import PostOutcome
from bot.domain.transactions import Kind, State, Transaction
from bot.store import transactions
from bot.store.bells import Bell
from tests.support.till import CASHIER, OTHER_CASHIER, Till


def test_a_row_reads_back_as_it_was_written(till: Till) -> None:
    txn = till.draft(Kind.REQUEST_TO_PAY, "12.50", payee_name="Ada")
    assert (txn.kind, txn.state, str(txn.amount), txn.payee_name) == (
        Kind.REQUEST_TO_PAY,
        State.DRAFT,
        "12.50 EUR",
        "Ada",
    )
    assert txn.expires_at == till.clock() + timedelta(minutes=5)
    assert not txn.held


@pytest.mark.parametrize("written", [str.upper, str.lower, lambda code: f"#{code}"])
def test_a_transaction_is_found_by_its_short_code(till: Till, written: type[str]) -> None:
    txn = till.draft()
    assert transactions.find(till.store.conn, written(txn.short_code)) == txn


def test_a_transaction_is_found_by_its_reference_id(till: Till) -> None:
    txn = till.draft()
    assert transactions.find(till.store.conn, txn.reference_id.upper()) == txn


def test_nothing_is_found_by_another_word(till: Till) -> None:
    till.draft()
    assert transactions.find(till.store.conn, "%") is None


def test_a_change_of_state_happens_once(till: Till) -> None:
    txn = till.draft()
    moved = [till.do(lambda tx: transactions.move(tx, txn, State.CANCELLED, "user:1")) for _ in range(2)]
    assert moved == [True, False]
    assert till.get(txn).version == 1


def test_the_loser_of_a_race_leaves_no_trail(till: Till) -> None:
    txn = till.draft()
    till.do(lambda tx: transactions.move(tx, txn, State.CANCELLED, "user:1"))
    till.do(lambda tx: transactions.move(tx, txn, State.EXPIRED, "clock"))
    assert till.ask("SELECT t FROM audit WHERE event = 'move'") == ["CANCELLED"]


def test_an_end_has_its_moment(till: Till) -> None:
    txn = till.draft()
    till.clock.forward(minutes=1)
    assert till.cancel(txn).final_at == till.clock()


def test_what_is_ready_wakes_the_sender_and_what_changes_else_the_poller(till: Till) -> None:
    txn = till.draft()
    ready, money = (till.store.bells.listen(bell) for bell in (Bell.READY, Bell.MONEY))
    till.confirm(txn)
    assert (ready.is_set(), money.is_set()) == (True, False)
    ready.clear()
    assert till.claim(txn) is not None
    assert (ready.is_set(), money.is_set()) == (False, True)


def test_a_restart_keeps_the_wait_of_what_is_in_nobodys_hands(till: Till) -> None:
    txn = till.sent()
    till.post(txn, PostOutcome.NOT_TAKEN, code="RateLimited", retry_after=timedelta(minutes=1))
    before = till.get(txn).next_at
    till.clock.forward(seconds=3)
    till.do(transactions.break_leases)
    assert till.get(txn).next_at == before


def test_drafts_are_counted_for_each_person(till: Till) -> None:
    drafts = [till.draft(amount=str(n)) for n in (1, 2)]
    till.cancel(drafts[0])
    counts = [transactions.drafts_of(till.store.conn, maker) for maker in (CASHIER, OTHER_CASHIER)]
    assert counts == [1, 0]


def test_short_codes_are_never_given_twice(till: Till) -> None:
    codes = {draft_and_cancel(till, n).short_code for n in range(1, 60)}
    assert len(codes) == 59


def draft_and_cancel(till: Till, amount: int) -> Transaction:
    return till.cancel(till.draft(amount=str(amount)))

"""Who is next: to be sent, and to be asked about."""

from bot.store import agenda, transactions
from tests.support.till import NOT_FOUND, Till


def due(till: Till) -> list[int]:
    return till.do(lambda tx: agenda.to_observe(tx, 50))


def test_the_youngest_ready_transaction_is_sent_first(till: Till) -> None:
    first, second = till.ready(amount="1"), till.ready(amount="2")
    assert till.do(lambda tx: agenda.ready(tx, 9)) == [second.id, first.id]


def test_a_leased_transaction_is_left_alone(till: Till) -> None:
    txn = till.sent()
    till.clock.forward(seconds=24)
    assert due(till) == []
    till.clock.forward(seconds=1)
    assert due(till) == [txn.id]


def test_half_of_the_looks_are_for_the_longest_overdue(till: Till) -> None:
    old = [till.pending(amount="1") for _ in range(3)]
    till.clock.forward(hours=1)
    young = [till.pending(amount=str(n)) for n in range(2, 12)]
    till.clock.forward(minutes=1)
    chosen = till.do(lambda tx: agenda.to_observe(tx, 5))
    assert chosen == [txn.id for txn in (*reversed(young[-3:]), *old[:2])]


def test_a_hinted_transaction_is_looked_at_before_the_younger(till: Till) -> None:
    old, _ = till.pending(amount="1"), till.pending(amount="2")
    till.clock.forward(minutes=1)
    till.do(lambda tx: transactions.ring(tx, old.callback_token, 5000))
    assert due(till)[0] == old.id


def test_what_is_over_is_not_looked_at(till: Till) -> None:
    till.paid()
    till.clock.forward(days=30)
    assert due(till) == []


def test_the_next_moment_of_work_is_the_end_of_the_lease(till: Till) -> None:
    txn = till.sent()
    assert till.do(agenda.overdue_since) is None
    assert till.do(agenda.next_later_at) == txn.lease_until


def test_the_next_later_moment_is_never_one_that_has_come(till: Till) -> None:
    txn = till.pending()
    till.ready(amount="2")
    assert till.do(agenda.next_later_at) == txn.next_at
    till.clock.forward(hours=1)
    assert due(till) == [txn.id]
    assert till.do(agenda.next_later_at) is None


def test_a_restart_breaks_leases_to_look_but_not_to_send(till: Till) -> None:
    txn = till.sent()
    till.clock.forward(seconds=3)
    till.do(transactions.break_leases)
    assert due(till) == [txn.id]
    assert not till.look(txn, NOT_FOUND)
    assert till.claim(txn) is None


def test_where_there_are_few_young_ones_the_rest_is_for_what_waits_longest(till: Till) -> None:
    old = [till.pending(amount=str(n)) for n in range(1, 6)]
    till.clock.forward(hours=1)
    till.pending(amount="9")
    assert till.do(lambda tx: agenda.to_observe(tx, 4)) == [txn.id for txn in (*reversed(old[-2:]), *old[:2])]

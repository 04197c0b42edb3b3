from bot.domain.transactions import State
from bot.service import deadlines
from tests.support.till import Till


def test_a_draft_nobody_confirmed_expires_quietly(till: Till) -> None:
    txn = till.draft()
    till.clock.forward(minutes=5)
    assert till.do(deadlines.expire) == 1
    assert till.get(txn).state is State.EXPIRED
    assert till.told("end") == []


def test_the_maker_is_told_when_nobody_approved(till: Till) -> None:
    txn = till.draft(amount="150")
    till.confirm(txn)
    till.clock.forward(hours=4)
    till.do(deadlines.expire)
    assert till.get(txn).state is State.EXPIRED
    assert len(till.told("end")) == 1


def test_what_is_in_time_or_sent_does_not_expire(till: Till) -> None:
    till.sent()
    till.pending(amount="1")
    till.clock.forward(minutes=4, seconds=59)
    till.draft(amount="2")
    assert till.do(deadlines.expire) == 0


def test_nothing_expires_twice(till: Till) -> None:
    till.draft()
    till.clock.forward(minutes=5)
    assert [till.do(deadlines.expire) for _ in range(2)] == [1, 0]

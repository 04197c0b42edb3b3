"""Whether the admins hear that MTN does not take our keys."""

from bot.domain.transactions import Kind
from bot.service import keys
from bot.store import freezes
from tests.support.till import ADMIN_CHAT, Till


def answered(till: Till, *statuses: int | None) -> None:
    for status in statuses:
        till.do(lambda tx, status=status: keys.note(tx, till.policy, Kind.TRANSFER, status))


def test_two_refusals_in_a_row_are_told_once_and_stop_nothing(till: Till) -> None:
    answered(till, 401)
    assert till.noticed("key_refused") == []
    answered(till, 401, 401, None, 401)
    assert till.noticed("key_refused") == [ADMIN_CHAT]
    assert freezes.in_force(till.store.conn) is None


def test_they_are_told_again_only_after_the_key_was_good_in_between(till: Till) -> None:
    answered(till, 401, 200, 401, 202, 401)
    assert till.noticed("key_refused") == []
    answered(till, 401, 404, 401, 401)
    assert till.noticed("key_refused") == [ADMIN_CHAT, ADMIN_CHAT]

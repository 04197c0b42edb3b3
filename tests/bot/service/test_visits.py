from bot.service import visits
from bot.store import people
from tests.support.till import ADMIN_CHAT, CASHIER, OWNER, SHOP, Till

STRANGE = -7777


def visited(till: Till, chat_id: int, hours: int) -> list[int]:
    """Be in a chat for some hours; return the chats that are left."""
    till.do(lambda tx: visits.note(tx, till.policy, chat_id))
    till.clock.forward(hours=hours)
    till.do(lambda tx: visits.leave_unopened(tx, till.policy))
    return till.ask("SELECT chat_id FROM outbox WHERE kind = 'leave'")


def test_a_group_nobody_opens_is_left_after_a_day(till: Till) -> None:
    assert visited(till, STRANGE, 23) == []
    assert visited(till, STRANGE, 2) == [STRANGE]


def test_a_group_is_left_once(till: Till) -> None:
    visited(till, STRANGE, 25)
    till.clock.forward(hours=1)
    till.do(lambda tx: visits.leave_unopened(tx, till.policy))
    assert till.ask("SELECT count(*) FROM outbox WHERE kind = 'leave'") == [1]


def test_a_group_that_was_opened_meanwhile_is_kept(till: Till) -> None:
    till.do(lambda tx: visits.note(tx, till.policy, STRANGE))
    till.do(lambda tx: people.open_desk(tx, STRANGE, "Second shop", OWNER))
    assert visited(till, STRANGE, 25) == []


def test_tills_the_admins_chat_and_people_are_never_left(till: Till) -> None:
    assert [visited(till, chat, 25) for chat in (SHOP, ADMIN_CHAT, CASHIER)] == [[], [], []]

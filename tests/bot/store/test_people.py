from datetime import timedelta

from bot.domain.roles import Role
from bot.store import balances, cards, outbox, people
from bot.store.cards import CardRole
from bot.store.outbox import Form, Lane
from bot.store.people import EVERY_DESK
from tests.support.till import CASHIER, OWNER, SHOP, STRANGER, Till

MOVED = -1005001


def test_the_same_role_given_again_keeps_its_date(till: Till) -> None:
    given_at = till.clock()
    till.clock.forward(days=3)
    till.grant(CASHIER, Role.CASHIER, till.desk.id)
    assert people.grants(till.store.conn, CASHIER)[0].granted_at == given_at


def test_another_role_counts_from_now(till: Till) -> None:
    till.clock.forward(days=3)
    till.grant(CASHIER, Role.ADMIN, till.desk.id)
    [grant] = people.grants(till.store.conn, CASHIER)
    assert (grant.role, grant.granted_at) == (Role.ADMIN, till.clock())


def test_taking_every_role_takes_all(till: Till) -> None:
    till.grant(CASHIER, Role.AUDITOR, EVERY_DESK)
    till.do(lambda tx: people.revoke(tx, CASHIER, EVERY_DESK))
    assert people.grants(till.store.conn, CASHIER) == []


def test_a_group_that_moved_keeps_its_desk_and_its_cards(till: Till) -> None:
    txn = till.draft()
    till.do(lambda tx: people.move_chat(tx, SHOP, MOVED))
    moved = people.desk_of_chat(till.store.conn, MOVED)
    assert moved is not None
    assert moved.id == till.desk.id
    assert cards.of(till.store.conn, txn.id)[0].chat_id == MOVED
    assert till.ask("SELECT DISTINCT chat_id FROM outbox") == [MOVED]


def test_what_was_shown_in_the_old_chat_cannot_be_edited_in_the_new_one(till: Till) -> None:
    card = till.card(till.draft())
    till.do(lambda tx: cards.set_message(tx, card.id, 5, chat_id=SHOP))
    till.do(lambda tx: balances.set_message(tx, balances.add_view(tx, SHOP, None, None).id, 6, chat_id=SHOP))
    till.do(lambda tx: people.move_chat(tx, SHOP, MOVED))
    assert till.ask("SELECT message_id FROM card UNION ALL SELECT message_id FROM balance_view") == [None, None]


def test_what_is_written_for_the_old_chat_later_goes_to_the_new_one(till: Till) -> None:
    txn = till.draft()
    till.do(lambda tx: people.move_chat(tx, SHOP, MOVED))
    assert till.do(lambda tx: cards.add(tx, txn.id, CardRole.MAKER, SHOP)).chat_id == MOVED
    till.do(lambda tx: outbox.add(tx, SHOP, Form.TEXT, Lane.END, text="late"))
    assert till.ask("SELECT DISTINCT chat_id FROM outbox") == [MOVED]
    assert [people.moved_to(till.store.conn, chat) for chat in (SHOP, MOVED, -7)] == [MOVED, MOVED, -7]


def test_the_old_chats_message_is_not_recorded_on_a_card_that_has_moved(till: Till) -> None:
    card = till.card(till.draft())
    till.do(lambda tx: people.move_chat(tx, SHOP, MOVED))
    till.do(lambda tx: cards.set_message(tx, card.id, 5, chat_id=SHOP))
    assert cards.get(till.store.conn, card.id).message_id is None


def test_a_new_chat_opened_by_itself_already_stays_the_desk_it_is(till: Till) -> None:
    opened = till.do(lambda tx: people.open_desk(tx, MOVED, "Shop", OWNER))
    till.do(lambda tx: people.move_chat(tx, SHOP, MOVED))
    assert people.desk_of_chat(till.store.conn, MOVED) == opened
    assert people.desk_of_chat(till.store.conn, SHOP) == till.desk


def test_a_desk_opened_again_is_the_same_desk(till: Till) -> None:
    till.do(lambda tx: people.close_desk(tx, till.desk.id))
    assert people.desk_of_chat(till.store.conn, SHOP) is None
    again = till.do(lambda tx: people.open_desk(tx, SHOP, "Shop again", OWNER))
    assert (again.id, again.title) == (till.desk.id, "Shop again")


def test_a_person_who_blocked_the_bot_may_not_be_written_to(till: Till) -> None:
    till.do(lambda tx: people.stopped(tx, CASHIER))
    assert not people.has_started(till.store.conn, CASHIER)


def test_a_person_met_in_a_group_has_not_started_the_bot(till: Till) -> None:
    till.do(lambda tx: people.meet(tx, STRANGER, "Somebody", None, private=False))
    assert not people.has_started(till.store.conn, STRANGER)
    till.do(lambda tx: people.meet(tx, STRANGER, "Somebody", None, private=True))
    till.do(lambda tx: people.meet(tx, STRANGER, "Somebody Else", None, private=False))
    assert people.has_started(till.store.conn, STRANGER)
    assert people.name_of(till.store.conn, STRANGER) == "Somebody Else"


def test_a_person_never_met_goes_by_the_number(till: Till) -> None:
    assert people.name_of(till.store.conn, 4711) == people.label_of(till.store.conn, 4711) == "4711"


def test_roles_are_listed_oldest_first(till: Till) -> None:
    till.clock.forward(days=1)
    till.grant(STRANGER, Role.AUDITOR, EVERY_DESK)
    newest = people.grants(till.store.conn)[-1]
    assert (newest.user_id, till.clock() - newest.granted_at) == (STRANGER, timedelta(0))

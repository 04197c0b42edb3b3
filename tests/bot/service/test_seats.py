from dataclasses import replace

import pytest

from bot.domain.refusals import Why
from bot.domain.roles import Right, Role
from bot.domain.transactions import State
from bot.service import chats, history, roles, seats
from bot.service.seats import Seat
from bot.store import people
from bot.store.people import EVERY_DESK
from tests.support.till import ADMIN, ADMIN_CHAT, AUDITOR, CASHIER, OWNER, POLICY, SHOP, STRANGER, Till, refuses


def sit(till: Till, user_id: int, chat_id: int) -> Seat:
    return till.do(lambda tx: seats.seat(tx, till.policy, user_id, chat_id, private=chat_id > 0))


def second_desk(till: Till, chat_id: int = -7) -> people.Desk:
    return till.do(lambda tx: people.open_desk(tx, chat_id, "Other", OWNER))


@pytest.mark.parametrize(
    ("user_id", "role"), [(OWNER, Role.OWNER), (ADMIN, Role.ADMIN), (CASHIER, Role.CASHIER), (STRANGER, None)]
)
def test_a_group_is_its_own_desk(till: Till, user_id: int, role: Role | None) -> None:
    seat = sit(till, user_id, SHOP)
    assert (seat.desk, seat.role) == (till.desk, role)


def test_a_group_nobody_opened_is_no_desk_even_to_the_owner(till: Till) -> None:
    with refuses(Why.NO_ROLE):
        sit(till, OWNER, -77).demand(Right.READ)


def test_a_role_in_one_desk_is_none_in_another(till: Till) -> None:
    second_desk(till)
    assert sit(till, CASHIER, -7).role is None


def test_a_role_for_every_desk_is_one_in_each(till: Till) -> None:
    second_desk(till)
    till.grant(STRANGER, Role.AUDITOR, EVERY_DESK)
    assert sit(till, STRANGER, -7).role is sit(till, STRANGER, SHOP).role is Role.AUDITOR


def test_a_private_chat_works_for_the_only_desk_of_the_person(till: Till) -> None:
    second_desk(till)
    seat = sit(till, CASHIER, CASHIER)
    assert (seat.desk, seat.role) == (till.desk, Role.CASHIER)


def test_with_several_desks_one_is_chosen_and_remembered(till: Till) -> None:
    other = second_desk(till)
    till.grant(CASHIER, Role.ADMIN, other.id)
    assert sit(till, CASHIER, CASHIER).choices == (till.desk, other)
    till.do(lambda tx: people.remember_desk(tx, CASHIER, other.id))
    seat = sit(till, CASHIER, CASHIER)
    assert (seat.desk, seat.role) == (other, Role.ADMIN)


def test_a_remembered_desk_without_a_role_any_more_is_forgotten(till: Till) -> None:
    other = second_desk(till)
    till.do(lambda tx: people.remember_desk(tx, CASHIER, other.id))
    assert sit(till, CASHIER, CASHIER).desk == till.desk


def test_a_stranger_sits_nowhere(till: Till) -> None:
    with refuses(Why.NO_ROLE):
        sit(till, STRANGER, STRANGER).demand(Right.READ)


def test_a_closed_desk_takes_no_commands(till: Till) -> None:
    till.do(lambda tx: seats.close_desk(tx, till.policy, OWNER, till.desk))
    with refuses(Why.NO_ROLE):
        sit(till, CASHIER, SHOP).demand(Right.READ)


def test_an_auditor_reads_and_moves_nothing(till: Till) -> None:
    seat = sit(till, AUDITOR, SHOP)
    assert seat.demand(Right.READ) == till.desk
    with refuses(Why.ROLE_NOT_ENOUGH):
        seat.demand(Right.MOVE)


def test_only_an_owner_opens_and_closes_desks(till: Till) -> None:
    with refuses(Why.OWNERS_ONLY):
        till.do(lambda tx: seats.open_desk(tx, till.policy, ADMIN, -7, "Mine"))
    with refuses(Why.OWNERS_ONLY):
        till.do(lambda tx: seats.close_desk(tx, till.policy, ADMIN, till.desk))


def test_the_admins_chat_is_never_a_desk(till: Till) -> None:
    with refuses(Why.ADMIN_CHAT_IS_NO_DESK):
        till.do(lambda tx: seats.open_desk(tx, till.policy, OWNER, ADMIN_CHAT, "Admins"))


def test_closing_a_desk_stops_what_is_not_sent_and_follows_what_is(till: Till) -> None:
    unsent, sent = [till.draft(amount="1"), till.ready(amount="2")], till.sent(amount="3")
    assert till.do(lambda tx: seats.close_desk(tx, till.policy, OWNER, till.desk)) == 2
    assert {(till.get(txn).state, till.get(txn).failure_code) for txn in unsent} == {(State.CANCELLED, "DESK_CLOSED")}
    assert till.get(sent).state is State.UNKNOWN
    assert len(till.told("end")) == 2


# --- chats that moved


def test_a_group_that_moved_is_the_same_desk_under_either_id(till: Till) -> None:
    till.do(lambda tx: chats.move(tx, SHOP, -1005001))
    for chat_id in (SHOP, -1005001):
        desk = sit(till, CASHIER, chat_id).demand(Right.MOVE)
        assert (desk.id, desk.chat_id) == (till.desk.id, -1005001)


def test_an_admins_chat_that_moved_is_still_the_admins_and_never_a_desk(till: Till) -> None:
    till.do(lambda tx: chats.move(tx, ADMIN_CHAT, -1009001))
    assert till.do(lambda tx: roles.admin_chat(tx, till.policy)) == -1009001
    assert sit(till, OWNER, -1009001).sees_all
    with refuses(Why.ADMIN_CHAT_IS_NO_DESK):
        till.do(lambda tx: seats.open_desk(tx, till.policy, OWNER, -1009001, "Admins"))


def test_without_an_admins_chat_there_is_none(till: Till) -> None:
    till.policy = replace(POLICY, admin_chat_id=None)
    assert till.do(lambda tx: roles.admin_chat(tx, till.policy)) is None


# --- finding a transaction


def test_a_transaction_of_another_desk_is_as_unknown_as_none(till: Till) -> None:
    txn, other = till.draft(), second_desk(till)
    till.grant(STRANGER, Role.CASHIER, other.id)
    seat = sit(till, STRANGER, -7)
    for reference in (txn.short_code, "ZZZZZZ"):
        with refuses(Why.UNKNOWN_REFERENCE):
            till.do(lambda tx, reference=reference: history.find(tx, seat, reference))


def test_from_the_admins_chat_an_owner_sees_every_desk(till: Till) -> None:
    txn, seat = till.draft(), sit(till, OWNER, ADMIN_CHAT)
    assert till.do(lambda tx: history.find(tx, seat, txn.short_code)) == txn


def test_a_stranger_in_the_admins_chat_sees_nothing(till: Till) -> None:
    txn, seat = till.draft(), sit(till, STRANGER, ADMIN_CHAT)
    with refuses(Why.NO_ROLE):
        till.do(lambda tx: history.find(tx, seat, txn.short_code))


def test_asking_brings_the_next_look_forward_but_not_into_an_attempt(till: Till) -> None:
    open_one, leased = till.pending(amount="1"), till.sent(amount="2")
    till.clock.forward(seconds=1)
    for txn in (open_one, leased):
        till.do(lambda tx, txn=txn: history.look_again(tx, txn))
    assert till.get(open_one).next_at <= till.clock()
    assert till.get(leased).next_at == leased.next_at


def test_a_closed_till_sends_nothing_again_and_its_maker_can_still_cancel(till: Till) -> None:
    txn, other = till.sent(), till.sent(amount="7")
    till.cancel(other)
    till.do(lambda tx: seats.close_desk(tx, till.policy, OWNER, till.desk))
    assert till.get(txn).send_closed
    with refuses(Why.ALREADY):  # and not "closed": there is nothing left to stop
        till.cancel(other)


def statements(till: Till, user_id: int) -> int:
    """How often the database is asked for the seat of somebody in private."""
    asked: list[str] = []
    till.store.conn.set_trace_callback(asked.append)
    sit(till, user_id, user_id)
    till.store.conn.set_trace_callback(None)
    return len(asked)


@pytest.mark.parametrize("user_id", [CASHIER, OWNER, STRANGER])
def test_a_seat_costs_no_more_questions_when_there_are_more_tills(till: Till, user_id: int) -> None:
    second_desk(till)
    before = statements(till, user_id)
    for chat_id in range(-60, -10):
        second_desk(till, chat_id)
    assert statements(till, user_id) == before

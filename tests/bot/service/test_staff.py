from dataclasses import replace

import pytest

from bot.domain.refusals import Why
from bot.domain.roles import Role
from bot.domain.transactions import State
from bot.service import roles, staff
from bot.store import people
from bot.store.people import EVERY_DESK
from tests.support.till import (
    ADMIN,
    ADMIN_CHAT,
    CASHIER,
    OTHER_CASHIER,
    OWNER,
    POLICY,
    SECOND_ADMIN,
    SHOP,
    STRANGER,
    Till,
    refuses,
)


def change(till: Till, user_id: int, role: Role | None, by: int = OWNER, desk_id: int | None = None) -> int:
    where = till.desk.id if desk_id is None else desk_id
    return till.do(lambda tx: staff.change(tx, till.policy, by, user_id, role, where))


def role_of(till: Till, user_id: int) -> Role | None:
    return roles.role_of(till.store.conn, till.policy, user_id, till.desk.id)


def test_an_owner_gives_and_takes_roles(till: Till) -> None:
    change(till, STRANGER, Role.CASHIER)
    assert role_of(till, STRANGER) is Role.CASHIER
    change(till, STRANGER, None)
    assert role_of(till, STRANGER) is None


@pytest.mark.parametrize("by", [ADMIN, CASHIER, STRANGER])
def test_nobody_else_does(till: Till, by: int) -> None:
    with refuses(Why.OWNERS_ONLY):
        change(till, STRANGER, Role.ADMIN, by)
    assert role_of(till, STRANGER) is None


def test_an_owners_role_comes_from_the_settings_alone(till: Till) -> None:
    with refuses(Why.OWNER_ROLE_FIXED):
        change(till, OWNER, None)


def test_taking_a_role_away_stops_what_that_person_has_not_sent_yet(till: Till) -> None:
    txns = [till.draft(amount="1"), till.ready(amount="2"), till.draft(amount="150")]
    till.confirm(txns[2])
    assert change(till, CASHIER, None) == 3
    assert {till.get(txn).state for txn in txns} == {State.CANCELLED}


def test_what_was_sent_and_what_others_made_goes_on(till: Till) -> None:
    sent, others = till.sent(amount="1"), till.ready(amount="2", maker=OTHER_CASHIER)
    assert change(till, CASHIER, None) == 0
    assert (till.get(sent).state, till.get(others).state) == (State.UNKNOWN, State.READY)


def test_a_person_who_may_still_pay_loses_nothing(till: Till) -> None:
    txn = till.ready()
    assert change(till, CASHIER, Role.ADMIN) == 0
    assert till.get(txn).state is State.READY


def test_an_auditor_to_be_loses_what_is_not_sent(till: Till) -> None:
    till.ready()
    assert change(till, CASHIER, Role.AUDITOR) == 1


def test_taking_the_roles_of_every_desk_stops_things_in_each(till: Till) -> None:
    till.ready()
    assert change(till, CASHIER, None, desk_id=EVERY_DESK) == 1
    assert role_of(till, CASHIER) is None


def test_a_role_for_every_desk_takes_the_place_of_all_others(till: Till) -> None:
    till.ready()
    assert change(till, CASHIER, Role.AUDITOR, desk_id=EVERY_DESK) == 1
    assert role_of(till, CASHIER) is Role.AUDITOR


def test_a_change_of_role_is_in_the_trail(till: Till) -> None:
    change(till, STRANGER, Role.ADMIN)
    assert till.ask("SELECT actor FROM audit WHERE event = 'role'") == [f"user:{OWNER}"]


@pytest.mark.parametrize(("told_in", "chats"), [(None, [ADMIN_CHAT]), (SHOP, [ADMIN_CHAT]), (ADMIN_CHAT, [])])
def test_a_change_of_role_is_announced_to_the_admins_but_not_twice_in_one_chat(
    till: Till, told_in: int | None, chats: list[int]
) -> None:
    till.do(lambda tx: staff.change(tx, till.policy, OWNER, STRANGER, Role.ADMIN, till.desk.id, told_in=told_in))
    assert till.noticed("role_changed") == chats


def test_without_an_admin_chat_each_admin_is_told_in_private_but_not_who_did_it(till: Till) -> None:
    till.policy = replace(POLICY, admin_chat_id=None)
    till.do(lambda tx: people.meet(tx, OWNER, "Owner", "en", private=True))
    change(till, CASHIER, None)
    assert till.noticed("role_changed") == [ADMIN, SECOND_ADMIN]


def test_a_refused_change_is_not_announced(till: Till) -> None:
    with refuses(Why.OWNERS_ONLY):
        change(till, STRANGER, Role.ADMIN, ADMIN)
    assert till.noticed("role_changed") == []


# --- at the start


def test_at_the_start_what_a_former_owner_has_not_sent_is_stopped_and_said(till: Till) -> None:
    txns = [
        till.draft(amount="1", maker=OWNER),
        till.ready(amount="2", maker=OWNER),
        till.draft(amount="150", maker=OWNER),
    ]
    till.confirm(txns[2])
    till.policy = replace(POLICY, owners=frozenset({STRANGER}))
    till.do(lambda tx: staff.stop_unauthorised(tx, till.policy))
    assert {(till.get(txn).state, till.get(txn).failure_code) for txn in txns} == {(State.CANCELLED, "ROLE_TAKEN")}
    assert len(till.told("end")) == 3


def test_at_the_start_what_others_made_and_what_was_sent_goes_on(till: Till) -> None:
    sent, ready = till.sent(amount="1", maker=OWNER), till.ready(amount="2")
    till.policy = replace(POLICY, owners=frozenset({STRANGER}))
    till.do(lambda tx: staff.stop_unauthorised(tx, till.policy))
    assert (till.get(sent).state, till.get(ready).state) == (State.UNKNOWN, State.READY)


def test_the_list_names_everybody_with_a_role_owners_first(till: Till) -> None:
    members = till.do(lambda tx: staff.members(tx, till.policy))
    assert members[0].role is Role.OWNER
    assert f"Person {CASHIER} ({CASHIER})" in [member.label for member in members]
    assert len(members) == 6

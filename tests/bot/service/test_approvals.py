import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.policy import Policy, Tier
from bot.domain.refusals import Why
from bot.domain.roles import Role
from bot.domain.transactions import Kind, State, Transaction
from bot.service import approvals
from bot.service.payments import Confirmed
from bot.store import people, transactions
from bot.store.cards import CardRole
from tests.support.till import (
    ADMIN,
    ADMIN_CHAT,
    AUDITOR,
    CASHIER,
    OTHER_CASHIER,
    OWNER,
    POLICY,
    SECOND_ADMIN,
    STRANGER,
    Till,
    refuses,
)


def waiting(till: Till, maker: int = CASHIER) -> Transaction:
    """A payment over the limit that its maker has confirmed."""
    txn = till.draft(amount="150", maker=maker)
    assert till.confirm(txn) is Confirmed.ASKING_APPROVAL
    return till.get(txn)


def test_a_payment_over_the_limit_waits_four_hours_for_an_admin(till: Till) -> None:
    txn = waiting(till)
    assert (txn.state, txn.expires_at) == (State.AWAITING_APPROVAL, till.clock() + timedelta(hours=4))
    assert till.card(txn, CardRole.CHECKER).chat_id == ADMIN_CHAT


def test_an_approval_makes_it_ready_for_ten_minutes_from_then(till: Till) -> None:
    txn = waiting(till)
    till.clock.forward(hours=2)
    decided = till.approve(txn)
    assert (decided.txn.state, decided.missing) == (State.READY, 0)
    assert decided.txn.send_by == till.clock() + timedelta(minutes=10)


@pytest.mark.parametrize("maker", [ADMIN, OWNER])
def test_nobody_approves_their_own(till: Till, maker: int) -> None:
    txn = waiting(till, maker)
    with refuses(Why.OWN_APPROVAL):
        till.approve(txn, maker)
    assert till.get(txn).state is State.AWAITING_APPROVAL


def test_the_database_refuses_an_own_approval_the_program_let_through(till: Till) -> None:
    txn = waiting(till, ADMIN)
    with pytest.raises(sqlite3.IntegrityError, match="the maker cannot approve"):
        till.store.conn.execute("INSERT INTO decision VALUES(?, ?, 'approve', 1)", (txn.id, ADMIN))
    with pytest.raises(sqlite3.IntegrityError, match="approvals missing"):
        till.do(lambda tx: transactions.move(tx, txn, State.READY, "user:1002", charged_on="2026-01-05"))


@pytest.mark.parametrize("nobody", [OTHER_CASHIER, AUDITOR, STRANGER])
def test_only_admins_decide(till: Till, nobody: int) -> None:
    txn = waiting(till)
    for deed in (till.approve, till.reject):
        with refuses(Why.NOT_AN_APPROVER):
            deed(txn, nobody)


def test_a_fresh_admin_does_not_decide_yet(till: Till) -> None:
    till.policy = replace(POLICY, new_admin_delay=timedelta(hours=24))
    till.clock.forward(hours=23)
    txn = waiting(till)
    with refuses(Why.NOT_AN_APPROVER):
        till.approve(txn)
    till.clock.forward(hours=1)
    till.approve(txn)


def test_where_nobody_waits_a_clock_set_back_to_before_an_admin_was_named_takes_no_right(till: Till) -> None:
    till.clock.forward(hours=-3)
    till.approve(waiting(till))


def test_an_admin_of_another_desk_does_not_decide_here(till: Till) -> None:
    txn = waiting(till)
    other = till.do(lambda tx: people.open_desk(tx, -7, "Other", OWNER))
    till.grant(STRANGER, Role.ADMIN, other.id)
    with refuses(Why.NOT_AN_APPROVER):
        till.approve(txn, STRANGER)


def test_the_first_decision_wins(till: Till) -> None:
    txn = waiting(till)
    till.reject(txn)
    with refuses(Why.ALREADY):
        till.approve(txn, SECOND_ADMIN)
    assert till.get(txn).state is State.CANCELLED


def test_an_approval_pressed_twice_counts_once(till: Till) -> None:
    txn = waiting(till)
    till.approve(txn)
    with refuses(Why.ALREADY):
        till.approve(txn)
    assert till.ask("SELECT count(*) FROM decision") == [1]


def test_an_approval_that_comes_too_late_is_refused(till: Till) -> None:
    txn = waiting(till)
    till.clock.forward(hours=4)
    with refuses(Why.CARD_EXPIRED):
        till.approve(txn)


def test_a_rejection_ends_it_and_its_reason_reaches_the_maker(till: Till) -> None:
    txn = waiting(till)
    assert till.reject(txn).txn.state is State.CANCELLED
    card = till.card(txn, CardRole.CHECKER)
    told = [
        till.do(lambda tx, who=who: approvals.give_reason(tx, who, card, "no receipt")) for who in (STRANGER, ADMIN)
    ]
    assert told == [False, True]
    assert "no receipt" in till.told("notice")[-1]


def test_confirm_says_at_once_when_nobody_could_approve(till: Till) -> None:
    for admin in (ADMIN, SECOND_ADMIN):
        till.grant(admin, Role.CASHIER, till.desk.id)
    txn = till.draft(amount="150", maker=OWNER)
    with refuses(Why.NOBODY_CAN_APPROVE):
        till.confirm(txn)


def test_without_an_admin_chat_the_admins_who_started_the_bot_are_asked(till: Till) -> None:
    till.policy = replace(POLICY, admin_chat_id=None)
    txn = waiting(till, ADMIN)
    assert till.ask("SELECT chat_id FROM card WHERE role = 'checker'") == [SECOND_ADMIN]
    assert till.approve(txn, SECOND_ADMIN).txn.state is State.READY


def test_confirm_says_at_once_when_no_admin_could_be_asked(till: Till) -> None:
    till.policy = replace(POLICY, admin_chat_id=None)
    for user_id in (OWNER, ADMIN, SECOND_ADMIN):
        till.do(lambda tx, user_id=user_id: people.stopped(tx, user_id))
    with refuses(Why.NOBODY_CAN_APPROVE):
        till.confirm(till.draft(amount="150"))


def test_two_approvals_are_by_two_people(till: Till) -> None:
    class Careful(Policy):
        def approvals_needed(self, *_: object) -> int:
            return 2

    till.policy = Careful(POLICY.market, POLICY.owners, ADMIN_CHAT, None, timedelta(0))
    txn = waiting(till)
    assert till.approve(txn).missing == 1
    assert till.get(txn).state is State.AWAITING_APPROVAL
    assert till.approve(txn, SECOND_ADMIN).txn.state is State.READY


def test_admins_are_reminded_once_at_half_time(till: Till) -> None:
    waiting(till)
    reminders = []
    for _ in range(4):
        till.clock.forward(hours=1)
        till.do(lambda tx: approvals.remind(tx, till.policy))
        reminders.append(len(till.told("notice")))
    assert reminders == [0, 1, 1, 1]


# --- refunds


def refund(till: Till, paid: Transaction, amount: str, maker: int = CASHIER) -> Transaction:
    return till.draft(Kind.REFUND, amount, maker=maker, original=paid)


def test_every_refund_waits_for_another_person(till: Till) -> None:
    txn = refund(till, till.paid(), "0.01")
    assert till.confirm(txn) is Confirmed.ASKING_APPROVAL
    assert till.approve(txn).txn.state is State.READY


def test_an_approval_of_somebody_who_lost_the_right_since_does_not_count(till: Till) -> None:
    till.policy = replace(till.policy, tiers=(Tier(0, 2),))
    txn = till.draft(amount="500")
    till.confirm(txn)
    assert till.approve(txn, by=ADMIN).missing == 1
    till.do(lambda tx: people.revoke(tx, ADMIN, till.desk.id))
    assert till.approve(txn, by=SECOND_ADMIN).missing == 1
    assert till.approve(txn, by=OWNER).missing == 0


def test_two_refunds_at_once_cannot_give_back_more_than_was_paid(till: Till) -> None:
    paid = till.paid("50")
    first, second = refund(till, paid, "30"), refund(till, paid, "25")
    till.confirm(first)
    with refuses(Why.MORE_THAN_LEFT):
        till.confirm(second)


def test_the_database_refuses_a_refund_too_much_the_program_let_through(till: Till) -> None:
    paid = till.paid("50")
    till.ready(Kind.REFUND, "30", original=paid)
    second = refund(till, paid, "25")
    till.store.conn.execute("INSERT INTO decision VALUES(?, ?, 'approve', 1)", (second.id, ADMIN))
    with pytest.raises(sqlite3.IntegrityError, match="refund exceeds"):
        till.do(lambda tx: transactions.move(tx, second, State.READY, "user:1002", charged_on="2026-01-05"))


def test_in_a_small_shop_an_owner_may_approve_his_own_refund_if_the_settings_say_so(till: Till) -> None:
    till.policy = replace(POLICY, single_person_refunds=True)
    txn = refund(till, till.paid(), "1", OWNER)
    till.confirm(txn)
    assert till.approve(txn, OWNER).txn.state is State.READY


def test_an_admin_may_not_even_then(till: Till) -> None:
    till.policy = replace(POLICY, single_person_refunds=True)
    txn = refund(till, till.paid(), "1", ADMIN)
    till.confirm(txn)
    with refuses(Why.OWN_APPROVAL):
        till.approve(txn, ADMIN)


def test_a_payment_over_the_limit_is_no_refund_and_needs_another_person_even_then(till: Till) -> None:
    till.policy = replace(POLICY, single_person_refunds=True)
    txn = waiting(till, OWNER)
    with refuses(Why.OWN_APPROVAL):
        till.approve(txn, OWNER)

"""Stopping all sending and letting it go on: what moves meanwhile, and whose word counts."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.freezing import Cause
from bot.domain.refusals import Why
from bot.domain.roles import Role
from bot.domain.settling import PostOutcome
from bot.domain.transactions import Kind, State
from bot.jobs import deadlines
from bot.service import freeze, health
from bot.service.freeze import Thawed
from bot.store import agenda, freezes, people, transactions
from bot.store.people import EVERY_DESK
from tests.support.till import (
    ADMIN,
    ADMIN_CHAT,
    AUDITOR,
    CASHIER,
    NOT_FOUND,
    OWNER,
    POLICY,
    SECOND_ADMIN,
    SHOP,
    STRANGER,
    Till,
    refuses,
    says,
)


def stop(till: Till, by: int = ADMIN, reason: str = "phone lost") -> bool:
    return till.do(lambda tx: freeze.by_person(tx, till.policy, by, reason))


def thaw(till: Till, by: int) -> Thawed:
    return till.do(lambda tx: freeze.thaw(tx, till.policy, by))


def watch(till: Till) -> None:
    till.do(lambda tx: deadlines.watch(tx, till.policy))


def is_frozen(till: Till) -> bool:
    return freezes.in_force(till.store.conn) is not None


def small_shop(till: Till) -> None:
    """Leave the owner as the only one who may decide."""
    for admin in (ADMIN, SECOND_ADMIN):
        till.do(lambda tx, admin=admin: people.revoke(tx, admin, EVERY_DESK))


# --- what a stop stops


async def test_a_frozen_till_sends_nothing_for_the_first_time(till: Till) -> None:
    txn = till.ready()
    stop(till)
    await till.new_settlement().transmit(txn.id)
    assert till.get(txn).state is State.READY
    assert not till.sandbox.ledger.effects
    assert till.do(lambda tx: agenda.ready(tx, 10)) == []


async def test_a_frozen_till_sends_nothing_again_and_still_looks(till: Till) -> None:
    txn = till.sent()
    stop(till)
    till.clock.forward(seconds=40)
    assert till.look(txn, NOT_FOUND)  # outside a stop this would be followed by another attempt
    assert till.claim(txn) is None
    till.look(txn, says(txn, "SUCCESSFUL"))
    assert till.get(txn).state is State.SUCCESSFUL


def test_a_restart_changes_nothing_about_a_stop(till: Till) -> None:
    txn = till.ready()
    stop(till)
    image = sqlite3.connect(":memory:", isolation_level=None)
    till.store.conn.backup(image)
    image.row_factory = sqlite3.Row
    till.store.conn.close()
    till.store.conn = image
    assert till.claim(txn) is None
    assert is_frozen(till)


@pytest.mark.parametrize("stage", ["ready", "sent"])
def test_the_database_itself_refuses_an_attempt_while_sending_is_stopped(till: Till, stage: str) -> None:
    txn = getattr(till, stage)()
    stop(till)
    with pytest.raises(sqlite3.IntegrityError, match="sending is stopped"):
        till.do(lambda tx: transactions.add_attempt(tx, txn.id, 7))


def test_what_waits_too_long_expires_while_sending_is_stopped_and_its_maker_is_told(till: Till) -> None:
    txn = till.ready()
    stop(till)
    till.clock.forward(minutes=10)
    watch(till)
    assert till.get(txn).state is State.READY
    till.clock.forward(seconds=1)
    watch(till)
    assert till.get(txn).state is State.EXPIRED
    assert len(till.told("end")) == 1


def test_what_may_not_be_sent_is_nobodys_work_and_no_lag(till: Till) -> None:
    till.ready()
    stop(till)
    till.clock.forward(minutes=5)
    assert till.do(agenda.overdue_since) is None
    assert till.do(agenda.next_later_at) is None
    lags = till.do(health.lags)
    assert (lags.poll, lags.frozen) == (timedelta(0), True)


def test_typing_confirming_approving_and_trying_again_are_refused_with_the_reason(till: Till) -> None:
    draft, waiting, unknown = till.draft(amount="1"), till.draft(amount="150"), till.sent(amount="3")
    till.confirm(waiting)
    stop(till)
    till.clock.forward(minutes=2)
    for refused in (lambda: till.draft(amount="2"), lambda: till.confirm(draft), lambda: till.approve(waiting)):
        with refuses(Why.FROZEN) as error:
            refused()
        assert error.value.facts == {
            "cause": Cause.PERSON, "reason": "phone lost", "by": f"Person {ADMIN}", "minutes": 2,
        }  # fmt: skip
    till.clock.forward(minutes=10)
    with refuses(Why.FROZEN):
        till.retry(unknown)


def test_saying_no_is_possible_while_sending_is_stopped(till: Till) -> None:
    ready, waiting = till.ready(amount="1"), till.draft(amount="150")
    till.confirm(waiting)
    stop(till)
    assert till.cancel(ready).state is State.CANCELLED
    assert till.reject(waiting).txn.state is State.CANCELLED


# --- who stops


@pytest.mark.parametrize("by", [OWNER, ADMIN])
def test_an_owner_and_an_admin_stop_all_sending(till: Till, by: int) -> None:
    assert stop(till, by)
    assert till.noticed("frozen") == [ADMIN_CHAT, SHOP]


def test_a_fresh_admin_may_stop_but_not_let_it_go_on(till: Till) -> None:
    till.policy = replace(POLICY, new_admin_delay=timedelta(hours=24))
    till.grant(STRANGER, Role.ADMIN, till.desk.id)
    assert stop(till, STRANGER)
    with refuses(Why.NOT_AN_APPROVER):
        thaw(till, STRANGER)


@pytest.mark.parametrize("by", [CASHIER, AUDITOR, STRANGER])
def test_nobody_else_stops_or_lets_it_go_on(till: Till, by: int) -> None:
    with refuses(Why.NOT_AN_APPROVER):
        stop(till, by)
    stop(till)
    with refuses(Why.NOT_AN_APPROVER):
        thaw(till, by)


def test_stopping_twice_is_one_stop_and_told_once(till: Till) -> None:
    assert [stop(till), stop(till, OWNER)] == [True, False]
    assert till.noticed("frozen") == [ADMIN_CHAT, SHOP]


def test_what_a_person_typed_is_in_the_trail_as_a_keyed_hash_only(till: Till) -> None:
    stop(till, reason="Ask Anna, 46733123001")
    assert not [data for data in till.ask("SELECT data FROM audit") if "Anna" in data]


# --- who lets it go on


def test_two_different_people_let_it_go_on_and_the_one_who_stopped_may_be_one_of_them(till: Till) -> None:
    txn = till.ready()
    stop(till)
    assert thaw(till, ADMIN) == Thawed(goes_on=False)
    assert till.noticed("thaw_waits") == [ADMIN_CHAT]
    assert till.claim(txn) is None
    assert thaw(till, OWNER) == Thawed(goes_on=True)
    assert till.noticed("thawed") == [ADMIN_CHAT, SHOP]
    assert till.claim(txn) is not None


def test_one_person_is_not_enough_however_often(till: Till) -> None:
    stop(till)
    thaw(till, ADMIN)
    for _ in range(3):
        with refuses(Why.AGREED_ALREADY):
            thaw(till, ADMIN)
    till.clock.forward(hours=5)
    watch(till)
    assert is_frozen(till)


def test_the_agreement_of_somebody_who_lost_the_role_since_does_not_count(till: Till) -> None:
    stop(till)
    thaw(till, SECOND_ADMIN)
    till.do(lambda tx: people.revoke(tx, SECOND_ADMIN, EVERY_DESK))
    assert not thaw(till, ADMIN).goes_on
    assert is_frozen(till)
    assert thaw(till, OWNER).goes_on


def test_a_cause_that_comes_again_after_an_agreement_needs_two_of_its_own(till: Till) -> None:
    stop(till)
    thaw(till, ADMIN)
    assert stop(till, OWNER, "it happens again")
    assert not thaw(till, SECOND_ADMIN).goes_on
    assert thaw(till, ADMIN).goes_on


def test_every_cause_must_be_agreed_on(till: Till) -> None:
    stop(till)
    thaw(till, ADMIN)
    till.do(lambda tx: freeze.stop(tx, till.policy, Cause.JOURNAL, "disk"))
    assert not thaw(till, OWNER).goes_on
    assert is_frozen(till)
    assert thaw(till, ADMIN).goes_on


def test_there_is_nothing_to_agree_on_when_sending_goes_on(till: Till) -> None:
    with refuses(Why.NOT_FROZEN):
        thaw(till, OWNER)


def test_the_database_itself_ends_no_stop_without_two_people(till: Till) -> None:
    stop(till)
    thaw(till, ADMIN)
    with pytest.raises(sqlite3.IntegrityError, match="enough people"):
        till.do(lambda tx: freezes.end(tx, 1))


# --- small shops


def test_in_a_small_shop_the_owner_waits_half_an_hour_that_is_announced_to_all(till: Till) -> None:
    small_shop(till)
    stop(till, OWNER)
    assert thaw(till, OWNER) == Thawed(goes_on=False, until=till.clock() + timedelta(minutes=30))
    assert till.noticed("thaw_waits") == [ADMIN_CHAT, SHOP]
    till.clock.forward(minutes=29, seconds=59)
    watch(till)
    assert is_frozen(till)
    till.clock.forward(seconds=1)
    watch(till)
    assert not is_frozen(till)
    assert till.noticed("thawed") == [ADMIN_CHAT, SHOP]


def test_the_wait_is_no_way_round_a_second_person_who_came_meanwhile(till: Till) -> None:
    small_shop(till)
    stop(till, OWNER)
    thaw(till, OWNER)
    till.grant(ADMIN, Role.ADMIN, till.desk.id)
    till.clock.forward(hours=1)
    watch(till)
    assert is_frozen(till)
    assert thaw(till, ADMIN).goes_on


def test_an_owner_left_alone_after_agreeing_agrees_again_and_waits(till: Till) -> None:
    stop(till)
    thaw(till, OWNER)
    small_shop(till)
    assert thaw(till, OWNER).until is not None
    with refuses(Why.AGREED_ALREADY):
        thaw(till, OWNER)
    till.clock.forward(minutes=30)
    watch(till)
    assert not is_frozen(till)


def test_a_fresh_admin_who_objects_during_the_wait_makes_the_owner_begin_again(till: Till) -> None:
    till.policy = replace(POLICY, new_admin_delay=timedelta(hours=24))
    small_shop(till)
    stop(till, OWNER)
    thaw(till, OWNER)
    till.grant(STRANGER, Role.ADMIN, till.desk.id)
    assert stop(till, STRANGER)
    till.clock.forward(minutes=30)
    watch(till)
    assert is_frozen(till)


# --- the card


def test_cards_of_what_waits_are_edited_when_sending_stops(till: Till) -> None:
    till.ready()
    before = len(till.told("card"))
    stop(till)
    assert len(till.told("card")) == before + 1


def test_an_answer_on_its_way_when_sending_stops_is_taken_in(till: Till) -> None:
    txn = till.sent(Kind.REQUEST_TO_PAY)
    stop(till)
    till.post(txn, PostOutcome.ACCEPTED, http_status=202)
    assert till.get(txn).state is State.PENDING

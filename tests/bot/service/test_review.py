"""What people decide when nobody can tell the end: handing over, and closing as never sent."""

import pytest

from bot.domain.refusals import Why
from bot.domain.transactions import State, Transaction
from bot.service import review
from bot.store import people
from bot.store.cards import CardRole
from tests.support.till import (
    ADMIN,
    ADMIN_CHAT,
    AUDITOR,
    CASHIER,
    NOT_FOUND,
    OWNER,
    SECOND_ADMIN,
    STRANGER,
    Till,
    refuses,
    says,
)


def hand_over(till: Till, txn: Transaction, by: int = ADMIN) -> None:
    card = till.card(txn)
    till.do(lambda tx: review.hand_over(tx, till.policy, by, card))


def close(till: Till, txn: Transaction, by: int) -> int:
    card = till.card(txn)
    return till.do(lambda tx: review.close_as_unsent(tx, till.policy, by, card))


def in_review(till: Till, not_found: int = 5) -> Transaction:
    """A payment handed over after its window, which MTN has not known for a quarter of an hour."""
    txn = till.sent()
    till.clock.forward(minutes=15)
    for _ in range(not_found):
        till.look(txn, NOT_FOUND)
    hand_over(till, txn)
    return till.get(txn)


# --- handing over


@pytest.mark.parametrize("admin", [ADMIN, OWNER])
def test_an_admin_hands_over_what_nobody_can_tell_the_end_of(till: Till, admin: int) -> None:
    txn = till.sent()
    till.clock.forward(minutes=11)
    hand_over(till, txn, admin)
    assert (till.get(txn).state, till.get(txn).failure_code) == (State.REVIEW, "HANDED_OVER")
    assert len(till.told("end")) == 1


@pytest.mark.parametrize("nobody", [CASHIER, AUDITOR, STRANGER])
def test_nobody_else_does(till: Till, nobody: int) -> None:
    txn = till.sent()
    till.clock.forward(minutes=11)
    with refuses(Why.NOT_AN_APPROVER):
        hand_over(till, txn, nobody)


def test_nothing_is_handed_over_while_the_bot_tries_by_itself(till: Till) -> None:
    txn = till.sent()
    till.clock.forward(minutes=10)
    with refuses(Why.ALREADY):
        hand_over(till, txn)


def test_what_was_handed_over_is_never_sent_again_and_still_followed(till: Till) -> None:
    txn = in_review(till)
    assert not till.look(txn, NOT_FOUND)
    assert till.claim(txn) is None
    till.look(txn, says(txn, "SUCCESSFUL"))
    assert till.get(txn).state is State.SUCCESSFUL


def test_what_came_into_review_is_shown_once_to_those_who_may_close_it(till: Till) -> None:
    txn = in_review(till)
    for _ in range(3):
        till.do(lambda tx: review.show_new(tx, till.policy))
    assert till.ask("SELECT chat_id FROM card WHERE role = 'checker'") == [ADMIN_CHAT]
    assert till.card(txn, CardRole.CHECKER).txn_id == txn.id


# --- closing as never sent


def test_two_admins_close_a_review_as_never_sent(till: Till) -> None:
    txn = in_review(till)
    assert [close(till, txn, ADMIN), till.get(txn).state] == [1, State.REVIEW]
    assert [close(till, txn, SECOND_ADMIN), till.get(txn).state] == [0, State.UNSENT]
    assert till.ask("SELECT actor FROM observation WHERE source = 'HUMAN'") == [str(ADMIN), str(SECOND_ADMIN)]


def test_one_admin_does_not_close_it_however_often_they_say_so(till: Till) -> None:
    txn = in_review(till)
    close(till, txn, ADMIN)
    for _ in range(3):
        with refuses(Why.ALREADY):
            close(till, txn, ADMIN)
    assert till.get(txn).state is State.REVIEW


@pytest.mark.parametrize("nobody", [CASHIER, AUDITOR, STRANGER])
def test_only_admins_say_that_it_was_never_sent(till: Till, nobody: int) -> None:
    txn = in_review(till)
    with refuses(Why.NOT_AN_APPROVER):
        close(till, txn, nobody)
    assert till.ask("SELECT count(*) FROM observation WHERE source = 'HUMAN'") == [0]


def test_it_is_not_closed_before_mtn_has_said_five_times_that_it_is_not_there(till: Till) -> None:
    txn = in_review(till, not_found=4)
    with refuses(Why.MTN_MAY_STILL_KNOW):
        close(till, txn, ADMIN)
    till.look(txn, NOT_FOUND)
    assert close(till, txn, ADMIN) == 1


def test_it_is_not_closed_in_the_quarter_of_an_hour_after_the_last_attempt(till: Till) -> None:
    txn = till.sent()
    till.clock.forward(minutes=14, seconds=59)
    for _ in range(5):
        till.look(txn, NOT_FOUND)
    hand_over(till, txn)
    with refuses(Why.MTN_MAY_STILL_KNOW):
        close(till, txn, ADMIN)
    till.clock.forward(seconds=1)
    assert close(till, txn, ADMIN) == 1


def test_what_mtn_has_found_meanwhile_is_not_closed(till: Till) -> None:
    txn = in_review(till)
    close(till, txn, ADMIN)
    till.look(txn, says(txn, "PENDING"))
    with refuses(Why.MTN_MAY_STILL_KNOW):
        close(till, txn, SECOND_ADMIN)
    assert till.get(txn).state is State.REVIEW


@pytest.mark.parametrize("stage", ["sent", "pending", "paid"])
def test_only_a_review_is_closed_this_way(till: Till, stage: str) -> None:
    txn = getattr(till, stage)()
    till.clock.forward(minutes=20)
    with refuses(Why.ALREADY):
        close(till, txn, ADMIN)


def test_the_word_of_somebody_who_lost_the_role_since_does_not_count(till: Till) -> None:
    txn = in_review(till)
    close(till, txn, SECOND_ADMIN)
    till.do(lambda tx: people.revoke(tx, SECOND_ADMIN, people.EVERY_DESK))
    assert close(till, txn, ADMIN) == 1
    assert till.get(txn).state is State.REVIEW

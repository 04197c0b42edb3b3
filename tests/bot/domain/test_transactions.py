from itertools import product

import pytest

from bot.domain.transactions import AT_MTN, BEFORE_SENDING, FINAL, TRANSITIONS, Kind, State
from tests.support.rows import transaction

ENDS = {State.SUCCESSFUL, State.FAILED, State.REJECTED, State.UNSENT, State.CANCELLED, State.EXPIRED}


def sources_of(target: State) -> set[State]:
    return {state for state, moves in TRANSITIONS.items() if target in moves}


def reachable_from(start: State) -> set[State]:
    seen, waiting = set(), [start]
    while waiting:
        state = waiting.pop()
        seen.add(state)
        waiting += TRANSITIONS[state] - seen
    return seen


def test_every_state_has_its_line_in_the_table() -> None:
    assert set(TRANSITIONS) == set(State)


def test_nothing_leaves_a_final_state() -> None:
    assert FINAL == ENDS


def test_every_state_can_be_reached_from_a_draft() -> None:
    assert reachable_from(State.DRAFT) == set(State)


def test_a_draft_is_only_ever_born() -> None:
    assert sources_of(State.DRAFT) == set()


def test_what_may_be_at_mtn_is_never_called_cancelled_or_expired() -> None:
    for end in (State.CANCELLED, State.EXPIRED):
        assert sources_of(end) == BEFORE_SENDING


def test_only_what_may_be_at_mtn_can_succeed_or_fail() -> None:
    assert sources_of(State.SUCCESSFUL) == sources_of(State.FAILED) == AT_MTN


def test_an_attempt_is_made_only_of_what_is_ready() -> None:
    assert sources_of(State.UNKNOWN) == {State.READY}


def test_what_mtn_has_accepted_or_a_person_reviews_is_never_sent_again() -> None:
    for state in (State.PENDING, State.REVIEW):
        assert State.UNKNOWN not in reachable_from(state)


def test_mtn_refuses_only_what_it_has_not_accepted() -> None:
    assert sources_of(State.REJECTED) == {State.UNKNOWN}


def test_a_transaction_mtn_accepted_is_never_called_unsent_without_a_review() -> None:
    assert sources_of(State.UNSENT) == {State.UNKNOWN, State.REVIEW}


def test_a_state_belongs_to_exactly_one_of_before_at_mtn_and_final() -> None:
    groups = (BEFORE_SENDING, AT_MTN, FINAL)
    assert set().union(*groups) == set(State)
    assert not any(a & b for a, b in product(groups, groups) if a is not b)


@pytest.mark.parametrize("kind", Kind)
def test_money_leaves_the_merchant_unless_somebody_else_pays(kind: Kind) -> None:
    assert transaction(kind=kind).pays_out == (kind not in {Kind.REQUEST_TO_PAY, Kind.WITHDRAW})


@pytest.mark.parametrize("state", State)
def test_only_an_unknown_transaction_may_be_sent_again(state: State) -> None:
    assert transaction(state).may_be_sent_again == (state is State.UNKNOWN)


def test_a_transaction_a_person_has_closed_is_not_sent_again() -> None:
    assert not transaction(send_closed=True).may_be_sent_again

from datetime import timedelta
from typing import Any

import pytest

from bot.domain import schedule
from bot.domain.settling import (
    MTN_OVERLOADED,
    Decision,
    GetAnswer,
    PostAnswer,
    PostOutcome,
    after_get,
    after_post,
    can_retry,
    can_send_again,
    matches,
)
from bot.domain.transactions import SEND_WITHIN, State, Transaction
from momo import Money, Party, Reason, Status, TransactionResult
from tests.support.clock import START
from tests.support.rows import transaction
from tests.support.till import NOT_FOUND, euros, says

NO_ANSWER = GetAnswer(code="ResponseLost")
SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))


def post(txn: Transaction, outcome: PostOutcome, **answer: Any) -> Decision:
    return after_post(txn, PostAnswer(outcome, **answer), START + SECOND)


def get(txn: Transaction, answer: GetAnswer, age: timedelta = SECOND) -> Decision:
    return after_get(txn, answer, START + age, 1.0)


# --- an attempt has ended


def test_an_accepted_attempt_is_pending() -> None:
    assert post(transaction(), PostOutcome.ACCEPTED).to is State.PENDING


@pytest.mark.parametrize("outcome", [o for o in PostOutcome if o is not PostOutcome.ACCEPTED])
def test_no_other_end_of_an_attempt_changes_the_state(outcome: PostOutcome) -> None:
    assert post(transaction(), outcome, code="X").to is None


@pytest.mark.parametrize("outcome", PostOutcome)
def test_an_attempt_that_has_ended_gives_its_lease_back_and_is_looked_at_in_two_seconds(outcome: PostOutcome) -> None:
    changes = post(transaction(), outcome).changes
    assert changes["lease_until"] == START + SECOND
    assert changes["next_at"] == START + 3 * SECOND


@pytest.mark.parametrize("outcome", [PostOutcome.REFUSED, PostOutcome.NOT_TAKEN])
def test_a_clean_no_takes_back_the_doubt_of_its_own_attempt_only(outcome: PostOutcome) -> None:
    assert post(transaction(attempts=3, ambiguous=3), outcome).changes["ambiguous"] == 2


def test_a_missing_answer_leaves_the_doubt() -> None:
    assert "ambiguous" not in post(transaction(), PostOutcome.DOUBT, code="ResponseLost").changes


def test_a_definite_refusal_is_kept_with_its_code() -> None:
    assert (
        post(transaction(), PostOutcome.REFUSED, code="NOT_ENOUGH_FUNDS").changes["refused_code"] == "NOT_ENOUGH_FUNDS"
    )


def test_a_wish_to_wait_puts_the_next_look_off() -> None:
    decision = post(transaction(), PostOutcome.NOT_TAKEN, retry_after=MINUTE)
    assert decision.changes["next_at"] == START + SECOND + MINUTE


def test_the_same_internal_error_twice_running_stops_automatic_attempts() -> None:
    twice = transaction(last_answer=MTN_OVERLOADED)
    assert post(twice, PostOutcome.DOUBT, code=MTN_OVERLOADED).changes["held"] is True


@pytest.mark.parametrize("before", [None, "ResponseLost", "SERVICE_UNAVAILABLE"])
def test_one_internal_error_stops_nothing(before: str | None) -> None:
    assert "held" not in post(transaction(last_answer=before), PostOutcome.DOUBT, code=MTN_OVERLOADED).changes


# --- MTN tells a status


@pytest.mark.parametrize("state", [State.UNKNOWN, State.PENDING, State.REVIEW])
@pytest.mark.parametrize("word", ["SUCCESSFUL", "FAILED"])
def test_a_final_status_ends_the_transaction(state: State, word: str) -> None:
    txn = transaction(state)
    assert get(txn, says(txn, word)).to == word


@pytest.mark.parametrize("word", ["PENDING", "CREATED", "ONGOING", "successful", "TIMEOUT"])
def test_any_other_word_means_that_mtn_knows_the_reference(word: str) -> None:
    txn = transaction()
    assert get(txn, says(txn, word)).to is State.PENDING


@pytest.mark.parametrize("state", [State.PENDING, State.REVIEW])
def test_a_pending_status_changes_nothing_that_is_known_already(state: State) -> None:
    txn = transaction(state)
    assert get(txn, says(txn, "PENDING")).to is None


def test_the_end_keeps_mtns_id_and_reason() -> None:
    txn = transaction()
    answer = says(txn, "FAILED", financial_transaction_id="F1", reason=Reason("PAYER_LIMIT_REACHED"))
    changes = get(txn, answer).changes
    assert (changes["failure_code"], changes["financial_transaction_id"]) == ("PAYER_LIMIT_REACHED", "F1")


@pytest.mark.parametrize(
    "other",
    [
        {"amount": euros("12.51")},
        {"amount": Money(euros("12.50").amount, "XAF")},
        {"external_id": "somebody-elses"},
        {"party": Party("MSISDN", "46733123998")},
    ],
)
@pytest.mark.parametrize("word", ["SUCCESSFUL", "FAILED", "PENDING"])
def test_an_answer_about_something_else_is_for_a_person_to_judge(other: dict[str, Any], word: str) -> None:
    txn = transaction()
    decision = get(txn, says(txn, word, **other))
    assert decision.to is State.REVIEW
    assert decision.changes["failure_code"] == "MISMATCH"


def test_a_mismatch_does_not_end_a_review() -> None:
    txn = transaction(State.REVIEW)
    assert get(txn, says(txn, "SUCCESSFUL", amount=euros("1"))).to is None


@pytest.mark.parametrize(
    "left_out",
    [{"amount": None}, {"external_id": None}, {"party": None}, {"amount": None, "external_id": None, "party": None}],
)
def test_what_mtn_leaves_out_is_no_mismatch(left_out: dict[str, None]) -> None:
    txn = transaction()
    assert get(txn, says(txn, "SUCCESSFUL", **left_out)).to is State.SUCCESSFUL


@pytest.mark.parametrize("amount", ["12.5", "12.50", "12.500"])
def test_amounts_are_compared_as_numbers(amount: str) -> None:
    assert matches(transaction(), TransactionResult(Status.PENDING, euros(amount)))


@pytest.mark.parametrize("party", [Party("MSISDN", "+46733123999"), Party("EMAIL", "x@example.com")])
def test_a_plus_or_a_party_of_another_type_is_no_mismatch(party: Party) -> None:
    assert matches(transaction(), TransactionResult(Status.PENDING, party=party))


def test_being_found_forgets_the_times_it_was_not() -> None:
    txn = transaction(not_found=4, first_not_found_at=START)
    changes = get(txn, says(txn, "PENDING")).changes
    assert (changes["not_found"], changes["first_not_found_at"]) == (0, None)


# --- MTN does not know the reference


def test_a_doubtful_attempt_is_repeated_only_after_thirty_seconds() -> None:
    assert not get(transaction(), NOT_FOUND, 29 * SECOND).send_again
    assert get(transaction(), NOT_FOUND, 30 * SECOND).send_again


def test_an_attempt_that_was_never_taken_is_repeated_at_once() -> None:
    assert get(transaction(ambiguous=0), NOT_FOUND, 2 * SECOND).send_again


def test_after_the_send_window_nothing_is_repeated() -> None:
    assert get(transaction(), NOT_FOUND, SEND_WITHIN).send_again
    assert not get(transaction(), NOT_FOUND, SEND_WITHIN + SECOND).send_again


@pytest.mark.parametrize(
    "closed",
    [{"send_closed": True}, {"held": True}, {"refused_code": "NOT_ALLOWED", "ambiguous": 0}, {"send_by": None}],
)
def test_what_is_closed_held_or_refused_is_not_repeated(closed: dict[str, Any]) -> None:
    txn = transaction(**closed)
    assert not can_send_again(txn, START + MINUTE)
    assert not get(txn, NOT_FOUND, MINUTE).send_again


def test_a_refusal_beside_a_doubtful_attempt_settles_nothing() -> None:
    txn = transaction(attempts=2, ambiguous=1, refused_code="NOT_ALLOWED", not_found=9, first_not_found_at=START)
    decision = get(txn, NOT_FOUND, 5 * MINUTE)
    assert (decision.to, decision.send_again) == (None, True)


@pytest.mark.parametrize("state", [State.PENDING, State.REVIEW])
def test_what_mtn_accepted_or_a_person_reviews_is_never_repeated(state: State) -> None:
    for age in (MINUTE, HOUR, 30 * DAY):
        assert not get(transaction(state, ambiguous=0), NOT_FOUND, age).send_again


@pytest.mark.parametrize(
    ("seen", "first_after", "age", "to"),
    [
        (0, None, 2 * MINUTE, None),
        (1, 2 * SECOND, 89 * SECOND, None),
        (1, 30 * SECOND, 90 * SECOND, State.REJECTED),
        (1, 31 * SECOND, 90 * SECOND, None),
    ],
)
def test_a_refusal_is_final_after_ninety_seconds_and_two_not_founds_a_minute_apart(
    seen: int, first_after: timedelta | None, age: timedelta, to: State | None
) -> None:
    first = None if first_after is None else START + first_after
    txn = transaction(ambiguous=0, refused_code="NOT_ALLOWED", not_found=seen, first_not_found_at=first)
    assert get(txn, NOT_FOUND, age).to is to


@pytest.mark.parametrize(("seen", "to"), [(1, None), (2, State.UNSENT)])
def test_what_was_never_taken_is_unsent_after_its_window_and_three_not_founds(seen: int, to: State | None) -> None:
    txn = transaction(ambiguous=0, not_found=seen, send_by=START, first_not_found_at=START)
    assert get(txn, NOT_FOUND, 90 * SECOND).to is to


def test_what_a_person_has_closed_is_unsent_before_its_window_ends() -> None:
    txn = transaction(ambiguous=0, not_found=2, send_closed=True, first_not_found_at=START)
    assert get(txn, NOT_FOUND, 90 * SECOND).to is State.UNSENT


@pytest.mark.parametrize(
    ("age", "seen", "first_after", "to"),
    [
        (24 * HOUR - SECOND, 9, HOUR, None),
        (24 * HOUR, 3, HOUR, None),
        (24 * HOUR, 4, 23 * HOUR + SECOND, None),
        (24 * HOUR, 4, 23 * HOUR, State.UNSENT),
    ],
)
def test_a_doubtful_attempt_is_unsent_after_a_day_and_five_not_founds_over_an_hour(
    age: timedelta, seen: int, first_after: timedelta, to: State | None
) -> None:
    txn = transaction(not_found=seen, first_not_found_at=START + first_after)
    assert get(txn, NOT_FOUND, age).to is to


@pytest.mark.parametrize(
    ("seen", "age", "to"), [(3, HOUR, None), (4, 9 * MINUTE, None), (4, 10 * MINUTE, State.REVIEW)]
)
def test_what_mtn_accepted_and_lost_is_for_a_person_to_judge(seen: int, age: timedelta, to: State | None) -> None:
    txn = transaction(State.PENDING, not_found=seen, first_not_found_at=START)
    assert get(txn, NOT_FOUND, age).to is to


def test_a_review_is_not_closed_by_not_founds() -> None:
    txn = transaction(State.REVIEW, ambiguous=0, not_found=99, first_not_found_at=START)
    assert get(txn, NOT_FOUND, 30 * DAY).to is None


# --- no answer, and the calendar


@pytest.mark.parametrize("age", [SECOND, HOUR, 6 * DAY])
def test_no_answer_is_never_an_end(age: timedelta) -> None:
    decision = get(transaction(), NO_ANSWER, age)
    assert (decision.to, decision.send_again) == (None, False)
    assert "not_found" not in decision.changes


@pytest.mark.parametrize("state", [State.UNKNOWN, State.PENDING])
def test_after_a_week_a_person_has_to_look(state: State) -> None:
    assert get(transaction(state), NO_ANSWER, 7 * DAY).to is State.REVIEW
    assert get(transaction(state), NO_ANSWER, 7 * DAY - SECOND).to is None


def test_a_status_that_comes_after_a_week_still_ends_the_transaction() -> None:
    txn = transaction(State.PENDING)
    assert get(txn, says(txn, "SUCCESSFUL"), 8 * DAY).to is State.SUCCESSFUL


def test_a_review_is_looked_at_on_schedule_for_a_week_and_then_daily() -> None:
    txn = transaction(State.REVIEW)
    assert get(txn, NO_ANSWER, MINUTE).changes["next_at"] == START + MINUTE + schedule.poll_delay(0, 1.0)
    assert get(txn, NO_ANSWER, 7 * DAY).changes["next_at"] == START + 8 * DAY


@pytest.mark.parametrize("polls", range(12))
def test_while_a_repeat_may_come_the_next_look_is_not_later_than_thirty_seconds_after_the_attempt(polls: int) -> None:
    decision = get(transaction(polls=polls), NOT_FOUND, 5 * SECOND)
    assert decision.changes["next_at"] <= START + schedule.RESEND_AFTER


@pytest.mark.parametrize("answer", [NO_ANSWER, NOT_FOUND])
@pytest.mark.parametrize("polls", [14, 40, 99])
def test_however_long_the_schedules_steps_a_repeat_is_never_more_than_thirty_seconds_away(
    answer: GetAnswer, polls: int
) -> None:
    assert get(transaction(polls=polls), answer, 5 * MINUTE).changes["next_at"] == START + 5 * MINUTE + 30 * SECOND


def test_the_end_of_the_window_is_not_slept_through() -> None:
    decision = get(transaction(polls=20), NO_ANSWER, SEND_WITHIN - 10 * SECOND)
    assert decision.changes["next_at"] == START + SEND_WITHIN + schedule.TICK
    assert can_retry(transaction(), decision.changes["next_at"])


@pytest.mark.parametrize("closed", [{"send_closed": True}, {"held": True}])
def test_what_is_not_repeated_follows_the_schedule(closed: dict[str, Any]) -> None:
    decision = get(transaction(polls=20, **closed), NO_ANSWER, 5 * MINUTE)
    assert decision.changes["next_at"] == START + 5 * MINUTE + schedule.poll_delay(20, 1.0)


def test_a_refusal_is_looked_at_again_as_soon_as_it_can_be_final() -> None:
    txn = transaction(ambiguous=0, refused_code="NOT_ALLOWED", polls=12)
    assert get(txn, NOT_FOUND, 60 * SECOND).changes["next_at"] == START + schedule.REFUSAL_QUIET


def test_a_pending_transaction_follows_the_schedule_or_mtns_wish() -> None:
    txn = transaction(State.PENDING)
    assert get(txn, NO_ANSWER).changes["next_at"] == START + SECOND + schedule.poll_delay(0, 1.0)
    assert get(txn, GetAnswer(retry_after=HOUR)).changes["next_at"] == START + SECOND + HOUR


# --- a person opens the window again


def test_retry_is_offered_once_the_window_is_over() -> None:
    assert not can_retry(transaction(), START + SEND_WITHIN)
    assert can_retry(transaction(), START + SEND_WITHIN + SECOND)


def test_retry_is_offered_at_once_for_what_is_held() -> None:
    assert can_retry(transaction(held=True), START + SECOND)


@pytest.mark.parametrize("txn", [transaction(send_closed=True), transaction(State.PENDING), transaction(State.REVIEW)])
def test_retry_is_not_offered_for_what_will_never_be_sent_again(txn: Transaction) -> None:
    assert not can_retry(txn, START + DAY)


def test_retry_is_not_offered_for_what_mtn_has_refused_for_certain() -> None:
    assert not can_retry(transaction(ambiguous=0, refused_code="NOT_ALLOWED"), START + DAY)
    assert can_retry(transaction(ambiguous=1, refused_code="NOT_ALLOWED"), START + DAY)

"""From the claim to the end: what is written down before, between and after the calls."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.settling import MTN_OVERLOADED, GetAnswer, PostOutcome
from bot.domain.transactions import State, Transaction
from bot.service import callbacks, settlement
from bot.service.throttle import Turn
from momo import Product
from tests.support.till import NOT_FOUND, Till, euros, says

LOST = GetAnswer(code="ResponseLost")


def not_found_after(till: Till, txn: Transaction, **delta: float) -> State:
    """Let time pass, have MTN say that it does not know the reference, return the state."""
    till.clock.forward(**delta)
    till.look(txn, NOT_FOUND)
    return till.get(txn).state


# --- the claim


def test_an_attempt_is_written_down_with_its_doubt_before_it_is_made(till: Till) -> None:
    txn = till.sent()
    assert (txn.state, txn.attempts, txn.ambiguous) == (State.UNKNOWN, 1, 1)
    assert txn.lease_until == till.clock() + timedelta(seconds=25)
    assert till.ask("SELECT n FROM attempt") == [1]
    assert till.sandbox.requests.count() == 0


def test_a_second_worker_makes_no_second_attempt(till: Till) -> None:
    txn = till.ready()
    claims = [till.claim(txn) for _ in range(3)]
    assert [claim is not None for claim in claims] == [True, False, False]


def test_a_row_keeps_the_user_it_was_sent_under(till: Till) -> None:
    assert till.sent().api_user == till.users[Product.DISBURSEMENT].api_user


def test_what_was_ready_too_long_ago_expires_unsent_and_says_so(till: Till) -> None:
    txn = till.ready()
    till.clock.forward(minutes=10, seconds=1)
    assert till.claim(txn) is None
    assert till.get(txn).state is State.EXPIRED
    assert len(till.told("end")) == 1


@pytest.mark.parametrize("stage", ["draft", "pending", "paid"])
def test_only_what_is_ready_or_unknown_is_claimed(till: Till, stage: str) -> None:
    assert till.claim(getattr(till, stage)()) is None


def test_a_repeat_waits_for_the_lease_and_thirty_seconds(till: Till) -> None:
    txn = till.sent()
    till.post(txn, PostOutcome.DOUBT, code="ResponseLost")
    till.clock.forward(seconds=29)
    assert till.claim(txn) is None
    till.clock.forward(seconds=1)
    attempt = till.claim(txn)
    assert attempt is not None
    assert (attempt.txn.reference_id, attempt.txn.attempts, attempt.txn.ambiguous) == (txn.reference_id, 2, 2)


def test_a_repeat_starts_the_counting_of_not_founds_anew(till: Till) -> None:
    txn = till.sent()
    till.look(txn, NOT_FOUND)
    till.clock.forward(seconds=31)
    till.claim(txn)
    assert (till.get(txn).not_found, till.get(txn).first_not_found_at) == (0, None)


def test_another_api_user_makes_no_repeat(till: Till) -> None:
    txn = till.sent()
    till.post(txn, PostOutcome.NOT_TAKEN, code="ConnectionFailed")
    till.mtn = till.new_mtn(disbursement="another-user")
    till.clock.forward(seconds=31)
    assert till.claim(txn) is None


def once_while_waiting(till: Till, deed: Callable[[], object]) -> settlement.Settlement:
    """Return a worker whose turn has not come yet; while it waits, *deed* is done."""
    deeds = [deed]

    async def sleep(seconds: float) -> None:
        till.clock.forward(seconds=seconds)
        if deeds:
            deeds.pop()()

    till.per_second, till.sleep = 1.0, sleep
    return till.new_settlement()


async def test_what_is_cancelled_while_it_waits_for_its_turn_is_cancelled_and_not_sent(till: Till) -> None:
    txn = till.ready()
    worker = once_while_waiting(till, lambda: till.cancel(txn))
    await worker._mtn.turn(Turn.WRITE)
    await worker.transmit(txn.id)
    assert (till.get(txn).state, till.get(txn).attempts) == (State.CANCELLED, 0)
    assert till.sandbox.requests.count() == 0


async def test_the_lease_begins_when_the_turn_has_come(till: Till) -> None:
    txn = till.ready()
    worker = once_while_waiting(till, lambda: till.clock.forward(minutes=5))
    await worker._mtn._client.disbursement.ensure_token()
    await worker._mtn.turn(Turn.WRITE)
    await worker.transmit(txn.id)
    assert till.get(txn).last_sent_at == till.clock()
    assert till.sandbox.requests.count("transfer") == 1


async def test_once_the_program_stops_no_attempt_begins(till: Till) -> None:
    txn, worker = till.ready(), till.new_settlement()
    worker.closing = True
    await worker.transmit(txn.id)
    assert till.get(txn) == txn
    assert till.sandbox.requests.count() == 0


async def test_an_attempt_waiting_for_its_turn_when_the_program_stops_is_left_for_the_next_start(till: Till) -> None:
    txn = till.ready()
    worker = once_while_waiting(till, lambda: setattr(worker, "closing", True))
    await worker._mtn.turn(Turn.WRITE)
    await worker.transmit(txn.id)
    assert till.get(txn) == txn
    assert till.sandbox.requests.count() == 0


# --- every way an attempt can end


ENDS: list[tuple[str, PostOutcome, dict[str, Any], State, int]] = [
    ("202", PostOutcome.ACCEPTED, {"http_status": 202}, State.PENDING, 1),
    ("409", PostOutcome.ACCEPTED, {"http_status": 409, "code": "RESOURCE_ALREADY_EXIST"}, State.PENDING, 1),
    ("400", PostOutcome.REFUSED, {"http_status": 400, "code": "BadRequest"}, State.UNKNOWN, 0),
    ("403", PostOutcome.REFUSED, {"http_status": 403, "code": "PermissionDenied"}, State.UNKNOWN, 0),
    ("firewall", PostOutcome.REFUSED, {"http_status": 200, "code": "FIREWALL"}, State.UNKNOWN, 0),
    ("listed 500", PostOutcome.REFUSED, {"http_status": 500, "code": "NOT_ENOUGH_FUNDS"}, State.UNKNOWN, 0),
    ("other 500", PostOutcome.DOUBT, {"http_status": 500, "code": "SOMETHING_NEW"}, State.UNKNOWN, 1),
    ("503", PostOutcome.DOUBT, {"http_status": 503, "code": "SERVICE_UNAVAILABLE"}, State.UNKNOWN, 1),
    ("429", PostOutcome.NOT_TAKEN, {"http_status": 429, "code": "RateLimited"}, State.UNKNOWN, 0),
    ("401", PostOutcome.NOT_TAKEN, {"http_status": 401, "code": "AuthenticationFailed"}, State.UNKNOWN, 0),
    ("lost", PostOutcome.DOUBT, {"code": "ResponseLost"}, State.UNKNOWN, 1),
    ("never connected", PostOutcome.NOT_TAKEN, {"code": "ConnectionFailed"}, State.UNKNOWN, 0),
]


@pytest.mark.parametrize(("name", "outcome", "answer", "state", "doubts"), ENDS, ids=[end[0] for end in ENDS])
def test_an_attempts_end_is_written_down_and_never_called_failed(
    till: Till, name: str, outcome: PostOutcome, answer: dict[str, Any], state: State, doubts: int
) -> None:
    txn = till.sent()
    till.post(txn, outcome, **answer)
    after = till.get(txn)
    assert (after.state, after.ambiguous) == (state, doubts)
    assert (after.lease_until, after.next_at) == (till.clock(), till.clock() + timedelta(seconds=2))
    assert till.ask("SELECT http_status FROM observation WHERE source = 'POST'") == [answer.get("http_status")]


def test_a_refusal_is_told_at_once_with_its_cause_and_is_no_end_yet(till: Till) -> None:
    txn = till.sent()
    till.post(txn, PostOutcome.REFUSED, http_status=500, code="NOT_ENOUGH_FUNDS")
    [told] = till.told("notice")
    assert "NOT_ENOUGH_FUNDS" in told
    assert till.told("end") == []


def test_a_refusal_becomes_rejected_after_ninety_seconds_and_two_not_founds(till: Till) -> None:
    txn = till.sent()
    till.post(txn, PostOutcome.REFUSED, http_status=400, code="BadRequest")
    assert not_found_after(till, txn, seconds=2) is State.UNKNOWN
    assert not_found_after(till, txn, seconds=87) is State.UNKNOWN
    assert not_found_after(till, txn, seconds=1) is State.REJECTED


def test_a_refused_payment_that_mtn_has_all_the_same_is_followed(till: Till) -> None:
    txn = till.sent()
    till.post(txn, PostOutcome.REFUSED, http_status=400, code="BadRequest")
    till.look(txn, says(txn, "PENDING"))
    assert till.get(txn).state is State.PENDING


def test_the_same_internal_error_twice_holds_the_payment_for_a_person(till: Till) -> None:
    txn = till.sent()
    till.post(txn, PostOutcome.DOUBT, http_status=500, code=MTN_OVERLOADED)
    till.clock.forward(seconds=31)
    assert till.look(txn, NOT_FOUND)
    till.claim(txn)
    till.post(txn, PostOutcome.DOUBT, http_status=500, code=MTN_OVERLOADED)
    till.clock.forward(seconds=31)
    assert till.get(txn).held
    assert not till.look(txn, NOT_FOUND)


def test_a_late_answer_does_not_undo_what_a_lookup_has_told(till: Till) -> None:
    txn = till.sent()
    till.look(txn, says(txn, "SUCCESSFUL"))
    till.post(txn, PostOutcome.ACCEPTED, http_status=202)
    till.post(txn, PostOutcome.REFUSED, http_status=400)
    assert till.get(txn).state is State.SUCCESSFUL
    assert len(till.told("end")) == 1


# --- what lookups tell


@pytest.mark.parametrize("word", ["SUCCESSFUL", "FAILED"])
def test_an_end_is_told_once(till: Till, word: str) -> None:
    txn = till.pending()
    for _ in range(3):
        till.look(txn, says(txn, word))
    assert till.get(txn).state == word
    assert len(till.told("end")) == 1


def test_an_old_pending_after_the_end_changes_nothing(till: Till) -> None:
    txn = till.pending()
    till.look(txn, says(txn, "SUCCESSFUL"))
    till.look(txn, says(txn, "PENDING"))
    assert till.get(txn).state is State.SUCCESSFUL


def test_a_flapping_status_does_not_change_the_end(till: Till) -> None:
    txn = till.pending()
    till.look(txn, says(txn, "SUCCESSFUL"))
    till.look(txn, says(txn, "FAILED"))
    assert till.get(txn).state is State.SUCCESSFUL


def test_pending_is_no_news_worth_a_message(till: Till) -> None:
    till.pending()
    assert till.told("end") == []


def test_a_mismatch_goes_to_a_person_and_is_told(till: Till) -> None:
    txn = till.pending()
    till.look(txn, says(txn, "SUCCESSFUL", amount=euros("999")))
    after = till.get(txn)
    assert (after.state, after.failure_code) == (State.REVIEW, "MISMATCH")
    assert len(till.told("end")) == 1


def test_a_review_ends_when_mtn_agrees_again(till: Till) -> None:
    txn = till.pending()
    till.look(txn, says(txn, "PENDING", amount=euros("999")))
    till.look(txn, says(txn, "SUCCESSFUL"))
    assert till.get(txn).state is State.SUCCESSFUL


def test_not_found_in_the_window_asks_for_the_same_id_again(till: Till) -> None:
    txn = till.sent()
    till.clock.forward(seconds=31)
    assert till.look(txn, NOT_FOUND)


def test_not_found_after_the_window_waits(till: Till) -> None:
    txn = till.sent()
    till.clock.forward(minutes=11)
    assert not till.look(txn, NOT_FOUND)
    assert till.get(txn).state is State.UNKNOWN


def test_a_lost_attempt_is_unsent_only_after_a_day_of_not_founds(till: Till) -> None:
    txn = till.sent()
    till.post(txn, PostOutcome.DOUBT, code="ResponseLost")
    states = [not_found_after(till, txn, hours=6) for _ in range(3)]
    states += [not_found_after(till, txn, hours=5, minutes=59), not_found_after(till, txn, minutes=1)]
    assert states == [State.UNKNOWN] * 4 + [State.UNSENT]


def test_an_unreadable_404_is_no_not_found(till: Till) -> None:
    txn = till.sent()
    for _ in range(9):
        till.clock.forward(hours=12)
        till.look(txn, GetAnswer(http_status=404, code="MalformedResponse"))
    assert (till.get(txn).not_found, till.get(txn).state) == (0, State.UNKNOWN)


def test_a_payment_of_which_mtn_says_nothing_is_never_called_failed(till: Till) -> None:
    txn = till.sent()
    for _ in range(6 * 24):
        till.clock.forward(hours=1)
        till.look(txn, LOST)
    assert till.get(txn).state is State.UNKNOWN


def test_after_a_week_a_person_is_asked(till: Till) -> None:
    txn = till.pending()
    till.clock.forward(days=7)
    till.look(txn, LOST)
    assert till.get(txn).state is State.REVIEW


# --- a callback while MTN is being asked


@pytest.mark.parametrize("rings", [True, False])
def test_a_callback_during_a_lookup_is_followed_by_another_one_at_once(till: Till, rings: bool) -> None:
    txn = till.pending()
    till.clock.forward(seconds=6)
    if rings:
        till.do(lambda tx: callbacks.hint(tx, till.policy, {txn.callback_token}))
    till.look(txn, says(txn, "PENDING"), seen_hint=txn.hinted_at)
    assert (till.get(txn).next_at == till.clock()) is rings


def test_a_callback_the_lookup_knew_of_is_not_followed_twice(till: Till) -> None:
    txn = till.pending()
    till.clock.forward(seconds=6)
    till.do(lambda tx: callbacks.hint(tx, till.policy, {txn.callback_token}))
    till.look(txn, says(txn, "PENDING"), seen_hint=till.get(txn).hinted_at)
    assert till.get(txn).next_at > till.clock()


# --- the card offers Retry


def test_the_card_is_shown_again_once_it_can_offer_retry_and_not_before(till: Till) -> None:
    txn, shown = till.sent(), []
    for minutes in (9, 1, 1):
        till.clock.forward(minutes=minutes)
        before = len(till.told("card"))
        till.look(txn, LOST)
        shown.append(len(till.told("card")) - before)
    assert shown == [0, 0, 1]


def test_the_card_of_what_is_refused_for_certain_is_not_shown_again_for_that(till: Till) -> None:
    txn = till.sent()
    till.post(txn, PostOutcome.REFUSED, http_status=400, code="BadRequest")
    till.clock.forward(minutes=11)
    before = till.told("card")
    till.look(txn, LOST)
    assert till.told("card") == before


# --- another API user in the settings


async def test_a_row_of_another_api_user_goes_to_a_person_and_is_not_asked_about(till: Till) -> None:
    txn = till.pending()
    other = till.settlement_with(till.new_mtn(disbursement="another-user"))
    await other.observe(txn.id)
    after = till.get(txn)
    assert (after.state, after.failure_code) == (State.REVIEW, "OTHER_API_USER")
    assert till.sandbox.requests.count() == 0
    assert len(till.told("end")) == 1


async def test_it_stays_there_quietly(till: Till) -> None:
    txn = till.pending()
    other = till.settlement_with(till.new_mtn(disbursement="another-user"))
    for _ in range(3):
        await other.observe(txn.id)
    assert till.get(txn).next_at == till.clock() + timedelta(days=1)
    assert len(till.told("end")) == 1


async def test_it_is_followed_again_once_its_user_is_back(till: Till) -> None:
    txn = till.sent()
    till.do(lambda tx: settlement.strand(tx, txn.id))
    await till.new_settlement().observe(txn.id)
    assert till.get(txn).state is State.REVIEW
    assert [entry.operation for entry in till.sandbox.requests.entries][-1] == "transfer_status"

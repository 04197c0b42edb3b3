from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.policy import DRAFTS_PER_PERSON
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Role
from bot.domain.settling import MTN_OVERLOADED, GetAnswer, PostOutcome
from bot.domain.transactions import Kind, State, Transaction
from bot.service import callbacks, payments
from bot.service.payments import Confirmed
from bot.store import agenda, people, transactions
from momo import Msisdn
from tests.support.till import (
    ADMIN,
    AUDITOR,
    CASHIER,
    NOT_FOUND,
    OTHER_CASHIER,
    OWNER,
    STRANGER,
    Till,
    refuses,
    says,
)

# --- typed


def test_a_command_makes_a_draft_and_its_card_and_nothing_else(till: Till) -> None:
    txn = till.draft()
    assert (txn.state, txn.attempts) == (State.DRAFT, 0)
    assert len(till.told("card")) == 1
    assert till.sandbox.requests.count() == 0


def test_one_update_makes_one_draft(till: Till) -> None:
    till.draft(update_id=70)
    with pytest.raises(Exception, match="src_update_id"):
        till.draft(update_id=70)
    assert till.ask("SELECT count(*) FROM txn") == [1]


@pytest.mark.parametrize("nobody", [AUDITOR, STRANGER])
def test_who_may_not_move_money_makes_no_draft(till: Till, nobody: int) -> None:
    with refuses(Why.NO_ROLE):
        till.draft(maker=nobody)


def test_a_person_has_five_cards_waiting_at_most(till: Till) -> None:
    for n in range(1, DRAFTS_PER_PERSON + 1):
        till.draft(amount=str(n))
    with refuses(Why.TOO_MANY_DRAFTS):
        till.draft(amount="99")
    till.draft(amount="99", maker=OTHER_CASHIER)


# --- confirmed


def test_a_confirmed_payment_is_ready_for_ten_minutes(till: Till) -> None:
    txn = till.draft()
    assert till.confirm(txn) is Confirmed.SENDING
    ready = till.get(txn)
    assert (ready.state, ready.send_by) == (State.READY, till.clock() + timedelta(minutes=10))


@pytest.mark.parametrize("amount", ["12.50", "150"])
def test_the_moment_of_the_confirmation_is_kept(till: Till, amount: str) -> None:
    txn = till.draft(amount=amount)
    till.clock.forward(minutes=3)
    till.confirm(txn)
    assert (txn.confirmed_at, till.get(txn).confirmed_at) == (None, till.clock())


def test_twenty_presses_make_one_ready(till: Till) -> None:
    txn = till.draft()
    outcomes = [press(till, txn) for _ in range(20)]
    assert outcomes == [Confirmed.SENDING] + [Why.ALREADY] * 19
    assert till.ask("SELECT count(*) FROM audit WHERE t = 'READY'") == [1]


def press(till: Till, txn: Transaction) -> Confirmed | Why:
    try:
        return till.confirm(txn)
    except Refusal as refusal:
        return refusal.why


@pytest.mark.parametrize("other", [OTHER_CASHIER, ADMIN, OWNER, STRANGER])
def test_only_the_maker_confirms(till: Till, other: int) -> None:
    txn = till.draft()
    with refuses(Why.NOT_YOUR_CARD):
        till.confirm(txn, other)


def test_a_maker_without_a_role_any_more_confirms_nothing(till: Till) -> None:
    txn = till.draft()
    till.grant(CASHIER, Role.AUDITOR, till.desk.id)
    with refuses(Why.NO_ROLE):
        till.confirm(txn)


def test_a_card_is_good_for_five_minutes(till: Till) -> None:
    txn, late = till.draft(amount="1"), till.draft(amount="2")
    till.clock.forward(minutes=5, seconds=-1)
    till.confirm(txn)
    till.clock.forward(seconds=1)
    with refuses(Why.CARD_EXPIRED):
        till.confirm(late)


def test_a_card_still_asking_the_name_cannot_be_confirmed(till: Till) -> None:
    txn = till.draft(payee_name=None)
    with refuses(Why.STILL_ASKING_NAME):
        till.confirm(txn)


def test_what_was_confirmed_is_what_was_typed(till: Till) -> None:
    txn = till.ready()
    expected = payments.body_sha256(txn.reference_id, txn.kind, txn.amount, txn.msisdn, txn.note)
    assert transactions.stored_body_hash(till.store.conn, txn.id) == expected


# --- the same again


def test_the_same_payment_again_is_asked_about(till: Till) -> None:
    till.ready()
    again = till.draft()
    assert till.confirm(again) is Confirmed.ASKING_AGAIN
    assert till.get(again).state is State.DRAFT


def test_the_first_button_only_repeats_the_question(till: Till) -> None:
    till.ready()
    again = till.draft()
    assert [till.confirm(again) for _ in range(3)] == [Confirmed.ASKING_AGAIN] * 3
    assert till.confirm(again, again=True) is Confirmed.SENDING


def test_the_first_button_does_not_send_even_when_the_first_payment_is_old_by_now(till: Till) -> None:
    till.ready()
    till.clock.forward(minutes=6)
    again = till.draft()
    till.confirm(again)
    till.clock.forward(minutes=4, seconds=30)
    assert till.confirm(again) is Confirmed.ASKING_AGAIN


def test_the_second_button_does_nothing_before_its_question(till: Till) -> None:
    txn = till.draft()
    assert till.confirm(txn, again=True) is Confirmed.ASKING_AGAIN


@pytest.mark.parametrize(
    "other", [{"amount": "12.51"}, {"kind": Kind.REQUEST_TO_PAY}, {"msisdn": Msisdn("46733123998")}]
)
def test_another_payment_is_not_asked_about(till: Till, other: dict[str, Any]) -> None:
    till.ready()
    assert till.confirm(till.draft(**other)) is Confirmed.SENDING


def test_the_same_payment_by_a_colleague_is_asked_about(till: Till) -> None:
    till.ready()
    assert till.confirm(till.draft(maker=OTHER_CASHIER)) is Confirmed.ASKING_AGAIN


def test_two_cards_for_the_same_payment_are_noticed_at_the_press(till: Till) -> None:
    first, second = till.draft(), till.draft()
    assert [till.confirm(first), till.confirm(second)] == [Confirmed.SENDING, Confirmed.ASKING_AGAIN]


@pytest.mark.parametrize(("seconds", "confirmed"), [(0, Confirmed.ASKING_AGAIN), (1, Confirmed.SENDING)])
def test_ten_minutes_after_a_payment_that_is_over_the_same_one_is_ordinary(
    till: Till, seconds: int, confirmed: Confirmed
) -> None:
    txn = till.pending()
    till.look(txn, says(txn, "SUCCESSFUL"))
    till.clock.forward(minutes=10, seconds=seconds)
    assert till.confirm(till.draft()) is confirmed


def awaiting_approval(till: Till) -> None:
    till.confirm(till.draft(amount="150"))


def in_review(till: Till) -> None:
    txn = till.pending(amount="150")
    for _ in range(6):
        till.clock.forward(minutes=2)
        till.look(txn, NOT_FOUND)


@pytest.mark.parametrize("stage", [Till.ready, Till.sent, Till.pending])
def test_the_same_payment_is_asked_about_as_long_as_the_first_one_is_open(
    till: Till, stage: Callable[[Till], Transaction]
) -> None:
    stage(till)
    till.clock.forward(hours=3)
    assert till.confirm(till.draft()) is Confirmed.ASKING_AGAIN


@pytest.mark.parametrize("stage", [awaiting_approval, in_review])
def test_it_is_asked_about_too_while_the_first_one_waits_for_a_person(
    till: Till, stage: Callable[[Till], None]
) -> None:
    stage(till)
    till.clock.forward(hours=3)
    assert till.confirm(till.draft(amount="150")) is Confirmed.ASKING_AGAIN


def test_the_ten_minutes_count_from_the_last_attempt(till: Till) -> None:
    txn = till.sent()
    till.clock.forward(minutes=9)
    till.claim(txn)
    till.look(txn, says(txn, "SUCCESSFUL"))
    till.clock.forward(minutes=9)
    assert till.confirm(till.draft()) is Confirmed.ASKING_AGAIN


def test_the_same_payment_in_another_desk_is_asked_about(till: Till) -> None:
    till.ready()
    till.desk = till.do(lambda tx: people.open_desk(tx, -7, "Other", OWNER))
    assert till.confirm(till.draft(maker=OWNER)) is Confirmed.ASKING_AGAIN


def test_the_ten_minutes_count_from_the_confirmation(till: Till) -> None:
    first = till.draft()
    till.clock.forward(minutes=4)
    till.confirm(first)
    till.clock.forward(minutes=7)
    assert till.confirm(till.draft()) is Confirmed.ASKING_AGAIN


def test_what_was_only_drafted_or_stopped_is_not_asked_about(till: Till) -> None:
    till.draft()
    till.cancel(till.draft())
    assert till.confirm(till.draft()) is Confirmed.SENDING


# --- cancelled


@pytest.mark.parametrize("amount", ["12.50", "150"])
def test_what_was_not_tried_yet_is_cancelled(till: Till, amount: str) -> None:
    txn = till.draft(amount=amount)
    till.confirm(txn)
    assert till.cancel(txn).state is State.CANCELLED
    assert till.claim(txn) is None


def test_an_admin_cancels_for_others_and_a_colleague_does_not(till: Till) -> None:
    txn = till.ready()
    with refuses(Why.NOT_YOUR_CARD):
        till.cancel(txn, OTHER_CASHIER)
    assert till.cancel(txn, ADMIN).state is State.CANCELLED


def test_cancelling_what_was_tried_only_stops_further_tries(till: Till) -> None:
    txn = till.sent()
    closed = till.cancel(txn)
    assert (closed.state, closed.send_closed) == (State.UNKNOWN, True)
    till.clock.forward(minutes=1)
    assert not till.look(txn, NOT_FOUND)
    assert till.claim(txn) is None


def test_what_was_cancelled_too_late_is_still_followed_to_its_end(till: Till) -> None:
    txn = till.sent()
    till.cancel(txn)
    till.look(txn, says(txn, "SUCCESSFUL"))
    assert till.get(txn).state is State.SUCCESSFUL


def test_what_mtn_has_accepted_cannot_be_cancelled(till: Till) -> None:
    txn = till.pending()
    with refuses(Why.ALREADY):
        till.cancel(txn)


# --- tried again


def test_retry_opens_the_window_under_the_same_reference(till: Till) -> None:
    txn = till.sent()
    till.clock.forward(minutes=11)
    till.retry(txn)
    assert till.look(txn, NOT_FOUND)
    attempt = till.claim(txn)
    assert attempt is not None
    assert attempt.txn.reference_id == txn.reference_id


def test_a_retry_begins_the_schedule_anew(till: Till) -> None:
    txn = till.sent()
    for _ in range(20):
        till.clock.forward(minutes=1)
        till.look(txn, GetAnswer(code="ResponseLost"))
    till.retry(txn)
    after = till.get(txn)
    assert (after.polls, after.send_by) == (0, till.clock() + timedelta(minutes=10))
    assert after.next_at <= till.clock()


def test_who_presses_retry_does_not_wait_behind_a_backlog(till: Till) -> None:
    backlog = [till.sent(amount=str(n)) for n in range(1, 301)]
    till.clock.forward(minutes=11)
    till.retry(backlog[5])
    assert till.do(lambda tx: agenda.to_observe(tx, 4))[0] == backlog[5].id


def test_a_callback_that_comes_after_a_retry_is_heard(till: Till) -> None:
    txn = till.sent()
    till.clock.forward(minutes=11)
    till.retry(txn)
    assert till.do(lambda tx: callbacks.hint(tx, till.policy, [txn.callback_token])) == 1


def test_there_is_nothing_to_retry_of_what_mtn_has_refused_for_certain(till: Till) -> None:
    txn = till.sent()
    till.post(txn, PostOutcome.REFUSED, http_status=400, code="BadRequest")
    till.clock.forward(minutes=11)
    with refuses(Why.ALREADY):
        till.retry(txn)


def test_retry_is_refused_while_the_bot_tries_by_itself(till: Till) -> None:
    txn = till.sent()
    with refuses(Why.ALREADY):
        till.retry(txn)


def test_retry_lets_go_what_was_held(till: Till) -> None:
    txn = till.sent()
    for _ in range(2):
        till.post(txn, PostOutcome.DOUBT, code=MTN_OVERLOADED)
    assert till.get(txn).held
    till.retry(txn)
    till.clock.forward(seconds=31)
    assert till.look(txn, NOT_FOUND)


@pytest.mark.parametrize("stage", ["ready", "pending", "paid"])
def test_there_is_nothing_to_retry_before_and_after_the_unknown(till: Till, stage: str) -> None:
    txn = getattr(till, stage)()
    with refuses(Why.ALREADY):
        till.retry(txn)


def test_a_retry_needs_a_maker_who_may_still_pay(till: Till) -> None:
    txn = till.sent()
    till.clock.forward(minutes=11)
    till.grant(CASHIER, Role.AUDITOR, till.desk.id)
    with refuses(Why.NO_ROLE):
        till.retry(txn, ADMIN)


def test_a_retry_is_not_for_colleagues(till: Till) -> None:
    txn = till.sent()
    till.clock.forward(minutes=11)
    with refuses(Why.NOT_YOUR_CARD):
        till.retry(txn, OTHER_CASHIER)


# --- numbers are kept apart


def test_equal_numbers_have_equal_hashes_that_need_the_key(till: Till) -> None:
    one, same = till.draft(amount="1"), till.draft(amount="2")
    hashes = till.ask("SELECT DISTINCT party_hash FROM txn WHERE id IN (?, ?)", one.id, same.id)
    assert len(hashes) == 1
    other_till = Till()
    other_till.do(lambda tx: tx.mint.key())
    other_till.draft()
    assert other_till.ask("SELECT party_hash FROM txn") != hashes


def test_a_transaction_that_is_not_what_was_confirmed_is_never_sent(till: Till) -> None:
    txn = till.ready()
    till.store.conn.execute("UPDATE txn_party SET msisdn = '46733123998'")
    with pytest.raises(RuntimeError, match="not what was confirmed"):
        till.claim(txn)
    assert replace(till.get(txn), msisdn=txn.msisdn) == txn

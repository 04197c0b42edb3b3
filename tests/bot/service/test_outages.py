"""MTN does not answer, and answers again: said once each, to those whom it concerns."""

import json
from datetime import timedelta

import pytest

from bot.domain.settling import GetAnswer, PostAnswer, PostOutcome
from bot.domain.transactions import Kind, Transaction
from bot.service import outages
from bot.service.outages import is_answer
from bot.store import outages as rows
from tests.support.till import ADMIN_CHAT, NOT_FOUND, SHOP, Till, says

NO_ANSWER = GetAnswer(code="Timeout")


def silent(till: Till, txn: Transaction, minutes: float, asked: int = 4) -> None:
    """Let MTN not answer for so long, asked so often."""
    for n in range(asked):
        if n:
            till.clock.forward(seconds=minutes * 60 / (asked - 1))
        till.look(txn, NO_ANSWER)


def told(till: Till, name: str) -> list[dict[str, object]]:
    return [facts for facts in map(json.loads, till.told("notice")) if facts["notice"] == name]


def test_an_outage_is_said_once_to_the_tills_that_wait_and_to_the_admins(till: Till) -> None:
    txn = till.pending()
    silent(till, txn, 3)
    silent(till, txn, 3)
    assert sorted(till.noticed("mtn_away")) == sorted([ADMIN_CHAT, SHOP])


@pytest.mark.parametrize(("minutes", "asked"), [(2.9, 9), (60, 2)])
def test_a_short_silence_or_one_that_was_hardly_asked_is_not_worth_saying(
    till: Till, minutes: float, asked: int
) -> None:
    silent(till, till.pending(), minutes, asked)
    assert till.noticed("mtn_away") == []


def test_an_answer_between_begins_the_count_anew(till: Till) -> None:
    txn = till.pending()
    silent(till, txn, 2)
    till.look(txn, says(txn, "PENDING"))
    silent(till, txn, 2)
    assert till.noticed("mtn_away") == []


def test_its_end_is_said_to_the_same_with_how_long_it_was_and_what_is_open(till: Till) -> None:
    txn = till.pending()
    silent(till, txn, 14)
    till.look(txn, says(txn, "PENDING"))
    till.look(txn, says(txn, "PENDING"))
    backs = {fact["minutes"]: fact["open"] for fact in told(till, "mtn_back") if fact["open"] is not None}
    assert backs == {14: [txn.short_code]}
    assert sorted(till.noticed("mtn_back")) == sorted([ADMIN_CHAT, SHOP])


def test_an_outage_nobody_was_told_of_ends_without_a_word(till: Till) -> None:
    txn = till.pending()
    silent(till, txn, 2)
    till.look(txn, says(txn, "SUCCESSFUL"))
    assert till.noticed("mtn_back") == []


def test_a_restart_tells_nobody_twice_and_still_says_the_end(till: Till) -> None:
    txn = till.pending()
    silent(till, txn, 4)
    till.do(rows.forget_untold)
    silent(till, txn, 4)
    till.look(txn, says(txn, "PENDING"))
    assert (len(till.noticed("mtn_away")), len(till.noticed("mtn_back"))) == (2, 2)


def test_what_nobody_was_told_of_counts_anew_after_a_restart(till: Till) -> None:
    txn = till.pending()
    silent(till, txn, 2)
    till.do(rows.forget_untold)
    till.clock.forward(hours=5)
    till.look(txn, NO_ANSWER)
    assert till.noticed("mtn_away") == []


def test_a_till_that_needs_mtn_only_later_is_told_then(till: Till) -> None:
    txn = till.pending()
    till.look(txn, says(txn, "SUCCESSFUL"))
    for _ in range(4):
        till.do(lambda tx: outages.note(tx, till.policy, Kind.TRANSFER, NO_ANSWER))
        till.clock.forward(minutes=2)
    assert till.noticed("mtn_away") == [ADMIN_CHAT]
    till.look(till.pending(amount="3"), NO_ANSWER)
    assert till.noticed("mtn_away") == [ADMIN_CHAT, SHOP]


def test_each_of_mtns_products_is_away_by_itself(till: Till) -> None:
    payment, request = till.pending(), till.pending(Kind.REQUEST_TO_PAY, "7")
    for _ in range(5):
        till.look(payment, NO_ANSWER)
        till.look(request, says(request, "PENDING"))
        till.clock.forward(minutes=1)
    assert {fact["service"] for fact in told(till, "mtn_away")} == {"mtn:disbursement"}


@pytest.mark.parametrize(
    ("answer", "clear"),
    [
        (PostAnswer(PostOutcome.ACCEPTED, 202), True),
        (PostAnswer(PostOutcome.REFUSED, 500, "NOT_ENOUGH_FUNDS"), True),
        (PostAnswer(PostOutcome.NOT_TAKEN, 401), True),
        (PostAnswer(PostOutcome.NOT_TAKEN, code="ConnectionFailed"), False),
        (PostAnswer(PostOutcome.DOUBT, code="Timeout"), False),
        (PostAnswer(PostOutcome.DOUBT, 503), False),
        (NOT_FOUND, True),
        (GetAnswer(http_status=200, code="MalformedResponse"), False),
        (GetAnswer(http_status=500, code="INTERNAL_PROCESSING_ERROR"), False),
    ],
)
def test_a_no_is_an_answer_and_silence_or_nonsense_is_none(answer: PostAnswer | GetAnswer, clear: bool) -> None:
    assert is_answer(answer) is clear


def test_being_told_to_ask_less_says_nothing_about_mtns_health(till: Till) -> None:
    txn = till.pending()
    for _ in range(6):
        till.look(txn, GetAnswer(http_status=429, retry_after=timedelta(seconds=1)))
        till.clock.forward(minutes=1)
    assert till.noticed("mtn_away") == []

"""Following what a restored copy had forgotten: one answer of MTN's after the other."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.settling import GetAnswer
from bot.domain.transactions import Kind
from bot.service import forgotten as following
from bot.service.forgotten import Follower
from bot.store import forgotten
from bot.store.forgotten import Forgotten
from bot.store.journal import Line
from momo import Status, TransactionResult
from tests.support.till import ADMIN_CHAT, NOT_FOUND, Till, euros

REFERENCE = "8f3c2d1e-0000-4000-8000-000000000001"


@pytest.fixture
def kept(till: Till) -> Till:
    """A till that had forgotten one payment of 12.50."""
    user = till.mtn.api_user(Kind.TRANSFER)
    line = Line(1, REFERENCE, 1, "transfer", 1250, "EUR", 2, "00" * 32, None, "ABC234", user)
    assert till.do(lambda tx: forgotten.add(tx, line))
    return till


def row(till: Till) -> Forgotten:
    found = forgotten.find(till.store.conn, REFERENCE)
    assert found is not None
    return found


def says(word: str, **changes: Any) -> GetAnswer:
    return GetAnswer(TransactionResult(Status(word), **{"amount": euros("12.5"), **changes}), http_status=200)


def look(till: Till, answer: GetAnswer, times: int = 1) -> Forgotten:
    for _ in range(times):
        till.do(lambda tx: following.record(tx, till.policy, REFERENCE, answer, 1.0))
    return row(till)


def news(till: Till) -> list[str]:
    return [json.loads(told)["news"] for told in till.told("notice")]


@pytest.mark.parametrize("word", ["SUCCESSFUL", "FAILED"])
def test_an_end_is_told_once(kept: Till, word: str) -> None:
    look(kept, says(word, financial_transaction_id="77"), times=3)
    assert (row(kept).state, news(kept), kept.noticed("forgotten")) == (word, [word], [ADMIN_CHAT])


@pytest.mark.parametrize("word", ["PENDING", "CREATED", "SOMETHING_NEW"])
def test_what_is_not_over_is_asked_about_again(kept: Till, word: str) -> None:
    after = look(kept, says(word))
    assert (after.state, after.word, after.polls, news(kept)) == ("FOLLOWED", word, 1, [])
    assert kept.do(lambda tx: forgotten.next_due_at(tx.conn)) == kept.clock() + timedelta(seconds=5)


@pytest.mark.parametrize("other", [{"amount": euros("13")}, {"external_id": "another one"}], ids=str)
def test_an_answer_that_does_not_fit_is_told_and_ends_nothing(kept: Till, other: dict[str, Any]) -> None:
    after = look(kept, says("SUCCESSFUL", **other), times=2)
    assert (after.state, after.word, news(kept)) == ("FOLLOWED", "MISMATCH", ["MISMATCH"])


def test_not_found_for_less_than_a_day_is_no_end(kept: Till) -> None:
    look(kept, NOT_FOUND, times=9)
    kept.clock.forward(hours=23, minutes=59)
    assert look(kept, NOT_FOUND).state == "FOLLOWED"
    kept.clock.forward(minutes=1)
    assert look(kept, NOT_FOUND).state == "NEVER_THERE"
    assert news(kept) == ["NEVER_THERE"]


def test_once_seen_at_mtn_the_day_begins_anew(kept: Till) -> None:
    look(kept, NOT_FOUND, times=9)
    look(kept, says("PENDING"))
    kept.clock.forward(hours=25)
    assert look(kept, NOT_FOUND, times=9).state == "FOLLOWED"


def test_no_answer_says_nothing(kept: Till) -> None:
    after = look(kept, GetAnswer(http_status=503, code="SERVICE_UNAVAILABLE", retry_after=timedelta(minutes=9)))
    assert (after.state, after.word, after.not_found) == ("FOLLOWED", None, 0)
    assert kept.do(lambda tx: forgotten.next_due_at(tx.conn)) == kept.clock() + timedelta(minutes=9)


async def test_under_another_api_user_it_is_not_asked_about_and_the_admins_are_told(kept: Till) -> None:
    other = Follower(kept.store, kept.new_mtn(disbursement="another-user"), kept.entropy, kept.policy)
    for _ in range(2):
        await other.ask(row(kept))
    assert kept.sandbox.requests.count() == 0
    assert (row(kept).state, news(kept)) == ("FOLLOWED", ["OTHER_API_USER"])
    assert kept.do(lambda tx: forgotten.next_due_at(tx.conn)) == kept.clock() + timedelta(days=1)

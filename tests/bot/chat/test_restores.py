"""What admins read after an older copy of the database was put back."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.chat import cards, restores
from bot.chat.cards import FORGOTTEN, NOTHING_MOVED
from bot.chat.notices import notice
from bot.domain.transactions import Kind, State
from bot.service import telling, views
from bot.service.restored import Meeting
from tests.support.till import Till

FACTS: dict[str, Any] = {
    "kind": "transfer",
    "amount": "5000",
    "currency": "UGX",
    "sent_at_ms": 1_767_603_840_000,
    "short_code": "ABC234",
    "zone": ZoneInfo("Africa/Kampala"),
}


def told(news: str, **changes: Any) -> str:
    return notice("forgotten", {**FACTS, "news": news, **changes}, None)


@pytest.mark.parametrize("meeting", [Meeting.OTHER_DATABASE, Meeting.NO_JOURNAL, Meeting.LINES_MISSING])
@pytest.mark.parametrize(("count", "said"), [(0, "forgotten none"), (1, "1 transaction;"), (7, "7 transactions;")])
def test_a_restore_is_explained_with_what_to_do(meeting: Meeting, count: int, said: str) -> None:
    text = notice("restored", {"meeting": meeting.value, "forgotten": count}, None)
    assert said in text
    assert "/thaw" in text
    assert "/audit" in text


def test_a_forgotten_end_names_the_payment_and_its_time_here() -> None:
    text = told("SUCCESSFUL")
    assert "Payment of <b>5,000 UGX</b> of 05 Jan 12:04" in text
    assert "was successful" in text
    assert "ABC234" in text


@pytest.mark.parametrize("news", sorted(set(restores.NEWS) - {"SUCCESSFUL"}))
def test_glad_words_are_kept_for_what_was_successful(news: str) -> None:
    assert not any(word in told(news).lower() for word in ("successful", "paid", "received"))


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.WITHDRAW}))
def test_every_kind_has_its_noun(kind: Kind) -> None:
    assert "Transaction" not in told("FAILED", kind=kind.value)


def test_a_draft_that_may_have_been_sent_is_not_called_unmoved() -> None:
    till = Till()
    txn = till.draft()
    till.do(lambda tx: telling.stop(tx, txn, "bot", "RESTORED"))
    view = till.do(lambda tx: views.card(tx, till.policy, till.card(txn).id))
    for text in (cards.card(view, ZoneInfo("UTC"), sandbox=True), cards.end(view, State.CANCELLED, None)):
        assert FORGOTTEN in text
        assert NOTHING_MOVED not in text

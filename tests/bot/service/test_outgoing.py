"""What becomes of a message when it is taken into work: said, silent, held, together with others, or not at all."""

from dataclasses import replace
from datetime import time

import pytest

from bot.domain.settling import PostOutcome
from bot.domain.transactions import Transaction
from bot.domain.wishes import Quiet, Told, Wishes
from bot.service import outgoing, telling
from bot.service.outgoing import MOST_SINGLE, MOST_TOGETHER
from bot.store import cards, outbox, wishes
from bot.store.outbox import Form, Lane, Message
from tests.support.till import ADMIN_CHAT, SHOP, Till, says


def wish(till: Till, **wished: object) -> None:
    till.do(lambda tx: wishes.put(tx, SHOP, replace(Wishes(), **wished)))  # type: ignore[arg-type]


def ended(till: Till, amount: str = "12.50", state: str = "SUCCESSFUL", *, thread_id: int | None = None) -> Transaction:
    """A transaction that has ended, with its card shown."""
    txn = till.pending(amount=amount)
    till.do(lambda tx: cards.set_message(tx, till.card(txn).id, 100 + txn.id, chat_id=SHOP))
    till.store.conn.execute("UPDATE card SET thread_id = ? WHERE txn_id = ?", (thread_id, txn.id))
    till.look(txn, says(txn, state))
    return till.get(txn)


def several(till: Till, count: int, **how: object) -> list[Transaction]:
    return [ended(till, f"{n}.00", **how) for n in range(1, count + 1)]  # type: ignore[arg-type]


def taken(till: Till) -> list[Message]:
    """Take every message of the shop that may go now into work, but the cards; return those that are said."""
    till.store.conn.execute("UPDATE outbox SET state = 'SENT' WHERE kind = 'card'")
    said: list[Message] = []
    while waiting := [one for one in till.do(lambda tx: outbox.heads(tx, 9)) if one.chat_id == SHOP]:
        claimed = till.do(lambda tx, head=waiting[0]: outgoing.claim(tx, till.policy, head))
        said += [] if claimed is None else [claimed]
    return said


def states(till: Till) -> list[str]:
    return till.ask("SELECT state FROM outbox WHERE kind = 'end' ORDER BY id")


def test_a_chat_that_wishes_nothing_is_told_every_end_at_once_and_with_sound(till: Till) -> None:
    several(till, 3)
    assert [(one.silent, len(one.also)) for one in taken(till)] == [(False, 0)] * 3


def test_a_small_success_is_shown_on_the_card_alone(till: Till) -> None:
    wish(till, from_minor=500)
    ended(till, "4.99")
    large = ended(till, "5")
    assert [one.payload["card_id"] for one in taken(till)] == [till.card(large).id]
    assert states(till) == ["SKIPPED", "SENDING"]


def test_a_failure_is_told_however_small(till: Till) -> None:
    wish(till, from_minor=500, success=Told.CARD)
    ended(till, "1", "FAILED")
    assert len(taken(till)) == 1


def test_an_end_whose_card_nobody_ever_saw_is_told_whatever_is_wished(till: Till) -> None:
    wish(till, success=Told.CARD)
    txn = till.pending()
    till.look(txn, says(txn, "SUCCESSFUL"))
    assert len(taken(till)) == 1


def test_in_the_quiet_hours_a_success_waits_for_the_morning_and_a_failure_makes_no_sound(till: Till) -> None:
    wish(till, quiet=Quiet(time(22), time(7)))
    till.clock.now = till.clock.now.replace(hour=23, minute=0)
    ended(till, "1")
    ended(till, "2")
    ended(till, "3", "FAILED")
    assert [one.silent for one in taken(till)] == [True]
    till.clock.forward(hours=8)
    assert [(one.silent, len(one.also)) for one in taken(till)] == [(False, 1)]


def test_nothing_waits_behind_an_end_that_waits_for_the_morning(till: Till) -> None:
    ended(till)
    till.store.conn.execute("UPDATE outbox SET tries = 1 WHERE kind = 'end'")
    wish(till, quiet=Quiet(time(22), time(7)))
    till.clock.now = till.clock.now.replace(hour=23, minute=0)
    assert taken(till) == []
    till.do(lambda tx: telling.notice(tx, SHOP, "frozen"))
    assert [one.payload["notice"] for one in taken(till)] == ["frozen"]


def test_what_is_told_every_hour_is_told_in_one_message(till: Till) -> None:
    wish(till, success=Told.HOURLY)
    several(till, 3)
    assert taken(till) == []
    till.clock.forward(hours=1)
    assert [len(one.also) for one in taken(till)] == [2]
    assert states(till) == ["SENDING"] * 3


def test_quiet_hours_wished_while_a_message_waits_count_for_it_too(till: Till) -> None:
    ended(till)
    wish(till, sound=False)
    assert [one.silent for one in taken(till)] == [True]


@pytest.mark.parametrize(("count", "messages"), [(MOST_SINGLE, MOST_SINGLE), (MOST_SINGLE + 1, 1), (14, 1 + 1 + 2)])
def test_more_ends_than_are_read_one_by_one_are_told_together(till: Till, count: int, messages: int) -> None:
    several(till, count)
    said = taken(till)
    assert len(said) == messages
    named = [one.payload["card_id"] for message in said for one in (message, *message.also)]
    assert len(named) == len(set(named)) == count
    assert max(1 + len(one.also) for one in said) <= MOST_TOGETHER


@pytest.mark.parametrize(("away", "together"), [(True, 5), (False, 0)])
def test_ends_that_stepped_aside_while_telegram_was_away_are_told_together(
    till: Till, *, away: bool, together: int
) -> None:
    several(till, 6)
    till.store.conn.execute("UPDATE outbox SET state = 'SENT' WHERE kind = 'card'")
    till.store.conn.execute("UPDATE outbox SET tries = 6, next_at_ms = next_at_ms + 1000 * (id - 1) WHERE kind = 'end'")
    head, *_ = till.do(lambda tx: outbox.ends_due(tx, SHOP, 9, away=True))
    claimed = till.do(lambda tx: outgoing.claim(tx, till.policy, head, away=away))
    assert claimed is not None
    assert len(claimed.also) == together


def test_ends_of_different_topics_are_not_told_together(till: Till) -> None:
    several(till, 3, thread_id=7)
    several(till, 3, thread_id=8)
    assert [len(one.also) for one in taken(till)] == [0] * 6


def test_what_is_told_together_makes_sound_if_one_of_them_does(till: Till) -> None:
    wish(till, sound=False)
    several(till, 5)
    review = till.pending(amount="99")
    till.do(lambda tx: cards.set_message(tx, till.card(review).id, 999, chat_id=SHOP))
    till.look(review, says(review, "FAILED", external_id="another"))
    assert [(one.silent, len(one.also)) for one in taken(till) if one.form is Form.END] == [(False, 5)]


def test_a_flood_takes_along_nothing_its_chat_does_not_wish(till: Till) -> None:
    wish(till, success=Told.CARD)
    several(till, 6, state="FAILED")
    several(till, 4)
    assert [len(one.also) for one in taken(till)] == [5]


def reminded(till: Till) -> Transaction:
    """A transaction that waits for approval and of which the admins are reminded."""
    txn = till.draft(amount="150")
    till.confirm(txn)
    till.do(lambda tx: telling.notice(tx, SHOP, "still_waiting", txn_id=txn.id))
    return txn


@pytest.mark.parametrize("decided", [False, True])
def test_a_reminder_is_not_told_when_it_is_decided_already(till: Till, *, decided: bool) -> None:
    txn = reminded(till)
    if decided:
        till.approve(txn)
    told = [one.payload["notice"] for one in taken(till) if one.form is Form.NOTICE]
    assert told == ([] if decided else ["still_waiting"])


@pytest.mark.parametrize("over", [False, True])
def test_that_mtn_refused_and_it_is_made_sure_is_not_told_when_it_is_sure(till: Till, *, over: bool) -> None:
    txn = till.sent()
    till.post(txn, PostOutcome.REFUSED, http_status=500, code="NOT_ENOUGH_FUNDS")
    if over:
        till.look(txn, says(txn, "SUCCESSFUL"))
    told = [one.payload["notice"] for one in taken(till) if one.form is Form.NOTICE]
    assert told == ([] if over else ["refused_making_sure"])


@pytest.mark.parametrize(("name", "said"), [("person_back", 0), ("frozen", 1), ("role_changed", 1)])
def test_a_chat_without_news_is_still_told_what_it_must_know(till: Till, name: str, said: int) -> None:
    wish(till, news=False)
    till.do(lambda tx: telling.notice(tx, SHOP, name))
    assert len(taken(till)) == said


def test_a_card_for_those_who_decide_is_never_silent(till: Till) -> None:
    till.do(lambda tx: wishes.put(tx, ADMIN_CHAT, Wishes(sound=False, quiet=Quiet(time(0), time(23, 59)))))
    till.confirm(till.draft(amount="150"))
    [asked] = [one for one in till.do(lambda tx: outbox.heads(tx, 9)) if one.chat_id == ADMIN_CHAT]
    claimed = till.do(lambda tx: outgoing.claim(tx, till.policy, asked))
    assert claimed is not None
    assert (claimed.form, claimed.silent, claimed.lane) == (Form.CARD, False, Lane.ANSWER)


def test_a_message_that_was_replaced_is_not_taken(till: Till) -> None:
    ended(till)
    till.store.conn.execute("UPDATE outbox SET state = 'SENT' WHERE kind = 'card'")
    [head] = [one for one in till.do(lambda tx: outbox.heads(tx, 9)) if one.chat_id == SHOP]
    assert till.do(lambda tx: outgoing.claim(tx, till.policy, head)) is not None
    assert till.do(lambda tx: outgoing.claim(tx, till.policy, head)) is None

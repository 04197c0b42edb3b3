from datetime import timedelta
from typing import Any

import pytest

from bot.store import outbox
from bot.store.bells import Bell
from bot.store.database import Tx
from bot.store.outbox import Form, Lane, Message
from tests.support.till import Till


def add(till: Till, text: str, chat: int = 1, lane: Lane = Lane.END, **keys: Any) -> None:
    till.do(lambda tx: outbox.add(tx, chat, Form.TEXT, lane, text=text, **keys))


def heads(till: Till) -> list[Message]:
    return till.do(lambda tx: outbox.heads(tx, 100))


def texts(till: Till) -> list[str]:
    return [message.payload["text"] for message in heads(till)]


def claim(till: Till) -> Message:
    """Take the first message into work."""
    message = heads(till)[0]
    assert till.do(lambda tx: outbox.mark_sending(tx, message.id))
    return message


def put_back(
    till: Till,
    message: Message,
    seconds: float,
    *,
    doubtful: bool = False,
    counts: bool = True,
    holds_chat: bool = True,
) -> None:
    at = till.clock() + timedelta(seconds=seconds)
    how = {"doubtful": doubtful, "counts": counts, "holds_chat": holds_chat}
    till.do(lambda tx: outbox.put_back(tx, message, at, "no answer", **how))


def test_a_chat_gets_its_messages_in_order(till: Till) -> None:
    for text in ("one", "two"):
        add(till, text)
    assert texts(till) == ["one"]


def test_chats_do_not_wait_for_each_other(till: Till) -> None:
    for chat in (1, 2):
        add(till, f"to {chat}", chat)
    assert texts(till) == ["to 1", "to 2"]


def test_an_answer_passes_an_end_and_an_end_passes_progress(till: Till) -> None:
    for lane in (Lane.PROGRESS, Lane.END, Lane.ANSWER):
        add(till, lane.name, lane=lane)
    told = []
    while waiting := texts(till):
        told += waiting
        claim(till)
    assert told == ["ANSWER", "END", "PROGRESS"]


def test_the_same_news_are_told_once(till: Till) -> None:
    add(till, "first", dedupe="end:1")
    till.do(lambda tx: outbox.mark_sent(tx, 1, 77))
    add(till, "second", dedupe="end:1")
    assert heads(till) == []


def test_only_the_newest_state_of_a_subject_is_told(till: Till) -> None:
    for text in ("sending", "waiting", "done"):
        add(till, text, subject="card:1")
    assert texts(till) == ["done"]
    assert till.ask("SELECT count(*) FROM outbox WHERE state = 'SKIPPED'") == [2]


def test_a_newer_state_is_as_urgent_as_the_one_it_replaces(till: Till) -> None:
    add(till, "old", lane=Lane.ANSWER, subject="card:1")
    add(till, "new", lane=Lane.PROGRESS, subject="card:1")
    assert heads(till)[0].lane is Lane.ANSWER


def test_an_end_is_never_replaced(till: Till) -> None:
    add(till, "end", dedupe="end:1")
    add(till, "card", lane=Lane.PROGRESS, subject="card:1")
    assert texts(till) == ["end"]


def test_a_message_is_claimed_once(till: Till) -> None:
    add(till, "one")
    claims = [till.do(lambda tx: outbox.mark_sending(tx, 1)) for _ in range(2)]
    assert claims == [True, False]


def test_a_message_put_back_holds_what_waits_behind_it(till: Till) -> None:
    add(till, "one")
    add(till, "two")
    put_back(till, claim(till), seconds=30)
    assert texts(till) == []
    till.clock.forward(seconds=30)
    assert texts(till) == ["one"]


def test_a_message_that_does_not_hold_its_chat_lets_the_next_one_go(till: Till) -> None:
    add(till, "one")
    add(till, "two")
    put_back(till, claim(till), seconds=30, holds_chat=False)
    assert texts(till) == ["two"]


def test_a_held_chat_holds_no_other(till: Till) -> None:
    add(till, "held")
    put_back(till, claim(till), seconds=30)
    add(till, "free", chat=2)
    assert texts(till) == ["free"]


def test_a_try_without_an_answer_makes_the_message_doubtful_for_good(till: Till) -> None:
    add(till, "one")
    put_back(till, claim(till), doubtful=True, seconds=0)
    put_back(till, claim(till), doubtful=False, seconds=0)
    assert heads(till)[0].doubtful


def test_a_try_counts_only_when_it_is_said_to(till: Till) -> None:
    add(till, "one")
    tries = []
    for counts in (True, False, True):
        put_back(till, claim(till), seconds=0, counts=counts)
        tries.append(heads(till)[0].tries)
    assert tries == [1, 1, 2]


def test_the_last_message_about_a_subject_says_whether_it_was_given_up(till: Till) -> None:
    dead = []
    for n in (1, 2):
        add(till, f"{n}", subject="card:1")
        dead.append(outbox.is_dead(till.store.conn, "card:1"))
        till.do(lambda tx, n=n: outbox.mark_dead(tx, n, "blocked"))
        dead.append(outbox.is_dead(till.store.conn, "card:1"))
    assert dead == [False, True, False, True]


def test_what_was_being_sent_when_the_process_died_is_sent_again_as_doubtful(till: Till) -> None:
    add(till, "one")
    claim(till)
    till.do(outbox.recover)
    assert heads(till)[0].doubtful


def test_what_was_delivered_is_not_sent_again_after_a_restart(till: Till) -> None:
    add(till, "one")
    till.do(lambda tx: outbox.mark_sent(tx, claim_id(till), 77))
    till.do(outbox.recover)
    assert heads(till) == []


def claim_id(till: Till) -> int:
    return int(till.ask("SELECT id FROM outbox")[0])


def test_a_dead_letter_stays_with_its_reason(till: Till) -> None:
    add(till, "one")
    till.do(lambda tx: outbox.mark_dead(tx, 1, "blocked"))
    assert heads(till) == []
    assert till.ask("SELECT error FROM outbox WHERE state = 'DEAD'") == ["blocked"]


def test_a_message_rolled_back_is_not_told(till: Till) -> None:
    def fails(tx: Tx) -> None:
        outbox.add(tx, 1, Form.TEXT, Lane.END, text="x")
        raise KeyError

    with pytest.raises(KeyError):
        till.do(fails)
    assert heads(till) == []


def test_the_next_wait_is_told(till: Till) -> None:
    add(till, "one")
    put_back(till, claim(till), seconds=30)
    assert till.do(outbox.next_later_at) == till.clock() + timedelta(seconds=30)
    till.clock.forward(seconds=31)
    assert till.do(outbox.next_later_at) is None


def test_a_new_message_wakes_the_postman(till: Till) -> None:
    bell = till.store.bells.listen(Bell.OUTBOX)
    add(till, "one")
    assert bell.is_set()


def test_what_a_message_was_about_is_known_by_its_id(till: Till) -> None:
    add(till, "one", chat=5, subject="balance:3")
    till.do(lambda tx: outbox.mark_sent(tx, 1, 77))
    assert outbox.subject_of(till.store.conn, 5, 77) == "balance:3"
    assert outbox.subject_of(till.store.conn, 6, 77) is None

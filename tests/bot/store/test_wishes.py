from datetime import time

import pytest

from bot.domain.wishes import Quiet, Told, Wishes
from bot.store import wishes
from tests.support.till import SHOP, Till

SOME = [
    Wishes(),
    Wishes(Told.HOURLY, Told.HOURLY, 5000, False, False, Quiet(time(22), time(6, 30)), time(19, 45), False, 7),
    Wishes(success=Told.CARD, closing_off=True),
]


@pytest.mark.parametrize("wished", SOME)
def test_what_a_chat_wishes_is_kept(till: Till, wished: Wishes) -> None:
    till.do(lambda tx: wishes.put(tx, SHOP, wished))
    assert wishes.of(till.store.conn, SHOP) == wished


def test_a_chat_that_never_said_any_is_told_everything(till: Till) -> None:
    assert wishes.of(till.store.conn, SHOP) == Wishes()


def test_new_wishes_replace_the_old_ones(till: Till) -> None:
    for wished in SOME:
        till.do(lambda tx, wished=wished: wishes.put(tx, SHOP, wished))
    assert wishes.of(till.store.conn, SHOP) == SOME[-1]


def test_the_topic_for_news_changes_nothing_else(till: Till) -> None:
    till.do(lambda tx: wishes.put(tx, SHOP, Wishes(sound=False)))
    till.do(lambda tx: wishes.take_thread(tx, SHOP, 9))
    assert wishes.of(till.store.conn, SHOP) == Wishes(sound=False, thread_id=9)


def test_wishes_move_with_their_chat_but_not_over_those_said_there(till: Till) -> None:
    for chat, wished in ((1, SOME[1]), (2, SOME[1]), (12, SOME[2])):
        till.do(lambda tx, chat=chat, wished=wished: wishes.put(tx, chat, wished))
    for old in (1, 2):
        till.do(lambda tx, old=old: wishes.move_chat(tx, old, 10 + old))
    assert [wishes.of(till.store.conn, chat) for chat in (11, 12)] == [SOME[1], SOME[2]]

from typing import Any

import pytest

from bot.store import inbox
from bot.store.bells import Bell
from bot.store.inbox import Stored
from bot.store.times import to_ms
from tests.support.till import Till


def keep(till: Till, *updates: tuple[int, int], in_order: bool = True) -> None:
    """Store (update id, chat id) pairs."""
    triples: list[tuple[int, int, dict[str, Any]]] = [(u, c, {"update_id": u}) for u, c in updates]
    till.do(lambda tx: inbox.store(tx, triples, in_order=in_order))


def heads(till: Till) -> list[int]:
    return [stored.update_id for stored in inbox.heads(till.store.conn, 100)]


def test_updates_and_the_offset_behind_them_are_stored_together(till: Till) -> None:
    keep(till, (7, 1), (8, 1))
    assert till.do(inbox.offset) == 9
    assert inbox.heads(till.store.conn, 1) == [Stored(7, 1, {"update_id": 7}, 0)]


def test_before_the_first_update_the_offset_is_nothing(till: Till) -> None:
    assert till.do(inbox.offset) == 0


def test_a_batch_that_fails_leaves_no_update_and_no_offset(till: Till) -> None:
    with pytest.raises(TypeError):
        till.do(lambda tx: inbox.store(tx, [(7, 1, {}), (8, 1, {"not": {"json"}})]))
    assert heads(till) == []
    assert till.do(inbox.offset) == 0


def test_an_update_seen_before_changes_nothing(till: Till) -> None:
    keep(till, (7, 1))
    inbox.mark_done(till.store.conn, 7)
    keep(till, (7, 1))
    assert heads(till) == []


def test_a_webhooks_update_leaves_the_offset_alone(till: Till) -> None:
    keep(till, (7, 1))
    keep(till, (20, 1), in_order=False)
    assert till.do(inbox.offset) == 8


def test_storing_wakes_the_worker(till: Till) -> None:
    bell = till.store.bells.listen(Bell.INBOX)
    keep(till, (7, 1), in_order=False)
    assert bell.is_set()


def test_each_chat_has_its_oldest_update_at_the_head(till: Till) -> None:
    keep(till, (1, 10), (2, 20), (3, 10), (4, 30))
    assert heads(till) == [1, 2, 4]


def test_what_comes_after_waits_until_the_one_before_is_done(till: Till) -> None:
    keep(till, (1, 10), (2, 10))
    assert inbox.mark_done(till.store.conn, 1)
    assert heads(till) == [2]


def test_an_update_is_done_once(till: Till) -> None:
    keep(till, (1, 10))
    assert [inbox.mark_done(till.store.conn, 1) for _ in range(2)] == [True, False]


def test_the_last_try_allowed_makes_a_dead_letter(till: Till) -> None:
    keep(till, (1, 10), (2, 10))
    dead = [inbox.mark_failed(till.store.conn, 1, "KeyError: x", 3) for _ in range(3)]
    assert dead == [False, False, True]
    assert till.ask("SELECT error FROM inbox WHERE done = 2") == ["KeyError: x"]
    assert heads(till) == [2]


def test_an_update_that_is_done_fails_no_more(till: Till) -> None:
    keep(till, (1, 10))
    inbox.mark_done(till.store.conn, 1)
    assert not inbox.mark_failed(till.store.conn, 1, "late", 1)


def test_bodies_are_emptied_but_not_those_still_waiting(till: Till) -> None:
    keep(till, (1, 10), (2, 10))
    inbox.mark_done(till.store.conn, 1)
    till.clock.forward(days=7, seconds=1)
    week_ago = to_ms(till.clock()) - 7 * 24 * 3600 * 1000
    till.do(lambda tx: inbox.forget_bodies(tx, week_ago))
    assert till.ask("SELECT body IS NULL FROM inbox ORDER BY update_id") == [1, 0]


def test_the_body_of_a_fresh_update_stays(till: Till) -> None:
    keep(till, (1, 10))
    inbox.mark_done(till.store.conn, 1)
    till.do(lambda tx: inbox.forget_bodies(tx, to_ms(tx.now)))
    assert till.ask("SELECT body IS NULL FROM inbox") == [0]


# --- the offset


@pytest.mark.parametrize(("quiet", "offset"), [({"days": 6}, 8), ({"days": 6, "seconds": 1}, 0)])
def test_after_a_quiet_week_everything_is_asked_for_since_ids_may_begin_lower(
    till: Till, quiet: dict[str, float], offset: int
) -> None:
    keep(till, (7, 1))
    till.clock.forward(**quiet)
    assert till.do(inbox.offset) == offset


def test_a_lower_id_after_a_quiet_week_is_a_new_update_and_the_offset_goes_on_behind_it(till: Till) -> None:
    keep(till, (7, 1))
    till.clock.forward(days=8)
    keep(till, (3, 2))
    assert heads(till) == [3, 7]
    assert till.do(inbox.offset) == 4

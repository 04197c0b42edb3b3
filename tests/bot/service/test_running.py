"""What the program asks of its database at the start and while it runs: account, health, absence, updates."""

from datetime import timedelta
from typing import Any

import pytest

from bot.service import accounts, away, health, updates_in
from bot.service.accounts import ForeignAccount
from bot.store import inbox
from bot.store.times import to_ms
from tests.support.till import NOT_FOUND, Till


def bind(till: Till, url: str = "https://momo.test", environment: str = "sandbox", currency: str = "EUR") -> None:
    till.do(lambda tx: accounts.bind(tx, url, environment, currency))


def test_a_database_stays_with_the_account_it_was_made_for(till: Till) -> None:
    for _ in range(2):
        bind(till)


@pytest.mark.parametrize(
    "other", [{"url": "https://other.test"}, {"environment": "mtnuganda"}, {"currency": "UGX"}], ids=str
)
def test_another_account_is_refused(till: Till, other: dict[str, str]) -> None:
    bind(till)
    with pytest.raises(ForeignAccount, match="belongs to"):
        bind(till, **other)


def test_a_till_with_nothing_overdue_is_ready(till: Till) -> None:
    till.pending()
    lags = till.do(health.lags)
    assert lags.ready
    assert lags.poll == timedelta(0)


def test_a_lookup_a_minute_overdue_is_not_ready(till: Till) -> None:
    till.pending()
    till.store.conn.execute("UPDATE outbox SET state = 'SENT'")
    till.clock.forward(seconds=62)
    lags = till.do(health.lags)
    assert (lags.ready, lags.poll, lags.outbox) == (False, timedelta(minutes=1), timedelta(0))


def test_a_message_a_minute_overdue_is_not_ready(till: Till) -> None:
    till.draft()
    till.clock.forward(seconds=60)
    assert not till.do(health.lags).ready


def test_a_message_that_telegram_does_not_take_is_late_though_its_next_try_is_still_to_come(till: Till) -> None:
    till.draft()
    till.store.conn.execute("UPDATE outbox SET tries = 3, next_at_ms = next_at_ms + 90000")
    till.clock.forward(seconds=60)
    assert till.do(health.lags).why == ["outbox"]


def test_a_message_held_back_as_its_chat_wishes_is_not_late(till: Till) -> None:
    till.draft()
    till.store.conn.execute("UPDATE outbox SET held = 1, next_at_ms = next_at_ms + 3600000")
    till.clock.forward(minutes=59)
    assert till.do(health.lags).ready


def test_a_database_that_was_not_written_for_a_minute_is_not_ready(till: Till) -> None:
    till.do(away.note_alive)
    till.clock.forward(seconds=60)
    assert till.do(health.lags).why == ["database"]


def test_after_a_long_absence_a_desk_with_open_transactions_is_told(till: Till) -> None:
    txn = till.pending()
    till.do(away.note_alive)
    till.clock.forward(minutes=20)
    till.do(away.say_back)
    [told] = till.told("notice")
    assert txn.short_code in told
    assert '"minutes": 20' in told


@pytest.mark.parametrize("minutes", [1, 5])
def test_a_short_absence_is_not_worth_a_word(till: Till, minutes: int) -> None:
    till.pending()
    till.do(away.note_alive)
    till.clock.forward(minutes=minutes)
    till.do(away.say_back)
    assert till.told("notice") == []


@pytest.mark.parametrize(("gap", "seen"), [({"seconds": 5}, 3), ({"minutes": 6}, 0), ({"days": 1}, 0)])
def test_over_time_the_bot_has_not_lived_nothing_is_proved(till: Till, gap: dict[str, float], seen: int) -> None:
    txn = till.sent()
    till.do(away.note_alive)
    for _ in range(3):
        till.look(txn, NOT_FOUND)
    till.clock.forward(**gap)
    till.do(away.note_alive)
    assert till.get(txn).not_found == seen


def test_after_a_clock_far_ahead_was_set_right_nothing_waits_for_that_time(till: Till) -> None:
    open_one, undecided = till.pending(), till.draft(amount="7")
    till.do(away.note_alive)
    till.clock.forward(days=-400)
    till.do(away.come_down)
    now = till.clock()
    assert till.get(open_one).next_at == till.get(open_one).lease_until == till.get(undecided).expires_at == now
    assert till.ask("SELECT count(*) FROM outbox WHERE state = 'NEW' AND next_at_ms > ?", to_ms(now)) == [0]


def test_a_clock_that_is_right_changes_no_deadline(till: Till) -> None:
    undecided = till.draft()
    till.do(away.note_alive)
    till.do(away.come_down)
    assert till.get(undecided) == undecided


def test_a_first_start_was_no_absence(till: Till) -> None:
    till.pending()
    till.do(away.say_back)
    assert till.told("notice") == []


@pytest.mark.parametrize(
    ("update", "chat"),
    [
        ({"update_id": 1, "message": {"chat": {"id": 5}}}, 5),
        ({"update_id": 1, "callback_query": {"id": "9", "message": {"chat": {"id": -5}}}}, -5),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": 7}}}, 7),
        ({"update_id": 1, "inline_query": {"id": "x"}}, 0),
        ({"update_id": 1, "message": {"chat": {"id": "not a number"}}}, 0),
        ({"update_id": 1, "message": {"chat": None, "message": None}}, 0),
        ({"update_id": 1}, 0),
    ],
)
def test_an_update_is_ordered_within_the_chat_it_names(update: dict[str, Any], chat: int) -> None:
    assert updates_in.order_key(update) == chat


async def test_fetched_updates_move_the_offset_and_brought_ones_do_not(till: Till) -> None:
    await updates_in.keep(till.store, [{"update_id": 5}])
    await updates_in.keep(till.store, [{"update_id": 9}], in_order=False)
    assert till.do(inbox.offset) == 6
    assert till.ask("SELECT update_id FROM inbox") == [5, 9]

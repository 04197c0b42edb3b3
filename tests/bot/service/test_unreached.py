"""Telegram was away: what was missed is said once it is back, and only if it was long."""

import json

import pytest

from bot.service import away, unreached
from bot.store import outbox
from bot.store.outbox import Form, Lane
from tests.support.till import SHOP, Till, says


def told(till: Till, name: str = "telegram_back") -> list[dict[str, object]]:
    return [facts for facts in map(json.loads, till.told("notice")) if facts["notice"] == name]


def lost_for(till: Till, minutes: float, *, delivered: bool = True) -> bool:
    till.do(unreached.missed)
    till.clock.forward(minutes=minutes)
    till.do(unreached.missed)
    return till.do(lambda tx: unreached.heard(tx, delivered=delivered))


def test_after_a_long_outage_a_till_is_told_how_long_what_ended_and_what_is_open(till: Till) -> None:
    ended, still_open = till.pending(), till.pending(amount="3")
    till.do(unreached.missed)
    till.clock.forward(minutes=12)
    till.look(ended, says(ended, "SUCCESSFUL"))
    till.do(lambda tx: unreached.heard(tx, delivered=True))
    [facts] = told(till)
    assert (facts["minutes"], facts["changed"], facts["open"]) == (12, [ended.short_code], [still_open.short_code])
    assert till.ask("SELECT lane FROM outbox WHERE payload ->> 'notice' = 'telegram_back'") == [Lane.ANSWER]


@pytest.mark.parametrize(("minutes", "times"), [(5, 0), (5.1, 1)])
def test_a_short_outage_is_not_worth_saying(till: Till, minutes: float, times: int) -> None:
    till.pending()
    lost_for(till, minutes)
    assert len(told(till)) == times


def test_an_outage_is_told_once(till: Till) -> None:
    till.pending()
    lost_for(till, 10)
    till.do(lambda tx: unreached.heard(tx, delivered=True))
    assert len(told(till)) == 1


def test_a_till_that_missed_nothing_hears_nothing(till: Till) -> None:
    lost_for(till, 10)
    assert told(till) == []


def test_updates_alone_do_not_end_it_while_messages_do_not_get_through(till: Till) -> None:
    till.pending()
    till.do(lambda tx: outbox.add(tx, SHOP, Form.TEXT, Lane.END, text="x"))
    till.store.conn.execute("UPDATE outbox SET tries = 2 WHERE kind = 'text'")
    assert not lost_for(till, 10, delivered=False)
    assert told(till) == []
    till.store.conn.execute("UPDATE outbox SET state = 'SENT' WHERE kind = 'text'")
    assert till.do(lambda tx: unreached.heard(tx, delivered=False))
    assert len(told(till)) == 1


def test_telegram_away_before_and_after_a_restart_is_one_absence(till: Till) -> None:
    till.pending()
    till.do(away.note_alive)
    till.do(unreached.missed)
    till.clock.forward(minutes=20)
    till.do(away.note_alive)
    till.clock.forward(minutes=1)
    till.do(away.say_back)
    till.do(lambda tx: unreached.reached(tx, tx.now))
    assert [facts["minutes"] for facts in told(till, "was_away")] == [21]
    assert told(till) == []


def test_telegram_that_is_not_reached_at_the_start_is_told_of_as_well(till: Till) -> None:
    till.pending()
    began = till.clock()
    till.clock.forward(minutes=30)
    till.do(lambda tx: unreached.reached(tx, began))
    assert [facts["minutes"] for facts in told(till)] == [30]

"""The hours without MTN and without Telegram, made short."""

from tests.simulation import mtn_away, telegram_away


def test_while_mtn_is_away_nothing_moves_twice_and_nothing_is_called_failed_that_is_not() -> None:
    found = mtn_away.play(1, mtn_away.SMALL)
    assert found.problems() == []
    assert found.looks[-1].minutes == 30
    assert found.retries_pressed > 0
    assert sum(found.ended.values()) == mtn_away.SMALL.transactions + mtn_away.BEFORE


def test_what_waited_for_telegram_is_told_within_its_pace_in_few_messages() -> None:
    found = telegram_away.play(1, telegram_away.SMALL)
    assert found.problems() == []
    assert found.told == found.waiting == telegram_away.SMALL.transactions
    assert found.messages < found.told / 2

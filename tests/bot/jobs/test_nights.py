"""What is done once a night, by the till's own time."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.jobs import nights
from tests.support.clock import Clock
from tests.support.store import MemoryStore

KAMPALA = ZoneInfo("Africa/Kampala")  # three hours ahead of UTC


def test_it_is_due_once_a_local_day_from_three_in_the_morning_on() -> None:
    clock = Clock()
    store = MemoryStore(clock)
    done = []
    for _ in range(24 * 12 * 3):
        day = store.do(lambda tx: nights.due(tx, KAMPALA, "draw"))
        if day is not None:
            store.do(lambda tx, day=day: nights.done(tx, "draw", day))
            done.append((clock() + timedelta(hours=3)).strftime("%d %H:%M"))
        clock.forward(minutes=5)
    assert done == ["05 12:00", "06 03:00", "07 03:00", "08 03:00"]

from datetime import timedelta
from pathlib import Path

from bot.store.space import ENOUGH_AGAIN, LEAST, Space, free_bytes
from tests.support.clock import Clock


class Disk:
    """Says how much is free, and counts how often it was asked."""

    def __init__(self, *answers: int | OSError) -> None:
        self._answers = list(answers)
        self.asked = 0

    def __call__(self, _: Path) -> int:
        self.asked += 1
        answer = self._answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer


def looks(disk: Disk, times: int, every: timedelta = timedelta(seconds=10)) -> list[bool]:
    space, clock, found = Space(Path("till.db"), disk), Clock(), []
    for _ in range(times):
        found.append(space.is_cramped(clock()))
        clock.forward(seconds=every.total_seconds())
    return found


def test_a_disk_with_less_than_the_least_is_cramped() -> None:
    assert looks(Disk(LEAST, LEAST - 1), 2) == [False, True]


def test_it_is_over_only_when_clearly_more_is_free() -> None:
    assert looks(Disk(LEAST - 1, LEAST, ENOUGH_AGAIN - 1, ENOUGH_AGAIN, LEAST), 5) == [True, True, True, False, False]


def test_the_disk_is_not_asked_at_every_transaction() -> None:
    disk = Disk(LEAST, LEAST)
    looks(disk, 19, every=timedelta(seconds=1))
    assert disk.asked == 2


def test_a_disk_that_cannot_be_asked_is_as_it_was() -> None:
    assert looks(Disk(OSError(), LEAST - 1, OSError(), ENOUGH_AGAIN), 4) == [False, True, True, False]


def test_a_real_disk_answers(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "till.db") > 0

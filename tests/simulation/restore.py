"""An older copy of the database is put back while the reference journal stays, as an operator does after a loss.

What a restore makes meaningless is forgotten here with it: what the judge remembers of rows that are gone. What MTN
has, what the chats were told and what people pressed stays, and must fit whatever the copy does next.
"""

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.store import facts

if TYPE_CHECKING:
    from tests.simulation.world import World

# An operator needs a while; what was on its way to a chat is there by then.
SHORTEST_WORK, LONGEST_WORK = 5.0, 120.0


@dataclass(frozen=True, slots=True)
class Marks:
    """How far the shadow tables and the trail had come, and since when each transaction was in each state."""

    seen: int
    tried: int
    audit: int
    since: dict[tuple[int, str], float]


@dataclass(frozen=True, slots=True)
class Copy:
    """A backup, and what the judge knew of it."""

    database: sqlite3.Connection
    marks: Marks


class Restore:
    """Takes a copy at one moment of a world and puts it back at another."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._r = world.chance("restore")
        self.going_on = False
        self.done = 0

    def plan(self) -> None:
        """Have both happen when the knobs say."""
        if self._world.knobs.restored is not None:
            taken, back = self._world.knobs.restored
            self._world.loop.call_at(taken, lambda: self._world.loop.call_later(back, self._put_back, self._take()))

    def _take(self) -> Copy:
        self._world.note("backup", "taken")
        database = sqlite3.connect(":memory:")
        self._world.conn.backup(database)
        return Copy(database, self._world.judge.marks())

    def _put_back(self, copy: Copy) -> None:
        """End whatever runs, put the copy in its place under a name of its own, and start the bot after a while."""
        world, life = self._world, self._world.life
        world.note("restore", f"done to life {life and life.number}")
        if life is not None:
            life.dead = True
        self.going_on, self.done = True, self.done + 1
        copy.database.backup(world.conn)  # temporary tables and triggers stay
        copy.database.close()
        facts.renew_incarnation(world.conn, f"copy {self._r.random()}")
        world.judge.forget_since(copy.marks)
        world.alarms.restored()
        world.loop.call_later(self._r.uniform(SHORTEST_WORK, LONGEST_WORK), self._start)

    def _start(self) -> None:
        self.going_on = False
        self._world.start_bot()


def is_forgotten(conn: sqlite3.Connection, reference_id: str) -> bool:
    """Tell whether the bot follows, or has followed, what a copy had forgotten under this reference id."""
    return conn.execute("SELECT 1 FROM forgotten WHERE reference_id = ?", (reference_id,)).fetchone() is not None

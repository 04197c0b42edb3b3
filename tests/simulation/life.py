"""One life of the bot, from a start to a sudden death, and the reasons for dying.

A life that is over does nothing any more: whatever it does next ends at the next boundary, for ever. What it had
put on its way goes on.
"""

import asyncio
import random
from typing import TYPE_CHECKING, Protocol

from bot.app import Bot
from bot.domain.steady import Steady
from bot.service import away
from bot.store.bells import Bells
from bot.store.journal import Contents
from bot.store.journal import Line as Entry
from bot.wiring import Outside
from tests.simulation.disk import DiskFailed
from tests.simulation.store import LifeStore
from tests.simulation.telegram import Line
from tests.simulation.wire import Wire

if TYPE_CHECKING:
    from tests.simulation.world import World

SHORTEST_AWAY, LONGEST_AWAY = 0.1, 120.0


class Kills(Protocol):
    """Decides at which boundary the bot dies."""

    struck: int

    def strikes(self, number: int, where: str) -> bool: ...


class ByChance:
    """Up to so many deaths, at any boundary; likelier around a call to MTN."""

    def __init__(self, r: random.Random, rate: float, most: int) -> None:
        self._r, self._rate, self._left = r, rate, most
        self.struck = 0

    def strikes(self, number: int, where: str) -> bool:
        """Tell whether the bot dies at this boundary."""
        rate = self._rate * (5 if where.startswith("mtn") else 1)
        if self._left == 0 or self._r.random() >= rate:
            return False
        self._left -= 1
        self.struck += 1
        return True


class At:
    """Death at the boundaries with these numbers."""

    def __init__(self, *numbers: int) -> None:
        self._numbers = frozenset(numbers)
        self.struck = 0

    def strikes(self, number: int, where: str) -> bool:
        """Tell whether the bot dies at this boundary."""
        self.struck += number in self._numbers
        return number in self._numbers


class LifeJournal:
    """The reference journal as one life writes it: it may die before a line is on disk, and after."""

    def __init__(self, life: "Life") -> None:
        self._life = life

    async def read(self) -> Contents | None:
        """Read the world's journal."""
        return await self._life.world.journal.read()

    async def set_aside_before(self) -> tuple[Entry, ...]:
        """Read the journals that were set aside."""
        return await self._life.world.journal.set_aside_before()

    async def begin(self, incarnation: str) -> None:
        """Begin a new journal."""
        await self._life.boundary("begin journal")
        await self._life.world.journal.begin(incarnation)
        await self._life.boundary("journal begun")

    async def append(self, line: Entry) -> None:
        """Add a line."""
        await self._life.boundary("journal>")
        if self._life.world.journal_fails():
            raise OSError(28, "No space left on device")
        await self._life.world.journal.append(line)
        await self._life.boundary("journal<")

    async def set_aside(self) -> None:
        """Keep the journal apart."""
        await self._life.boundary("set aside")
        await self._life.world.journal.set_aside()
        await self._life.boundary("was set aside")


class Life:
    """One process of the bot."""

    def __init__(self, world: "World", number: int) -> None:
        self.world = world
        self.number = number
        self.dead = False
        self._held: list[asyncio.Future[None]] = []
        self.clock = Steady(world.clock, world.clock.seconds)
        self._failed = False
        bells = Bells()
        self.store = LifeStore(self, bells)
        outside = Outside(
            clock=self.clock,
            seconds=world.clock.seconds,
            entropy=world.chance("entropy"),
            momo=Wire(self),
            telegram=Line(self),
            journal=LifeJournal(self),
        )
        self.bot = Bot(world.settings, self.store, bells, outside)
        self._running = world.loop.create_task(self._run())

    async def boundary(self, where: str) -> None:
        """Pass a point at which the bot may die; one that has died stays here."""
        if self.struck(where):
            await self.forever()

    def struck(self, where: str) -> bool:
        """Tell whether the bot is dead, or dies here."""
        if not self.dead and self.world.strikes(where):
            self.die(where)
        return self.dead

    async def forever(self) -> None:
        """Do nothing any more."""
        if self.world.over:
            raise asyncio.CancelledError
        held = self.world.loop.create_future()
        self._held.append(held)  # a task that only its own future knows would be collected
        await held

    def die(self, where: str) -> None:
        """Be gone at once; another process is started a while later."""
        self.dead = True
        self.world.note("death", f"{self.number} at {where}")
        r = random.Random(f"{self.world.seed} away {self.world.boundaries}")
        away = r.choice((SHORTEST_AWAY, r.uniform(SHORTEST_AWAY, 5), r.uniform(5, LONGEST_AWAY)))
        self.world.loop.call_later(away, self.world.start_bot)

    async def stop(self) -> None:
        """Be stopped politely by the operator, and started again."""
        self.world.note("stop", str(self.number))
        await self.bot.stop()
        if not self.dead:
            self.die("stopped")

    def fail(self) -> None:
        """The store failed: end as the program does then, and be started again."""
        if not self._failed:
            self._failed = True
            self.world.spawn(self.stop())

    async def _run(self) -> None:
        try:
            self.clock.not_before(await self.store.tx(away.last_alive))
            await self.bot.recover()
            await self.bot.start()
        except DiskFailed:
            return
        except Exception as error:  # noqa: BLE001 - whatever ends the program is a finding
            self.world.judge.fail("S1", f"the bot did not start: {error!r}")

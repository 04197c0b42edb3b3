"""One life of the bot, from a start to a sudden death, and the reasons for dying.

A life that is over does nothing any more: whatever it does next ends at the next boundary, for ever. What it had
put on its way goes on.
"""

import asyncio
import random
from typing import TYPE_CHECKING, Protocol

from bot.app import Bot, Outside
from bot.store.bells import Bells
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


class Life:
    """One process of the bot."""

    def __init__(self, world: "World", number: int) -> None:
        self.world = world
        self.number = number
        self.dead = False
        self._held: list[asyncio.Future[None]] = []
        bells = Bells()
        self.store = LifeStore(self, bells)
        outside = Outside(
            clock=world.clock,
            seconds=world.clock.seconds,
            entropy=world.chance("entropy"),
            momo=Wire(self),
            telegram=Line(self),
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

    async def _run(self) -> None:
        try:
            await self.bot.recover()
            await self.bot.start()
        except Exception as error:  # noqa: BLE001 - whatever ends the program is a finding
            self.world.judge.fail("S1", f"the bot did not start: {error!r}")

"""MTN is away for an hour while the shop goes on confirming; half an hour later everything must stand where it may.

The simulation's judge watches every commit, every call and every message of it, and holds each final row against
MTN's books. When the goal's moment is over, whoever was offered a Retry presses it, and all must come to rest.
"""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from tests.simulation.endings import retries_offered
from tests.simulation.knobs import HOUR, MINUTE, Knobs
from tests.simulation.shopping import Cashiers, LongDay
from tests.simulation.world import GOAL_AFTER, World, no_garbage

OPENING, BEFORE = MINUTE, 2  # all is well, and something of each kind is sent
PRESSING = 0.5
LOOKS_EVERY = 5 * MINUTE
ENDED_BADLY = frozenset({"FAILED", "REJECTED", "UNSENT"})


@dataclass(frozen=True, slots=True)
class Scale:
    """How long MTN is away, and how many confirm meanwhile, one after another."""

    transactions: int
    away: float
    cashiers: int


FULL, SMALL = Scale(3600, HOUR, 20), Scale(60, 15 * MINUTE, 6)


@dataclass(slots=True)
class Look:
    """Where everything stands so long after MTN is back."""

    minutes: float
    states: Counter[str]
    retries: int


@dataclass(slots=True)
class Found:
    """What came of it. Who was told of a failure, by what MTN's books say of it; how often money moved for each."""

    shares: tuple[float, float, float]
    looks: list[Look] = field(default_factory=list)
    told_failed: Counter[str] = field(default_factory=Counter)
    moved: Counter[int] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    retries_pressed: int = 0
    ended: dict[str, int] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    def wrongly_failed(self) -> int:
        """Return of how many it was told that they failed, when MTN had not said so and had them."""
        return sum(count for state, count in self.told_failed.items() if state not in ("FAILED", "never there"))

    def moved_twice(self) -> int:
        """Return for how many money moved more than once."""
        return sum(count for times, count in self.moved.items() if times > 1)

    def problems(self) -> list[str]:
        """Return what is not as it must be: what the judge saw, and what MTN's books say."""
        counted = {"called failed wrongly": self.wrongly_failed(), "moved twice": self.moved_twice()}
        return [*self.violations, *(f"{count} {what}" for what, count in counted.items() if count)]


class Trade(Cashiers):
    """One confirmation after another, whatever MTN does."""

    def __init__(self, world: World, scale: Scale, found: Found) -> None:
        super().__init__(world, scale.cashiers)
        self._scale, self._found = scale, found

    async def live(self) -> None:
        """Trade until MTN is back."""
        for _ in range(BEFORE):
            self.order()
        await asyncio.sleep(OPENING)
        for _ in range(self._scale.transactions):
            self.order()
            await asyncio.sleep(self._scale.away / self._scale.transactions)
        later = self.world.loop.call_later
        for number in range(int(GOAL_AFTER / LOOKS_EVERY) + 1):
            later(number * LOOKS_EVERY, self._look, number * LOOKS_EVERY / MINUTE)
        later(GOAL_AFTER + MINUTE, self._try_again)

    def _try_again(self) -> None:
        self._found.retries_pressed = self.press_retries(PRESSING)

    def _look(self, minutes: float) -> None:
        states = self.world.conn.execute("SELECT state, count(*) FROM txn GROUP BY state").fetchall()
        self._found.looks.append(Look(minutes, Counter(dict(states)), len(retries_offered(self.world))))

    def look_back(self) -> None:
        """Hold what was said and done against MTN's books."""
        found, sandbox, world = self._found, self.world.network.sandbox, self.world
        there = sandbox.transactions
        moved = Counter(effect.reference_id for effect in sandbox.ledger.effects)
        for row in world.conn.execute("SELECT reference_id, short_code FROM txn").fetchall():
            known, said = there.get(row["reference_id"]), world.sayings.states[row["short_code"]]
            found.moved[moved[row["reference_id"]]] += 1
            if said & ENDED_BADLY:
                found.told_failed[known.status if known else "never there"] += 1
        counted = "SELECT source, count(*) FROM observation GROUP BY source"
        found.calls.update(dict(world.conn.execute(counted).fetchall()))
        found.messages = sum(event.by_bot and event.kind == "message" for event in world.telegram.api.transcript)


def shares_of(seed: int) -> tuple[float, float, float]:
    """Return how MTN is away in this world: refusing, silent, erring, or losing answers, each at least a little."""
    r = random.Random(f"{seed} away")
    parts = [r.uniform(0.05, 1) for _ in range(4)]
    first, second, third, _ = (part / sum(parts) for part in parts)
    return first, first + second, first + second + third


def play(seed: int, scale: Scale) -> Found:
    """Let the hour pass and everything come to rest; return what was found."""
    found = Found(shares_of(seed))
    knobs = Knobs(outages=[(OPENING, OPENING + scale.away)], outage_shares=found.shares, limits=True)
    with no_garbage():
        world = LongDay(seed, knobs)
        trade = Trade(world, scale, found)
        outcome = world.last(trade)
    found.ended, found.violations = outcome.states, outcome.violations
    return found

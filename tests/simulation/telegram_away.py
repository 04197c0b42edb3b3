"""Telegram is away for an hour, in which MTN ends what was confirmed before: thousands of messages wait, then go.

Each chat must hear of each end, many in one message, within Telegram's pace, and twice only where an answer of
Telegram's was lost. Telegram's double counts as Telegram does, and loses some answers while the messages go out.
"""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from bot.playground.events import Event
from bot.playground.faults import RateLimits
from bot.playground.refusals import Refusal
from bot.service.outgoing import MOST_TOGETHER
from tests.simulation.knobs import DAY, HOUR, MINUTE, Knobs
from tests.simulation.sayings import CODE
from tests.simulation.shopping import Cashiers, LongDay
from tests.simulation.world import no_garbage

LOST_ANSWERS = 0.005
FAILING = 10  # one of so many ends badly
IN_GROUPS = 25  # one of so many is typed in a group
REPEAT = "(repeat)"
LONGEST = 2 * HOUR
WAITING = "outbox WHERE state IN ('NEW', 'SENDING')"
FIRST_ORDERS, LATEST = 5.0, DAY


@dataclass(frozen=True, slots=True)
class Scale:
    """How much was confirmed before Telegram went, how fast, by how many, and how long it stays away."""

    transactions: int
    every: float
    away: float
    cashiers: int


FULL, SMALL = Scale(5000, 0.4, HOUR, 60), Scale(120, 1.0, 5 * MINUTE, 6)


@dataclass(slots=True)
class Found:
    """What came of it; times in seconds since Telegram was back."""

    waiting: int = 0
    told: int = 0
    last_told: float = 0.0
    quiet_after: float = 0.0
    messages: int = 0
    edits: int = 0
    repeats: int = 0
    unmarked: int = 0  # said again without saying so
    answers_lost: int = 0
    refused: int = 0  # by Telegram: too fast
    busiest: Counter[str] = field(default_factory=Counter)
    untold: int = 0
    violations: list[str] = field(default_factory=list)

    def problems(self) -> list[str]:
        """Return what is not as it must be. What was said again is explained by a lost answer, and says so."""
        unexplained = max(self.repeats - MOST_TOGETHER * self.answers_lost, 0)
        counted = {
            "not told": self.untold,
            "told again for no reason": unexplained,
            "told again unmarked": self.unmarked,
        }
        slow = {"times too fast for Telegram": self.refused}
        return [*self.violations, *(f"{count} {what}" for what, count in (counted | slow).items() if count)]


class CountedLimits(RateLimits):
    """Telegram's limits, which remember how often they had to refuse."""

    refused = 0

    def count(self, chat_id: int) -> None:
        """Count a message, or refuse it."""
        try:
            super().count(chat_id)
        except Refusal:
            self.refused += 1
            raise


class Waiting(Cashiers):
    """Everything is confirmed before Telegram goes; then nobody can say anything, and MTN ends it all."""

    def __init__(self, world: LongDay, scale: Scale, found: Found) -> None:
        super().__init__(world, scale.cashiers)
        self._scale, self._found = scale, found
        self._limits = world.telegram.api.limits = CountedLimits(world.clock.stamp)
        self._back: float | None = None
        self._sent: defaultdict[int, list[float]] = defaultdict(list)
        self._heard: set[str] = set()

    async def live(self) -> None:
        """Trade; then wait until Telegram is back and has taken what there is."""
        await asyncio.sleep(FIRST_ORDERS)
        for n in range(self._scale.transactions):
            self.order(in_group=n % IN_GROUPS == 0)
            await asyncio.sleep(self._scale.every)
        await self._none("txn WHERE state IN ('DRAFT', 'READY', 'UNKNOWN')")
        await self._none(WAITING)
        await self._hour()
        await self._none(WAITING)
        self._found.quiet_after = self.world.loop.time() - (self._back or 0.0)

    async def _none(self, rows: str) -> None:
        for _ in range(int(LONGEST)):
            if self._count(rows) == 0:
                return
            await asyncio.sleep(1)
        self.world.judge.fail("L1", f"after {LONGEST:.0f} s there still are {rows}")

    def _count(self, rows: str) -> int:
        return int(self.world.conn.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])  # noqa: S608 - ours

    async def _hour(self) -> None:
        now, away = self.world.loop.time(), self._scale.away
        self.world.knobs.telegram_outage = now, now + away
        self.world.knobs.drop_after = LOST_ANSWERS
        lost = self.world.telegram.delivered_in_doubt
        rows = self.world.conn.execute("SELECT reference_id FROM txn ORDER BY id").fetchall()
        for n, row in enumerate(rows):
            reason = "EXPIRED" if n % FAILING == 0 else None
            at = now + away * 0.6 * n / len(rows)
            self.world.loop.call_at(at, self.world.network.end, row["reference_id"], reason)
        await asyncio.sleep(away)
        self._found.waiting = self._count(f"{WAITING} AND kind = 'end'")
        self._back, self._limits.refused = self.world.loop.time(), 0
        self._found.answers_lost = -lost

    def see(self, event: Event) -> None:
        """Write down what was said when, and whether it was said before."""
        super().see(event)
        if self._back is None or event.kind == "answer":
            return
        found, since = self._found, self.world.loop.time() - self._back
        if event.kind == "edit":
            found.edits += 1
            return
        found.messages += 1
        self._sent[event.chat_id or 0].append(since)
        for part in event.text.split("\n\n"):
            self._take(part, since, says_so=REPEAT in event.text)

    def _take(self, text: str, since: float, *, says_so: bool) -> None:
        code = next((one for match in CODE.finditer(text) for one in match.groups() if one), None)
        if code is None or not text.startswith(("✅", "❌")):
            return
        if code in self._heard:
            self._found.repeats += 1
            self._found.unmarked += not says_so
        else:
            self._found.told, self._found.last_told = self._found.told + 1, since
        self._heard.add(code)

    def look_back(self) -> None:
        """Say how fast it went."""
        found = self._found
        found.refused, found.untold = self._limits.refused, self._scale.transactions - found.told
        found.answers_lost += self.world.telegram.delivered_in_doubt
        everywhere = sorted(at for sent in self._sent.values() for at in sent)
        found.busiest["all chats, 1 s"] = _most(everywhere, 1)
        for chat_id, sent in self._sent.items():
            name, seconds = ("a private chat, 3 s", 3) if chat_id > 0 else ("a group, 60 s", 60)
            found.busiest[name] = max(found.busiest[name], _most(sent, seconds))


def _most(times: list[float], seconds: float) -> int:
    """Return the largest number of *times* within so many seconds."""
    most = first = 0
    for last, at in enumerate(times):
        while times[first] <= at - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def play(seed: int, scale: Scale) -> Found:
    """Let the hour pass and everything come to rest; return what was found."""
    found = Found()
    knobs = Knobs(limits=True, settle_soon=LATEST, settle_late=1.0, settle_latest=2 * LATEST, failing=0.0)
    with no_garbage():
        world = LongDay(seed, knobs)
        found.violations = world.last(Waiting(world, scale, found)).violations
    return found

"""One seed's world: the clock, MTN, Telegram, the people, the bot's lives, and the order in which it all goes.

First everything happens at once, with faults and deaths; then the faults stop and the world must come to rest.
"""

import asyncio
import contextlib
import gc
import hashlib
import logging
import os
import random
import warnings
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import structlog
from telegram.warnings import PTBUserWarning

from bot.domain.mint import Mint
from bot.jobs import deadlines, nights, worklist
from bot.service import unreached
from bot.settings import Settings, load_settings
from tests.simulation import cast, telegram
from tests.simulation.alarms import Alarms, has_stops
from tests.simulation.endings import at_rest, check_end, check_outage_goal
from tests.simulation.invariants import Judge
from tests.simulation.knobs import HOUR, MINUTE, Knobs
from tests.simulation.life import LONGEST_AWAY, Kills, Life
from tests.simulation.loop import Stuck, VirtualLoop, WorldClock
from tests.simulation.restore import Restore
from tests.simulation.sayings import Sayings
from tests.simulation.store import database, wish_hourly
from tests.simulation.telegram import PATIENCE
from tests.simulation.wire import Network
from tests.support.journal import MemoryJournal

LAST_EVENTS, MOST_LINES = 50, 10_000  # boundaries are lines too, without a blank
GOAL_AFTER = 30 * MINUTE
LOOK_EVERY = 60.0
MOST_THAWS = 20
LOST_BY_A_DEATH = LOOK_EVERY + LONGEST_AWAY
WEBHOOK = {"TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": "s" * 32}
NO_FILE = Path(os.devnull)
# In so many worlds the tills are told of ends every hour, all in one message.
TOLD_HOURLY = 0.3
LOOKS_AT_REST = 108  # two hours apart: nine days at most


class People(Protocol):
    """Whoever lives in the world: they act until they are done, and react to what the chats show."""

    async def live(self) -> None: ...
    def see(self, event: Any) -> None: ...


class Doctored:
    """What a planted bug needs of the world: triggers gone, another door for callbacks. Nothing, as a rule."""

    without_triggers: tuple[str, ...] = ()

    def enter(self, world: "World") -> None:
        """Be told which world begins."""

    def door(self, world: "World", token: str, status: str) -> None:
        """Take a callback in."""
        life = world.life
        if life is not None and not life.dead:
            life.bot.doorbell.ring(token)


@dataclass(slots=True)
class Outcome:
    """What became of one world."""

    violations: list[str]
    last_events: list[str]
    fingerprint: str
    boundaries: int
    kills: int
    states: dict[str, int] = field(default_factory=dict)


class World:
    """Everything there is. Nothing in it knows the real time, or chance that is not of its seed."""

    def __init__(self, seed: int, knobs: Knobs, kills: Kills, doctored: Doctored | None = None) -> None:
        self.seed, self.knobs, self._kills = seed, knobs, kills
        self._doctored = doctored or Doctored()
        self._doctored.enter(self)
        self.loop = VirtualLoop()
        self.clock = WorldClock(self.loop)
        self.faults, self.over, self.boundaries = True, False, 0
        self._history: list[str] = []
        self._chances: dict[str, random.Random] = {}
        self._spawned: set[asyncio.Task[None]] = set()
        self.conn = database(self._doctored.without_triggers)
        if self.chance("wishes").random() < TOLD_HOURLY:
            wish_hourly(self.conn)
        self.journal = MemoryJournal()
        self.mint = Mint(self.chance("mint"))
        self._disk, self._disk_failures = self.chance("disk"), knobs.disk_errors
        self.alarms = Alarms(self)
        self.judge = Judge(self)
        self.sayings = Sayings(self)
        self.restore = Restore(self)
        self.network = Network(self)
        self.telegram = telegram.Telegram(self)
        self.settings = self._settings()
        self.people: People
        self.lives: list[Life] = []

    # What everybody uses

    @property
    def life(self) -> Life | None:
        """The bot's last life, if it has had one."""
        return self.lives[-1] if self.lives else None

    def chance(self, name: str) -> random.Random:
        """Return the generator of this name: each part of the world has one of its own."""
        return self._chances.setdefault(name, random.Random(f"{self.seed} {name}"))

    def note(self, kind: str, what: str) -> None:
        """Write an event into the history."""
        self._history.append(f"{self.loop.time():.3f} {kind} {what}")

    def strikes(self, where: str) -> bool:
        """Count a boundary; tell whether the bot dies there."""
        if not self.faults:
            return False
        self.boundaries += 1
        self._history.append(where)
        return self._kills.strikes(self.boundaries, where)

    def spawn(self, doing: Coroutine[Any, Any, None]) -> None:
        """Have the world itself do something; it goes on whoever dies."""
        task = self.loop.create_task(doing)
        self._spawned.add(task)
        task.add_done_callback(self._spawned.discard)

    def door(self, token: str, status: str) -> None:
        """Bring a callback to the bot."""
        self.judge.callbacks_of[token] += 1
        if self.conn.execute("SELECT 1 FROM txn WHERE callback_token = ? AND attempts = 0", (token,)).fetchone():
            self.alarms.expect("callback_unsent")  # nobody but us can know it yet
        self._doctored.door(self, token, status)

    def lost_seconds(self) -> float:
        """Return how much longer deadlines may last: what nobody lived to count when the clock was set back."""
        return LOST_BY_A_DEATH * len(self.lives) if self.knobs.leaps else 0.0

    def host_now(self) -> datetime:
        """Return the moment by the bot's own clock."""
        return self.life.clock() if self.life else self.clock()

    def journal_fails(self) -> bool:
        """Tell whether the journal cannot be written now."""
        away = self.knobs.journal_away
        fails = self.faults and away is not None and away[0] <= self.loop.time() < away[1]
        if fails:
            self.alarms.expect("journal")
        return fails

    def disk_fails(self) -> bool:
        """Tell whether the disk fails in this transaction."""
        if not self.faults or self._disk_failures == 0 or self._disk.random() >= self.knobs.disk_error:
            return False
        self._disk_failures -= 1
        self.note("disk", "fails")
        return True

    def start_bot(self) -> None:
        """Start the bot on the database as it is, unless it runs, or somebody is at work on the database."""
        if self.restore.going_on or (self.life is not None and not self.life.dead):
            return
        self.note("start", str(len(self.lives)))
        self.lives.append(Life(self, len(self.lives)))

    # The course of the world

    def run(self, people: People) -> Outcome:
        """Let it all happen, to the end or to the first violation."""
        with self.lasting(people):
            self.let(self._course())
        return self._outcome()

    @contextmanager
    def lasting(self, people: People) -> Iterator[None]:
        """Have the world last; nothing is left of it afterwards but what was found."""
        self.people = people
        try:
            with _quiet(self), _long_waits(LOOK_EVERY):
                yield
        finally:
            self._bury()

    def let(self, course: Coroutine[Any, Any, None]) -> None:
        """Let something happen, to its end or to the first violation."""
        try:
            self.loop.run_until_complete(self._until_broken(course))
        except Stuck as stuck:
            self.judge.fail("L2", str(stuck))

    async def passing(self, seconds: float) -> None:
        """Let time pass; hours pass with fewer looks."""
        patience = seconds // HOUR
        self.telegram.hold(1.0 + 10 * patience)
        with _long_waits(LOOK_EVERY * (1 + patience)):
            await asyncio.sleep(seconds)
        self.telegram.hold(1.0)

    async def _until_broken(self, course: Coroutine[Any, Any, None]) -> None:
        going = self.loop.create_task(course)
        broken = self.loop.create_task(self.judge.broken.wait())
        await asyncio.wait({going, broken}, return_when=asyncio.FIRST_COMPLETED)
        if going.done():
            going.result()

    async def _course(self) -> None:
        self.start_bot()
        self.spawn(self.telegram.bring())
        self.restore.plan()
        for at, seconds in self.knobs.leaps:
            self.loop.call_at(at, self._leap, seconds)
        await self.people.live()
        await self.settle()

    async def settle(self) -> None:
        """Let the faults stop, and everything come to rest."""
        self.faults = False
        self.note("rest", "begins")
        with _long_waits(LOOK_EVERY):
            await self._thaw()
            await asyncio.sleep(GOAL_AFTER)
            check_outage_goal(self)
        self.telegram.hold(PATIENCE)
        with _long_waits(HOUR):
            await self._rest()
        check_end(self)

    async def _thaw(self) -> None:
        """Have those who may decide agree that sending goes on, as people do in the end."""
        for _ in range(MOST_THAWS):
            if not has_stops(self.conn):
                break
            for user_id in (cast.OWNER, cast.ADMIN, cast.SECOND):
                self.telegram.write(user_id, user_id, "/thaw")
            await asyncio.sleep(2 * MINUTE)

    def _leap(self, seconds: float) -> None:
        """Set the host's clock forward, or back."""
        self.note("leap", f"{seconds:.0f}")
        self.clock.off += timedelta(seconds=seconds)

    async def _rest(self) -> None:
        for _ in range(LOOKS_AT_REST):
            if at_rest(self):
                await asyncio.sleep(HOUR)
                if at_rest(self):
                    return  # nobody who hesitated has pressed meanwhile
            await self._thaw()
            await asyncio.sleep(2 * HOUR)

    def _bury(self) -> None:
        """End every task, so that nothing is left of this world."""
        self.over = True
        self.loop.rewind()
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        if tasks:
            with contextlib.suppress(Stuck):
                self.loop.run_until_complete(asyncio.wait(tasks, timeout=60))
        self.loop.close()

    def _outcome(self) -> Outcome:
        states = dict(self.conn.execute("SELECT state, count(*) FROM txn GROUP BY state").fetchall())
        self.conn.close()
        return Outcome(
            violations=self.judge.violations,
            last_events=[line for line in self._history[-MOST_LINES:] if " " in line][-LAST_EVENTS:],
            fingerprint=hashlib.sha256("\n".join(self._history).encode()).hexdigest(),
            boundaries=self.boundaries,
            kills=self._kills.struck,
            states=states,
        )

    def _settings(self) -> Settings:
        collection = self.network.sandbox.provision("collection", cast.HOST)
        disbursement = self.network.sandbox.provision("disbursement", cast.HOST)
        environment = {
            "TELEGRAM_BOT_TOKEN": telegram.TOKEN,
            "TELEGRAM_API_URL": telegram.URL,
            "PUBLIC_URL": f"https://{cast.HOST}",
            "MOMO_BASE_URL": "https://momo.test",
            "MOMO_COLLECTION_SUBSCRIPTION_KEY": "c" * 32,
            "MOMO_COLLECTION_API_USER": collection.api_user,
            "MOMO_COLLECTION_API_KEY": collection.api_key,
            "MOMO_DISBURSEMENT_SUBSCRIPTION_KEY": "d" * 32,
            "MOMO_DISBURSEMENT_API_USER": disbursement.api_user,
            "MOMO_DISBURSEMENT_API_KEY": disbursement.api_key,
            "OWNER_IDS": str(cast.OWNER),
            "ADMIN_CHAT_ID": str(cast.ADMINS) if self.knobs.admin_chat else "",
            "APPROVAL_LIMIT": str(cast.APPROVAL_LIMIT),
            "DIGEST_AT": f"09:{self.chance('digest').randint(2, 59):02}",
            "LIMIT_PERSON_DAY": str(self.knobs.person_limit or ""),
        }
        if self.knobs.two_from is not None:
            environment["APPROVALS_REQUIRED"] = f"0:1,{self.knobs.two_from}:2"
        return load_settings(environment | (WEBHOOK if self.knobs.webhook else {}), NO_FILE)


@contextmanager
def no_garbage() -> Iterator[None]:
    """Collect nothing while a world lasts: it is thrown away whole. What every world shares is never looked at."""
    _freeze_once()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@cache
def _freeze_once() -> None:
    gc.freeze()


@contextmanager
def _long_waits(seconds: float) -> Iterator[None]:
    """Have the bot's idle loops look less often while nothing happens for days. That is no absence of the bot's."""
    before = deadlines.EVERY_SECONDS, worklist.LONGEST_SLEEP, nights.EVERY_SECONDS, unreached.WORTH_SAYING
    deadlines.EVERY_SECONDS = worklist.LONGEST_SLEEP = seconds
    nights.EVERY_SECONDS = max(seconds, nights.EVERY_SECONDS)
    unreached.WORTH_SAYING = max(timedelta(seconds=seconds * 2), unreached.WORTH_SAYING)
    try:
        yield
    finally:
        deadlines.EVERY_SECONDS, worklist.LONGEST_SLEEP, nights.EVERY_SECONDS, unreached.WORTH_SAYING = before


@contextmanager
def _quiet(world: World) -> Iterator[None]:
    """Log nothing; what the bot would log as an error is a finding."""

    def take(_: object, method: str, event: Any) -> Any:
        world.alarms.logged(event)
        raise structlog.DropEvent

    kept = structlog.get_config()
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    structlog.configure(
        processors=[take],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        cache_logger_on_first_use=False,
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PTBUserWarning)
            yield
    finally:
        structlog.configure(**kept)
        logging.disable(disabled)

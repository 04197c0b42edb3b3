"""Runs seeds, mutants and scenarios, and tells what came of them."""

import random
import signal
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from tests.simulation import knobs as dials
from tests.simulation.life import ByChance
from tests.simulation.mutants import MUTANTS
from tests.simulation.people import Crowd
from tests.simulation.planting import Mutant
from tests.simulation.scenarios import SCENARIOS
from tests.simulation.world import Doctored, Outcome, World, no_garbage

REGRESSIONS = Path(__file__).with_name("regressions.txt")
MUTANT_SEEDS = 500
NOT_PLANTED = "NOT PLANTED WELL:"
PROGRAM_STEPS = 40
AT_ONCE = 4  # seeds handed to a process at once


def play(seed: int, profile: int | None = None, doctored: Doctored | None = None) -> Outcome:
    """Run one seed and return what became of it."""
    knobs = dials.draw(seed, profile)
    with no_garbage():
        world = World(seed, knobs, ByChance(random.Random(f"{seed} kills"), knobs.kill_rate, knobs.kills), doctored)
        return world.run(Crowd(world))


def regressions(file: Path = REGRESSIONS) -> list[tuple[int, int]]:
    """Return the seeds, with their profiles, that once found something: they are played for ever."""
    lines = (line.partition("#")[0].split() for line in file.read_text("utf-8").splitlines())
    return [(int(words[0]), int(words[1])) for words in lines if words]


def keep(seed: int, profile: int | None, violation: str, file: Path = REGRESSIONS) -> None:
    """Have a seed that found something played in every test run from now on."""
    number = dials.profile_of(seed, profile)
    if (seed, number) not in regressions(file):
        with file.open("a", encoding="utf-8") as kept:
            kept.write(f"{seed} {number}  {' '.join(violation.split())}\n")


def replay_line(seed: int, profile: int | None) -> str:
    """Return the command that plays a seed again."""
    shown = dials.profile_of(seed, profile)
    return f"python -m tests.simulation {seed}:1 --profile {shown}"


class Interrupted(BaseException):
    """Somebody wants this to end: the figures so far are what there is."""


@dataclass(slots=True)
class Tally:
    """What came of many seeds."""

    seeds: int = 0
    boundaries: int = 0
    kills: int = 0
    states: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[int, Outcome]] = field(default_factory=list)
    started: float = field(default_factory=time.perf_counter)

    def add(self, seed: int, outcome: Outcome) -> None:
        """Count one seed."""
        self.seeds += 1
        self.boundaries += outcome.boundaries
        self.kills += outcome.kills
        self.states.update(outcome.states)
        if outcome.violations:
            self.failed.append((seed, outcome))

    def line(self) -> str:
        """Return the figures in one line."""
        seconds = time.perf_counter() - self.started
        return f"{self.seeds} seeds in {seconds:.0f} s ({self.seeds / seconds:.1f}/s), {self._figures()}"

    def row(self, name: str) -> str:
        """Return the figures of one kind of trouble in one line."""
        return f"{name:16} {self.seeds:>6} seeds, {self._figures()}"

    def _figures(self) -> str:
        states = " ".join(f"{state}={count}" for state, count in sorted(self.states.items()))
        return f"{self.boundaries} boundaries, {self.kills} deaths; {states}; violating seeds: {len(self.failed)}"


@dataclass(slots=True)
class Tallies:
    """What came of many seeds: of all together, and of each profile."""

    profile: int | None
    all: Tally = field(default_factory=Tally)
    by_profile: dict[int, Tally] = field(default_factory=dict)

    def add(self, seed: int, outcome: Outcome) -> None:
        """Count one seed."""
        self.all.add(seed, outcome)
        self.by_profile.setdefault(dials.profile_of(seed, self.profile), Tally()).add(seed, outcome)

    def table(self) -> str:
        """Return all figures, a line for each profile, then one for all."""
        rows = [tally.row(dials.PROFILES[number].__name__) for number, tally in sorted(self.by_profile.items())]
        return "\n".join([*rows, self.all.line()])


@contextmanager
def interruptible() -> Iterator[None]:
    """Make SIGTERM and SIGINT an exception of ours."""

    def interrupt(*_: object) -> None:
        raise Interrupted

    before = [(number, signal.signal(number, interrupt)) for number in (signal.SIGTERM, signal.SIGINT)]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def play_many(seeds: Iterable[int], profile: int | None = None, jobs: int = 1) -> Iterator[tuple[int, Outcome]]:
    """Run seeds, in so many processes, and yield them in order with what became of them."""
    one = partial(play, profile=profile)
    todo = list(seeds)
    if jobs == 1:
        yield from ((seed, one(seed)) for seed in todo)
        return
    with get_context("spawn").Pool(jobs, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
        yield from zip(todo, pool.imap(one, todo, chunksize=AT_ONCE), strict=True)


def report(seed: int, profile: int | None, outcome: Outcome) -> str:
    """Return everything one needs to look into a violation."""
    knobs = dials.draw(seed, profile)
    head = [f"VIOLATION {outcome.violations[0]}", f"replay: {replay_line(seed, profile)}", f"knobs: {knobs.line()}"]
    return "\n".join([*head, "last events:", *(f"  {line}" for line in outcome.last_events)])


def hunt(mutant: Mutant, most: int = MUTANT_SEEDS) -> tuple[int, str] | None:
    """Return how many seeds it took until a mutant was caught, and by what; None if it survived.

    The seeds go round the profiles in which it can show.
    """
    profiles = dials.numbers(mutant.profiles)
    with mutant.planted():
        for seed in range(most):
            outcome = play(seed, profiles[seed % len(profiles)], mutant)
            if outcome.violations:
                return seed + 1, _verdict(outcome.violations[0])
    return None


def _verdict(violation: str) -> str:
    """Return what caught a mutant; a program that no longer fits the mutant has caught nothing."""
    slips = any(f"{error.__name__}(" in violation for error in (TypeError, AttributeError, NameError))
    return f"{NOT_PLANTED} {violation}" if slips else violation


def hunt_all(name: str = "", most: int = MUTANT_SEEDS, jobs: int = 1) -> bool:
    """Print the table of the mutants whose names begin so; tell whether all were caught."""
    names = [mutant.name for mutant in MUTANTS if mutant.name.startswith(name)]
    caught = 0
    print(f"{'mutant':42} {'seeds':>6}  caught by")
    for named, found in _hunted(names, most, jobs):
        caught += found is not None and not found[1].startswith(NOT_PLANTED)
        seeds, predicate = found or ("-", f"SURVIVED {most} seeds")
        print(f"{named:42} {seeds:>6}  {predicate[:100]}", flush=True)
    print(f"{caught} of {len(names)} caught")
    return caught == len(names)


def _hunted(names: list[str], most: int, jobs: int) -> Iterator[tuple[str, tuple[int, str] | None]]:
    """Hunt by name, for a mutant cannot be handed to another process; yield each as soon as its hunt is over."""
    if jobs == 1:
        yield from (_hunt_named(name, most) for name in names)
        return
    with get_context("spawn").Pool(jobs, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
        yield from pool.imap_unordered(partial(_hunt_named, most=most), names, chunksize=1)


def _hunt_named(name: str, most: int) -> tuple[str, tuple[int, str] | None]:
    return name, hunt(next(mutant for mutant in MUTANTS if mutant.name == name), most)


def play_programs(programs: int, name: str | None = None) -> bool:
    """Play programs that hypothesis writes, with a bug planted if one is named; tell whether nothing was found."""
    from tests.simulation import machine  # slow to load, and nobody else needs it

    planted = [mutant for mutant in MUTANTS if name and mutant.name.startswith(name)][:1]
    machine.doctored[:] = planted
    with ExitStack() as stack:
        for mutant in planted:
            stack.enter_context(mutant.planted())
        try:
            machine.play(programs, PROGRAM_STEPS)
        except AssertionError as broken:
            print("".join(traceback.format_exception_only(broken)))
            return False
    print(f"{programs} programs of up to {PROGRAM_STEPS} steps: nothing found")
    return True


def play_scenarios(step: int = 1, pairs: int = 0) -> bool:
    """Tell every scenario with a death at every (so many-th) boundary, and pairs; tell whether all went well."""
    good = True
    for scenario in SCENARIOS:
        tally, runs = Tally(), [*scenario.every(step), *scenario.pairs(range(pairs))]
        for number, (kills, outcome) in enumerate(runs):
            tally.add(number, outcome)
            if outcome.violations:
                good = False
                print(f"{scenario.name}, deaths at {kills}: {outcome.violations[0]}")
        print(f"{scenario.name}: {runs[0][1].boundaries} boundaries; {tally.line()}", flush=True)
    return good

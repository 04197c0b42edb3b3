"""Runs seeds, mutants and scenarios, and tells what came of them."""

import gc
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from tests.simulation import knobs as dials
from tests.simulation.life import ByChance
from tests.simulation.mutants import MUTANTS, Mutant
from tests.simulation.people import Crowd
from tests.simulation.scenarios import SCENARIOS
from tests.simulation.world import Doctored, Outcome, World

REGRESSIONS = Path(__file__).with_name("regressions.txt")
MUTANT_SEEDS = 500
FRAMES = 8  # seeds handed to a process at once


def play(seed: int, profile: int | None = None, doctored: Doctored | None = None) -> Outcome:
    """Run one seed and return what became of it."""
    knobs = dials.draw(seed, profile)
    world = World(seed, knobs, ByChance(random.Random(f"{seed} kills"), knobs.kill_rate, knobs.kills), doctored)
    gc.disable()  # a world is thrown away whole
    try:
        return world.run(Crowd(world))
    finally:
        gc.enable()


def regressions() -> list[tuple[int, int]]:
    """Return the seeds, with their profiles, that once found something: they are played for ever."""
    lines = (line.partition("#")[0].split() for line in REGRESSIONS.read_text("utf-8").splitlines())
    return [(int(words[0]), int(words[1])) for words in lines if words]


def replay_line(seed: int, profile: int | None) -> str:
    """Return the command that plays a seed again."""
    shown = seed % len(dials.PROFILES) if profile is None else profile
    return f"python -m tests.simulation {seed}:1 --profile {shown}"


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
        states = " ".join(f"{state}={count}" for state, count in sorted(self.states.items()))
        return (
            f"{self.seeds} seeds in {seconds:.0f} s ({self.seeds / seconds:.1f}/s), {self.boundaries} boundaries,"
            f" {self.kills} deaths; {states}; violating seeds: {len(self.failed)}"
        )


def play_many(seeds: Iterable[int], profile: int | None = None, jobs: int = 1) -> Iterator[tuple[int, Outcome]]:
    """Run seeds, in so many processes, and yield them in order with what became of them."""
    one = partial(play, profile=profile)
    todo = list(seeds)
    if jobs == 1:
        yield from ((seed, one(seed)) for seed in todo)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from zip(todo, pool.map(one, todo, chunksize=FRAMES), strict=True)


def report(seed: int, profile: int | None, outcome: Outcome) -> str:
    """Return everything one needs to look into a violation."""
    knobs = dials.draw(seed, profile)
    head = [f"VIOLATION {outcome.violations[0]}", f"replay: {replay_line(seed, profile)}", f"knobs: {knobs.line()}"]
    return "\n".join([*head, "last events:", *(f"  {line}" for line in outcome.last_events)])


def hunt(mutant: Mutant, most: int = MUTANT_SEEDS) -> tuple[int, str] | None:
    """Return how many seeds it took until a mutant was caught, and by what; None if it survived."""
    with mutant.planted():
        for seed in range(most):
            outcome = play(seed, doctored=mutant)
            if outcome.violations:
                return seed + 1, outcome.violations[0]
    return None


def hunt_all(name: str = "", most: int = MUTANT_SEEDS) -> bool:
    """Print the table of the mutants whose names begin so; tell whether all were caught."""
    mutants = [mutant for mutant in MUTANTS if mutant.name.startswith(name)]
    caught = 0
    print(f"{'mutant':38} {'seeds':>6}  caught by")
    for mutant in mutants:
        found = hunt(mutant, most)
        caught += found is not None
        seeds, predicate = found or ("-", f"SURVIVED {most} seeds")
        print(f"{mutant.name:38} {seeds:>6}  {predicate[:100]}", flush=True)
    print(f"{caught} of {len(mutants)} caught")
    return caught == len(mutants)


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

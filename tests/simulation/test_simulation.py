"""The simulator in the test run: known seeds, as many others as a minute holds, deaths, planted bugs, determinism."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.simulation import knobs as dials
from tests.simulation import run
from tests.simulation.mutants import MUTANTS
from tests.simulation.planting import Mutant
from tests.simulation.scenarios import SCENARIOS, Scenario

SECONDS, FEWEST = 30.0, 50
EVERY_SO_MANY_BOUNDARIES = 24
# So many seeds find these at once; the table of all is made by `--mutants`.
SEEDS_FOR_A_MUTANT = 12
SOON_CAUGHT = tuple(
    mutant
    for mutant in MUTANTS
    if mutant.name.startswith(
        (
            "timeout",
            "callback",
            "POST before",
            "persist",
            "no compare",
            "no refund",
            "gives up",
            "acknowledges",
            "no rest",
        )
    )
)


@pytest.mark.parametrize(("seed", "profile"), run.regressions())
def test_a_seed_that_found_something_finds_nothing_any_more(seed: int, profile: int) -> None:
    outcome = run.play(seed, profile)
    assert outcome.violations == [], run.report(seed, profile, outcome)


def test_a_seed_that_finds_something_is_kept_once_and_played_from_then_on(tmp_path: Path) -> None:
    file = tmp_path / "regressions.txt"
    file.write_text("# SEED PROFILE  what it found\n1 2  a hole\n")
    for _ in range(2):
        run.keep(15, None, "I1: two effects\nof one reference", file)
    assert run.regressions(file) == [(1, 2), (15, dials.profile_of(15, None))]


def test_no_seed_breaks_an_invariant(capsys: pytest.CaptureFixture[str]) -> None:
    tally, end = run.Tally(), time.monotonic() + SECONDS
    while tally.seeds < FEWEST or time.monotonic() < end:
        seed = tally.seeds
        outcome = run.play(seed)
        tally.add(seed, outcome)
        assert outcome.violations == [], run.report(seed, None, outcome)
    with capsys.disabled():
        print(f"\nsimulation: {tally.line()}")


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_death_at_any_boundary_changes_nothing(scenario: Scenario) -> None:
    for boundary, outcome in scenario.every(EVERY_SO_MANY_BOUNDARIES):
        assert outcome.violations == [], (scenario.name, boundary, outcome.violations)
        assert outcome.kills == (boundary > 0)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_bug_can_still_be_planted(mutant: Mutant) -> None:
    assert dials.numbers(mutant.profiles)
    with mutant.planted():
        pass  # it replaces what the program no longer has: an AttributeError


@pytest.mark.parametrize("mutant", SOON_CAUGHT, ids=lambda mutant: mutant.name)
def test_a_planted_bug_is_caught(mutant: Mutant) -> None:
    found = run.hunt(mutant, SEEDS_FOR_A_MUTANT)
    assert found is not None
    assert not found[1].startswith(run.NOT_PLANTED)


def test_a_seed_replays_the_same_run() -> None:
    first, second = run.play(7), run.play(7)
    assert first.fingerprint == second.fingerprint
    assert first.fingerprint != run.play(8).fingerprint


def test_a_seed_replays_the_same_run_in_another_process() -> None:
    assert _fingerprints("1") == _fingerprints("2")


def _fingerprints(hash_seed: str) -> list[str]:
    command = [sys.executable, "-m", "tests.simulation", "3:3", "--fingerprints"]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[:3]

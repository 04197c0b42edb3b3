"""The simulator in the test run: known seeds, as many more as ten seconds hold, and that a seed is always the same."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.simulation import knobs as dials
from tests.simulation import run

SECONDS, FEWEST = 10.0, 24


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


def test_a_seed_replays_the_same_run() -> None:
    first, second = run.play(7), run.play(7)
    assert first.fingerprint == second.fingerprint
    assert first.fingerprint != run.play(8).fingerprint


def test_a_seed_replays_the_same_run_in_another_process() -> None:
    assert _fingerprints("1") == _fingerprints("2")


def _fingerprints(hash_seed: str) -> list[str]:
    command = [sys.executable, "-m", "tests.simulation", "3:1", "--fingerprints"]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[:1]

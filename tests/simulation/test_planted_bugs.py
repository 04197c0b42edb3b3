"""Planted bugs are found; the table of all is made by ``--mutants``."""

import pytest

from tests.simulation import knobs as dials
from tests.simulation import run
from tests.simulation.mutants import MUTANTS
from tests.simulation.planting import Mutant

# So many seeds find these at once.
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

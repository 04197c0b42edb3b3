"""MTN is away for an hour of the virtual clock: nothing is lost, and nothing is called failed that did not fail."""

import random

import pytest

from tests.simulation.knobs import HOUR, MINUTE, Knobs
from tests.simulation.life import ByChance
from tests.simulation.people import Crowd
from tests.simulation.world import World, no_garbage


@pytest.mark.parametrize("seed", range(3))
def test_an_hour_without_mtn_loses_nothing_and_calls_nothing_failed(seed: int) -> None:
    knobs = Knobs(outages=[(MINUTE, MINUTE + HOUR)], span=HOUR + 2 * MINUTE, careless=0.0)
    with no_garbage():
        world = World(seed, knobs, ByChance(random.Random(seed), rate=0.0, most=0))
        outcome = world.run(Crowd(world))
    assert outcome.violations == []
    assert sum(outcome.states.values()) >= 6

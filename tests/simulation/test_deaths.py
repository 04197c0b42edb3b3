"""Four scenarios, killed at one boundary after another."""

import pytest

from tests.simulation.scenarios import SCENARIOS, Scenario

EVERY_SO_MANY_BOUNDARIES = 24


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_death_at_any_boundary_changes_nothing(scenario: Scenario) -> None:
    for boundary, outcome in scenario.every(EVERY_SO_MANY_BOUNDARIES):
        assert outcome.violations == [], (scenario.name, boundary, outcome.violations)
        assert outcome.kills == (boundary > 0)

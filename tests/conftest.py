"""For every test: how exceptions are shown, that a busy machine is no failure, and what begins first."""

from pathlib import Path

import hypothesis
import pytest
import structlog

# What takes longest in one piece begins first, so that no core waits for it at the end.
HERE, LONGEST = Path(__file__).parent, ("journeys", "simulation", "browser")

# With rich installed structlog would draw every frame with all that is in it, for seconds each; the program, whose
# logs are set up in bot/logs.py, never does.
PLAIN = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], PLAIN])

# How long an example takes is the machine's affair.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the folders of the longest tests first; all else stays in its order."""
    items.sort(key=lambda item: item.path.relative_to(HERE).parts[0] not in LONGEST)

"""The real command line against a sandbox that listens."""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from momo.cli.app import app
from momo.testing import RunningSandbox

ORDINARY, FAILS, STAYS_OPEN = "46733123999", "46733123450", "46733123453"


class Terminal:
    """A person at a terminal: the commands they type, with their environment."""

    def __init__(self, sandbox: RunningSandbox, environment: dict[str, str]) -> None:
        self.sandbox = sandbox
        self.environment = environment

    def type(self, line: str, answer: str | None = None, **environment: str | None) -> Result:
        """Run a command; keyword arguments change the environment, None takes a variable out."""
        unset: dict[str, str | None] = {name: None for name in os.environ if name.startswith(("MOMO_", "PUBLIC_"))}
        return CliRunner().invoke(app, line.split(), answer, env={**unset, **self.environment, **environment})

    def json(self, line: str, **environment: str | None) -> dict[str, Any]:
        """Run a command with --json; what it prints, and its exit code as "exit"."""
        result = self.type(f"{line} --json", **environment)
        shown = json.loads(result.stdout)
        assert isinstance(shown, dict), result.output
        return {**shown, "exit": result.exit_code}


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    with RunningSandbox() as sandbox:
        yield Terminal(sandbox, sandbox.environment())

"""Every block of code in the documents on sandbox and command line runs."""

import re
import shlex
import urllib.request
from dataclasses import fields
from pathlib import Path

import pytest

from momo.sandbox import Settings
from momo.sandbox.command import described
from momo.testing import RunningSandbox
from tests.momo.cli.conftest import Terminal
from tests.momo.running import passes_with_the_plugin

ROOT = Path(__file__).parents[2]
SANDBOX = (ROOT / "docs" / "sandbox.md").read_text("utf-8")
COMMANDS = (ROOT / "docs" / "command-line.md").read_text("utf-8")


def lines(document: str, begin: str) -> list[str]:
    """The lines of its shell blocks that begin so."""
    blocks = re.findall(r"^```sh\n(.*?)^```", document, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith(begin)]


@pytest.mark.parametrize("line", lines(SANDBOX, "python -m momo sandbox"))
def test_every_way_to_start_the_sandbox_is_understood(line: str) -> None:
    assert (described(shlex.split(line)[4:]).sandbox is None) == ("--explain" in line)


def test_every_call_of_a_control_route_is_answered() -> None:
    calls = lines(SANDBOX, "curl")
    with RunningSandbox() as sandbox:
        for call in calls:
            words = shlex.split(call, comments=True)[2:]
            method = words.pop(words.index("-X") + 1) if "-X" in words else "GET"
            body = words[words.index("-d") + 1].encode() if "-d" in words else None
            url = next(word for word in words if word.startswith("http://127.0.0.1:9000"))
            request = urllib.request.Request(url.replace("http://127.0.0.1:9000", sandbox.url), body, method=method)  # noqa: S310
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                assert answer.status == 200, call
    assert len(calls) > 10


@pytest.mark.slow
def test_the_test_in_the_document_passes(tmp_path: Path) -> None:
    [block] = re.findall(r"^```python\n(.*?)^```", SANDBOX, re.MULTILINE | re.DOTALL)
    passes_with_the_plugin(tmp_path, block)


def test_every_command_ends_as_the_document_says() -> None:
    with RunningSandbox() as sandbox:
        terminal = Terminal(sandbox, sandbox.environment())
        for line in lines(COMMANDS, "python -m momo"):
            command, _, code = line.partition(" # ")
            result = terminal.type(command.removeprefix("python -m momo "))
            assert result.exit_code == int(code), f"{line}: {result.output}"


def test_switches_that_the_document_names_exist() -> None:
    table = SANDBOX.partition("## Switches")[2].partition("## Other")[0]
    named = {name for cell in re.findall(r"\| ((?:`\w+`(?:, )?)+) \|", table) for name in re.findall(r"\w+", cell)}

    assert len(named) > 10
    assert named <= {field.name for field in fields(Settings)}

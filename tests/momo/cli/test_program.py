"""The program itself: `python -m momo`, with and without the extra."""

import os
import subprocess
import sys

import pytest

from momo.__main__ import main
from momo.testing import RunningSandbox
from tests.momo.cli.conftest import Terminal

WITHOUT_TYPER = "import sys; sys.modules['typer'] = None; from momo.__main__ import main; sys.exit(main(sys.argv[1:]))"


@pytest.mark.slow
def test_a_payment_by_the_real_program() -> None:
    with RunningSandbox() as sandbox:
        words = [sys.executable, "-m", "momo", "transfer", "5", "46733123999", "--yes", "--json"]
        ran = subprocess.run(words, env={**os.environ, **sandbox.environment()}, capture_output=True, text=True)

        assert ran.returncode == 0, ran.stderr
        assert [effect.reference_id in ran.stderr for effect in sandbox.effects] == [True]


@pytest.mark.slow
def test_without_the_extra_a_sentence_says_which_one_and_the_sandbox_works() -> None:
    balance, explained = (
        subprocess.run([sys.executable, "-c", WITHOUT_TYPER, *words], capture_output=True, text=True)
        for words in (["balance"], ["sandbox", "--explain"])
    )

    assert (balance.returncode, balance.stderr) == (
        2,
        "typer is not installed: this command needs `pip install 'momo-desk[cli]'`.\n",
    )
    assert explained.returncode == 0


def test_help_names_every_command_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    names = "provision doctor balance transfer request-to-pay refund status watch sandbox"
    assert [name for name in names.split() if name not in told] == []
    assert "Exit codes" in told


@pytest.mark.parametrize("arguments", [[], ["no-such"], ["transfer"], ["--no-such"]])
def test_a_wrong_command_is_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "Usage" in capsys.readouterr().err + capsys.readouterr().out or not arguments


def test_the_sandbox_has_its_own_options_behind_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["sandbox", "--help"])
    assert exit_.value.code == 0
    assert "--profile" in capsys.readouterr().out


def test_the_sandbox_is_one_of_the_commands(terminal: Terminal) -> None:
    assert "refuse_token_body" in terminal.type("sandbox --explain").stdout


def test_a_fault_of_the_program_itself_is_never_taken_for_a_refusal(monkeypatch, capsys) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("a fault of the program")

    monkeypatch.setattr("momo.cli.looking.Account.of", broken)

    assert main(["balance"]) == 3
    assert "a fault of the program" in capsys.readouterr().err

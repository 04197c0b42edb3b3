"""The commands that only look, and the one that makes users."""

import stat
from pathlib import Path

import pytest

from momo.cli import looking
from tests.momo.cli.conftest import FAILS, ORDINARY, STAYS_OPEN, Terminal

REFERENCE = "b7a1f3de-5f1c-4a53-9c55-0d2f6c1c9a01"
SUBSCRIPTION_KEYS = {"MOMO_COLLECTION_SUBSCRIPTION_KEY": "c" * 32, "MOMO_REMITTANCE_SUBSCRIPTION_KEY": "e" * 32}


@pytest.mark.parametrize("product", ["collection", "disbursement", "remittance"])
def test_the_balance_of_a_product_is_shown(terminal: Terminal, product: str) -> None:
    shown = terminal.json(f"balance --product {product}")

    assert (shown["exit"], shown["balance"], shown["currency"]) == (0, "1000000", "EUR")
    assert terminal.type(f"balance --product {product}").stdout == "1000000 EUR\n"


def test_a_balance_that_nobody_answers_is_3(terminal: Terminal) -> None:
    assert terminal.type("balance", MOMO_BASE_URL="http://127.0.0.1:1").exit_code == 3


def test_keys_that_are_not_taken_are_2(terminal: Terminal) -> None:
    assert terminal.type("balance", MOMO_DISBURSEMENT_API_KEY="wrong").exit_code == 2


@pytest.mark.parametrize(("number", "code", "word"), [(ORDINARY, 0, "successful"), (FAILS, 1, "failed")])
def test_a_status_ends_as_the_transaction_did(terminal: Terminal, number: str, code: int, word: str) -> None:
    terminal.type(f"transfer 5 {number} --yes --wait 0 --reference-id {REFERENCE}")

    shown = terminal.json(f"status {REFERENCE}")

    assert (shown["exit"], shown["outcome"]) == (code, word)


def test_an_unknown_reference_id_is_3_never_failed(terminal: Terminal) -> None:
    result = terminal.type(f"status {REFERENCE}")

    assert result.exit_code == 3
    assert "does not know this reference id" in result.stdout


@pytest.mark.parametrize("command", ["status", "watch"])
def test_a_reference_id_that_is_none_is_2(terminal: Terminal, command: str) -> None:
    assert terminal.type(f"{command} 7").exit_code == 2


def test_watch_shows_the_states_and_ends_as_the_transaction_did(terminal: Terminal) -> None:
    terminal.type(f"transfer 5 {ORDINARY} --yes --wait 0 --reference-id {REFERENCE}")

    result = terminal.type(f"watch {REFERENCE}")

    assert (result.exit_code, "SUCCESSFUL" in result.stderr) == (0, True)


def test_watch_gives_up_without_calling_it_failed(terminal: Terminal) -> None:
    terminal.type(f"transfer 5 {STAYS_OPEN} --yes --wait 0 --reference-id {REFERENCE}")

    shown = terminal.json(f"watch {REFERENCE} --timeout 0")

    assert (shown["exit"], shown["outcome"], shown["status"]) == (3, "unknown", "PENDING")


def test_stopping_to_look_says_nothing_of_the_transaction(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(work: object) -> None:
        work.close()  # type: ignore[attr-defined]
        raise KeyboardInterrupt

    monkeypatch.setattr(looking.asyncio, "run", stopped)

    assert terminal.type(f"status {REFERENCE}").exit_code == 3


def test_provision_writes_an_environment_that_works(terminal: Terminal) -> None:
    made = terminal.json("provision --product disbursement")["environment"]

    assert terminal.type(f"transfer 5 {ORDINARY} --yes", **made).exit_code == 0


def test_provision_takes_every_product_with_a_subscription_key(terminal: Terminal) -> None:
    terminal.environment = {"MOMO_BASE_URL": terminal.sandbox.url, **SUBSCRIPTION_KEYS}

    lines = terminal.type("provision").stdout.splitlines()

    assert {line.partition("=")[0] for line in lines if line.endswith(("c" * 32, "e" * 32))} == SUBSCRIPTION_KEYS.keys()
    assert sum("_API_KEY=" in line for line in lines) == 2


def test_provision_writes_a_new_file_for_its_owner_alone(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "momo.env"

    first, second = (terminal.type(f"provision --output {file}") for _ in range(2))

    assert (first.exit_code, second.exit_code) == (0, 2)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "MOMO_COLLECTION_API_KEY=" in file.read_text()
    assert "API_KEY" not in first.stdout


def test_a_file_without_keys_is_not_left_behind(terminal: Terminal, tmp_path: Path) -> None:
    wrong = {"MOMO_DISBURSEMENT_SUBSCRIPTION_KEY": "wrong"}

    result = terminal.type(f"provision --product disbursement --output {tmp_path / 'momo.env'}", **wrong)

    assert (result.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert terminal.type("provision --product disbursement", **wrong).exit_code == 2


@pytest.mark.parametrize(
    ("line", "environment", "told"),
    [
        ("provision", {"MOMO_TARGET_ENVIRONMENT": "mtnuganda"}, "Partner Portal"),
        (
            "provision",
            {f"MOMO_{name}_SUBSCRIPTION_KEY": None for name in ("COLLECTION", "DISBURSEMENT", "REMITTANCE")},
            "set MOMO_",
        ),
        (
            "provision --product collection",
            {"MOMO_COLLECTION_SUBSCRIPTION_KEY": None},
            "no subscription key of collection",
        ),
    ],
)
def test_provision_says_what_it_needs(
    terminal: Terminal, line: str, environment: dict[str, str | None], told: str
) -> None:
    result = terminal.type(line, **environment)

    assert (result.exit_code, told in result.stderr) == (2, True)

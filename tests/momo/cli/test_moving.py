"""The commands that move money: what is asked, what is told before and after, and the exit code by outcome."""

import uuid

import pytest

from momo.cli import moving
from tests.momo.cli.conftest import FAILS, ORDINARY, STAYS_OPEN, Terminal

REFERENCE = "b7a1f3de-5f1c-4a53-9c55-0d2f6c1c9a01"


def test_a_transfer_that_succeeds_is_0(terminal: Terminal) -> None:
    shown = terminal.json(f"transfer 12.50 {ORDINARY} --yes --reference-id {REFERENCE}")

    assert (shown["exit"], shown["outcome"], shown["status"]) == (0, "successful", "SUCCESSFUL")
    assert (shown["reference_id"], shown["amount"], shown["currency"]) == (REFERENCE, "12.5", "EUR")
    assert shown["financial_transaction_id"]
    assert [effect.reference_id for effect in terminal.sandbox.effects] == [REFERENCE]


def test_a_transfer_that_fails_is_1(terminal: Terminal) -> None:
    shown = terminal.json(f"transfer 12.50 {FAILS} --yes")

    assert (shown["exit"], shown["outcome"], shown["reason"]) == (1, "failed", "INTERNAL_PROCESSING_ERROR")
    assert not terminal.sandbox.effects


def test_one_that_is_not_over_is_3_with_the_command_that_asks_again(terminal: Terminal) -> None:
    result = terminal.type(f"transfer 5 {STAYS_OPEN} --yes --wait 0 --reference-id {REFERENCE}")

    assert result.exit_code == 3
    assert "PENDING" in result.stdout
    assert f"python -m momo status {REFERENCE} --kind transfer" in result.stdout


def test_a_lost_answer_is_3_and_never_sent_again(terminal: Terminal) -> None:
    terminal.sandbox.fault("lose_answer", operation="transfer")

    shown = terminal.json(f"transfer 5 {ORDINARY} --yes --reference-id {REFERENCE}")

    assert (shown["exit"], shown["outcome"], shown["reference_id"]) == (3, "unknown", REFERENCE)
    assert terminal.sandbox.call(lambda sandbox: sandbox.requests.count("transfer")) == 1
    assert "Do not pay again" in shown["message"]
    assert terminal.json(f"status {REFERENCE}")["exit"] == 0


def test_a_look_that_fails_after_the_202_is_no_failure(terminal: Terminal) -> None:
    terminal.sandbox.fault("status_403", operation="transfer_status", count=None)

    shown = terminal.json(f"transfer 5 {ORDINARY} --yes --wait 0")

    assert (shown["exit"], shown["outcome"]) == (3, "unknown")
    assert len(terminal.sandbox.effects) == 1


def test_a_refusal_of_mtn_is_1_and_says_that_nothing_moved(terminal: Terminal) -> None:
    terminal.sandbox.fault("error_500_code", operation="transfer", args={"code": "NOT_ENOUGH_FUNDS"})

    result = terminal.type(f"transfer 5 {ORDINARY} --yes")

    assert result.exit_code == 1
    assert "nothing has moved" in result.stdout


def test_a_reference_id_that_was_used_is_3_and_pays_once(terminal: Terminal) -> None:
    line = f"transfer 5 {ORDINARY} --yes --reference-id {REFERENCE}"

    assert [terminal.type(line).exit_code for _ in range(2)] == [0, 3]
    assert len(terminal.sandbox.effects) == 1


def test_the_reference_id_is_told_before_the_call(terminal: Terminal) -> None:
    terminal.sandbox.fault("drop_request", operation="token", count=None)

    result = terminal.type(f"transfer 5 {ORDINARY} --yes")

    assert result.exit_code == 1
    told = result.stderr.removeprefix("Reference id: ").splitlines()[0]
    assert uuid.UUID(told).version == 4


@pytest.mark.parametrize(("answer", "code", "moved"), [("y\n", 0, 1), ("n\n", 1, 0), ("", 1, 0)])
def test_money_moves_only_after_a_yes(terminal: Terminal, answer: str, code: int, moved: int) -> None:
    result = terminal.type(f"transfer 5 {ORDINARY}", answer)

    assert result.exit_code == code
    assert f"Send 5 EUR to {ORDINARY} (sandbox, http://127.0.0.1:" in result.stderr
    assert len(terminal.sandbox.effects) == moved


def test_a_payment_is_asked_for_and_given_back(terminal: Terminal) -> None:
    paid = terminal.json(f"request-to-pay 20 {ORDINARY} --yes --reference-id {REFERENCE}")
    returned = terminal.json(f"refund 5 {REFERENCE} --yes --note Sorry")

    assert (paid["exit"], paid["kind"], returned["exit"], returned["kind"]) == (0, "request-to-pay", 0, "refund")
    assert [str(effect.change) for effect in terminal.sandbox.effects] == ["20", "-5"]
    assert terminal.json(f"status {returned['reference_id']} --kind refund")["exit"] == 0


def test_signs_that_mtn_refuses_are_taken_out_of_a_note(terminal: Terminal) -> None:
    assert terminal.type(f"transfer 5 {ORDINARY} --yes --note l'Été(1)").exit_code == 0


@pytest.mark.parametrize(
    "line",
    [
        f"transfer five {ORDINARY} --yes",
        f"transfer 0 {ORDINARY} --yes",
        f"transfer 1.234 {ORDINARY} --yes",
        "transfer 5 0772 --yes",
        f"transfer 5 {ORDINARY} --yes --reference-id 7",
        "refund 5 7 --yes",
        "transfer 5",
        "transfer 5 1 --no-such-option",
    ],
)
def test_what_makes_no_sense_is_2_and_sends_nothing(terminal: Terminal, line: str) -> None:
    result = terminal.type(line)

    assert result.exit_code == 2, result.output
    assert terminal.sandbox.call(lambda sandbox: sandbox.requests.count("transfer")) == 0


@pytest.mark.parametrize(
    "environment",
    [
        {"MOMO_DISBURSEMENT_API_KEY": None},
        {"MOMO_TARGET_ENVIRONMENT": "mtnmars", "MOMO_CURRENCY": None},
        {"MOMO_BASE_URL": "https://sandbox.momodeveloper.mtn.com", "MOMO_TARGET_ENVIRONMENT": "mtnuganda"},
        {"MOMO_DISBURSEMENT_API_KEY": None, "MOMO_DISBURSEMENT_API_KEY_FILE": "/no/such/file"},
    ],
)
def test_a_configuration_that_cannot_work_is_2(terminal: Terminal, environment: dict[str, str | None]) -> None:
    assert terminal.type(f"transfer 5 {ORDINARY} --yes", **environment).exit_code == 2
    assert not terminal.sandbox.effects


def test_a_key_may_come_from_a_file(terminal: Terminal, tmp_path) -> None:
    (tmp_path / "key").write_text(terminal.environment["MOMO_DISBURSEMENT_API_KEY"] + "\n")
    environment = {"MOMO_DISBURSEMENT_API_KEY": None, "MOMO_DISBURSEMENT_API_KEY_FILE": str(tmp_path / "key")}

    assert terminal.type(f"transfer 5 {ORDINARY} --yes", **environment).exit_code == 0


def test_stopping_it_in_between_is_3(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(work: object) -> None:
        work.close()  # type: ignore[attr-defined]
        raise KeyboardInterrupt

    monkeypatch.setattr(moving.asyncio, "run", stopped)

    shown = terminal.json(f"transfer 5 {ORDINARY} --yes --reference-id {REFERENCE}")

    assert (shown["exit"], shown["reference_id"]) == (3, REFERENCE)


def test_whatever_breaks_a_command_off_after_the_write_is_3(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("the terminal is gone")

    monkeypatch.setattr(moving, "_looked_after", broken)
    shown = terminal.json(f"transfer 5 {ORDINARY} --yes --reference-id {REFERENCE}")

    assert (shown["exit"], shown["outcome"], shown["reference_id"]) == (3, "unknown", REFERENCE)
    assert "Do not pay again" in shown["message"]

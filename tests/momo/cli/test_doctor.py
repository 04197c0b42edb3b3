"""The doctor: finds what was broken on purpose, names the cure, and moves nothing."""

import json
from typing import Any

import pytest

from momo.cli.doctor import _clock
from tests.momo.cli.conftest import Terminal


def examined(terminal: Terminal, **environment: str | None) -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit code, and what was found by its name."""
    result = terminal.type("doctor --json", **environment)
    return result.exit_code, {finding["what"]: finding for finding in json.loads(result.stdout)}


def test_what_works_is_0_and_said_so_for_every_product(terminal: Terminal) -> None:
    code, found = examined(terminal, PUBLIC_URL="http://localhost:8080")

    assert code == 0
    states = {name: finding["state"] for name, finding in found.items()}
    assert states.pop("payments out") == "open"
    assert set(states.values()) == {"ok"}
    assert {"reachability", "clock", "collection keys", "disbursement currency", "remittance callback host"} <= set(
        states
    )
    assert not terminal.sandbox.effects


def test_it_is_a_table_for_people(terminal: Terminal) -> None:
    result = terminal.type("doctor", COLUMNS="200")

    assert result.exit_code == 0
    assert "disbursement keys" in result.stdout


@pytest.mark.parametrize(
    ("environment", "what", "cure"),
    [
        ({"MOMO_BASE_URL": "http://127.0.0.1:1"}, "reachability", "MOMO_BASE_URL"),
        ({"MOMO_BASE_URL": "nowhere"}, "address", "MOMO_BASE_URL"),
        ({"MOMO_DISBURSEMENT_API_KEY": "wrong"}, "disbursement keys", "_API_KEY"),
        ({"MOMO_DISBURSEMENT_API_KEY": None}, "disbursement keys", "Set what is missing"),
        ({"MOMO_DISBURSEMENT_SUBSCRIPTION_KEY": "c" * 32}, "disbursement subscription key", "its own"),
        ({"MOMO_TARGET_ENVIRONMENT": "mtnuganda"}, "disbursement environment", "MOMO_TARGET_ENVIRONMENT"),
        ({"MOMO_CURRENCY": "UGX"}, "disbursement currency", "MOMO_CURRENCY=EUR"),
        ({"PUBLIC_URL": "https://shop.example"}, "disbursement callback host", "Provision a new"),
        (
            {
                f"MOMO_{name}_{key}": None
                for name in ("COLLECTION", "DISBURSEMENT", "REMITTANCE")
                for key in ("API_USER", "API_KEY")
            },
            "keys",
            "provision",
        ),
    ],
)
def test_what_is_wrong_is_2_with_cause_and_cure(
    terminal: Terminal, environment: dict[str, str | None], what: str, cure: str
) -> None:
    code, found = examined(terminal, **environment)

    assert (code, found[what]["state"], bool(found[what]["found"])) == (2, "wrong", True)
    assert cure in found[what]["cure"]


def test_a_user_of_another_product_is_told_by_its_environment(terminal: Terminal) -> None:
    theirs = {
        f"MOMO_DISBURSEMENT_{key}": terminal.environment[f"MOMO_COLLECTION_{key}"] for key in ("API_USER", "API_KEY")
    }

    code, found = examined(terminal, **theirs)

    assert code == 2
    assert "under this product's subscription key" in found["disbursement environment"]["cure"]


def test_an_address_that_is_not_on_mtns_list_is_named(terminal: Terminal) -> None:
    terminal.sandbox.fault("status_403", path="/collection/v1_0/account", count=None)

    assert examined(terminal)[1]["collection permission"]["state"] == "wrong"


def test_what_cannot_be_known_is_open_and_no_fault(terminal: Terminal) -> None:
    terminal.sandbox.fault("status_503", path="/collection/v1_0/account", count=None)
    terminal.sandbox.fault("status_500", operation="get_api_user", count=None)

    code, found = examined(terminal, PUBLIC_URL="https://shop.example")

    assert code == 0
    assert found["collection balance"]["state"] == found["disbursement callback host"]["state"] == "open"


def test_in_a_market_the_callback_host_and_payments_are_to_be_tried(terminal: Terminal) -> None:
    terminal.sandbox.switch(target_environment="mtnuganda", currency="UGX")
    market = {"MOMO_TARGET_ENVIRONMENT": "mtnuganda", "MOMO_CURRENCY": None, "PUBLIC_URL": "https://shop.example"}

    code, found = examined(terminal, **market)

    assert (code, found["disbursement callback host"]["state"]) == (0, "open")
    assert "Partner Portal" in found["disbursement callback host"]["cure"]
    assert "smallest amount" in found["payments out"]["cure"]


@pytest.mark.parametrize(
    ("date", "state"), [("Sun, 06 Nov 1994 08:49:37 GMT", "wrong"), ("", "open"), ("yesterday", "open")]
)
def test_a_clock_that_is_off_is_found(date: str, state: str) -> None:
    assert _clock(date).state == state


def test_an_environment_that_cannot_be_read_is_2(terminal: Terminal) -> None:
    assert terminal.type("doctor", MOMO_CURRENCY="euro").exit_code == 2

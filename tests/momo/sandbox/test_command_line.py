"""`python -m momo sandbox`: what it prints, where it listens, which keys it takes, how it ends."""

import base64
import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from momo.__main__ import main
from momo.sandbox.command import fault_rule, is_loopback

FIRST_LINE = re.compile(r"MoMo sandbox listening on (http://(?:127\.0\.0\.1|0\.0\.0\.0):[0-9]+)\n")


@contextmanager
def sandbox(*arguments: str, **environment: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The running command, and the URL its first line names."""
    process = subprocess.Popen(
        [sys.executable, "-m", "momo", "sandbox", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    with process:
        assert process.stdout is not None
        match = FIRST_LINE.fullmatch(process.stdout.readline())
        assert match
        yield process, match[1]
        process.terminate()


def token_status(url: str, product: str, key: str) -> int:
    """The status of a token call by an unknown user: 500 if the subscription key is right, else 401."""
    basic = base64.b64encode(b"nobody:nothing").decode()
    headers = {"Ocp-Apim-Subscription-Key": key, "Authorization": f"Basic {basic}"}
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
    with closing(connection):
        connection.request("POST", f"/{product}/token/", headers=headers)
        return connection.getresponse().status


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_listens_on_loopback_and_ends_cleanly(number: signal.Signals) -> None:
    with sandbox() as (process, url):
        answered = token_status(url, "collection", "c" * 32)
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)

    assert answered == 500
    assert (process.returncode, errors) == (0, "")


@pytest.mark.slow
def test_subscription_keys_come_from_the_environment() -> None:
    with sandbox(MOMO_DISBURSEMENT_SUBSCRIPTION_KEY="f" * 32) as (_, url):
        theirs = token_status(url, "disbursement", "f" * 32)
        default = token_status(url, "disbursement", "d" * 32)
        remittance = token_status(url, "remittance", "e" * 32)

    assert (theirs, default, remittance) == (500, 401, 500)


def test_a_port_that_cannot_be_had_is_a_sentence_and_an_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sandbox", "--host", "192.0.2.1", "--port", "0"]) == 1
    assert capsys.readouterr().err.startswith("cannot listen on 192.0.2.1:0")


WRONG = (
    "--port 99999",
    "--port http",
    "--profile mtnmars",
    "--set currency",
    "--set no_such=1",
    "--set shared_wallet=perhaps",
    "--fault no_such",
    "--fault slow,sec=1",
    "--fault slow,operation",
    "--faults /no/such/file",
    "--seed x",
)


@pytest.mark.parametrize("arguments", [["sandbox", *words.split()] for words in WRONG])
def test_a_wrong_argument_is_a_usage_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)

    assert exit_.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_file_of_faults_that_cannot_be_read_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for text in ("no json", "[1]", '[{"match": {}}]', "7"):
        (tmp_path / "plan.json").write_text(text)
        with pytest.raises(SystemExit) as exit_:
            main(["sandbox", "--faults", str(tmp_path / "plan.json")])
        assert (exit_.value.code, "usage" in capsys.readouterr().err) == (2, True)


def test_everything_that_can_be_chosen_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sandbox", "--explain"]) == 0
    assert "refuse_token_body = True" in capsys.readouterr().out


def test_a_fault_is_told_in_one_word() -> None:
    rule = fault_rule("slow,operation=transfer,count=null,probability=0.5,seconds=2,path=v1_0")

    assert rule == {
        "name": "slow",
        "match": {"operation": "transfer", "path": "v1_0"},
        "count": None,
        "probability": 0.5,
        "args": {"seconds": 2},
    }
    assert fault_rule("error_500_code,code=EXPIRED")["args"] == {"code": "EXPIRED"}


@pytest.mark.slow
def test_profile_switches_and_faults_are_in_force_and_the_clock_stands(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text('[{"name": "slow", "match": {"method": "GET"}, "count": null, "args": {"seconds": 1}}]')
    arguments = "--profile mtnuganda --set amount_decimals=2 --set bounded_refunds=true --clock virtual --seed 3"

    with sandbox(*arguments.split(), "--fault", "lose_answer,operation=transfer", "--faults", str(plan)) as (_, url):
        settings, faults = control(url, "GET", "settings"), control(url, "GET", "faults")
        clock = [control(url, "POST", "clock", {"advance": 5})["now"] for _ in range(2)]

    assert (settings["currency"], settings["amount_decimals"], settings["bounded_refunds"]) == ("UGX", "2", True)
    assert [(rule["name"], rule["count"]) for rule in faults["rules"]] == [("lose_answer", 1), ("slow", None)]
    assert clock == [5.0, 10.0]


@pytest.mark.slow
def test_an_address_that_others_can_reach_is_warned_of() -> None:
    with sandbox("--host", "0.0.0.0") as (process, _):  # noqa: S104 - that is what is warned of
        process.terminate()
        _, errors = process.communicate(timeout=60)

    assert errors.startswith("Warning: 0.0.0.0 can be reached from other machines")


def control(url: str, method: str, path: str, body: object = None) -> dict[str, Any]:
    """Call a control route of a sandbox in another process."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
    with closing(connection):
        connection.request(method, f"/_sandbox/{path}", json.dumps(body) if body else None)
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
        return answer


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.0.0.2", True),
        ("::1", True),
        ("localhost", True),
        ("192.0.2.1", False),
        ("momo", False),
    ],
)
def test_only_loopback_is_served_without_a_warning(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback

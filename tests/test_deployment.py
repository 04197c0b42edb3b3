"""How the program is put to work, as far as the files tell without an engine: image, compose files, systemd unit."""

import json
import re
import shlex
from pathlib import Path

import pytest

from bot.__main__ import WRONG_SETTINGS, _parser
from bot.app import DRAIN_SECONDS
from bot.settings import _SECRETS, Settings
from bot.web.server import SHUTDOWN_SECONDS
from tests.image_steps import Image
from tests.support.deployment import (
    COMPOSE,
    ROOT,
    WEBHOOK,
    Step,
    compose_environment,
    image_environment,
    is_sent,
    secret_files,
    steps,
    unit,
)

SETTINGS = {name.upper() for name in Settings.model_fields}
SECRETS = {name.upper() for name in _SECRETS}
COPIED = [step for step in steps() if step.word == "COPY" and "--from=" not in step.rest]
SERVICE = unit()["Service"]
FILES = {name: (ROOT / name).read_text() for name in (COMPOSE, WEBHOOK)}
LONGEST_STOP = DRAIN_SECONDS + SHUTDOWN_SECONDS + 2


@pytest.mark.parametrize("step", COPIED, ids=lambda step: step.rest)
def test_what_the_image_copies_is_there_and_sent_to_the_engine(step: Step) -> None:
    for source in step.rest.split()[:-1]:
        assert (ROOT / source).exists()
        assert is_sent(source), f"{source} is kept out by .dockerignore"


@pytest.mark.parametrize(
    "path",
    [".env", ".git/config", "secrets/telegram_bot_token", "data/momo-desk.db", "tests/x.py", "bot/__pycache__/x"],
)
def test_nothing_else_is_sent_to_the_engine(path: str) -> None:
    assert not is_sent(path)


def test_every_part_of_the_packages_is_sent_to_the_engine() -> None:
    files = [file for package in ("momo", "bot") for file in (ROOT / package).rglob("*") if file.is_file()]
    kept_out = [file for file in files if not is_sent(str(file.relative_to(ROOT)))]
    assert [file for file in kept_out if "__pycache__" not in file.parts] == []


def test_the_image_is_made_of_nothing_that_its_trial_does_not_know() -> None:
    for_an_engine = {"USER", "EXPOSE", "VOLUME", "STOPSIGNAL"}
    carried_out = {step.word for step in steps()} - for_an_engine
    assert [word for word in carried_out if not hasattr(Image, f"_{word.lower()}")] == []


def test_the_trial_moves_the_images_paths_and_no_others(tmp_path: Path) -> None:
    moved = Image(tmp_path).moved("python -m venv /venv && VIRTUAL_ENV=/venv /usr/bin/x a/venv /data/momo-desk.db")
    assert moved.replace(str(tmp_path), "ROOT") == (
        "python -m venv ROOT/venv && VIRTUAL_ENV=ROOT/venv /usr/bin/x a/venv ROOT/data/momo-desk.db"
    )


def test_the_variables_of_image_and_containers_are_settings() -> None:
    given = {name.removesuffix("_FILE") for name in compose_environment(COMPOSE, WEBHOOK)}
    assert given <= SETTINGS
    assert set(image_environment()) - SETTINGS == {"PATH", "PYTHONUNBUFFERED"}


def test_image_and_unit_start_a_command_that_there_is() -> None:
    (started,) = [step.rest for step in steps() if step.word == "CMD"]
    for command in (json.loads(started), shlex.split(SERVICE["ExecStart"])):
        assert command[1:3] == ["-m", "bot"]
        assert _parser().parse_args(command[3:]).command


def test_every_engine_looks_at_the_same_health_that_the_bot_serves() -> None:
    (step,) = [step.rest for step in steps() if step.word == "HEALTHCHECK"]
    command = json.loads(step.partition("CMD ")[2])
    assert re.search(r"^ +test: (\[.*\])$", FILES[COMPOSE], re.MULTILINE)[1] == json.dumps(["CMD", *command])  # type: ignore[index]
    assert "/healthz'" in command[-1]
    compile(command[-1], "health check", "exec")


def test_the_container_may_do_nothing_but_write_its_data() -> None:
    service = FILES[COMPOSE]
    for line in ("read_only: true", "- ALL", "- no-new-privileges:true", "- data:/data", "restart: unless-stopped"):
        assert re.search(rf"^ +{line}$", service, re.MULTILINE)
    assert re.search(r"^    user: \"([1-9][0-9]+)\"$", service, re.MULTILINE)
    assert "ports:" not in service
    assert compose_environment(COMPOSE)["DATABASE_PATH"] == image_environment()["DATABASE_PATH"]


def test_in_the_container_no_secret_comes_but_as_a_file() -> None:
    given = compose_environment(COMPOSE, WEBHOOK)
    assert not SECRETS & set(given)
    needed = {name for name in SECRETS if Settings.model_fields[name.lower()].is_required()}
    assert set(secret_files(COMPOSE, WEBHOOK)) == needed | {"TELEGRAM_WEBHOOK_SECRET"}
    for name, path in secret_files(COMPOSE, WEBHOOK).items():
        file = FILES[WEBHOOK if "WEBHOOK" in name else COMPOSE]
        assert path == f"/run/secrets/{name.lower()}"
        assert f"      - {name.lower()}\n" in file
        assert f"  {name.lower()}:\n    file: secrets/{name.lower()}\n" in file


def test_whoever_stops_the_bot_waits_longer_than_it_takes() -> None:
    grace = re.search(r"^    stop_grace_period: (\d+)s$", FILES[COMPOSE], re.MULTILINE)
    assert int(grace[1]) == int(SERVICE["TimeoutStopSec"]) == 30 > LONGEST_STOP  # type: ignore[index]


def test_the_unit_runs_as_nobody_special_and_writes_only_its_state() -> None:
    assert SERVICE["User"] not in {"", "root", "0"}
    assert (SERVICE["ProtectSystem"], SERVICE["NoNewPrivileges"]) == ("strict", "yes")
    assert (SERVICE["CapabilityBoundingSet"], SERVICE["StateDirectoryMode"]) == ("", "0700")
    assert "ReadWritePaths" not in SERVICE
    assert int(SERVICE["RestartPreventExitStatus"]) == WRONG_SETTINGS
    assert "WatchdogSec" not in SERVICE  # the bot tells no watchdog that it is alive

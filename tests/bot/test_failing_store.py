"""The whole program on a database that cannot be used, or no longer: what it says, and how it ends."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PATIENCE = 30.0
CLOSED_DOOR = "http://127.0.0.1:9"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Settings of a till whose Telegram and MTN cannot be reached."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "TELEGRAM_BOT_TOKEN": "1000001:TEST",
        "TELEGRAM_API_URL": CLOSED_DOOR,
        "MOMO_COLLECTION_SUBSCRIPTION_KEY": "c" * 32,
        "MOMO_COLLECTION_API_USER": "11111111-1111-4111-8111-111111111111",
        "MOMO_COLLECTION_API_KEY": "collection-api-key",
        "MOMO_DISBURSEMENT_SUBSCRIPTION_KEY": "d" * 32,
        "MOMO_DISBURSEMENT_API_USER": "22222222-2222-4222-8222-222222222222",
        "MOMO_DISBURSEMENT_API_KEY": "disbursement-api-key",
        "DATABASE_PATH": str(tmp_path / "till.db"),
        "LISTEN_PORT": "0",
        "OWNER_IDS": "1001",
    }


@contextmanager
def running(folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The program as its own process; it is gone afterwards."""
    with (folder / "log").open("w") as log:
        command = [sys.executable, "-m", "bot", "run", "--no-wait"]
        bot = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, text=True)
    try:
        yield bot
    finally:
        bot.kill()
        bot.wait()


def wait_for(words: str, log: Path) -> None:
    """Wait until the program says *words*."""
    until = time.monotonic() + PATIENCE
    while words not in log.read_text():
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.05)


def test_a_file_that_is_no_database_is_one_sentence_and_exit_code_3(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    path = tmp_path / "till.db"
    path.write_bytes(b"not a database" * 1000)
    with running(tmp_path, environment) as bot:
        assert bot.wait(PATIENCE) == 3
    said = (tmp_path / "log").read_text()
    assert "Traceback" not in said
    assert f"the database {path} cannot be used: the file is damaged" in said
    assert path.read_bytes() == b"not a database" * 1000


def test_a_disk_that_takes_no_more_ends_the_program_with_plain_words(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    with running(tmp_path, environment) as bot:
        wait_for("Telegram is not reached", tmp_path / "log")
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (4096, 4096))
        assert bot.wait(PATIENCE) == 1
    said = (tmp_path / "log").read_text()
    assert "the database failed, the bot stops" in said
    assert "the last words were not delivered" in said

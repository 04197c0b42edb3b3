"""The whole program on a database that cannot be used, or no longer: what it says, and how it ends."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import takewhile
from pathlib import Path
from threading import Thread

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
def running(folder: Path, environment: dict[str, str], log: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """The program as its own process, logging to a pipe or into a file; it is gone afterwards."""
    with ExitStack() as stack:
        out = stack.enter_context(log.open("w")) if log else subprocess.PIPE
        command = [sys.executable, "-m", "bot", "run", "--no-wait"]
        bot = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT, text=True)
        stack.enter_context(bot)
        stack.callback(bot.kill)
        yield bot


def heard(bot: subprocess.Popen[str], words: str = "") -> str:
    """What the program says from now on, as far as *words*, or to its end."""
    assert bot.stdout is not None
    if not words:
        return bot.stdout.read()
    lines = list(takewhile(lambda line: words not in line, bot.stdout))
    assert bot.poll() is None, lines
    return "".join(lines)


@pytest.fixture
def asked_of_telegram(environment: dict[str, str]) -> Iterator[list[str]]:
    """A Telegram that answers nothing but errors; the calls that came there, with what they carried."""
    calls: list[str] = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            calls.append(self.path + " " + self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_error(500)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        environment["TELEGRAM_API_URL"] = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, args=(0.05,)).start()
        yield calls
        server.shutdown()


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
        said = heard(bot)
        assert bot.wait(PATIENCE) == 3
    assert "Traceback" not in said
    assert f"the database {path} cannot be used: the file is damaged" in said
    assert path.read_bytes() == b"not a database" * 1000


def test_a_disk_that_takes_no_more_ends_the_program_with_plain_words(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    with running(tmp_path, environment) as bot:
        heard(bot, "Telegram is not reached")
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (4096, 4096))
        said = heard(bot)
        assert bot.wait(PATIENCE) == 1
    assert "the database failed, the bot stops" in said
    assert "the last words were not delivered" in said


def test_a_full_disk_that_takes_no_log_either_is_still_told_and_ends_with_the_same_exit_code(
    tmp_path: Path, environment: dict[str, str], asked_of_telegram: list[str]
) -> None:
    log = tmp_path / "log"
    with running(tmp_path, environment, log) as bot:
        wait_for("Telegram is not reached", log)
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (0, 0))
        assert bot.wait(PATIENCE) == 1
    assert "the database failed" not in log.read_text()
    assert any("/sendMessage" in call and "I+have+stopped" in call for call in asked_of_telegram)


def test_what_cannot_be_said_changes_no_exit_code(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "till.db").write_bytes(b"not a database" * 1000)
    with running(tmp_path, environment, Path("/dev/full")) as bot:
        assert bot.wait(PATIENCE) == 3

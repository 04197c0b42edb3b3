"""The real program between far ends that are never in its way, and what it costs: seconds, CPU, memory."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from benchmarks.rows import API_USER

HERE = Path(__file__).parent
FOLDER = Path("/tmp/momo-desk-benchmarks")
TICKS = os.sysconf("SC_CLK_TCK")


def pin(pid: int, *, last: bool) -> None:
    """Far ends on the first core, what is measured on the last, where the system lets us."""
    if hasattr(os, "sched_setaffinity") and len(cores := sorted(os.sched_getaffinity(0))) > 1:
        os.sched_setaffinity(pid, {cores[-1] if last else cores[0]})


def fresh(name: str) -> Path:
    """Return an empty folder."""
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """Return the CPU a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_mb(pid: int) -> float:
    """Return the memory a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Ends(Protocol):
    """Where both far ends are: below ``/telegram`` and ``/mtn`` of an address."""

    url: str


class Program:
    """A program of this folder in a process of its own; ``said`` is its first line, such as where it listens."""

    def __init__(self, name: str, *arguments: str, last: bool = True) -> None:
        self._command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
        self._last = last

    def start(self) -> Self:
        """Start it and wait until it has said that it is ready."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True, cwd=HERE.parent)
        self.pid = self._process.pid
        pin(self.pid, last=self._last)
        assert self._process.stdout is not None
        self.said = self._process.stdout.readline().strip()
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait(10)


class FarEnds(Program):
    """MTN and Telegram in a process of their own."""

    def __init__(self) -> None:
        super().__init__("far_end", last=False)

    def __enter__(self) -> Self:
        self.start()
        self.url = self.said
        return self

    def counts(self) -> dict[str, int]:
        """Return how often each was asked."""
        told: dict[str, int] = json.loads(urllib.request.urlopen(f"{self.url}/counts").read())
        return told


class RunningBot:
    """`python -m bot run` on a database, on a core of its own; *program*: another one that takes its arguments."""

    def __init__(self, ends: Ends, database: Path, *, program: str = "bot", **settings: str) -> None:
        self._program = program
        self.port = free_port()
        keys = {
            f"MOMO_{product}_{name}": value
            for product in ("COLLECTION", "DISBURSEMENT")
            for name, value in (("SUBSCRIPTION_KEY", "c" * 32), ("API_USER", API_USER), ("API_KEY", "d" * 32))
        }
        self._environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            **keys,
            "TELEGRAM_BOT_TOKEN": "1:benchmark",
            "TELEGRAM_API_URL": f"{ends.url}/telegram",
            "MOMO_BASE_URL": f"{ends.url}/mtn",
            "DATABASE_PATH": str(database),
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "LISTEN_PORT": str(self.port),
            "OWNER_IDS": "1001",
            "LOG_LEVEL": "ERROR",
            **settings,
        }

    def __enter__(self) -> Self:
        return self

    def start(self) -> Self:
        """Start it and wait until its door is open."""
        began = time.perf_counter()
        command = [sys.executable, "-m", self._program, "run"]
        self._process = subprocess.Popen(
            command, env=self._environment, cwd=HERE.parent, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        pin(self._process.pid, last=True)
        while not self._is_ready():
            if self._process.poll() is not None:
                raise SystemExit("the bot ended before it was ready")
            time.sleep(0.01)
        self.start_seconds = time.perf_counter() - began
        return self

    def _is_ready(self) -> bool:
        try:
            return bool(urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def resident_mb(self) -> float:
        """Return its resident memory."""
        return resident_mb(self._process.pid)

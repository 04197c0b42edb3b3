"""The program started at once: ``python -m …`` in a fork of a process that has imported already what it imports.

Importing is most of what a start costs, and the journeys start the program hundreds of times. What lives here: the
process that forks (this module as a program) and how one asks it to. What must not: anything about the program but
where its modules are. Each start has a directory, an environment and a log of its own, and runs the module's main from
its first line, as Python itself would.
"""

import asyncio
import atexit
import contextlib
import functools
import importlib
import json
import os
import pkgutil
import random
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
# What `python -m bot` does not import, or what has to be run afresh.
LEFT_OUT = ("bot.playground", "momo.cli", "momo.sandbox", "momo.pytest_plugin", "momo.testing")
PARENT_LOOKED_FOR_EVERY = 1.0


class WarmProcess:
    """A program that runs, with the few methods of asyncio's processes that are needed."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pid: int) -> None:
        self._reader, self._writer, self.pid = reader, writer, pid
        self.returncode: int | None = None
        self._end = asyncio.create_task(self._ended())

    @classmethod
    async def start(cls, command: list[str], directory: Path, env: Mapping[str, str], out: Path, error: Path) -> Self:
        """Start ``python -m`` *command*; what it says is appended to two files, or to one."""
        reader, writer = await asyncio.open_unix_connection(_forker())
        asked = {"command": command, "cwd": str(directory), "env": dict(env), "out": str(out), "error": str(error)}
        writer.write(json.dumps(asked).encode() + b"\n")
        return cls(reader, writer, int(await reader.readline()))

    async def wait(self) -> int:
        """Return the exit code once it has ended."""
        return await asyncio.shield(self._end)

    def kill(self) -> None:
        """Have the kernel end it."""
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    async def _ended(self) -> int:
        self.returncode = int(await self._reader.readline())
        self._writer.close()
        return self.returncode


@functools.cache
def _forker() -> str:
    """Start the process that forks, once in a run of the tests; return the address at which it is asked."""
    folder = tempfile.mkdtemp(prefix="warm-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    address = str(Path(folder, "forker"))
    command = [sys.executable, "-m", __name__, address]
    forker = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    atexit.register(forker.kill)
    assert forker.stdout is not None
    assert forker.stdout.readline() == b"warm\n"
    return address


# --- the process that forks


def main(address: str) -> None:
    """Import what the program imports, and fork for everybody who asks, as long as the tests run."""
    _import_all()
    listener, tests = socket.socket(socket.AF_UNIX), os.getppid()
    listener.bind(address)
    listener.listen(64)
    listener.settimeout(PARENT_LOOKED_FOR_EVERY)
    print("warm", flush=True)
    while os.getppid() == tests:
        with contextlib.suppress(TimeoutError):
            asked, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                return _serve(asked)
            asked.close()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
    return None


def _import_all() -> None:
    for package in ("bot", "momo"):
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if not module.name.startswith(LEFT_OUT) and not module.name.endswith("__main__"):
                importlib.import_module(module.name)


def _serve(asked: socket.socket) -> None:
    """Become the program, in one more fork, and tell its id and how it ended."""
    asked.setblocking(True)
    wanted = json.loads(asked.makefile().readline())
    if (pid := os.fork()) == 0:
        asked.close()
        return _become(wanted)
    asked.sendall(b"%d\n" % pid)
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(BrokenPipeError):
        asked.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _become(wanted: dict[str, object]) -> None:
    os.chdir(str(wanted["cwd"]))
    os.environ.clear()
    os.environ.update(wanted["env"])  # type: ignore[call-overload]
    for path, number in ((os.devnull, 0), (wanted["out"], 1), (wanted["error"], 2)):
        opened = os.open(str(path), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    random.seed()
    module, *sys.argv[1:] = wanted["command"]  # type: ignore[misc]
    runpy.run_module(str(module), run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1])

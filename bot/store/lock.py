"""One process per database: an advisory lock on a file beside it, which names its holder."""

import asyncio
import fcntl
import os
from pathlib import Path
from typing import IO

POLL_SECONDS = 0.2


class AlreadyRunning(Exception):
    """Another process holds the database."""


class FileLock:
    """An exclusive ``flock``; the kernel gives it back when the process dies, however it dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    async def acquire(self, wait_seconds: float) -> None:
        """Take the lock, trying for *wait_seconds*.

        Raises:
            AlreadyRunning: somebody else still holds it; the message names their pid.
        """
        waited = 0.0
        while not self._try():
            if waited >= wait_seconds:
                raise AlreadyRunning(f"another bot (pid {self._holder()}) is using {self._path.stem}; stop it first")
            await asyncio.sleep(POLL_SECONDS)
            waited += POLL_SECONDS

    def release(self) -> None:
        """Give the lock back, if it is held."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _try(self) -> bool:
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file
        return True

    def _holder(self) -> str:
        return self._path.read_text() or "unknown"

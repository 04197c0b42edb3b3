"""How much room the disk has for the database: measured, not guessed, and not at every transaction."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

MB = 1_000_000
LEAST = 200 * MB
# Once it was too little, more than that must be free again, or the answer would change with every log line.
ENOUGH_AGAIN = 220 * MB
EVERY = timedelta(seconds=10)


def free_bytes(path: Path) -> int:
    """Return how many bytes a program without special rights can still write beside *path*."""
    disk = os.statvfs(path.parent)
    return disk.f_bavail * disk.f_frsize


class Space:
    """Remembers the last measurement."""

    def __init__(self, path: Path, free: Callable[[Path], int] = free_bytes) -> None:
        self._path = path
        self._free = free
        self._measured_at: datetime | None = None
        self._cramped = False

    def is_cramped(self, now: datetime) -> bool:
        """Tell whether there is too little room for new work; a disk that cannot be asked is as it was."""
        if self._measured_at is None or abs(now - self._measured_at) >= EVERY:
            self._measured_at = now
            self._measure()
        return self._cramped

    def _measure(self) -> None:
        try:
            free = self._free(self._path)
        except OSError:
            return
        self._cramped = free < (ENOUGH_AGAIN if self._cramped else LEAST)

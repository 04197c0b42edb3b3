"""Bringing to the disk what the operating system still keeps in memory."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Bring a file, or the names in a directory, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

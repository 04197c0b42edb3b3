"""What around the database file is not as it should be: rights, room, the kind of disk. Warnings, never a refusal.

What is seen and what is said are apart: ``warnings`` works on what it is given. Rights that are too wide are
narrowed where that takes nothing from anybody else, and that is said too.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.domain.checkup import Finding, warning
from bot.domain.marking import later
from bot.store.space import MB

DISK = later("disk")
PLENTY = 500 * MB
PRIVATE_DIRECTORY, PRIVATE_FILE = 0o700, 0o600
NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "sshfs", "ncpfs", "davfs"}
)
BESIDE = ("", "-wal", "-shm", ".lock", ".journal")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What was seen. ``mounts`` is the text of /proc/mounts; ``alone``: nothing but ours is in the directory."""

    path: Path
    uid: int
    mounts: str
    disk: os.statvfs_result
    directory: os.stat_result
    files: dict[Path, os.stat_result]
    alone: bool


def look(path: Path) -> Surroundings:
    """See what is around the database at *path*; its directory is there."""
    path = path.resolve()
    files = {file: file.stat() for file in (path.with_name(path.name + end) for end in BESIDE) if file.exists()}
    alone = all(entry.name.startswith(path.name) for entry in path.parent.iterdir())
    return Surroundings(path, os.geteuid(), _mounts(), os.statvfs(path.parent), path.parent.stat(), files, alone)


def warnings(seen: Surroundings) -> Iterator[Finding]:
    """Say of each thing that is not as it should be what it is, and the cure."""
    if seen.uid == 0:
        yield warning(DISK, later("the bot runs as root"), later("give it a user of its own"))
    yield from _wide(seen)
    if file_system(seen.path, seen.mounts) in NETWORK:
        text = later("the database is on a network file system, where locks and fsync cannot be relied on")
        yield warning(DISK, text, later("use a local disk"))
    for file, found in seen.files.items():
        if found.st_nlink > 1:
            text = later("{file} has {n} hard links: whoever has another can read and change it")
            yield warning(DISK, text, later("find and remove the others"), file=file.name, n=found.st_nlink)
    free = seen.disk.f_bavail * seen.disk.f_frsize
    if free < PLENTY:
        text = later("only {free} MB are free on the disk of the database, {wanted} MB should be")
        yield warning(DISK, text, later("make room on it"), free=free // MB, wanted=PLENTY // MB)


def too_wide(seen: Surroundings) -> dict[Path, int]:
    """Return what others than our user may open and we may close to them, with the mode it should have.

    A directory is closed only if it is ours alone: not root's, not one with other things in it.
    """
    wide = {file: PRIVATE_FILE for file, s in seen.files.items() if _is_wide(s) and s.st_uid == seen.uid}
    ours = seen.directory.st_uid == seen.uid != 0 and seen.alone
    if ours and _is_wide(seen.directory):
        wide[seen.path.parent] = PRIVATE_DIRECTORY
    return wide


def mend(seen: Surroundings) -> None:
    """Narrow the rights that are too wide, as far as that can be done."""
    for path, mode in too_wide(seen).items():
        with suppress(OSError):
            path.chmod(mode)


def file_system(path: Path, mounts: str) -> str:
    """Return the kind of file system *path* is on: that of the longest mount point above it."""
    best, kind = "", ""
    for line in mounts.splitlines():
        _, point, found, *_ = [*line.split(" "), "", "", ""]
        point = point.replace("\\040", " ")
        if point and path.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, found
    return kind.removeprefix("fuse.")


def _wide(seen: Surroundings) -> Iterator[Finding]:
    mended = too_wide(seen)
    everything = {seen.path.parent: seen.directory, **seen.files}
    for path, found in everything.items():
        if _is_wide(found):
            mode, narrow = stat.S_IMODE(found.st_mode), mended.get(path, 0)
            cure = later("the bot narrows it to {narrow} when it starts") if narrow else later("narrow it with chmod")
            text = later("{path} is open to other users (mode {mode})")
            yield warning(DISK, text, cure, path=path, mode=f"{mode:04o}", narrow=f"{narrow:04o}")


def _is_wide(found: os.stat_result) -> bool:
    return bool(stat.S_IMODE(found.st_mode) & 0o077)


def _mounts() -> str:
    with suppress(OSError):
        return Path("/proc/mounts").read_text("utf-8", "replace")
    return ""

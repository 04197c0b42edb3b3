"""The reference journal: one line for every attempt to submit, on disk before the attempt is made.

What lives here: the file, its lines, and how both are read back. What must not: what a line means for the
database; that is in ``service.restored``. It stands beside the database, better on another disk: if the
database is lost or an old copy of it is put back, the journal still names everything that may be at MTN.

The first line names the incarnation of the database the journal belongs to. One process writes it: the
database's lock covers it.
"""

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """One attempt: what was asked of MTN, and under which API user; whom it concerns only as a keyed hash.

    ``at`` in milliseconds since 1970, ``party_hash`` in hexadecimal digits; ``original`` is the reference id
    of the payment that a refund gives back. ``attempt`` counts from one for each reference id.
    """

    at: int
    reference_id: str
    attempt: int
    kind: str
    amount_minor: int
    currency: str
    decimals: int
    party_hash: str
    original: str | None
    short_code: str
    api_user: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a journal holds; the incarnation is empty when the first line cannot be read."""

    incarnation: str
    lines: tuple[Line, ...]


class Journal(Protocol):
    """The journal's file, or a test's own. Every method may raise OSError."""

    async def read(self) -> Contents | None:
        """Return what the journal holds, or None when there is none."""
        ...

    async def set_aside_before(self) -> tuple[Line, ...]:
        """Return the lines of the journals that were set aside, oldest first."""
        ...

    async def begin(self, incarnation: str) -> None:
        """Begin a new journal for this incarnation of the database."""
        ...

    async def append(self, line: Line) -> None:
        """Add a line; it is on disk when this returns."""
        ...

    async def set_aside(self) -> None:
        """Keep the journal under another name, where nothing is added to it any more."""
        ...


class FileJournal:
    """JSON lines in a file of mode 0600; written and read off the event loop.

    What is added while the disk is busy goes to it together: in a rush nobody waits for the disk once for each one
    before.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: list[tuple[Line, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def read(self) -> Contents | None:
        """Return what the journal holds, or None when there is none."""
        return await asyncio.to_thread(_read, self._path)

    async def set_aside_before(self) -> tuple[Line, ...]:
        """Return the lines of the journals that were set aside, oldest first."""
        return await asyncio.to_thread(_read_kept, self._path)

    async def begin(self, incarnation: str) -> None:
        """Begin a new journal for this incarnation of the database."""
        await asyncio.to_thread(_begin, self._path, incarnation)

    async def append(self, line: Line) -> None:
        """Add a line; it is on disk when this returns."""
        written = asyncio.get_running_loop().create_future()
        self._waiting.append((line, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await written

    async def _write(self) -> None:
        while waiting := self._waiting:
            self._waiting = []
            # Whoever has given up waiting does not make the attempt.
            together = [(line, written) for line, written in waiting if not written.done()]
            failure = await asyncio.to_thread(_failure, self._path, [line for line, _ in together])
            for _, written in together:
                _settle(written, failure)

    async def set_aside(self) -> None:
        """Rename the journal to the first free number behind its name."""
        await asyncio.to_thread(_set_aside, self._path)


def _read(path: Path) -> Contents | None:
    try:
        first, *rest = path.read_text("utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        return None
    # A line that was torn by a kill or a full disk was never followed by its attempt: it says nothing.
    lines = tuple(line for line in (_parsed(text, _line) for text in rest) if line is not None)
    return Contents(_parsed(first, lambda values: str(values["incarnation"])) or "", lines)


def _parsed(text: str, make: Callable[[dict[str, Any]], T]) -> T | None:
    try:
        return make(json.loads(text))
    except (ValueError, TypeError, KeyError):
        return None


def _line(values: dict[str, Any]) -> Line:
    return Line(**values)


def _read_kept(path: Path) -> tuple[Line, ...]:
    found = [_read(kept) for _, kept in sorted(_kept(path).items())]
    return tuple(line for contents in found if contents for line in contents.lines)


def _kept(path: Path) -> dict[int, Path]:
    """Return the journals that were set aside, by their numbers."""
    begins = f"{path.name}."
    beside = [kept for kept in path.parent.iterdir() if kept.name.startswith(begins)] if path.parent.exists() else []
    return {int(kept.suffix[1:]): kept for kept in beside if kept.name.removeprefix(begins).isdecimal()}


def _begin(path: Path, incarnation: str) -> None:
    """Write the first line under another name, then rename: there is never a journal with half a first line."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    _write(os.open(new, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600), {"incarnation": incarnation})
    new.rename(path)
    _sync_folder(path)


def _failure(path: Path, lines: list[Line]) -> Exception | None:
    """Append lines and bring them to disk; return why that failed, or None."""
    try:
        # Opened anew each time and never created here: a journal that somebody took away is noticed at once.
        _write(os.open(path, os.O_RDWR | os.O_APPEND), *map(asdict, lines))
    except Exception as error:  # noqa: BLE001 - whatever it is, those who wait for a line are told
        return error
    return None


def _settle(written: asyncio.Future[None], failure: Exception | None) -> None:
    if written.done():
        return
    if failure is None:
        written.set_result(None)
    else:
        written.set_exception(failure)


def _write(descriptor: int, *lines: dict[str, Any]) -> None:
    """Append lines and bring them to disk; closes the file. What stands torn at its end is left behind first."""
    with open(descriptor, "r+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        text = ("\n" if torn else "") + "".join(f"{json.dumps(line)}\n" for line in lines)
        data = text.encode()
        if file.write(data) != len(data):
            raise OSError("the journal took only a part of a line")
        os.fsync(descriptor)


def _set_aside(path: Path) -> None:
    path.rename(path.with_name(f"{path.name}.{max(_kept(path), default=0) + 1}"))
    _sync_folder(path)


def _sync_folder(path: Path) -> None:
    """Bring a new or changed name to disk."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

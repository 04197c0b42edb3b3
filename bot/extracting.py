"""``python -m bot export``: everything of one desk in files, as JSON Lines and as CSV.

They are written beside their place and get it together, when all of them are whole: nobody takes a half for it all.
"""

import csv
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import IO, Any

from bot.chat.documents.inert import inert
from bot.store.disk import sync
from bot.store.extracts import KINDS, Copy, Extract

COPY = "copy.db"


class NotExtracted(Exception):
    """There are no new files; the text says why, in one sentence."""


def begin(dest: Path, nonce: str) -> Path:
    """Return a new directory beside *dest*, for nobody else to read, in which a copy of the database is to be put.

    Raises:
        NotExtracted: something is at *dest* already, or it can be nowhere.
    """
    if os.path.lexists(dest):
        raise NotExtracted(f"{dest} exists already: name a new directory")
    if not dest.parent.is_dir():
        raise NotExtracted(f"there is no directory {dest.parent}: make it, or name another")
    part = dest.with_name(f".{dest.name}-{nonce}.part")
    part.mkdir(0o700)
    return part


def finish(part: Path, dest: Path, desk: str) -> dict[str, int]:
    """Write everything of a desk out of the copy in *part*, and give it its name; return how many rows of each kind.

    Raises:
        NoSuchDesk: there is none.
    """
    with closing(Copy(part / COPY)) as copy:
        desk_id = copy.desk(desk).id
        counts = {kind: _write(part, kind, copy.extract(kind, desk_id)) for kind in KINDS}
    (part / COPY).unlink()
    sync(part)
    part.rename(dest)
    return counts


def discard(part: Path) -> None:
    """Remove what was begun, if it has not got its name."""
    shutil.rmtree(part, ignore_errors=True)


def _write(folder: Path, kind: str, extract: Extract) -> int:
    count = 0
    with ExitStack() as files:
        lines = files.enter_context(_new(folder / f"{kind}.jsonl", "utf-8"))
        # The mark tells spreadsheets that it is UTF-8.
        table = csv.writer(files.enter_context(_new(folder / f"{kind}.csv", "utf-8-sig")), lineterminator="\r\n")
        table.writerow(extract.columns)
        for row in extract.rows:
            lines.write(json.dumps(dict(zip(extract.columns, row, strict=True)), ensure_ascii=False) + "\n")
            table.writerow(_cells(row))
            count += 1
    return count


def _cells(row: list[Any]) -> Iterator[Any]:
    """Yield what a spreadsheet shows and never runs."""
    return (inert(value) if isinstance(value, str) else value for value in row)


def _new(path: Path, encoding: str) -> IO[str]:
    return open(path, "x", encoding=encoding, newline="", opener=lambda name, flags: os.open(name, flags, 0o600))

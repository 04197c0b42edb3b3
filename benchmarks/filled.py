"""Databases for a benchmark: new ones, and copies of large ones that are kept."""

import hashlib
import os
import shutil
import sqlite3
from datetime import datetime
from pathlib import Path
from random import Random

from benchmarks.rig import FOLDER
from benchmarks.rows import add, create
from bot.domain.mint import Mint
from bot.jobs import nights
from bot.store import migrations
from bot.store.database import Tx, run
from bot.store.times import to_ms

KEPT_FROM = 100_000


def fill(path: Path, finished: int, opened: int, now: datetime) -> None:
    """Write a new database with transactions that ended during a year, and then some that MTN has not ended yet.

    Many finished ones take minutes, so the file with them is kept, and copied as long as it would be the same.
    """
    if finished < KEPT_FROM:
        create(path, finished, now)
    else:
        shutil.copyfile(_kept(finished, now), path)
    if opened:
        add(path, range(finished + 1, finished + opened + 1), lambda _: to_ms(now) - 60_000, now, open_=True)
    conn = sqlite3.connect(path, isolation_level=None)
    run(Tx(conn, now, Mint(Random(5))), _nights_work_is_done)
    conn.close()
    # What is still to be written would be in the way of every commit.
    os.sync()


def _nights_work_is_done(tx: Tx) -> None:
    """As it is by day: what is verified of all rows every night would be in the way of what is measured."""
    for name in ("draw", "trail"):
        nights.done(tx, name, f"{tx.now:%Y-%m-%d}")


def _kept(finished: int, now: datetime) -> Path:
    """Return a file with so many finished transactions: of this schema, and written by this program."""
    sources = [Path(__file__).with_name("rows.py"), *sorted(Path(migrations.__file__).parent.glob("*.sql"))]
    version = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
    path = FOLDER / "kept" / f"{finished}-{version}.db"
    if not path.exists():
        print(f"writing {finished:,} finished transactions, once: {path}")
        shutil.rmtree(path.parent, ignore_errors=True)
        path.parent.mkdir(parents=True)
        unfinished = path.with_suffix(".new")
        create(unfinished, finished, now)
        unfinished.rename(path)
    return path

"""The real program trading steadily for a long time, while MTN and Telegram fail now and then.

    python -m benchmarks.soak [MINUTES] [--per-second N] [--every SECONDS] [--seed N]

Printed every so often: what has ended, what the process holds, and how its memory grows. At the end all goes well for
a while, and everything must have ended, once. The exit code is 1 when more and more files are open, when something is
stuck, or when MTN's books and the till's differ.
"""

import argparse
import asyncio
import os
import shutil
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks import gauges
from benchmarks.gauges import Reading
from benchmarks.results import record
from benchmarks.rig import FOLDER
from benchmarks.traders import AT_MTN, BETWEEN_FAULTS, PEOPLE, Traders

# What nobody reminds us of is asked about five minutes apart in the end, and a lost answer costs a turn.
QUIET_SECONDS, LOOKS = 600.0, 40
OPEN = ("READY", "UNKNOWN", "PENDING", "REVIEW")
MOST_ROWS = 12  # of the table that is kept
ABOUT = """\
{people} people type {per_second:g} commands a second ({typed:,} in all) in private chats. At MTN: {faults}.
At Telegram: a call, or only its answer, fails every {between:g} s or so.

{table}

* {ended:,} transactions ended in {minutes:.0f} minutes; memory grows by {slope:+.1f} MB an hour (least squares, without
  the first third).
* Verdict: {verdict}."""


class Soak:
    """One run."""

    def __init__(self, traders: Traders, seconds: float, per_second: float, every: float) -> None:
        self._traders, self._seconds = traders, seconds
        self._per_second, self._every = per_second, every
        self._began = 0.0
        self.readings: list[Reading] = []

    async def run(self) -> None:
        """Trade with trouble, then let everything end in peace."""
        traders = self._traders
        await traders.hire()
        traders.let_mtn_fail()
        self._began = time.monotonic()
        looking = asyncio.create_task(traders.look())
        doing = [asyncio.create_task(traders.trade(self._per_second)), asyncio.create_task(traders.let_telegram_fail())]
        while time.monotonic() < self._began + self._seconds:
            await asyncio.sleep(self._every)
            await self._read()
        for task in doing:
            task.cancel()
        traders.end_trouble()
        await self._come_to_rest()
        looking.cancel()
        await asyncio.gather(looking, *doing, return_exceptions=True)

    async def _come_to_rest(self) -> None:
        until = time.monotonic() + QUIET_SECONDS
        while time.monotonic() < until:
            await asyncio.sleep(self._every)
            now = await self._read()
            if now.open == now.waiting == 0:
                break

    async def _read(self) -> Reading:
        traders, seconds = self._traders, time.monotonic() - self._began
        now = await asyncio.to_thread(gauges.read, traders.pid, traders.database, traders.metrics_url, seconds)
        self.readings.append(now)
        print(now.row(), f"{gauges.memory_slope(self.readings):+.1f} MB an hour", flush=True)
        return now


def differences(database: Path, traders: Traders) -> Iterator[str]:
    """Say what of the till's rows is stuck, or other than in MTN's books; the till has stopped."""
    at_mtn = {reference: known.status for reference, known in traders.sandbox.transactions.items()}
    moved = Counter(effect.reference_id for effect in traders.sandbox.ledger.effects)
    with closing(sqlite3.connect(database)) as conn:
        conn.row_factory = sqlite3.Row
        rows = {row["reference_id"]: row for row in conn.execute("SELECT * FROM txn").fetchall()}
    twice = sum(count > 1 for count in moved.values())
    wrong = sum(_is_other(row["state"], at_mtn.get(reference)) for reference, row in rows.items())
    counted = {"moved more than once": twice, "unknown to the till": len(at_mtn.keys() - rows), "other at MTN": wrong}
    yield from (f"{count} {what}" for what, count in counted.items() if count)
    for reference, row in rows.items():
        if row["state"] in OPEN and not _waits_for_its_day(row, at_mtn.get(reference)):
            yield f"stuck: {_told(row)}, at MTN {at_mtn.get(reference, 'unknown')}"


def _is_other(state: str, at_mtn: str | None) -> bool:
    if state in ("SUCCESSFUL", "FAILED"):
        return at_mtn != state
    return state in ("REJECTED", "UNSENT", "CANCELLED", "EXPIRED") and at_mtn is not None


def _waits_for_its_day(row: sqlite3.Row, at_mtn: str | None) -> bool:
    """Tell whether a person cancelled it when it may have been at MTN: a day of "not found" will close it."""
    return row["state"] == "UNKNOWN" and bool(row["send_closed"]) and at_mtn is None


def _told(row: sqlite3.Row) -> str:
    wait = row["next_at_ms"] / 1000 - time.time()
    counts = ", ".join(f"{row[name]} {name}" for name in ("attempts", "ambiguous", "not_found", "polls"))
    return f"{row['kind']} {row['state']} ({counts}; next asked about in {wait:.0f} s)"


def _verdict(readings: list[Reading], differs: list[str]) -> list[str]:
    files = ["more and more files are open"] if gauges.files_grow(readings) else []
    return [*differs, *files]


def _page(readings: list[Reading], problems: list[str], typed: int, per_second: float) -> str:
    step, last = max(1, -(-len(readings) // MOST_ROWS)), readings[-1]
    return ABOUT.format(
        people=PEOPLE,
        per_second=per_second,
        typed=typed,
        faults=", ".join(f"{name} {probability:.0%} of {method}" for name, method, probability, _ in AT_MTN),
        between=BETWEEN_FAULTS,
        table="\n".join([gauges.HEAD, *(reading.row() for reading in [*readings[:-1:step], last])]),
        ended=last.ended,
        minutes=last.seconds / 60,
        slope=gauges.memory_slope(readings),
        verdict="; ".join(problems) or "sound: nothing stuck, nothing doubled, no more files than before",
    )


async def main() -> int:
    """Soak; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minutes", nargs="?", type=float, default=10.0)
    parser.add_argument("--per-second", type=float, default=2.0)
    parser.add_argument("--every", type=float, help="between two looks; by default a fortieth of the time")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    folder = FOLDER / f"soak-{os.getpid()}"
    folder.mkdir(parents=True)
    traders = Traders(folder, options.seed)
    soak = Soak(traders, options.minutes * 60, options.per_second, options.every or options.minutes * 60 / LOOKS)
    print(gauges.HEAD)
    await traders.start()
    try:
        await soak.run()
    finally:
        await traders.stop()
    problems = _verdict(soak.readings, [*differences(traders.database, traders)])
    record("Soak", "soak.py", _page(soak.readings, problems, traders.typed, options.per_second))
    shutil.rmtree(folder)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))

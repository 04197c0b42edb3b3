"""A start, and then a while in which nobody says anything, on databases of different sizes.

    python -m benchmarks.idle [--seconds N] [--small | --large]

Printed: how long the program takes to be imported, the seconds until the door is open, the share of a core used while
idle, resident memory, and how often MTN was asked in a second. The first row, an empty database, is what the others are
to be held against. ``--large`` adds a million finished transactions, which take minutes to write.
"""

import argparse
import subprocess
import sys
import time
from datetime import UTC, datetime

from benchmarks.filled import fill
from benchmarks.results import record
from benchmarks.rig import FarEnds, RunningBot, cpu_seconds, fresh

SIZES = ((0, 0), (0, 10_000), (0, 100_000))
LARGE = (1_000_000, 10_000)
SMALL = ((0, 0), (0, 1000), (10_000, 1000))
SETTLING_SECONDS = 5
CALLS_PER_SECOND = 5
TIMED_IMPORT = "import time; began = time.perf_counter(); import bot.__main__; print(time.perf_counter() - began)"
HEAD = """| finished | open | ready after, s | idle CPU | resident, MB | MTN asked a second |
|---:|---:|---:|---:|---:|---:|"""


def main() -> None:
    """Measure each size in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--large", action="store_true")
    options = parser.parse_args()
    rows = []
    with FarEnds() as ends:
        for finished, opened in SMALL if options.small else (*SIZES, *[LARGE] * options.large):
            rows.append(_measure(ends, finished, opened, options.seconds))
            print(rows[-1])
    record(
        "Start and idle",
        "idle.py",
        "\n".join([HEAD, *rows, f"\nOf each start {_import_seconds():.2f} s is importing."]),
    )


def _import_seconds() -> float:
    """Return how long importing the program takes, of five times the shortest."""
    command = [sys.executable, "-c", TIMED_IMPORT]
    return min(float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(5))


def _measure(ends: FarEnds, finished: int, opened: int, seconds: int) -> str:
    folder = fresh("idle")
    fill(folder / "till.db", finished, opened, datetime.now(UTC))
    with RunningBot(ends, folder / "till.db", MOMO_CALLS_PER_SECOND=str(CALLS_PER_SECOND)).start() as bot:
        time.sleep(SETTLING_SECONDS)
        asked, cpu = ends.counts().get("asked", 0), cpu_seconds(bot.pid)
        time.sleep(seconds)
        share, calls = (cpu_seconds(bot.pid) - cpu) / seconds, (ends.counts().get("asked", 0) - asked) / seconds
        start, memory = bot.start_seconds, bot.resident_mb()
        return f"| {finished:,} | {opened:,} | {start:.2f} | {share:.1%} | {memory:.0f} | {calls:.1f} |"


if __name__ == "__main__":
    main()

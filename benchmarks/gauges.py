"""What a running till holds and has done, read from outside while it runs, and how that grows."""

import re
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression, median

from benchmarks.rig import cpu_seconds, resident_mb

ENDED = re.compile(r'momo_desk_transactions\{kind="\w+",state="(?:SUCCESSFUL|FAILED|REJECTED|UNSENT)"\} ([\d.e+]+)')
OPEN = re.compile(r'momo_desk_transactions\{kind="\w+",state="(?:READY|UNKNOWN|PENDING|REVIEW)"\} ([\d.e+]+)')
WAITING = re.compile(r"^momo_desk_(?:outbox|inbox)_waiting ([\d.e+]+)", re.MULTILINE)
THREADS = re.compile(r"^Threads:\s+(\d+)", re.MULTILINE)
# What connections come and go by.
MOST_FILES_MORE = 5
HEAD = """| minutes | ended | open | waiting | resident, MB | files | threads | WAL, MB | database, MB | CPU |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""


@dataclass(frozen=True, slots=True)
class Reading:
    """One look. ``waiting``: updates not handled and messages not sent; ``cpu``: seconds used so far."""

    seconds: float
    ended: int
    open: int
    waiting: int
    resident_mb: float
    files: int
    threads: int
    wal_mb: float
    database_mb: float
    cpu: float

    def row(self) -> str:
        """Return it as a row of the table."""
        figures = (self.resident_mb, self.files, self.threads, self.wal_mb, self.database_mb)
        held = " | ".join(f"{figure:.1f}" if isinstance(figure, float) else str(figure) for figure in figures)
        done = f"{self.seconds / 60:.1f} | {self.ended} | {self.open} | {self.waiting}"
        return f"| {done} | {held} | {self.cpu / max(self.seconds, 1):.1%} |"


def read(pid: int, database: Path, metrics_url: str, seconds: float) -> Reading:
    """Look at a running till, *seconds* after its beginning."""
    page = urllib.request.urlopen(metrics_url, timeout=30).read().decode()
    threads = THREADS.search(Path(f"/proc/{pid}/status").read_text())
    return Reading(
        seconds=seconds,
        ended=_sum(ENDED, page),
        open=_sum(OPEN, page),
        waiting=_sum(WAITING, page),
        resident_mb=resident_mb(pid),
        files=sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()),
        threads=int(threads[1]) if threads else 0,
        wal_mb=_megabytes(database.with_name(database.name + "-wal")),
        database_mb=_megabytes(database),
        cpu=cpu_seconds(pid),
    )


def _sum(pattern: re.Pattern[str], page: str) -> int:
    return int(sum(float(number) for number in pattern.findall(page)))


def _megabytes(file: Path) -> float:
    return file.stat().st_size / 1e6 if file.exists() else 0.0


def warm(readings: Sequence[Reading]) -> Sequence[Reading]:
    """Return the readings after the warm-up: the first third is left out."""
    return readings[len(readings) // 3 :]


def memory_slope(readings: Sequence[Reading]) -> float:
    """Return by how many MB memory grows in an hour, by least squares; 0 where there is too little to tell."""
    late = warm(readings)
    if len(late) < 3:
        return 0.0
    slope, _ = linear_regression([one.seconds / 3600 for one in late], [one.resident_mb for one in late])
    return slope


def files_grow(readings: Sequence[Reading]) -> bool:
    """Tell whether more files are open at the end than connections explain."""
    late = warm(readings)
    half = len(late) // 2
    if half == 0:
        return False
    before, after = (median(one.files for one in part) for part in (late[:half], late[half:]))
    return after > before + MOST_FILES_MORE

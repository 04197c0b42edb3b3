"""RESULTS.md: a chapter for each benchmark, written anew by its run, with the machine and the moment."""

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

FILE = Path(__file__).with_name("RESULTS.md")


def record(title: str, program: str, text: str) -> None:
    """Put what a run found in the place of what the run before it found."""
    chapter = f"## {title}\n\nBy `{program}`. {machine()}\n\n{text.strip()}\n"
    before = FILE.read_text("utf-8") if FILE.exists() else "# Results\n"
    kept = re.sub(rf"\n## {re.escape(title)}\n.*?(?=\n## |\Z)", "", before, flags=re.DOTALL).rstrip("\n")
    FILE.write_text(f"{kept}\n\n{chapter}", "utf-8")
    print(chapter)


def machine() -> str:
    """Return when, on what and beside what it ran."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit}; {processor()}, {os.cpu_count()} cores, load {load};"
        f" Python {platform.python_version()}."
    )


def processor() -> str:
    """Return the processor's name."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", info.read_text()) if info.exists() else None
    return found[1] if found else platform.machine()

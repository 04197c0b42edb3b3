"""pytest run on tests that somebody who uses the library would write."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def passes_with_the_plugin(folder: Path, test: str) -> None:
    """Demand that *test*, a module with one test, passes where the plugin is there."""
    (folder / "test_shop.py").write_text(test)
    words = [sys.executable, "-m", "pytest", "-q", "-p", "momo.pytest_plugin", "--rootdir", str(folder), str(folder)]
    ran = subprocess.run(words, capture_output=True, text=True, cwd=ROOT)
    assert "1 passed" in ran.stdout, ran.stdout + ran.stderr

"""The library needs aiohttp and nothing else: every module but the command line imports with all others blocked."""

import subprocess
import sys
from pathlib import Path
from types import FunctionType

import momo

PACKAGE = Path(momo.__file__).parent
# What needs more: the command line its extra, the plugin pytest, which loads it.
COMMAND_LINE = {"momo.__main__", "momo.cli", "momo.pytest_plugin"}
# aiohttp and what it cannot do without.
ALLOWED = {
    *("momo", "aiohttp", "aiohappyeyeballs", "aiosignal", "attr", "attrs", "frozenlist", "idna", "multidict"),
    *("propcache", "typing_extensions", "yarl"),
}
PROGRAM = """
import importlib, sys

class Only:
    # Finds what is allowed and knows nothing of the rest.

    def __init__(self, finder):
        self._finder = finder

    def find_spec(self, name, path=None, target=None):
        first = name.partition(".")[0]
        if first in ALLOWED or first in sys.stdlib_module_names:
            return self._finder.find_spec(name, path, target)

sys.meta_path[:] = [Only(finder) for finder in sys.meta_path]
for name in MODULES:
    importlib.import_module(name)
print(len(MODULES))
"""


def modules() -> list[str]:
    names = [
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted(PACKAGE.rglob("*.py"))
    ]
    return [name for name in names if not any(name == cli or name.startswith(f"{cli}.") for cli in COMMAND_LINE)]


def test_every_module_imports_with_aiohttp_alone() -> None:
    program = f"ALLOWED = {ALLOWED!r}\nMODULES = {modules()!r}\n{PROGRAM}"

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=PACKAGE.parent)

    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) == len(modules()) > 40


def test_every_public_name_is_there_and_told_of() -> None:
    assert sorted(momo.__all__) == sorted(set(momo.__all__))
    kinds = [name for name in momo.__all__ if isinstance(getattr(momo, name), type | FunctionType)]
    assert [name for name in kinds if not (getattr(momo, name).__doc__ or "").strip()] == []

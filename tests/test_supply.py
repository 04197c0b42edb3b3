"""Nothing is installed but what was looked at: every package comes by the hash that is written down here."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
LOCK = tomllib.loads((ROOT / "uv.lock").read_text())
HERE = [package["name"] for package in LOCK["package"] if "editable" in package["source"]]
FETCHED = [package for package in LOCK["package"] if package["name"] not in HERE]
SHA256 = re.compile(r"sha256:[0-9a-f]{64}")


def files_of(package: dict[str, Any]) -> list[dict[str, Any]]:
    return [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]


@pytest.mark.parametrize("package", FETCHED, ids=lambda package: str(package["name"]))
def test_every_file_of_a_locked_package_has_its_hash(package: dict[str, Any]) -> None:
    files = files_of(package)
    assert files
    assert [file["url"] for file in files if SHA256.fullmatch(file.get("hash", "")) is None] == []


@pytest.mark.parametrize("package", FETCHED, ids=lambda package: str(package["name"]))
def test_packages_come_from_the_index_alone(package: dict[str, Any]) -> None:
    assert package["source"] == {"registry": "https://pypi.org/simple"}


def test_only_the_program_itself_is_built_from_here() -> None:
    assert HERE == ["momo-desk"]


@pytest.mark.parametrize("recipe", ["Makefile", "Dockerfile"])
def test_what_is_installed_is_what_is_locked(recipe: str) -> None:
    text = (ROOT / recipe).read_text()
    synced, installed = re.findall(r"uv sync.*", text), re.findall(r"pip install.*", text)
    assert synced
    assert [line for line in synced if "--locked" not in line] == []
    assert installed
    assert [line for line in installed if re.search(r"--require-hashes -r \S*uv\.txt$", line) is None] == []


def test_the_installer_itself_is_pinned_by_hashes() -> None:
    text = (ROOT / ".ci" / "uv.txt").read_text()
    pins = [line for line in text.splitlines() if line and not line.startswith(("#", " "))]
    assert [re.fullmatch(r"uv==[0-9.]+ \\", pin) is not None for pin in pins] == [True]
    assert len(SHA256.findall(text)) == len(re.findall("--hash=", text)) > 0

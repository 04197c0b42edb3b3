"""What a check says of the place where the database shall be."""

import asyncio
from pathlib import Path

import pytest

from bot.checking import database
from bot.checking.findings import Finding, Level
from tests.bot.test_settings import load


def look(path: str) -> list[Finding]:
    return asyncio.run(database.look(load(DATABASE_PATH=path))).findings


@pytest.mark.parametrize("path", ["/proc/nowhere/desk.db", "/proc/desk.db"])
def test_a_place_where_nothing_can_be_written_is_found(path: str) -> None:
    (found,) = look(path)

    assert (found.level, found.said) == (Level.ERROR, "this user may write nothing in /proc")
    assert "set DATABASE_PATH" in found.cure


def test_a_place_that_is_still_to_be_made_is_fine_and_looking_makes_nothing(tmp_path: Path) -> None:
    (found,) = look(str(tmp_path / "new" / "desk.db"))

    assert found.level is Level.OK
    assert list(tmp_path.iterdir()) == []

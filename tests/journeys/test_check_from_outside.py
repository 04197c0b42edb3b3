"""`python -m bot check` names what is wrong and the cure, and changes nothing; the exit code says whether it passed."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from .harness import World, open_world

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with open_world(tmp_path_factory.mktemp("check")) as opened:
        yield opened


async def check(world: World, **settings: str) -> tuple[int, list[dict[str, Any]]]:
    before = world.settings
    world.settings = before | settings
    try:
        said = await world.command("check", "--json")
    finally:
        world.settings = before
    return said.code, json.loads(said.out)["findings"]


def errors(found: list[dict[str, Any]]) -> dict[str, str]:
    return {finding["subject"]: finding["cure"] for finding in found if finding["level"] == "error"}


async def test_a_sound_bot_passes_while_it_works_and_while_it_is_stopped(world: World) -> None:
    working = await check(world)
    await world.bot.kill()
    stopped = await check(world)
    await world.start_bot()

    assert [(code, errors(found)) for code, found in (working, stopped)] == [(0, {}), (0, {})]
    subjects = {finding["subject"] for finding in stopped[1]}
    assert {"settings", "database", "audit trail", "disk", "telegram", "mtn collection", "clock"} <= subjects


async def test_every_broken_setting_is_named_with_its_cure(world: World) -> None:
    code, found = await check(world, OWNER_IDS="", TIMEZONE="Nowhere")

    assert code == 1
    assert set(errors(found)) == {"settings OWNER_IDS", "settings TIMEZONE"}
    assert all(errors(found).values())


async def test_a_wrong_key_and_a_wrong_token_are_told_apart(world: World) -> None:
    wrong = {"MOMO_DISBURSEMENT_API_KEY": "not-the-key", "TELEGRAM_BOT_TOKEN": "1000002:WRONG"}
    code, found = await check(world, **wrong)

    assert code == 1
    assert set(errors(found)) == {"mtn disbursement", "telegram"}
    assert "MOMO_DISBURSEMENT_API_KEY" in errors(found)["mtn disbursement"]
    assert not any(secret in json.dumps(found) for secret in wrong.values())


async def test_a_damaged_file_is_found_and_left_as_it_is(world: World, tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database at all, whatever its name says")
    code, found = await check(world, DATABASE_PATH=str(broken))

    assert code == 1
    assert "put a backup in its place" in errors(found)["database"]
    assert broken.read_bytes() == b"this is no database at all, whatever its name says"


async def test_another_program_that_fetches_the_updates_is_found(world: World, tmp_path: Path) -> None:
    code, found = await check(world, DATABASE_PATH=str(tmp_path / "other.db"))

    assert (code, list(errors(found))) == (1, ["telegram"])


async def test_a_person_reads_one_line_for_each_thing(world: World) -> None:
    said = await world.command("check")

    assert said.code == 0
    assert "ok       telegram: let in as @" in said.out

"""A copy is made while the program works; a program started on it sends nothing until two people agree."""

import os
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from .harness import ADMINS, PAYEE, World, open_world, paid_once
from .waiting import PATIENCE

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


def payments(path: Path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return conn.execute("SELECT amount_minor, state FROM txn ORDER BY id").fetchall()


def put_in_place(world: World, copy: Path) -> None:
    """What the README says: the copy takes the database's place, and nothing of the old one stays but the journal."""
    database = world.directory / "desk.sqlite3"
    database.with_name(f"{database.name}-wal").unlink(missing_ok=True)
    copy.replace(database)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with open_world(tmp_path_factory.mktemp("backups")) as opened:
        yield opened


async def test_the_running_bot_makes_the_copy_and_works_on(world: World) -> None:
    desk = await world.open_desk()
    await desk.pay(21)
    await desk.told(21, "successful")
    (world.directory / "copies").mkdir()
    said = await world.back_up("copies")
    [copy] = (world.directory / "copies").iterdir()
    assert (said.code, said.error) == (0, "")
    assert said.out.startswith(f"{copy}: {copy.stat().st_size} bytes, ")
    assert payments(copy) == [(2100, "SUCCESSFUL")]
    assert [stat.S_IMODE(p.stat().st_mode) for p in (copy, world.directory / "desk.sqlite3.sock")] == [0o600, 0o600]
    await desk.settled()


async def test_a_copy_that_exists_is_not_replaced(world: World) -> None:
    (world.directory / "mine.db").write_text("mine")
    said = await world.back_up("mine.db")
    assert (said.code, said.out) == (1, "")
    assert said.error == f"{world.directory / 'mine.db'} exists already: name a new file, or a directory\n"
    assert (world.directory / "mine.db").read_text() == "mine"


async def test_without_a_bot_the_command_makes_the_copy_itself(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await (await world.open_desk()).settled()
        await world.bot.kill()
        said = await world.back_up("copy.db")
        assert (said.code, payments(tmp_path / "copy.db")) == (0, []), said.error
        await world.start_bot()
        assert (await world.back_up("another.db")).code == 0


async def test_there_is_nothing_to_copy_before_the_first_start(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await world.bot.kill()
        world.settings["DATABASE_PATH"] = str(tmp_path / "none.sqlite3")
        said = await world.back_up("copy.db")
        assert (said.code, said.error) == (1, f"there is no database {tmp_path / 'none.sqlite3'}\n")
        assert "none" not in " ".join(os.listdir(tmp_path))  # noqa: PTH208 - names are enough


async def test_a_bot_started_on_a_copy_sends_nothing_until_two_people_agree(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        desk = await world.open_desk()
        assert (await world.back_up("copy.db")).code == 0
        world.bot.terminate()
        assert await world.bot.ended(25) == 0
        put_in_place(world, tmp_path / "copy.db")
        await world.start_bot()
        refusal = await desk.ask(f"/pay {PAYEE} 22 books")
        assert "restored copy" in refusal.text
        second = world.admin()
        for who in (desk.owner, second):
            before = len(world.telegram.from_bot(ADMINS))
            world.telegram.say(who, ADMINS, "/thaw")
            await world.telegram.wait_for(
                lambda before=before: len(world.telegram.from_bot(ADMINS)) > before, PATIENCE, "an answer to /thaw"
            )
        await desk.pay(23)
        await desk.told(23, "successful")
        assert paid_once(world, 23)
        assert not world.momo.posts_of(22)

"""A copy is made while the program works; a program started on it sends nothing until two people agree."""

import os
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from .harness import ADMINS, PAYEE, Desk, World, open_world, paid_once, shows
from .waiting import PATIENCE

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


def payments(path: Path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return conn.execute("SELECT amount_minor, state FROM txn ORDER BY id").fetchall()


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


async def test_nothing_is_put_in_the_place_of_a_database_that_a_bot_holds(world: World) -> None:
    assert (await world.back_up("held.db")).code == 0
    said = await world.command("restore", "held.db")
    assert (said.code, said.out) == (3, "")
    assert "another bot (pid" in said.error


async def test_everything_of_a_till_is_given_out_while_the_bot_works(world: World) -> None:
    desk = await world.open_desk()
    said = await world.command("export", str(desk.chat), "given-out")
    assert (said.code, said.error) == (0, "")
    assert said.out.startswith(f"{world.directory / 'given-out'}: 1 till, 0 transactions, ")
    again = await world.command("export", str(desk.chat), "given-out")
    assert (again.code, again.error) == (1, f"{world.directory / 'given-out'} exists already: name a new directory\n")


async def test_old_numbers_are_removed_while_the_bot_works(world: World) -> None:
    said = await world.command("purge", "--older-than", "30")
    assert (said.code, said.error) == (0, "")
    assert said.out.startswith("removed what is older than ")
    too_young = await world.command("purge", "--older-than", "3", "--dry-run")
    assert (too_young.code, too_young.out) == (1, "")
    assert "the last 8 days" in too_young.error


async def test_a_drill_what_was_paid_after_the_copy_is_found_and_nothing_is_sent_twice(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        desk = await world.open_desk()
        await desk.pay(24)
        await desk.told(24, "successful")
        assert (await world.back_up("copy.db")).code == 0
        await desk.pay(25)
        await desk.told(25, "successful")
        await world.bot.kill()
        said = await world.command("restore", "copy.db")
        assert (said.code, said.error) == (0, "")
        assert "It sends nothing and says so to the admins" in said.out
        assert payments(tmp_path / "desk.sqlite3") == [(2400, "SUCCESSFUL")]
        assert payments(set_aside(tmp_path)) == [(2400, "SUCCESSFUL"), (2500, "SUCCESSFUL")]
        await world.start_bot()
        assert "restored copy" in (await desk.ask(f"/pay {PAYEE} 22 books")).text
        await world.telegram.wait_for(lambda: found(world, 25), PATIENCE, "what became of the forgotten payment")
        await thaw(world, desk)
        await desk.pay(23)
        await desk.told(23, "successful")
        assert all(paid_once(world, amount) for amount in (23, 24, 25))
        assert not world.momo.posts_of(22)


def set_aside(directory: Path) -> Path:
    [kept] = directory.glob("desk.sqlite3.replaced-*")
    return kept


def found(world: World, amount: int) -> bool:
    """Whether the admins were told that a payment which the copy had forgotten has gone through."""
    return any(shows(amount)(m.text) and "successful" in m.text.lower() for m in world.telegram.from_bot(ADMINS))


async def thaw(world: World, desk: Desk) -> None:
    for who in (desk.owner, world.admin()):
        before = len(world.telegram.from_bot(ADMINS))
        world.telegram.say(who, ADMINS, "/thaw")
        await world.telegram.wait_for(
            lambda before=before: len(world.telegram.from_bot(ADMINS)) > before, PATIENCE, "an answer to /thaw"
        )

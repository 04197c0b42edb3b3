"""Copies the bot makes by itself: in their time, the newest kept, and a failure told once and stopping nothing."""

import random
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from shutil import move

import pytest

from bot.checking import backups
from bot.domain.checkup import Level
from bot.domain.mint import Mint
from bot.service.copying import Copying, Plan
from bot.store import backup
from bot.store.bells import Bells
from bot.store.database import Database, Tx
from bot.wiring import Outside
from tests.bot.test_settings import LIVE, load
from tests.support.clock import Clock
from tests.support.till import ADMIN_CHAT, Till


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(tmp_path: Path, clock: Clock) -> AsyncIterator[Database]:
    database = Database(tmp_path / "data" / "till.db", clock, Mint(random.Random(1)), Bells())
    await database.open(0)
    yield database
    await database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


def copying(database: Database, clock: Clock, folder: Path, keep: int = 2) -> Copying:
    return Copying(database, Till().policy, clock, Mint(random.Random(2)), Plan(folder, timedelta(hours=24), keep))


async def told(database: Database) -> list[str]:
    def read(tx: Tx) -> list[str]:
        rows = tx.conn.execute("SELECT payload ->> 'notice' FROM outbox WHERE chat_id = ? ORDER BY id", (ADMIN_CHAT,))
        return [row[0] for row in rows]

    return await database.tx(read)


async def test_a_copy_is_made_when_it_is_due_and_the_newest_are_kept(
    database: Database, clock: Clock, folder: Path
) -> None:
    (folder / "momo-desk-mine.db").touch()
    works, made = copying(database, clock, folder), set()
    for _ in range(4 * 4):
        await works.copy_if_due()
        made |= {path.name for _, path in backup.copies(folder)}
        clock.forward(hours=6)
    kept = [moment.day for moment, _ in backup.copies(folder)]
    assert (len(made), kept) == (4, [7, 8])
    assert (folder / "momo-desk-mine.db").exists()


async def test_a_failure_is_told_once_and_removes_nothing(database: Database, clock: Clock, folder: Path) -> None:
    works = copying(database, clock, folder, keep=1)
    await works.copy_if_due()
    [(_, old)] = backup.copies(folder)
    move(folder, folder.with_name("away"))
    for _ in range(5):
        clock.forward(hours=7)
        await works.copy_if_due()
    assert await told(database) == ["backup_failed"]
    move(folder.with_name("away"), folder)
    assert backup.copies(folder)[0][1] == old
    clock.forward(hours=1)
    await works.copy_if_due()
    assert await told(database) == ["backup_failed", "backup_works"]
    assert [path for _, path in backup.copies(folder)] != [old]


async def test_a_check_warns_when_the_newest_copy_is_overdue(database: Database, clock: Clock, folder: Path) -> None:
    async def seen(**changes: str) -> list[Level]:
        return [f.level for f in await backups.look(load(**changes), Outside(clock=clock))]

    here = {"BACKUP_DIRECTORY": str(folder)}
    assert await seen(**here) == [Level.WARNING]
    await copying(database, clock, folder).copy_if_due()
    clock.forward(hours=47)
    assert await seen(**here) == [Level.OK]
    clock.forward(hours=2)
    assert await seen(**here) == [Level.WARNING]
    assert await seen(BACKUP_DIRECTORY=str(folder / "none")) == [Level.ERROR]
    assert (await seen(), await seen(**LIVE)) == ([], [Level.WARNING])

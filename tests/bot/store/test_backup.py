"""A copy of the database holds everything, is nobody else's to read, and is known for a copy; or there is none."""

import asyncio
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.mint import Mint
from bot.store import audit, backup, facts, people
from bot.store.backup import BackupFailed, Copy
from bot.store.bells import Bells
from bot.store.database import Database, Tx
from bot.store.space import LEAST
from tests.support.clock import Clock

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
MINT = Mint(random.Random(3))

# Copies for ever: whoever runs it says when it ends.
COPYING = """
import asyncio, random, sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from bot.domain.mint import Mint
from bot.store import backup
from bot.store.bells import Bells
from bot.store.database import Database

async def main(path, folder):
    mint = Mint(random.SystemRandom())
    database = Database(path, lambda: datetime.now(UTC), mint, Bells())
    await database.open()
    for number in count():
        await backup.make(database, folder / f"{number}.db", datetime.now(UTC), mint)
        print(number, flush=True)

asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
"""


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """Opening a database changes the process's umask: put it back."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "data" / "till.db", Clock(), Mint(random.Random(1)), Bells())
    await database.open(0)
    await database.tx(lambda tx: facts.renew_incarnation(tx.conn, "the original"))
    await database.tx(lambda tx: audit.append(tx, "begun", "bot"))
    yield database
    await database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


async def copy(database: Database, dest: Path) -> Copy:
    return await backup.make(database, dest, NOW, MINT)


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def copies_in(folder: Path) -> list[Path]:
    return [path for path in files_in(folder) if not path.name.startswith(".")]


def opened(path: Path) -> sqlite3.Connection:
    conn = sqlite3.connect(path)
    conn.row_factory = sqlite3.Row
    return conn


def something(number: int) -> Callable[[Tx], None]:
    """One piece of work: a row and its trail, both or neither."""

    def fn(tx: Tx) -> None:
        people.meet(tx, number, f"Person {number}", "en", private=True)
        audit.append(tx, "met", "bot", number=number)

    return fn


# --- what a copy holds


async def test_a_copy_made_while_transactions_run_holds_what_was_committed(database: Database, folder: Path) -> None:
    for number in range(1, 51):
        await database.tx(something(number))
    both = [database.tx(something(number)) for number in range(51, 151)]
    made, *_ = await asyncio.gather(copy(database, folder), *both)
    with closing(opened(made.path)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert audit.first_break(conn) is None
        met = conn.execute("SELECT count(*) FROM person").fetchone()[0]
        assert (audit.count(conn), audit.head(conn).hash.hex()) == (made.rows, made.head)
    assert 50 <= met == made.rows - 1


async def test_a_copy_names_itself_by_its_moment_and_its_trail(database: Database, folder: Path) -> None:
    head = await database.tx(lambda tx: audit.head(tx.conn).hash.hex())
    made = await copy(database, folder)
    assert made == Copy(folder / f"momo-desk-20260105T090000Z-{head[:12]}.db", made.path.stat().st_size, 1, head)
    assert files_in(folder) == [made.path]


async def test_a_copy_can_be_given_a_name(database: Database, folder: Path) -> None:
    made = await copy(database, folder / "monday.db")
    assert files_in(folder) == [made.path] == [folder / "monday.db"]


async def test_a_copy_gets_its_own_incarnation_and_the_original_keeps_its(database: Database, folder: Path) -> None:
    found = set()
    for name in ("one.db", "two.db"):
        with closing(opened((await copy(database, folder / name)).path)) as conn:
            found.add(facts.incarnation(conn))
    found.add(await database.tx(lambda tx: facts.incarnation(tx.conn)))
    assert len(found - {None}) == 3
    assert "the original" in found


async def test_only_its_owner_can_read_a_copy(database: Database, folder: Path) -> None:
    os.umask(0)
    made = await copy(database, folder)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600


# --- no copy


async def refused(database: Database, dest: Path, words: str) -> None:
    """The copy is refused in these words, nothing is left of it, and the bot works on."""
    before = sorted(dest.parent.parent.rglob("*"))
    with pytest.raises(BackupFailed, match=words):
        await copy(database, dest)
    assert sorted(dest.parent.parent.rglob("*")) == before
    await database.tx(something(1))


@pytest.mark.parametrize("make", [Path.touch, lambda path: path.symlink_to("nowhere")])
async def test_what_is_there_already_is_never_replaced(
    database: Database, folder: Path, make: Callable[[Path], None]
) -> None:
    make(folder / "old.db")
    await refused(database, folder / "old.db", "exists already")


async def test_a_name_taken_meanwhile_is_not_replaced(database: Database, folder: Path) -> None:
    part = backup._begin(folder / "late.db", "nonce")
    await database.copy_into(part)
    (folder / "late.db").write_text("another's")
    with pytest.raises(BackupFailed, match="exists already"):
        backup._finish(part, folder / "late.db", NOW, "copy")
    assert (folder / "late.db").read_text() == "another's"


async def test_a_directory_that_is_not_there_is_named(database: Database, folder: Path) -> None:
    await refused(database, folder / "no" / "copy.db", "there is no directory .*/no:")


async def test_a_copy_that_would_fill_the_databases_disk_is_not_made(database: Database, folder: Path) -> None:
    with pytest.raises(BackupFailed, match="too little room"):
        await backup.make(database, folder, NOW, MINT, lambda _: LEAST)
    assert files_in(folder) == []


def break_the_trail(tx: Tx) -> None:
    tx.conn.execute("DROP TRIGGER audit_fixed")
    tx.conn.execute("UPDATE audit SET actor = 'somebody' WHERE id = 1")


async def test_once_a_break_of_the_trail_is_on_record_copies_are_made_again(database: Database, folder: Path) -> None:
    await database.tx(break_the_trail)
    await database.tx(lambda tx: audit.append(tx, audit.BROKEN, "bot", row=1))
    assert (await backup.make(database, folder / "copy.db", NOW, MINT)).path == folder / "copy.db"


async def test_a_copy_whose_trail_is_broken_gets_no_name(database: Database, folder: Path) -> None:
    await database.tx(break_the_trail)
    await refused(database, folder / "copy.db", "the audit trail is broken at row 1")


async def test_a_copy_with_rows_that_hang_in_the_air_gets_no_name(database: Database, folder: Path) -> None:
    await database._hop(lambda conn: conn.execute("PRAGMA foreign_keys = OFF").close())
    await database.tx(lambda tx: tx.conn.execute("INSERT INTO recheck VALUES(77, 1, NULL)").close())
    await refused(database, folder / "copy.db", "rows that are not there")


async def test_a_damaged_copy_gets_no_name(database: Database, folder: Path) -> None:
    part = backup._begin(folder / "copy.db", "nonce")
    await database.copy_into(part)
    with part.open("r+b") as file:
        file.seek(part.stat().st_size - 2000)
        file.write(b"\xff" * 1500)
    with pytest.raises((BackupFailed, sqlite3.DatabaseError)):
        backup._finish(part, folder / "copy.db", NOW, "copy")
    assert files_in(folder) == [part]


async def test_a_closed_database_cannot_be_copied(database: Database, folder: Path) -> None:
    await database.close()
    with pytest.raises(BackupFailed, match="not open"):
        await copy(database, folder)
    assert files_in(folder) == []


# --- a kill


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
async def test_a_kill_in_the_middle_leaves_whole_copies_and_a_good_original(
    database: Database, folder: Path, seed: int
) -> None:
    for number in range(1, 501):
        await database.tx(something(number))
    await database.close()
    command = [sys.executable, "-c", COPYING, str(database.path), str(folder)]
    copying = await asyncio.to_thread(subprocess.Popen, command, stdout=subprocess.PIPE)
    assert copying.stdout is not None
    with copying.stdout:
        await asyncio.to_thread(copying.stdout.readline)  # one copy is whole, the next has begun
        await asyncio.sleep(random.Random(seed).uniform(0, 0.05))
        copying.send_signal(signal.SIGKILL)
    copying.wait()
    for path in (database.path, *copies_in(folder)):
        with closing(opened(path)) as conn:
            assert (conn.execute("PRAGMA integrity_check").fetchone()[0], audit.count(conn)) == ("ok", 501), path

"""Files that cannot be worked with, on a real disk: said in a sentence, and left as they are."""

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.mint import Mint
from bot.store import facts
from bot.store.bells import Bells
from bot.store.database import Database, prepare
from bot.store.soundness import Unusable, check, reason, remedy
from tests.support.clock import Clock

PAGE = 4096
# Leaves a database as a kill does: the newest rows only in the -wal.
KILLED = """
import os, sqlite3, sys
from pathlib import Path
from bot.store import facts
from bot.store.database import prepare
conn = sqlite3.connect(sys.argv[1], isolation_level=None)
prepare(conn)
facts.put(conn, "old", "1")
conn.execute("PRAGMA wal_checkpoint")
facts.put(conn, "new", "1")
os._exit(0)
"""


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """Opening a database changes the process's umask: put it back."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A sound database, closed."""
    path = tmp_path / "till.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        prepare(conn)
        facts.put(conn, "key", "value")
    return path


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """A database whose process was killed."""
    path = tmp_path / "till.db"
    subprocess.run([sys.executable, "-c", KILLED, str(path)], check=True)
    return path


def bytes_in(folder: Path) -> dict[str, bytes]:
    """All files but the lock, which says who tried."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file() and file.suffix != ".lock"}


def flip(path: Path, at: int, count: int = 64) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        old = file.read(count)
        file.seek(at)
        file.write(bytes(byte ^ 0xFF for byte in old))


def garbage(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 1000)


def a_flipped_page(path: Path) -> None:
    flip(path, 3 * PAGE)


def a_flipped_header(path: Path) -> None:
    flip(path, 0)


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 5 * PAGE)


def a_row_without_its_parent(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("PRAGMA foreign_keys = OFF")
        conn.execute("INSERT INTO attempt(txn_id, n, started_at_ms) VALUES(77, 1, 1)")


def a_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "spoil",
    [garbage, a_flipped_page, a_flipped_header, cut_short, a_row_without_its_parent, a_directory],
    ids=lambda spoil: spoil.__name__,
)
async def test_a_file_that_cannot_be_trusted_is_named_and_left_as_it_is(
    path: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(path)
    before = bytes_in(path.parent)
    database = Database(path, Clock(), Mint(random.Random(1)), Bells())
    with pytest.raises(Unusable, match="Nothing was repaired or changed") as said:
        await database.open(0)
    await database.close()
    assert "\n" not in str(said.value)
    assert str(path) in str(said.value)
    assert bytes_in(path.parent) == before


def test_a_damaged_file_with_rows_in_its_wal_keeps_both(killed: Path) -> None:
    flip(killed, 3 * PAGE)
    before = bytes_in(killed.parent)
    assert before["till.db-wal"]
    with pytest.raises(Unusable, match="damaged"):
        check(killed)
    assert bytes_in(killed.parent) == before


def test_checking_a_sound_file_leaves_no_trace(path: Path) -> None:
    before = bytes_in(path.parent)
    check(path)
    assert bytes_in(path.parent) == before


@pytest.mark.parametrize("left", [0, 1, 31, 32, 100, PAGE])
async def test_of_a_wal_cut_short_what_was_whole_is_kept(killed: Path, left: int) -> None:
    os.truncate(f"{killed}-wal", left)
    database = Database(killed, Clock(), Mint(random.Random(1)), Bells())
    await database.open(0)
    found = await database.tx(lambda tx: (facts.get(tx.conn, "old"), facts.get(tx.conn, "new")))
    await database.close()
    assert found == ("1", None)


async def test_a_missing_file_is_a_new_database(tmp_path: Path) -> None:
    database = Database(tmp_path / "new" / "till.db", Clock(), Mint(random.Random(1)), Bells())
    await database.open(0)
    assert await database.tx(lambda tx: facts.get(tx.conn, "key")) is None
    await database.close()


async def test_a_file_that_another_program_has_open_is_named_as_that(path: Path) -> None:
    database = Database(path, Clock(), Mint(random.Random(1)), Bells())
    with closing(sqlite3.connect(path, isolation_level=None)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unusable, match="another program has it open"):
            await database.open(0)
    await database.close()


def test_what_an_error_means_and_what_to_do_is_said_plainly() -> None:
    with pytest.raises(sqlite3.DatabaseError) as said:
        full()
    assert (reason(said.value), remedy(said.value)) == ("the disk is full", "free space on it")
    unknown = sqlite3.OperationalError("the transaction was rolled back by SQLite")
    assert reason(unknown) == "the transaction was rolled back by SQLite"


def full() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        conn.execute("CREATE TABLE a(b)")
        conn.execute("PRAGMA max_page_count = 2")
        conn.execute("INSERT INTO a VALUES(zeroblob(100000))")

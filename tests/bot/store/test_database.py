import asyncio
import os
import random
import sqlite3
import stat
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from bot.domain.mint import Mint
from bot.store import facts
from bot.store.bells import Bell, Bells
from bot.store.database import Database, Tx
from bot.store.lock import AlreadyRunning
from bot.store.migrations import NewerDatabase
from tests.support.clock import Clock

New = Callable[[], Database]


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """Opening a database changes the process's umask: put it back."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def bells() -> Bells:
    return Bells()


@pytest.fixture
def new(tmp_path: Path, bells: Bells) -> New:
    """Makes the database of another process: the same file."""
    return lambda: Database(tmp_path / "data" / "till.db", Clock(), Mint(random.Random(1)), bells)


@pytest.fixture
async def database(new: New) -> AsyncIterator[Database]:
    database = new()
    await database.open(0)
    yield database
    await database.close()


def write(tx: Tx) -> None:
    facts.put(tx.conn, "key", "value")


def read(tx: Tx) -> str | None:
    return facts.get(tx.conn, "key")


# --- one process


async def test_a_second_instance_is_refused_at_once_and_told_who_holds_the_file(database: Database, new: New) -> None:
    with pytest.raises(AlreadyRunning, match=rf"pid {os.getpid()}\).*till\.db"):
        await new().open(0)


async def test_the_lock_is_free_after_closing(new: New) -> None:
    for _ in range(2):
        database = new()
        await database.open(0)
        await database.close()


async def test_a_refused_instance_leaves_the_first_one_its_lock(database: Database, new: New) -> None:
    refused = new()
    for _ in range(2):
        with pytest.raises(AlreadyRunning):
            await refused.open(0)
        await refused.close()


async def test_nobody_else_reads_the_file_meanwhile(database: Database) -> None:
    stranger = sqlite3.connect(database.path, timeout=0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        stranger.execute("SELECT * FROM fact")
    stranger.close()


async def test_what_was_committed_is_there_after_opening_again(database: Database, new: New) -> None:
    await database.tx(write)
    await database.close()
    again = new()
    await again.open(0)
    assert await again.tx(read) == "value"
    await again.close()


async def test_a_file_of_a_newer_program_is_refused(database: Database, new: New) -> None:
    await database.tx(lambda tx: tx.conn.execute("PRAGMA user_version = 999"))
    await database.close()
    older = new()
    with pytest.raises(NewerDatabase, match="999"):
        await older.open(0)
    await older.close()


async def test_a_closed_database_says_so(new: New) -> None:
    with pytest.raises(sqlite3.ProgrammingError, match="not open"):
        await new().tx(read)


# --- safe settings


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("locking_mode", "exclusive"),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
    ],
)
async def test_the_file_is_opened_for_safety(database: Database, pragma: str, value: object) -> None:
    def setting(conn: sqlite3.Connection) -> object:
        return conn.execute(f"PRAGMA {pragma}").fetchone()[0]

    assert await database._hop(setting) == value


async def test_nobody_but_the_bot_may_read_the_files(database: Database) -> None:
    await database.tx(write)
    files = list(database.path.parent.iterdir())
    assert {f.name for f in files} >= {"till.db", "till.db-wal", "till.db.lock"}
    assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}
    assert stat.S_IMODE(database.path.parent.stat().st_mode) == 0o700


# --- tx: all or nothing


async def test_a_function_that_raises_leaves_nothing(database: Database) -> None:
    def half(tx: Tx) -> None:
        write(tx)
        raise KeyError("then this")

    with pytest.raises(KeyError):
        await database.tx(half)
    assert await database.tx(read) is None


async def test_a_refused_statement_undoes_what_went_before(database: Database) -> None:
    def half(tx: Tx) -> None:
        write(tx)
        tx.conn.execute("INSERT INTO attempt VALUES(99, 1, 1)")

    with pytest.raises(sqlite3.IntegrityError):
        await database.tx(half)
    assert await database.tx(read) is None


async def test_a_transaction_that_sqlite_ended_by_itself_is_no_success(database: Database) -> None:
    def full_disk(tx: Tx) -> None:
        write(tx)
        tx.conn.execute("ROLLBACK")

    with pytest.raises(sqlite3.OperationalError, match="rolled back"):
        await database.tx(full_disk)
    assert await database.tx(read) is None


async def test_a_database_goes_on_after_a_failure(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError):
        await database.tx(lambda tx: tx.conn.execute("nonsense"))
    await database.tx(write)
    assert await database.tx(read) == "value"


async def test_a_cancelled_caller_leaves_no_half_transaction(database: Database) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        started.set()
        go_on.wait(5)
        write(tx)

    caller = asyncio.create_task(database.tx(slow))
    await asyncio.to_thread(started.wait, 5)
    caller.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await database.tx(read) == "value"


async def test_many_callers_at_once_come_one_after_another(database: Database) -> None:
    def add_one(tx: Tx) -> None:
        facts.put(tx.conn, "key", str(int(read(tx) or 0) + 1))

    await asyncio.gather(*(database.tx(add_one) for _ in range(50)))
    assert await database.tx(read) == "50"


# --- a file that cannot be trusted


async def test_a_failing_file_is_made_known_so_that_the_process_ends(database: Database) -> None:
    def broken(_: Tx) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with pytest.raises(sqlite3.OperationalError):
        await database.tx(broken)
    assert database.failed.is_set()


@pytest.mark.parametrize("error", [sqlite3.IntegrityError("CHECK"), KeyError("bug")], ids=repr)
async def test_a_wrong_transaction_is_no_failing_file(database: Database, error: Exception) -> None:
    def wrong(_: Tx) -> None:
        raise error

    with pytest.raises(type(error)):
        await database.tx(wrong)
    assert not database.failed.is_set()


# --- bells


async def test_a_bell_rings_after_the_commit(database: Database, bells: Bells) -> None:
    money, outbox = bells.listen(Bell.MONEY), bells.listen(Bell.OUTBOX)
    await database.tx(lambda tx: tx.rings(Bell.MONEY))
    assert money.is_set()
    assert not outbox.is_set()


async def test_no_bell_rings_for_what_was_rolled_back(database: Database, bells: Bells) -> None:
    money = bells.listen(Bell.MONEY)

    def fails(tx: Tx) -> None:
        tx.rings(Bell.MONEY)
        raise KeyError

    with pytest.raises(KeyError):
        await database.tx(fails)
    assert not money.is_set()


async def test_every_listener_hears_the_bell(bells: Bells) -> None:
    listeners = [bells.listen(Bell.MONEY) for _ in range(3)]
    bells.ring({Bell.MONEY})
    assert all(event.is_set() for event in listeners)

import asyncio
import os
import random
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from contextvars import ContextVar
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.mint import Mint
from bot.store import facts, soundness
from bot.store.bells import Bell, Bells
from bot.store.database import Database, StoreFailed, Tx
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


async def test_a_transaction_that_sqlite_ended_by_itself_is_no_success(database: Database, new: New) -> None:
    def full_disk(tx: Tx) -> None:
        write(tx)
        tx.conn.execute("ROLLBACK")

    with pytest.raises(sqlite3.OperationalError, match="rolled back"):
        await database.tx(full_disk)
    await database.close()
    again = new()
    await again.open(0)
    assert await again.tx(read) is None
    await again.close()


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


async def test_nothing_runs_on_a_file_that_failed_not_even_what_was_queued_already(database: Database) -> None:
    started, go_on, ran = asyncio.Event(), threading.Event(), list[str]()
    loop = asyncio.get_running_loop()

    def fails(_: Tx) -> None:
        loop.call_soon_threadsafe(started.set)
        go_on.wait(5)
        raise sqlite3.OperationalError("disk I/O error")

    failing = asyncio.create_task(database.tx(fails))
    await started.wait()
    queued = [asyncio.create_task(database.tx(lambda _: ran.append("an attempt"))) for _ in range(3)]
    await asyncio.sleep(0)
    go_on.set()
    outcomes = await asyncio.gather(failing, *queued, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [sqlite3.OperationalError, *[StoreFailed] * 3]
    assert ran == []


async def test_a_failure_is_made_known_before_anybody_goes_on(database: Database) -> None:
    order = list[str]()
    database.on_failure = lambda: order.append("known")

    async def caller() -> None:
        with pytest.raises((sqlite3.OperationalError, StoreFailed)):
            await database.tx(lambda tx: tx.conn.execute("nonsense"))
        order.append("went on")

    await asyncio.gather(caller(), caller())
    assert order == ["known", "went on", "went on"]


async def test_what_was_committed_before_a_failure_is_there_at_the_next_start(database: Database, new: New) -> None:
    await database.tx(write)
    with pytest.raises(sqlite3.OperationalError):
        await database.tx(lambda tx: tx.conn.execute("nonsense"))
    await database.close()
    again = new()
    await again.open(0)
    assert await again.tx(read) == "value"
    await again.close()


async def test_a_full_disk_stops_everything_and_loses_nothing_that_was_committed(database: Database, new: New) -> None:
    await database.tx(write)
    pages = await database._hop(lambda conn: conn.execute("PRAGMA page_count").fetchone()[0])
    await database._hop(lambda conn: conn.execute(f"PRAGMA max_page_count = {pages}").fetchone())
    with pytest.raises(sqlite3.OperationalError, match="full"):
        await database.tx(lambda tx: facts.put(tx.conn, "large", "x" * 100_000))
    with pytest.raises(StoreFailed):
        await database.tx(read)
    assert database.failure is not None
    assert soundness.reason(database.failure) == soundness.FULL
    await database.close()
    again = new()
    await again.open(0)
    assert await again.tx(lambda tx: (read(tx), facts.get(tx.conn, "large"))) == ("value", None)
    await again.close()


# Writes until the disk takes no more, printing each number once it is committed.
LIMITED = """
import asyncio, random, resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.domain.mint import Mint
from bot.store import facts
from bot.store.bells import Bells
from bot.store.database import Database, StoreFailed

async def main():
    database = Database(Path(sys.argv[1]), lambda: datetime(2026, 1, 5, tzinfo=UTC), Mint(random.Random(1)), Bells())
    await database.open(0)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, 700_000))
    for n in range(1000):
        try:
            await database.tx(lambda tx: facts.put(tx.conn, str(n), "x" * 10_000))
        except StoreFailed:
            print("refused", database.failed.is_set())
            return
        except Exception:
            continue
        print(n, flush=True)

asyncio.run(main())
import os; os._exit(0)
"""


def test_a_disk_that_reports_errors_ends_the_work_and_keeps_what_was_committed(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    done = subprocess.run([sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=True)
    *committed, last = done.stdout.splitlines()
    assert last == "refused True"
    assert committed
    soundness.check(path)
    with closing(sqlite3.connect(path)) as conn:
        kept = {row[0] for row in conn.execute("SELECT key FROM fact")}
    assert set(committed) <= kept


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


async def test_the_callers_context_goes_along_to_the_database_thread(database: Database) -> None:
    spoken = ContextVar("spoken", default="en")
    spoken.set("fr")

    assert await database.tx(lambda _: spoken.get()) == "fr"


# --- several at once


def counting_commits(conn: sqlite3.Connection, commits: list[str]) -> None:
    conn.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)


async def test_what_is_asked_for_together_is_committed_together(database: Database) -> None:
    commits = list[str]()
    await database._hop(lambda conn: counting_commits(conn, commits))
    await asyncio.gather(*(database.tx(write) for _ in range(50)))
    assert len(commits) == 1


async def test_of_several_at_once_each_succeeds_or_fails_alone(database: Database, bells: Bells) -> None:
    money, outbox = bells.listen(Bell.MONEY), bells.listen(Bell.OUTBOX)

    def refused(tx: Tx) -> None:
        facts.put(tx.conn, "refused", "value")
        tx.rings(Bell.OUTBOX)
        tx.conn.execute("INSERT INTO attempt VALUES(99, 1, 1)")

    def good(tx: Tx) -> str | None:
        write(tx)
        tx.rings(Bell.MONEY)
        return facts.get(tx.conn, "refused")

    outcomes = await asyncio.gather(database.tx(refused), database.tx(good), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [sqlite3.IntegrityError, type(None)]
    assert await database.tx(read) == "value"
    assert (money.is_set(), outbox.is_set()) == (True, False)


async def test_when_the_file_fails_nothing_of_what_was_asked_for_together_is_kept(database: Database, new: New) -> None:
    calls = [database.tx(write), database.tx(lambda tx: tx.conn.execute("nonsense")), database.tx(write)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {sqlite3.OperationalError}
    await database.close()
    again = new()
    await again.open(0)
    assert await again.tx(read) is None
    await again.close()


async def test_each_of_several_has_the_moment_at_which_it_was_asked_for(tmp_path: Path) -> None:
    clock = Clock()
    database = Database(tmp_path / "till.db", clock, Mint(random.Random(1)), Bells())
    await database.open(0)
    first = asyncio.ensure_future(database.tx(lambda tx: tx.now))
    await asyncio.sleep(0)
    clock.forward(seconds=1)
    assert await database.tx(lambda tx: tx.now) - await first == timedelta(seconds=1)
    await database.close()

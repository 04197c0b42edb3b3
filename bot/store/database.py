"""The one door to SQLite: open, lock, and ``tx``.

A database transaction is one plain function run on the database thread: nothing can be awaited between its
begin and its end, so no other coroutine can commit a half of it, and a cancelled caller cannot leave one open.
What is asked for while the disk is busy is committed together, each in a savepoint of its own: waiting for the
disk is most of the cost. Nobody goes on before the commit. SQL itself lives in the other modules of this package.
"""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import aiosqlite

from bot.domain.mint import Mint
from bot.store import migrations
from bot.store.bells import Bell, Bells
from bot.store.lock import FileLock
from bot.store.soundness import check, unusable
from bot.store.space import Space

T = TypeVar("T")

MOST_TOGETHER = 128

# locking_mode comes first: EXCLUSIVE must be set before the file is first read. recursive_triggers makes
# INSERT OR REPLACE fire the triggers that forbid deleting.
PRAGMAS = """
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA recursive_triggers = ON;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA secure_delete = ON;
PRAGMA busy_timeout = 5000;
"""


@dataclass(frozen=True, slots=True)
class Tx:
    """What a database transaction is given: the connection, the moment, and new names."""

    conn: sqlite3.Connection
    now: datetime
    mint: Mint
    rung: set[Bell] = field(default_factory=set)
    # The disk is nearly full: nothing new may begin.
    cramped: bool = False

    def rings(self, bell: Bell) -> None:
        """Have the workers who wait for *bell* woken once this is committed."""
        self.rung.add(bell)


@dataclass(eq=False, slots=True)
class Call:
    """A transaction somebody waits for."""

    fn: Callable[[Tx], Any]
    now: datetime
    context: Context  # with it the language its caller speaks
    done: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = None

    def settle(self, failure: Exception | None) -> None:
        """Tell the caller what became of it."""
        if self.done.cancelled():
            return
        if error := self.error or failure:
            self.done.set_exception(error)
        else:
            self.done.set_result(self.result)


class StoreFailed(sqlite3.DatabaseError):
    """The file could not be read or written before: nothing is tried on it any more."""


class Store(Protocol):
    """Anything that runs a function as one transaction: the database, or a test's own."""

    async def tx(self, fn: Callable[[Tx], T]) -> T: ...


def prepare(conn: sqlite3.Connection) -> None:
    """Set the pragmas and bring the schema up to date; shared by every way to open a database."""
    conn.row_factory = sqlite3.Row
    conn.executescript(PRAGMAS)
    migrations.migrate(conn)


def run(tx: Tx, fn: Callable[[Tx], T]) -> T:
    """Run *fn* as one transaction: all of it is durable when this returns, or none of it is."""
    conn = tx.conn
    conn.execute("BEGIN IMMEDIATE")
    try:
        result = fn(tx)
        _check_open(conn)
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise
    return result


def _check_open(conn: sqlite3.Connection) -> None:
    if not conn.in_transaction:
        # A full disk makes SQLite roll back by itself; going on would commit statement by statement.
        raise sqlite3.OperationalError("the transaction was rolled back by SQLite")


def _is_files_fault(conn: sqlite3.Connection, error: Exception) -> bool:
    """Tell whether the file failed, and not this one transaction: for the wall's "no" it is rolled back alone."""
    failed = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.IntegrityError)
    return failed or not conn.in_transaction


class Database:
    """The bot's SQLite file, held by this process alone.

    The first failure of the file is the last thing done with it: what is committed is unknown then, so whatever
    waits for its turn is refused, and the process must end.
    """

    def __init__(
        self,
        path: Path,
        clock: Callable[[], datetime],
        mint: Mint,
        bells: Bells,
        space: Space | None = None,
    ) -> None:
        self.path = path
        self._bells = bells
        self._clock = clock
        self._mint = mint
        self._space = space or Space(path)
        self._lock = FileLock(path.with_name(path.name + ".lock"))
        self._connection: aiosqlite.Connection | None = None
        self._calls: list[Call] = []
        self._working: asyncio.Task[None] | None = None
        # Written on the database thread, in the very hop that failed.
        self.failure: sqlite3.DatabaseError | None = None
        self.failed = asyncio.Event()
        # Called at once, before anybody who waited for a transaction goes on.
        self.on_failure: Callable[[], None] = lambda: None

    async def open(self, wait_seconds: float = 30.0) -> None:
        """Take the lock, make sure that the file is sound, open it, migrate it.

        Raises:
            AlreadyRunning: another process holds it after *wait_seconds*.
            NewerDatabase: the file was written by a later version.
            Unusable: it cannot be read or written, or it is damaged; it is left as it was.
        """
        os.umask(0o077)
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        await self._lock.acquire(wait_seconds)
        await asyncio.to_thread(check, self.path)
        with unusable(self.path):
            self._connection = await aiosqlite.connect(self.path, isolation_level=None)
            await self._hop(prepare)

    async def close(self) -> None:
        """Finish what was asked for, close the file and give up the lock."""
        if self._working is not None:
            await self._working
        if self._connection is not None:
            await self._connection.close()
            self._connection = None
        self._lock.release()

    async def tx(self, fn: Callable[[Tx], T]) -> T:
        """Run *fn* as one transaction on the database thread.

        A caller cancelled meanwhile does not undo it: the outcome is then unknown and must be read again.

        Raises:
            StoreFailed: the file failed in an earlier transaction; nothing was run.
        """
        call = Call(fn, self._clock(), copy_context(), asyncio.get_running_loop().create_future())
        self._calls.append(call)
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        result: T = await call.done
        return result

    async def copy_into(self, path: Path) -> None:
        """Write all that is committed into *path*, an empty file; transactions wait until it is done.

        Raises:
            sqlite3.Error: it could not be read, or not be written.
        """
        await self._hop(lambda conn: conn.execute("VACUUM INTO ?", (str(path),)).close())

    async def leave_no_traces(self, *, rewrite: bool) -> None:
        """Empty the -wal file of what was overwritten since; *rewrite*: write the database anew, too.

        Transactions wait meanwhile.

        Raises:
            sqlite3.Error: it was not done; the database is as it was.
        """
        if rewrite:
            await self._hop(lambda conn: conn.execute("VACUUM").close())
        await self._hop(lambda conn: conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").close())

    async def _work(self) -> None:
        while calls := self._calls[:MOST_TOGETHER]:
            del self._calls[:MOST_TOGETHER]
            rung, failure = set[Bell](), None
            try:
                await self._hop(partial(self._commit, calls=calls, rung=rung))
            except Exception as error:  # noqa: BLE001 - whatever it is, the callers are told
                failure = error
                self._make_known()
            self._bells.ring(rung)
            for call in calls:
                call.settle(failure)

    def _make_known(self) -> None:
        if self.failure is not None and not self.failed.is_set():
            self.failed.set()
            self.on_failure()

    def _commit(self, conn: sqlite3.Connection, *, calls: Sequence[Call], rung: set[Bell]) -> None:
        """Commit several transactions at once; *rung* is filled when they are."""
        tx = Tx(conn, calls[0].now, self._mint, cramped=self._space.is_cramped(calls[0].now))
        try:
            run(tx, lambda tx: self._run_each(tx, calls))
        except sqlite3.DatabaseError as error:
            self.failure = error
            raise
        rung |= tx.rung

    def _run_each(self, tx: Tx, calls: Sequence[Call]) -> None:
        for call in calls:
            tx.conn.execute("SAVEPOINT one")
            rung = set[Bell]()
            try:
                call.result = call.context.run(call.fn, replace(tx, now=call.now, rung=rung))
            except Exception as error:
                call.error = error
                if _is_files_fault(tx.conn, error):
                    raise
                tx.conn.execute("ROLLBACK TO one")
                rung.clear()
            _check_open(tx.conn)
            tx.conn.execute("RELEASE one")
            tx.rung.update(rung)

    async def _hop(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connection
        if connection is None:
            raise sqlite3.ProgrammingError("the database is not open")
        # aiosqlite has no public way to run a function of ours on its thread; its version is pinned.
        result: T = await connection._execute(self._unless_failed, connection._conn, fn)  # type: ignore[no-untyped-call]  # noqa: SLF001
        return result

    def _unless_failed(self, conn: sqlite3.Connection, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Asked on the database thread, so that what was queued behind the failure is refused too."""
        if self.failure is not None:
            raise StoreFailed(f"the database failed before: {self.failure}")
        return fn(conn)

"""The bot's store in memory: the real transactions, run inline, with a boundary on every side of each.

Beside the bot's own tables there are two temporary ones that only triggers write: every change of state and
every attempt, as the database saw them. The bot does not know of them.
"""

import asyncio
import functools
import random
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from bot.domain.mint import Mint
from bot.domain.roles import Role
from bot.domain.wishes import Told, Wishes
from bot.store import people, wishes
from bot.store.bells import Bells
from bot.store.database import Tx, prepare, run
from tests.simulation import cast as company
from tests.simulation.disk import DiskFailed, FailingConnection
from tests.simulation.loop import START

if TYPE_CHECKING:
    from tests.simulation.life import Life

T = TypeVar("T")

SHADOWS = """
CREATE TEMP TABLE seen(id INTEGER PRIMARY KEY, txn_id INTEGER, f TEXT, t TEXT);
CREATE TEMP TABLE tried(id INTEGER PRIMARY KEY, txn_id INTEGER, n INTEGER, at_ms INTEGER, send_by_ms INTEGER,
  send_closed INTEGER, held INTEGER);
CREATE TEMP TRIGGER seen_born AFTER INSERT ON main.txn
  BEGIN INSERT INTO seen(txn_id, f, t) VALUES(NEW.id, NULL, NEW.state); END;
CREATE TEMP TRIGGER seen_moved AFTER UPDATE OF state ON main.txn WHEN OLD.state <> NEW.state
  BEGIN INSERT INTO seen(txn_id, f, t) VALUES(NEW.id, OLD.state, NEW.state); END;
CREATE TEMP TRIGGER tried_again AFTER INSERT ON main.attempt
  BEGIN INSERT INTO tried(txn_id, n, at_ms, send_by_ms, send_closed, held)
    SELECT NEW.txn_id, NEW.n, NEW.started_at_ms, send_by_ms, send_closed, held FROM txn WHERE id = NEW.txn_id; END;
"""
# How often, and for how long, the database thread is busy with others.
BUSY, LONGEST_BUSY = 0.2, 0.03


class Killed(BaseException):
    """The process died before COMMIT; never seen by the bot."""


class LifeStore:
    """What one life of the bot calls its store."""

    def __init__(self, life: "Life", bells: Bells) -> None:
        self._life = life
        self._bells = bells
        self._r = life.world.chance("store")

    async def tx(self, fn: Callable[[Tx], T]) -> T:
        """Run *fn* as one transaction, if the process lives so long."""
        life, world = self._life, self._life.world
        busy = world.faults and self._r.random() < BUSY
        await asyncio.sleep(self._r.uniform(0, LONGEST_BUSY) if busy else 0)  # others go first in any case
        if life.struck("begin"):
            await life.forever()
        tx = Tx(self._connection(), life.clock(), world.mint)
        try:
            result = run(tx, lambda tx: self._to_commit(tx, fn))
        except Killed:
            await life.forever()
        except DiskFailed:
            world.judge.committed()  # perhaps
            life.fail()
            raise
        except sqlite3.IntegrityError:
            raise  # the second wall: the bot logs it, which is a finding
        except sqlite3.DatabaseError as error:
            world.judge.fail("S1", f"the store failed: {error!r}")
            raise
        world.judge.committed()
        if life.struck("committed"):
            await life.forever()
        self._bells.ring(sorted(tx.rung, key=lambda bell: bell.value))  # a set's own order is chance
        return result

    def _connection(self) -> sqlite3.Connection:
        """Return the connection; perhaps on a disk that fails this time."""
        if not self._life.world.disk_fails():
            return self._life.world.conn
        return cast("sqlite3.Connection", FailingConnection(self._life.world.conn, self._r))

    def _to_commit(self, tx: Tx, fn: Callable[[Tx], T]) -> T:
        result = fn(tx)
        if self._life.struck("commit"):
            raise Killed
        return result


@functools.cache
def _template() -> bytes:
    """Return the database of a bot whose desks are open and whose people have their roles."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    prepare(conn)
    run(Tx(conn, START, Mint(random.Random(0))), _furnish)
    return conn.serialize()


def _furnish(tx: Tx) -> None:
    for chat_id, title in company.DESKS.items():
        people.open_desk(tx, chat_id, title, company.OWNER)
    for user_id, desk_id, role in company.ROLES:
        people.grant(tx, user_id, desk_id, Role(role), company.OWNER)
    for user_id, name in company.NAMES.items():
        people.meet(tx, user_id, name, "en", private=user_id != company.OUTSIDER)


def wish_hourly(conn: sqlite3.Connection) -> None:
    """Let every till wish to be told of ends once an hour, in one message."""
    hourly = Wishes(success=Told.HOURLY, failure=Told.HOURLY)
    for chat_id in company.DESKS:
        run(Tx(conn, START, Mint(random.Random(0))), lambda tx, chat_id=chat_id: wishes.put(tx, chat_id, hourly))


def database(without_triggers: tuple[str, ...] = ()) -> sqlite3.Connection:
    """Return a new connection to a furnished database, with the shadow tables."""
    conn = sqlite3.connect(":memory:", isolation_level=None, cached_statements=1024)
    conn.deserialize(_template())
    prepare(conn)
    conn.executescript(SHADOWS)
    for trigger in without_triggers:
        conn.execute(f"DROP TRIGGER {trigger}")
    return conn

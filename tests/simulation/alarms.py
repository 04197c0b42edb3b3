"""What the bot may find strange because the world gave it a reason, and that it sends nothing while stopped.

E1: nothing else is logged as an error. Z1: no attempt while a stop is durable. Z2: what must stop it does.
"""

import sqlite3
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from telegram.error import TelegramError

from tests.simulation import cast
from tests.simulation.disk import DiskFailed

if TYPE_CHECKING:
    from tests.simulation.world import World

# What follows a stop, or belongs to one, in the log.
STOP = "sending is stopped"
RESTORED = "the database is a restored copy: nothing is sent"
# A request leaves at most so long after its attempt was written down.
LONGEST_JOURNAL = 5.0
# Who is alone waits so long after having said so.
ALONE_MS = 30 * 60 * 1000


class Alarms:
    """Knows which alarms the world has given reason for."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._reasons: set[str] = set()
        self._ended: set[int] = set()

    def expect(self, kind: str) -> None:
        """Let the bot notice this from now on."""
        self._reasons.add(kind)

    def logged(self, event: Mapping[str, Any]) -> None:
        """E1: nothing happens here that the program did not expect; Telegram may be away when it starts."""
        error, what = sys.exc_info()[1], str(event.get("event"))
        if isinstance(error, DiskFailed) or (what == "loop failed" and isinstance(error, TelegramError)):
            return
        kind = str(event.get("kind") or event.get("cause")) if what in ("anomaly", STOP) else what
        told = f"{what} {event.get('kind', '')}{event.get('cause', '')}{event.get('worklist', '')}: {error!r}"
        self._world.judge.demand(kind in self._reasons or self._follows(kind), "E1", told)

    def _follows(self, kind: str) -> bool:
        """Tell whether a stop follows an anomaly, which was or was not expected itself."""
        return kind == "anomaly" or (kind in ("restored", RESTORED) and "restored" in self._reasons)

    def attempted(self, txn_id: int) -> None:
        """Z1: an attempt that is written down while a stop is."""
        frozen = self._frozen_at()
        self._world.judge.demand(frozen is None, "Z1", f"transaction {txn_id} is sent while sending is stopped")
        looked = self._world.conn.execute("SELECT count(*) FROM freeze WHERE cause = 'restored'").fetchone()[0]
        unseen = looked == 0 and self._world.restore.done > 0
        self._world.judge.demand(not unseen, "Z1", f"transaction {txn_id} is sent, nobody has looked at the copy")

    def leaves(self, began: float) -> None:
        """Z1: a request leaves long after a stop; *began*: when its attempt was written down, by the host's clock."""
        frozen = self._frozen_at()
        late = frozen is not None and frozen / 1000 > began and self._host_seconds() - began > LONGEST_JOURNAL
        self._world.judge.demand(not late, "Z1", "a request leaves while sending is stopped")

    def _host_seconds(self) -> float:
        return self._world.host_now().timestamp()

    def _frozen_at(self) -> float | None:
        row = self._world.conn.execute("SELECT min(at_ms) FROM freeze WHERE ended_at_ms IS NULL").fetchone()
        return None if row[0] is None else float(row[0])

    def check_end(self) -> None:
        """Z2: every anomaly has stopped the sending; nobody alone has let it go on."""
        demand, conn = self._world.judge.demand, self._world.conn
        for row in conn.execute("SELECT kind, at_ms FROM anomaly ORDER BY id").fetchall():
            stopped = conn.execute(
                "SELECT 1 FROM freeze WHERE at_ms <= ? AND coalesce(ended_at_ms, ?) >= ?", (row["at_ms"],) * 3
            ).fetchone()
            demand(stopped is not None, "Z2", f"{row['kind']} did not stop the sending")
        stops = conn.execute("SELECT count(*) FROM freeze WHERE cause = 'restored'").fetchone()[0]
        demand(stops > 0 or self._world.restore.done == 0, "Z2", "a restore did not stop the sending")

    def check_ended(self) -> None:
        """Z2: whoever lets sending go on may decide then, and is two people; or the only one, half an hour later."""
        for freeze in self._all_ended():
            if freeze["id"] not in self._ended:
                self._ended.add(freeze["id"])
                self._may_end(freeze)

    def restored(self) -> None:
        """Expect what follows a restore; of stops only those that the copy knows have ended."""
        self.expect("restored")
        self._ended = {freeze["id"] for freeze in self._all_ended()}

    def _all_ended(self) -> list[sqlite3.Row]:
        return self._world.conn.execute("SELECT * FROM freeze WHERE ended_at_ms IS NOT NULL").fetchall()

    def _may_end(self, freeze: sqlite3.Row) -> None:
        conn, able = self._world.conn, self._deciders()
        agreed = conn.execute("SELECT user_id, at_ms FROM thaw WHERE freeze_id = ?", (freeze["id"],)).fetchall()
        people = {row["user_id"] for row in agreed} & able
        last = max((row["at_ms"] for row in agreed), default=freeze["ended_at_ms"])
        alone = len(able) == 1 and len(people) == 1 and freeze["ended_at_ms"] - last >= ALONE_MS
        told = f"stop {freeze['id']} was ended by {sorted(people)} of {sorted(able)}"
        self._world.judge.demand(len(people) >= 2 or alone, "Z2", told)

    def _deciders(self) -> set[int]:
        """Return who may decide now: the owner, and whoever is an admin anywhere."""
        rows = self._world.conn.execute("SELECT user_id FROM role WHERE role = 'admin'").fetchall()
        return {cast.OWNER, *(int(row["user_id"]) for row in rows)}


def has_stops(conn: sqlite3.Connection) -> bool:
    """Tell whether sending is stopped now."""
    return conn.execute("SELECT 1 FROM freeze WHERE ended_at_ms IS NULL").fetchone() is not None

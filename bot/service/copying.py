"""Copies the bot makes by itself: when one is due, how many are kept, and telling the admins when one fails.

A copy is due by the names in the directory, so that one made by hand counts, and a restart forgets nothing. What goes
wrong stops nothing else: it is told once, tried again in an hour, and told once more when it works again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from bot.domain.mint import Mint
from bot.domain.policy import Policy
from bot.service import telling
from bot.store import audit, backup, facts
from bot.store.backup import BackupFailed, Copy
from bot.store.database import Database, Tx

FAILING = "backup_failing"
TRY_AGAIN = timedelta(hours=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """Where copies go, how much time lies between two, and how many are kept."""

    directory: Path
    every: timedelta
    keep: int


class Copying:
    """Keeps a directory supplied with copies of one open database."""

    def __init__(
        self, database: Database, policy: Policy, clock: Callable[[], datetime], mint: Mint, plan: Plan
    ) -> None:
        self._database, self._policy, self._clock, self._mint = database, policy, clock, mint
        self._plan = plan
        self._failed_at: datetime | None = None

    async def copy_if_due(self) -> None:
        """Make a copy if the newest one is too old, then remove what is too many."""
        now = self._clock()
        if self._failed_at is not None and now - self._failed_at < TRY_AGAIN:
            return
        try:
            if await asyncio.to_thread(is_due, self._plan, now):
                copy = await backup.make(self._database, self._plan.directory, now, self._mint)
                await self._made(copy)
        except (BackupFailed, OSError) as error:
            self._failed_at = now
            why = str(error)
            await self._database.tx(lambda tx: failed(tx, self._policy, why))

    async def _made(self, copy: Copy) -> None:
        self._failed_at = None
        log.info("backup", path=str(copy.path), bytes=copy.size, audit_rows=copy.rows, head=copy.head)
        await self._database.tx(lambda tx: made(tx, self._policy))
        removed = await asyncio.to_thread(backup.prune, self._plan.directory, self._plan.keep)
        log.info("old backups removed", paths=[str(path) for path in removed])


def is_due(plan: Plan, now: datetime) -> bool:
    """Tell whether it is time for another copy.

    Raises:
        OSError: the directory is not there: a disk that is not mounted must not be taken for an empty one.
    """
    copies = backup.copies(plan.directory)
    return not copies or now - copies[-1][0] >= plan.every


def failed(tx: Tx, policy: Policy, why: str) -> None:
    """Tell every admin that no copy was made, once until one is."""
    log.error("no backup", why=why)
    if facts.get(tx.conn, FAILING):
        return
    facts.put(tx.conn, FAILING, "1")
    _tell(tx, policy, "backup_failed", reason=why)


def made(tx: Tx, policy: Policy) -> None:
    """Tell every admin that copies are made again, if they were told that none was."""
    if facts.get(tx.conn, FAILING):
        facts.put(tx.conn, FAILING, "")
        _tell(tx, policy, "backup_works")


def _tell(tx: Tx, policy: Policy, name: str, **reason: Any) -> None:
    audit.append(tx, name.replace("_", " "), "bot")
    for chat_id in telling.every_admin_chat(tx, policy):
        telling.notice(tx, chat_id, name, **reason)

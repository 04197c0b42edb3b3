"""The command ``backup``: a copy of the database for whoever asks on this machine, in words that a line can carry."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from bot.domain.mint import Mint
from bot.store import backup
from bot.store.database import Database

log = structlog.get_logger(__name__)


class Backups:
    """Makes copies of one open database."""

    def __init__(self, database: Database, clock: Callable[[], datetime], mint: Mint) -> None:
        self._database = database
        self._clock = clock
        self._mint = mint

    async def make(self, request: dict[str, Any]) -> dict[str, Any]:
        """Copy to the absolute path ``dest``; return path, size in bytes, audit rows and head, or an ``error``."""
        dest = Path(str(request.get("dest", "")))
        if not dest.is_absolute():
            return {"error": "name a file or a directory, by its whole path"}
        try:
            copy = await backup.make(self._database, dest, self._clock(), self._mint)
        except backup.BackupFailed as error:
            log.warning("no backup", why=str(error))
            return {"error": str(error)}
        log.info("backup", path=str(copy.path), bytes=copy.size, audit_rows=copy.rows, head=copy.head)
        return asdict(copy) | {"path": str(copy.path)}

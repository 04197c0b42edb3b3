"""What an operator does to the database from a shell, beside a running bot or in its absence."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

from bot.domain.mint import Mint
from bot.service import accounts
from bot.settings import Settings
from bot.store import restoring
from bot.store.lock import FileLock
from bot.store.restoring import Restored
from bot.wiring import Outside

LOCK_SECONDS = 0.5


async def restore(settings: Settings, source: Path) -> list[str]:
    """Put a copy in the database's place; return what was done and what comes next, in sentences.

    Raises:
        AlreadyRunning: a bot holds the database.
        RestoreFailed, Unusable, OSError: nothing was put in place.
    """
    path, outside = settings.database_path.absolute(), Outside()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = FileLock(path.with_name(f"{path.name}.lock"))
    await lock.acquire(LOCK_SECONDS)
    try:
        restored = await asyncio.to_thread(
            restoring.restore,
            path,
            source,
            account=accounts.name(settings.momo_base_url, settings.momo_target_environment, settings.momo_currency),
            incarnation=Mint(outside.entropy).nonce(),
            now=outside.clock(),
        )
    finally:
        lock.release()
    return list(_what_next(restored, source, settings.journal_path))


def _what_next(restored: Restored, source: Path, journal: Path) -> Iterator[str]:
    seen = restored.seen
    yield f"{source} is now {restored.path}: sound, version {seen.version}, {seen.audit_rows} audit rows."
    if restored.kept is not None:
        yield f"What was there is kept as {restored.kept}."
    if seen.version < seen.newest:
        yield f"The next start brings it to version {seen.newest}."
    yield "Now start the bot. It sends nothing and says so to the admins: it knows that this is an older copy."
    if journal.exists():
        yield f"It asks MTN about everything that the journal {journal} names and this copy has forgotten."
    else:
        yield f"There is no journal {journal}: what was sent after this copy was made is on MTN's statement alone."
    yield "When two people have compared /audit and /people with what they know, and sent /thaw, it goes on."

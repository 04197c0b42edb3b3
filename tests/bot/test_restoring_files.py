"""The whole program's start on real files: the journal beside the database, and a copy put back."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import commands
from bot.app import Bot
from bot.domain.freezing import Cause
from bot.domain.mint import Mint
from bot.settings import Settings, load_settings
from bot.store import facts, freezes
from bot.store.bells import Bells
from bot.store.database import Database, Tx
from bot.store.journal import FileJournal
from bot.store.lock import AlreadyRunning
from bot.web.control import Control
from bot.wiring import Outside, previous_clients_of
from momo import Product
from tests.bot.store.test_journal import LINE
from tests.support.clock import Clock

# Longer than a command without anybody listening waits for the lock before it asks again.
STARTING = 1.0
BEFORE = "33333333-3333-4333-8333-333333333333"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    environment = {
        "TELEGRAM_BOT_TOKEN": "1000001:TEST",
        "MOMO_COLLECTION_SUBSCRIPTION_KEY": "c" * 32,
        "MOMO_COLLECTION_API_USER": "11111111-1111-4111-8111-111111111111",
        "MOMO_COLLECTION_API_KEY": "collection-api-key",
        "MOMO_DISBURSEMENT_SUBSCRIPTION_KEY": "d" * 32,
        "MOMO_DISBURSEMENT_API_USER": "22222222-2222-4222-8222-222222222222",
        "MOMO_DISBURSEMENT_API_KEY": "disbursement-api-key",
        "MOMO_DISBURSEMENT_API_USER_PREVIOUS": BEFORE,
        "MOMO_DISBURSEMENT_API_KEY_PREVIOUS": "an-older-api-key",
        "DATABASE_PATH": str(tmp_path / "till.db"),
        "OWNER_IDS": "1001",
    }
    return load_settings(environment, tmp_path / "no.env")


@asynccontextmanager
async def started(settings: Settings) -> AsyncIterator[Database]:
    """The program after its start, before its first work."""
    outside, bells = Outside(clock=Clock()), Bells()
    database = Database(settings.database_path, outside.clock, Mint(outside.entropy), bells)
    await database.open(1.0)
    try:
        await Bot(settings, database, bells, outside).recover()
        yield database
    finally:
        await database.close()


def safe(tx: Tx) -> tuple[list[Cause], list[str]]:
    """What stops the sending, and what had been forgotten."""
    kept = tx.conn.execute("SELECT reference_id FROM forgotten").fetchall()
    return [freeze.cause for freeze in freezes.all_in_force(tx.conn)], [row[0] for row in kept]


async def test_the_first_start_begins_the_journal_and_the_next_ones_go_on_with_it(settings: Settings) -> None:
    for _ in range(3):
        async with started(settings) as database:
            assert await database.tx(safe) == ([], [])
            ours = await database.tx(lambda tx: facts.incarnation(tx.conn))
            found = await FileJournal(settings.journal_path).read()
            assert found is not None
            assert found.incarnation == ours


async def test_a_copy_put_back_starts_safe_and_keeps_the_old_journal(settings: Settings) -> None:
    path = settings.database_path
    async with started(settings):
        pass
    shutil.copy(path, path.with_suffix(".copy"))
    await FileJournal(settings.journal_path).append(LINE)
    shutil.copy(path.with_suffix(".copy"), path)
    for _ in range(2):
        async with started(settings) as database:
            assert await database.tx(safe) == ([Cause.RESTORED], [LINE.reference_id])
    assert await FileJournal(settings.journal_path).set_aside_before() == (LINE,)


async def test_the_api_user_of_before_has_a_client_of_its_own(settings: Settings) -> None:
    clients = previous_clients_of(settings, Outside())
    assert set(clients) == {(Product.DISBURSEMENT, BEFORE)}
    for client in clients.values():
        await client.close()


async def test_a_copy_asked_for_while_the_bot_starts_waits_until_it_listens(settings: Settings) -> None:
    dest = settings.database_path.with_suffix(".copy")
    async with started(settings) as database:
        asked = asyncio.create_task(commands.back_up(settings, dest))
        await asyncio.wait({asked}, timeout=STARTING)
        door = Control(settings.control_path, {"backup": commands.backups_of(database, Outside()).make})
        try:
            await door.start()
            made = await asked
        finally:
            await door.stop()
    assert made["path"] == str(dest)


async def test_a_bot_that_never_listens_is_named_to_whoever_wants_a_copy(settings: Settings) -> None:
    async with started(settings):
        with pytest.raises(AlreadyRunning, match=f"pid {os.getpid()}"):
            await commands.back_up(settings, settings.database_path.with_suffix(".copy"), lock_seconds=0.0)

"""Secrets, numbers and names do not leave where they belong, even when everything is logged and much goes wrong."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from .harness import Desk, World, open_world
from .momo_faults import cut_in_the_body, internal_error, truncated_error, unauthorised

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

NUMBER, NAME, FAMILY, NOTE = "46733123717", "Canaria", "Serinus", "yellowfeather"
POISON = {"message": {"message_id": 7, "date": "no date", "chat": {"id": "none"}, "text": f"/pay {NUMBER} 5 {NOTE}"}}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def loud(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A world that logs all it can, after payments with every kind of trouble."""
    async with open_world(tmp_path_factory.mktemp("loud"), LOG_LEVEL="DEBUG") as world:
        world.momo.names[NUMBER] = (NAME, FAMILY)
        await (await world.open_desk()).settled()
        await _trouble(await world.open_desk())
        yield world


async def _trouble(desk: Desk) -> None:
    desk.world.telegram._deliver("message", dict(POISON["message"]))
    faults = [(), (unauthorised,), (internal_error,), (truncated_error,), (cut_in_the_body,)]
    for amount, fault in zip(range(31, 36), faults, strict=True):
        desk.world.momo.plan(amount, *fault)
        await desk.confirm(f"/pay {NUMBER} {amount} {NOTE}", amount)
    for amount in (31, 35):
        await desk.told(amount, "successful", 60)
    await desk.ask(f"/pay {NUMBER}x 5 {NOTE}")
    await desk.world.restart_bot()
    await desk.settled()


async def test_no_log_holds_a_secret_a_number_or_a_name(loud: World) -> None:
    said = loud.logged()
    assert "Traceback" in said
    assert [word for word in [*loud.secrets(), NUMBER, NAME, FAMILY, NOTE] if word in said] == []


async def test_no_callback_token_is_in_a_log(loud: World) -> None:
    assert loud.callback_tokens()
    assert [token for token in loud.callback_tokens() if token in loud.logged()] == []


async def test_no_file_beside_the_database_holds_a_secret(loud: World) -> None:
    files = [file for file in loud.directory.iterdir() if file.is_file()]
    assert {"desk.sqlite3", "desk.sqlite3-wal"} <= {file.name for file in files}
    found = {(file.name, word) for file in files for word in loud.secrets() if word.encode() in file.read_bytes()}
    assert found == set()


async def test_one_tills_people_are_not_named_in_another(loud: World) -> None:
    chats = {m.chat_id for m in loud.telegram.messages if NUMBER in m.text and not m.by_bot}
    leaks = [m.text for m in loud.telegram.messages if m.by_bot and m.chat_id not in chats]
    assert leaks
    assert [text for text in leaks if any(word in text for word in (NUMBER, NAME, FAMILY, NOTE))] == []

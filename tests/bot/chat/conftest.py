"""A town for each module, and a shop of its own for each test in it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.bot.chat.town import Town
from tests.bot.chat.voice import Shop

# Silenced by the program at its start, but pytest restores the filters after each test.
GET_UPDATES = "ignore:Please use 'Bot.getUpdates' instead"
JOURNEY = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.filterwarnings(GET_UPDATES)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A bot that runs while the module's tests use it side by side."""
    async with Town(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest_asyncio.fixture(loop_scope="module")
async def shop(town: Town) -> Shop:
    """A till nobody else uses."""
    return await town.open_shop()

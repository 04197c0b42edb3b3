"""One world per test file: its bot is started once, and every test opens a desk of its own in it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from .harness import World, open_world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with open_world(tmp_path_factory.mktemp("world")) as opened:
        yield opened

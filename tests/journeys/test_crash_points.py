"""The program kills itself at each point of the crash matrix: one payment, one effect, told as it was."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from .crash_points import AT_ONCE, ROWS, Row, live_through

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def journeys(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[Row, asyncio.Task[None]]]:
    """Start them all, some at a time side by side; each has a program, a Telegram and an MTN of its own."""
    places = asyncio.Semaphore(AT_ONCE)

    async def live(row: Row) -> None:
        async with places:
            await live_through(row, tmp_path_factory.mktemp("crash"))

    started = {row: asyncio.create_task(live(row)) for row in ROWS}
    yield started
    for task in started.values():
        task.cancel()
    await asyncio.gather(*started.values(), return_exceptions=True)


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_a_payment_survives_a_kill(row: Row, journeys: dict[Row, asyncio.Task[None]]) -> None:
    await journeys[row]

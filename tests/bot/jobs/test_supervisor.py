import asyncio
from functools import partial

import pytest

from bot.jobs.supervisor import Supervisor
from tests.support.clock import on_virtual_time


@on_virtual_time
async def test_a_loop_that_fails_is_started_again() -> None:
    supervisor, starts = Supervisor(), []

    async def loop() -> None:
        starts.append(asyncio.get_running_loop().time())
        raise KeyError("bug")

    supervisor.start("loop", loop)
    await asyncio.sleep(3.5)
    await supervisor.stop()
    assert starts == [0.0, 1.0, 2.0, 3.0]


@on_virtual_time
async def test_a_failing_loop_leaves_the_others_alone_and_stopping_stops_all() -> None:
    supervisor, ticks = Supervisor(), []

    async def loop(name: str) -> None:
        await asyncio.sleep(1)
        ticks.append(name)
        raise KeyError(name)

    for name in "ab":
        supervisor.start(name, partial(loop, name))
    await asyncio.sleep(1.5)
    await supervisor.stop()
    await asyncio.sleep(10)
    assert ticks == ["a", "b"]


@on_virtual_time
async def test_a_name_runs_once_until_it_is_stopped() -> None:
    supervisor, began = Supervisor(), []

    async def loop(name: str) -> None:
        began.append(name)
        await asyncio.Event().wait()

    supervisor.start("loop", partial(loop, "first"))
    with pytest.raises(ValueError, match="loop is running already"):
        supervisor.start("loop", partial(loop, "second"))
    await asyncio.sleep(5)
    await supervisor.stop()
    supervisor.start("loop", partial(loop, "third"))
    await asyncio.sleep(5)
    await supervisor.stop()
    assert began == ["first", "third"]

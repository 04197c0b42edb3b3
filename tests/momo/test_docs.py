"""Every block of Python in docs/momo.md runs, against the sandbox."""

import asyncio
import re
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from momo import Credentials, MomoClient, new_reference_id
from momo.sandbox import Sandbox, SandboxServer

PAGE = Path(__file__).parents[2] / "docs" / "momo.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


@pytest.fixture
async def names() -> AsyncIterator[dict[str, object]]:
    """What the blocks take for granted."""
    server = SandboxServer(Sandbox(seed=1))
    await server.start()
    user, key = server.sandbox.provision("disbursement", "shop.example")
    async with MomoClient(server.url, "sandbox", disbursement=Credentials(user, key, "d" * 32)) as momo:
        yield {
            "url": server.url,
            "api_user": user,
            "api_key": key,
            "subscription_key": "d" * 32,
            "momo": momo,
            "reference_id": new_reference_id(),
            "secret": "s3cret-of-the-shop-16",
            "queue": asyncio.Queue(),
        }
    await server.stop()


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.splitlines()[-1].strip()[:40])
async def test_a_block_of_the_page_runs(block: str, names: dict[str, object]) -> None:
    arguments = ", ".join(names)
    program = f"async def block({arguments}):\n{textwrap.indent(block, '    ')}"
    exec(compile(program, str(PAGE), "exec"), names)  # noqa: S102 - it is our own page

    given = {name: value for name, value in names.items() if name in arguments.split(", ")}
    await names["block"](**given)  # type: ignore[operator]


def test_the_page_has_blocks() -> None:
    assert len(BLOCKS) == 6

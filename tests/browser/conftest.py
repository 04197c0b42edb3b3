"""A browser, the demo as a process of its own, and the page in front of a Telegram of the tests' own."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser.hands import PATIENCE_MS

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
WIDE = {"width": 1366, "height": 820}


@pytest.fixture(scope="session", autouse=True)
def _a_browser_there_is() -> None:
    if Path(CHROMIUM).exists():
        return
    sentence = "no browser: apt-get install chromium, and the page is tested too"
    # On the machine that decides about a change, nothing is passed over.
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A new profile: nothing of another test's choices is left in it."""
    context = await browser.new_context(viewport=WIDE, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    yield context
    await context.close()


@dataclass(slots=True)
class Demo:
    """``python -m bot demo`` on a port of its own choice."""

    url: str = ""
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, again on the same port, and wait until it says where it is."""
        port = self.url.rpartition(":")[2] or "0"
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "demo", "--port", port),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        assert self.process.stdout is not None
        line = (await self.process.stdout.readline()).decode()
        if not line.startswith("MoMo Desk playground: http://127.0.0.1:"):
            pytest.fail(line + (await self.process.communicate())[0].decode())
        self.url = line.split()[-1]

    async def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        assert self.process is not None
        self.process.terminate()
        await self.process.communicate()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo() -> AsyncIterator[Demo]:
    demo = Demo()
    await demo.start()
    yield demo
    await demo.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def page(context: BrowserContext, demo: Demo) -> Page:
    """The demo's page on a wide screen, in English."""
    page = await context.new_page()
    await page.goto(demo.url)
    return page

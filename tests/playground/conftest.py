"""A small Telegram: a merchant who has started the bot, an admin, a stranger, two groups."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.playground.botapi import BotApi
from bot.playground.page import PlaygroundPage
from bot.playground.phones import Hint, Phone
from bot.playground.server import BotApiServer
from tests.playground.support import ADMIN, ADMINS, MERCHANT, SHOP, STRANGER, TOKEN, ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def api(clock: ManualClock) -> BotApi:
    """The merchant has already written to the bot; no update is waiting."""
    api = BotApi(TOKEN, clock, poll_second=0.01)
    api.add_user(MERCHANT, "Merchant")
    api.add_user(ADMIN, "Admin", language_code="fr")
    api.add_user(STRANGER, "Stranger")
    api.add_group(SHOP, "Shop", members=[MERCHANT, ADMIN])
    api.add_group(ADMINS, "Admins", members=[], admins=[ADMIN])
    api.send_text(MERCHANT, MERCHANT, "/start")
    api.updates.clear()
    return api


@pytest.fixture
async def server(api: BotApi) -> AsyncIterator[BotApiServer]:
    server = BotApiServer(api)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def page(api: BotApi) -> AsyncIterator[PlaygroundPage]:
    phones = [Phone(MERCHANT, (SHOP,)), Phone(ADMIN, (ADMINS, ADMIN))]
    hint = Hint(MERCHANT, SHOP, "/balance", {"en": "What is there", "fr": "Ce qu'il y a"})
    page = PlaygroundPage(api, phones, [hint])
    await page.start(port=0)
    yield page
    await page.stop()


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        yield session

"""How updates reach the bot: fetched or brought, stored first, and none stops the others."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest_asyncio

from bot.web.telegram import SECRET_HEADER
from bot.wiring import webhook_url
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import OWNER, SECRET, Town
from tests.bot.chat.voice import Shop, Voice

pytestmark = JOURNEY


@pytest_asyncio.fixture(loop_scope="module")
async def brought(tmp_path: Path) -> AsyncIterator[Town]:
    """A bot with a webhook."""
    async with Town(tmp_path, TELEGRAM_MODE="webhook") as town:
        yield town


async def post(town: Town, secret: str | None, body: object) -> int:
    """Bring an update as Telegram would; return the status."""
    headers = {} if secret is None else {SECRET_HEADER: secret}
    async with (
        aiohttp.ClientSession() as web,
        web.post(webhook_url(town.settings), json=body, headers=headers) as response,
    ):
        return response.status


async def test_a_webhook_brings_updates_that_are_handled(brought: Town) -> None:
    shop = await brought.open_shop()
    await shop.cashier.done("/pay 46733123999 12.12")
    assert brought.moved("12.12") == 1


async def test_a_wrong_secret_is_refused_and_leaves_no_trace(brought: Town) -> None:
    update = {"update_id": 1, "message": {"chat": {"id": OWNER}, "text": "/start"}}
    for secret in (None, "", "wrong", SECRET + "x", SECRET[:-1], "ünlikely"):
        assert await post(brought, secret, update) == 403
    assert await brought.ask("SELECT count(*) FROM inbox") == [0]


async def test_the_right_secret_stores_an_update_once(brought: Town) -> None:
    update = {"update_id": 5, "my_chat_member": {"chat": {"id": OWNER}}}
    for _ in range(3):
        assert await post(brought, SECRET, update) == 200
    assert await brought.ask("SELECT update_id FROM inbox") == [5]


async def test_what_is_no_update_is_refused(brought: Town) -> None:
    bodies: list[object] = [[], {}, {"update_id": "1"}, "text", None, 5]
    for body in bodies:
        assert await post(brought, SECRET, body) == 400
    assert await brought.ask("SELECT count(*) FROM inbox") == [0]


async def test_an_update_brought_twice_makes_one_card(brought: Town) -> None:
    shop = await brought.open_shop()
    await shop.cashier.card("/pay 46733123999 13.13")
    bodies = await brought.ask("SELECT body FROM inbox WHERE body LIKE '%13.13%'")
    shop.cashier.since = len(brought.api.transcript)
    assert await post(brought, SECRET, json.loads(bodies[0])) == 200
    await shop.cashier.hears_nothing_until()
    assert await brought.ask("SELECT count(*) FROM txn WHERE amount_minor = 1313") == [1]


async def test_a_poison_update_becomes_a_dead_letter_and_the_others_go_on(town: Town, shop: Shop) -> None:
    shop.cashier.since = len(town.api.transcript)
    chat = town.api.people.chats[shop.chat_id].as_json()
    poison = town.api.push({"message": {"chat": chat, "date": "yesterday", "message_id": [], "entities": 7}})
    await shop.cashier.sees("your last message was not carried out")
    assert await town.ask("SELECT done FROM inbox WHERE update_id = ?", poison) == [2]
    await shop.cashier.card("/pay 46733123999 14.14")


async def test_updates_of_no_known_kind_are_passed_over(town: Town, shop: Shop) -> None:
    for nonsense in ({"rich_message_of_the_future": {"chat": {"id": shop.chat_id}}}, {"message": None}, {}):
        town.api.push(nonsense)
    await shop.cashier.card("/pay 46733123999 15.15")


async def test_a_burst_in_many_chats_is_answered_in_each(town: Town) -> None:
    people = [Voice(town, user_id, user_id) for user_id in (town.person() for _ in range(30))]
    for person in people:
        person.type("/start")
    for person in people:
        await person.sees(f"with your id {person.user_id}.")


async def test_answers_in_a_chat_come_in_the_order_of_the_questions(shop: Shop) -> None:
    since = len(shop.town.api.transcript)
    for number in range(10):
        shop.cashier.type(f"/status Z{number}Z")
    await shop.cashier.sees("This is no reference")
    shop.cashier.type("/help")
    await shop.cashier.sees("What you can type")
    texts = [event.text for event in shop.cashier.heard(since)]
    assert len(texts) == 11
    assert "What you can type" in texts[-1]

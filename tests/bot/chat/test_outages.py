"""MTN or Telegram is away: said in chat before anybody asks, once, and when it is over; also in French."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.playground.events import Event
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import Town
from tests.bot.chat.voice import Voice, code_of

pytestmark = JOURNEY


@pytest_asyncio.fixture(loop_scope="module")
async def own(tmp_path: Path) -> AsyncIterator[Town]:
    """A bot of one's own: what is away is away for every till of it."""
    async with Town(tmp_path) as town:
        yield town


async def pass_minutes(town: Town, minutes: int) -> None:
    """Let time pass so that everybody has time to ask and to be refused."""
    for _ in range(minutes * 4):
        await town.forward(seconds=15)
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("language", "away", "back"),
    [
        ("en", "MTN has not answered about payments and refunds since", "MTN answers about payments and refunds again"),
        ("fr", "MTN ne répond plus pour les paiements et remboursements", "MTN répond de nouveau"),
    ],
)
async def test_an_outage_of_mtns_is_said_to_the_till_that_waits_and_its_end_too(
    own: Town, language: str, away: str, back: str
) -> None:
    shop, idle = await own.open_shop(), await own.open_shop("Idle shop")
    admin = shop.admin.elsewhere(shop.chat_id)
    admin.type(f"/language till {language}")
    await admin.sees("till" if language == "en" else "caisse")
    own.sandbox.faults.add("status_503", count=None)
    card = await shop.cashier.confirmed("/pay 46733123999 61.01")
    told = await _passing(own, shop.cashier, away)
    assert "61.01" not in told.text
    await shop.admin.sees("MTN has not answered")
    own.sandbox.faults.clear()
    over = await _passing(own, shop.cashier, back)
    assert code_of(card) in over.text or "Nothing is open" in over.text or "Rien n'est en cours" in over.text
    assert not [event for event in idle.cashier.heard() if "MTN" in event.text]
    assert own.moved("61.01") <= 1


async def _passing(town: Town, voice: Voice, words: str) -> Event:
    """Wait for words while minutes pass."""
    for _ in range(60):
        found = [event for event in voice.heard() if words in event.text]
        if found:
            return found[0]
        await pass_minutes(town, 1)
    raise AssertionError(words)


async def test_after_telegram_was_away_each_till_is_told_what_ended_meanwhile(own: Town) -> None:
    shop = await own.open_shop()
    own.sandbox.settings.settle_after = 60.0
    card = await shop.cashier.confirmed("/pay 46733123999 61.02")
    await shop.cashier.sees("MTN is working on it")
    own.api.faults.add("http_500", times=100_000)
    await pass_minutes(own, 8)
    own.api.faults.clear()
    await shop.cashier.sees("Telegram was not reached for", f"told now: /s_{code_of(card)}")
    await shop.cashier.sees("61.02 EUR", "was successful")


async def test_after_telegram_was_away_a_flood_of_ends_comes_in_one_message(own: Town) -> None:
    shop = await own.open_shop()
    own.sandbox.settings.settle_after = 60.0
    codes = []
    for n in range(6):
        codes.append(code_of(await shop.cashier.confirmed(f"/pay 46733123999 61.1{n}")))
        await shop.cashier.sees(f"61.1{n} EUR", "MTN is working on it")
    own.api.faults.add("http_500", times=100_000)
    await pass_minutes(own, 8)
    own.api.faults.clear()
    told = await shop.cashier.sees("6 ends at once")
    assert all(code in told.text for code in codes)
    singles = [event for event in shop.cashier.heard() if event.text.startswith("✅ Payment of")]
    assert singles == []

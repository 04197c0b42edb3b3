"""What /metrics shows of a bot at work, and to whom."""

import re
from pathlib import Path

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from bot.service import trail
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import Town
from tests.bot.chat.voice import Shop

pytestmark = JOURNEY

OPERATIONS = Path(__file__).parents[3] / "docs" / "operations"


async def fetched(town: Town, **headers: str) -> tuple[int, str]:
    url = f"{town.settings.public_url}/metrics"
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as answer:
        return answer.status, await answer.text()


async def samples(town: Town) -> dict[tuple[str, frozenset[str]], float]:
    """Return every sample by its name and the values of its labels."""
    families = text_string_to_metric_families((await fetched(town))[1])
    return {(s.name, frozenset(s.labels.values())): s.value for family in families for s in family.samples}


async def test_a_payment_is_counted_with_every_call_it_took(town: Town, shop: Shop) -> None:
    before = (await samples(town)).get(("momo_desk_transactions", frozenset({"SUCCESSFUL", "transfer"})), 0)
    await shop.cashier.done("/pay 46733123999 5 rent")
    seen = await samples(town)
    assert seen["momo_desk_transactions", frozenset({"SUCCESSFUL", "transfer"})] == before + 1
    for name, labels in {
        ("momo_desk_mtn_calls_total", ("disbursement", "transfer", "ok")),
        ("momo_desk_mtn_call_seconds_count", ("disbursement", "transfer_status")),
        ("momo_desk_telegram_calls_total", ("sendMessage", "ok")),
        ("momo_desk_telegram_call_seconds_count", ("editMessageText",)),
    }:
        assert seen[name, frozenset(labels)] >= 1


async def test_every_metric_that_alerts_and_dashboard_name_is_shown(town: Town, shop: Shop) -> None:
    await town.store.tx(lambda tx: trail.check(tx, town.policy))
    await shop.cashier.done("/pay 46733123999 6 rent")
    shown = {name for name, _ in await samples(town)}
    for file in ("alerts.yml", "dashboard.json"):
        named = set(re.findall(r"\b(?:momo_desk|process)_\w+", (OPERATIONS / file).read_text()))
        assert named
        assert named - shown == set()


async def test_no_number_name_or_reference_is_in_a_label(town: Town, shop: Shop) -> None:
    code = await shop.cashier.done("/pay 46733123717 7 yellowfeather")
    text = (await fetched(town))[1]
    secrets = [code, "46733123717", "yellowfeather", town.api.token, str(shop.chat_id), str(shop.cashier.user_id)]
    assert [word for word in secrets if word in text] == []

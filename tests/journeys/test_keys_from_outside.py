"""Keys are changed between two runs of the program, and what is on its way is followed to its end, sent once."""

from dataclasses import asdict
from pathlib import Path

import pytest

from .foreign_telegram import TOKEN
from .harness import Desk, World, open_world, paid_once

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


async def on_its_way(world: World, desk: Desk, amount: int) -> None:
    """Pay, and kill the bot when MTN has it and has not ended it."""
    await desk.pay(amount, settle=1.0, callback=None)
    await world.momo.wait_for(lambda: len(world.momo.transactions) == 1, expected="a payment at MTN")
    await world.bot.kill()


async def test_a_new_api_user_and_a_new_subscription_key_lose_nothing(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        desk = await world.open_desk()
        await on_its_way(world, desk, 31)
        before = world.momo.change_user("disbursement")
        world.momo.revoke_tokens()
        for name in ("api_user", "api_key"):
            world.settings[f"MOMO_DISBURSEMENT_{name.upper()}_PREVIOUS"] = asdict(before)[name]
        world.momo.accounts["disbursement"].subscription_key = "0" * 32
        await world.start_bot()
        await desk.told(31, "successful")
        await desk.pay(32)
        await desk.told(32, "successful")
        assert paid_once(world, 31)
        assert paid_once(world, 32)


async def test_the_database_goes_on_with_a_new_token_of_its_bot_and_with_no_other_bot(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        desk = await world.open_desk()
        await on_its_way(world, desk, 33)
        number, _, secret = TOKEN.partition(":")
        world.settings["TELEGRAM_BOT_TOKEN"] = f"{int(number) + 1}:{secret}"
        await world.launch_bot()
        assert await world.bot.ended(25) == 3
        assert f"this database belongs to the Telegram bot {number}" in world.bot.said()
        world.telegram.token = world.settings["TELEGRAM_BOT_TOKEN"] = f"{number}:{secret[::-1]}"
        await world.start_bot()
        await desk.told(33, "successful")
        assert paid_once(world, 33)

"""What the playground's tests share: a clock they own, and calls made as the bot."""

from typing import Any

import pytest

from bot.playground.botapi import BotApi
from bot.playground.methods import call
from bot.playground.parameters import Parameters, Upload
from bot.playground.refusals import Refusal

TOKEN = "1:TEST"
MERCHANT, ADMIN, STRANGER = 1001, 2002, 3003
SHOP, ADMINS = -5001, -1_000_000_005_002
"""A basic group and a supergroup."""


class ManualClock:
    """Time that moves only when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


async def ask(api: BotApi, method: str, files: dict[str, Upload] | None = None, **values: Any) -> Any:
    """Return the result of a call by the bot."""
    return await call(api, method, Parameters(values, files or {}))


async def refused(api: BotApi, method: str, **values: Any) -> Refusal:
    """Return the refusal that a call by the bot must meet."""
    with pytest.raises(Refusal) as caught:
        await ask(api, method, **values)
    return caught.value


async def why(api: BotApi, method: str, **values: Any) -> str:
    """Return the sentence with which a call by the bot is refused."""
    return (await refused(api, method, **values)).description


async def say(api: BotApi, text: str = "hello", chat_id: int = MERCHANT, **values: Any) -> int:
    """Send a message as the bot and return its id."""
    message = await ask(api, "sendMessage", chat_id=chat_id, text=text, **values)
    return int(message["message_id"])


def keyboard(*data: str) -> dict[str, Any]:
    """Return an inline keyboard of one column; each button's text is its data in capitals."""
    return {"inline_keyboard": [[{"text": one.upper(), "callback_data": one}] for one in data]}


async def updates(api: BotApi, **values: Any) -> list[dict[str, Any]]:
    """Return what the bot gets when it asks for updates."""
    result: list[dict[str, Any]] = await ask(api, "getUpdates", **values)
    return result

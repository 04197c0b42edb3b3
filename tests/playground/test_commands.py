"""Command menus: what is taken, and which one a person sees."""

from typing import Any

import pytest

from bot.playground.botapi import BotApi
from tests.playground.support import ADMIN, ADMINS, MERCHANT, SHOP, ask, why


def menu(*names: str) -> list[dict[str, str]]:
    return [{"command": name, "description": f"About {name}"} for name in names]


def seen(api: BotApi, chat_id: int, user_id: int) -> list[str]:
    chat, user = api.people.chats[chat_id], api.people.users[user_id]
    return [command["command"] for command in api.commands.seen_by(chat, user_id, user.language_code)]


async def test_the_narrowest_scope_wins(api: BotApi) -> None:
    await ask(api, "setMyCommands", commands=menu("help"))
    await ask(api, "setMyCommands", commands=menu("pay"), scope={"type": "all_private_chats"})
    await ask(api, "setMyCommands", commands=menu("approve"), scope=f'{{"type": "chat", "chat_id": {ADMINS}}}')

    assert seen(api, MERCHANT, MERCHANT) == ["pay"]
    assert seen(api, ADMINS, ADMIN) == ["approve"]
    assert seen(api, SHOP, ADMIN) == ["help"]


async def test_group_admins_have_their_own_menu(api: BotApi) -> None:
    await ask(api, "setMyCommands", commands=menu("roles"), scope={"type": "all_chat_administrators"})

    assert seen(api, ADMINS, ADMIN) == ["roles"]
    assert seen(api, SHOP, ADMIN) == []


async def test_a_language_has_its_own_menu(api: BotApi) -> None:
    await ask(api, "setMyCommands", commands=menu("pay"))
    await ask(api, "setMyCommands", commands=menu("payer"), language_code="fr")

    assert seen(api, SHOP, ADMIN) == ["payer"]
    assert seen(api, SHOP, MERCHANT) == ["pay"]


async def test_a_menu_can_be_read_back_and_deleted(api: BotApi) -> None:
    await ask(api, "setMyCommands", commands=menu("pay"))
    assert await ask(api, "getMyCommands") == menu("pay")

    await ask(api, "deleteMyCommands")
    assert await ask(api, "getMyCommands") == []


@pytest.mark.parametrize(
    ("commands", "sentence"),
    [
        (menu("Pay"), "Bad Request: BOT_COMMAND_INVALID"),
        (menu("x" * 33), "Bad Request: BOT_COMMAND_INVALID"),
        ([{"command": "pay", "description": ""}], "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "pay", "description": "x" * 257}], "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"),
        (menu(*[f"c{number}" for number in range(101)]), "Bad Request: BOT_COMMANDS_TOO_MUCH"),
        ({"pay": "Pay"}, "Bad Request: expected an Array of BotCommand"),
    ],
)
async def test_a_wrong_menu_is_refused(api: BotApi, commands: Any, sentence: str) -> None:
    assert await why(api, "setMyCommands", commands=commands) == sentence


@pytest.mark.parametrize(
    ("scope", "sentence"),
    [
        ({"type": "planet"}, "Bad Request: can't parse BotCommandScope: Unsupported type specified"),
        ({"type": "chat"}, "Bad Request: can't parse BotCommandScope: Empty chat_id specified"),
        ([], "Bad Request: BotCommandScope must be an Object"),
    ],
)
async def test_a_wrong_scope_is_refused(api: BotApi, scope: Any, sentence: str) -> None:
    assert await why(api, "setMyCommands", commands=menu("pay"), scope=scope) == sentence

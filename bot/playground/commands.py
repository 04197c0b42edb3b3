"""The command menus of the bot: by scope and language, and which of them a person sees.

Nothing here says what a command does.
"""

import json
import re
from typing import Any

from bot.playground.people import Chat
from bot.playground.refusals import bad_request

# Source: core.telegram.org/bots/api#botcommandscope ("Determining list of commands").
MOST_COMMANDS = 100
LONGEST_DESCRIPTION = 256
SCOPES_WITHOUT_CHAT = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
SCOPES_WITH_CHAT = {"chat", "chat_administrators", "chat_member"}

Commands = list[dict[str, str]]


def checked_scope(scope: Any) -> dict[str, Any]:
    """Return a scope, by default the widest.

    Raises:
        Refusal: when Telegram does not know such a scope.
    """
    if scope is None:
        return {"type": "default"}
    if not isinstance(scope, dict):
        raise bad_request("BotCommandScope must be an Object")
    kind = scope.get("type")
    if kind in SCOPES_WITHOUT_CHAT:
        return {"type": kind}
    if kind not in SCOPES_WITH_CHAT:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    names = ("type", "chat_id", "user_id") if kind == "chat_member" else ("type", "chat_id")
    if not all(scope.get(name) for name in names):
        raise bad_request("can't parse BotCommandScope: Empty chat_id specified")
    return {name: scope[name] for name in names}


def demand_member(chat: Chat, scope: dict[str, Any]) -> None:
    """Refuse a menu for one person of a chat who is not in it, or of a chat that has only one."""
    if scope["type"] == "chat":
        return
    if chat.is_private:
        raise bad_request("can't use specified scope in private chats")
    if scope["type"] == "chat_member" and int(scope["user_id"]) not in chat.members:
        raise bad_request("user not found")


def checked_language(code: str) -> str:
    """Return a language code: two letters, or none for all languages without a menu of their own."""
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("invalid language code specified")
    return code


def checked_commands(commands: Any) -> Commands:
    """Return a list of commands.

    Raises:
        Refusal: for a name, a description or a number of commands that Telegram does not take.
    """
    if not isinstance(commands, list) or not all(isinstance(command, dict) for command in commands):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_checked_command(command) for command in commands]


def _checked_command(given: dict[str, Any]) -> dict[str, str]:
    name, description = str(given.get("command", "")).removeprefix("/"), str(given.get("description", ""))
    if not re.fullmatch(r"[a-z0-9_]{1,32}", name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= LONGEST_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


class CommandBook:
    """The menus the bot has set."""

    def __init__(self) -> None:
        self._menus: dict[tuple[str, str], Commands] = {}

    def set(self, scope: dict[str, Any], language: str, commands: Commands) -> None:
        """Keep a menu; an empty one removes it."""
        self._menus[_key(scope), language] = commands

    def get(self, scope: dict[str, Any], language: str) -> Commands:
        """Return exactly the menu of this scope and language, perhaps empty."""
        return self._menus.get((_key(scope), language), [])

    def seen_by(self, chat: Chat, user_id: int, language: str | None) -> Commands:
        """Return the menu that a person sees in a chat: the narrowest scope that has one."""
        for scope in _scopes(chat, user_id):
            for spoken in (language or "", ""):
                if menu := self.get(scope, spoken):
                    return menu
        return []


def _scopes(chat: Chat, user_id: int) -> list[dict[str, Any]]:
    here = {"type": "chat", "chat_id": chat.id}
    if chat.is_private:
        return [here, {"type": "all_private_chats"}, {"type": "default"}]
    is_admin = chat.members.get(user_id) in {"creator", "administrator"}
    admin_here = [{"type": "chat_administrators", "chat_id": chat.id}] if is_admin else []
    admin_anywhere = [{"type": "all_chat_administrators"}] if is_admin else []
    member = {"type": "chat_member", "chat_id": chat.id, "user_id": user_id}
    return [member, *admin_here, here, *admin_anywhere, {"type": "all_group_chats"}, {"type": "default"}]


def _key(scope: dict[str, Any]) -> str:
    # A form sends ids as text and JSON as numbers: both name the same scope.
    return json.dumps({name: str(value) for name, value in scope.items()}, sort_keys=True)

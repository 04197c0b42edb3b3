"""The command menus: for each kind of chat in each language, and for each person whose role or language is another.

What is set is kept in the database, so that only what differs is told to Telegram, at start and when a role changes.
"""

import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import Enum
from functools import cache
from typing import NamedTuple

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatMember,
)
from telegram.error import RetryAfter, TelegramError

from bot.chat import addressee
from bot.chat.language import LANGUAGES, _, known, speak
from bot.domain.policy import Policy
from bot.domain.roles import Right, Role, allows
from bot.service import roles
from bot.store import languages, menus, people
from bot.store.database import Store, Tx
from bot.store.menus import Menu

log = structlog.get_logger(__name__)

# What a command needs; all others are for whoever may read.
NEEDS = {
    **dict.fromkeys(("pay", "request", "deposit", "refund", "contacts", "cancel"), Right.MOVE),
    **dict.fromkeys(("freeze", "thaw", "correct", "people"), Right.APPROVE),
    **dict.fromkeys(("role", "close", "doctor"), Right.RULE),
    "audit": Right.AUDIT,
}
ORDINARY = Role.CASHIER
Words = Mapping[str, str]


class Place(Enum):
    """The kinds of chat."""

    PRIVATE = "private"
    GROUP = "group"
    ADMINS = "admins"


class Seen(NamedTuple):
    """Who sees a menu: in which scope, with which role, in which language; ``code`` as Telegram knows them."""

    scope: BotCommandScope
    place: Place
    role: Role
    language: str
    code: str = ""


class Menus:
    """Keeps Telegram's menus as they should be. *words*: every command, and what the menu says of it."""

    def __init__(self, bot: Bot, store: Store, policy: Policy, words: Words) -> None:
        self._bot = bot
        self._store = store
        self._policy = policy
        self._words = words
        # Not tried again before the next start, unless something else is to be shown there.
        self._refused: set[Menu] = set()

    async def keep_right(self, bell: asyncio.Event) -> None:
        """Set what differs, now and whenever *bell* rings."""
        while True:
            bell.clear()
            await self.refresh()
            await bell.wait()

    async def refresh(self) -> None:
        """Set what differs. A refusal is no reason to stop: somebody may have left, or a chat be gone."""
        for menu in await self._store.tx(self._differing):
            try:
                await self._tell(menu)
            except RetryAfter as error:
                await asyncio.sleep(_seconds(error.retry_after))
            except TelegramError as error:
                self._refused.add(menu)
                log.warning("command menu not set", scope=menu.scope, language=menu.language, error=error.message)

    def _differing(self, tx: Tx) -> list[Menu]:
        wanted, shown = set(self._wanted(tx)), set(menus.shown(tx.conn))
        named = {(menu.scope, menu.language) for menu in wanted}
        gone = [Menu(menu.scope, menu.language, "") for menu in shown if (menu.scope, menu.language) not in named]
        return sorted({*(wanted - shown), *gone} - self._refused)

    def _wanted(self, tx: Tx) -> Iterator[Menu]:
        lines = cache(self._lines)  # many people see the same
        for seen in (*_for_everybody(self._policy, roles.admin_chat(tx, self._policy)), *_personal(tx, self._policy)):
            scope = json.dumps(seen.scope.to_dict(), sort_keys=True)
            yield Menu(scope, seen.code, lines(seen.role, seen.place, seen.language))

    def _lines(self, role: Role, place: Place, language: str) -> str:
        with speak(language):
            return json.dumps([[name, _(self._words[name])] for name in listed(self._words, role, place)])

    async def _tell(self, menu: Menu) -> None:
        scope = BotCommandScope.de_json(json.loads(menu.scope), self._bot)
        if menu.commands:
            lines = [BotCommand(name, words) for name, words in json.loads(menu.commands)]
            await self._bot.set_my_commands(lines, scope, menu.language or None)
        else:
            await self._bot.delete_my_commands(scope, menu.language or None)
        await self._store.tx(lambda tx: menus.keep(tx, menu))


def listed(words: Words, role: Role, place: Place) -> list[str]:
    """Return the commands that somebody with this role finds in such a chat."""
    return [name for name in words if allows(role, NEEDS.get(name, Right.READ)) and _belongs(name, role, place)]


def _belongs(name: str, role: Role, place: Place) -> bool:
    if name == "start":
        return place is Place.PRIVATE or (place is Place.GROUP and allows(role, Right.RULE))
    if name == "doctor" and place is Place.GROUP:
        return False  # others read along
    # The admins' chat is no till: no money moves from there.
    return place is not Place.ADMINS or (NEEDS.get(name) is not Right.MOVE and name != "close")


def _for_everybody(policy: Policy, admin_chat: int | None) -> Iterator[Seen]:
    for language in LANGUAGES:
        # What has no code is for everybody whose Telegram is in a language that is not spoken here.
        code = "" if language == policy.language else language
        yield Seen(BotCommandScopeAllPrivateChats(), Place.PRIVATE, ORDINARY, language, code)
        yield Seen(BotCommandScopeAllGroupChats(), Place.GROUP, ORDINARY, language, code)
        if admin_chat is not None:
            yield Seen(BotCommandScopeChat(admin_chat), Place.ADMINS, Role.OWNER, language, code)


def _personal(tx: Tx, policy: Policy) -> Iterator[Seen]:
    """Find whoever sees another menu than everybody: by their role, or by the language they chose."""
    groups = {desk.id: desk.chat_id for desk in people.open_desks(tx.conn) if desk.chat_id < 0}
    for user_id, held in roles.held(tx, policy).items():
        own = _chose_another(tx, policy, user_id)
        if not own and set(held.values()) == {ORDINARY}:
            continue
        language, highest = addressee.of_person(tx, policy, user_id, user_id), roles.highest(held.values())
        if people.has_started(tx.conn, user_id) and (own or highest is not ORDINARY):
            yield Seen(BotCommandScopeChat(user_id), Place.PRIVATE, highest, language)
        for desk_id in groups if people.EVERY_DESK in held else groups.keys() & held.keys():
            here = roles.highest(held[place] for place in {people.EVERY_DESK, desk_id} & held.keys())
            if own or here is not ORDINARY:
                yield Seen(BotCommandScopeChatMember(groups[desk_id], user_id), Place.GROUP, here, language)


def _chose_another(tx: Tx, policy: Policy, user_id: int) -> bool:
    chosen, told = languages.of_person(tx.conn, user_id)
    return chosen is not None and chosen != (known(told) or policy.language)


def _seconds(wait: int | timedelta) -> float:
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)

"""MTN, Telegram and the bot between them, in one event loop: what people type goes in, what the chat shows comes out.

Everything is real but the far ends of the two wires: the sandbox and the playground's Bot API, both on loopback. Time
is the tests' own and passes only while somebody waits and nothing happens.
"""

import asyncio
import random
import socket
import time
from collections.abc import Coroutine
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any, Self, TypeVar

from bot.app import Bot, web_server
from bot.domain.mint import Mint
from bot.domain.roles import Role
from bot.jobs import deadlines
from bot.playground.botapi import BotApi
from bot.playground.server import BotApiServer
from bot.settings import load_settings
from bot.store import people
from bot.store.bells import Bell, Bells
from bot.store.database import Database
from bot.store.people import EVERY_DESK
from bot.wiring import Outside, policy_of
from momo.sandbox import Sandbox
from momo.sandbox.server import SandboxServer
from tests.bot.chat.voice import PATIENCE_SECONDS, Shop, Voice
from tests.support.clock import Clock
from tests.support.journal import MemoryJournal

T = TypeVar("T")

OWNER, ADMINS = 1001, -1_000_000_009_001
SECRET = "webhook-secret"
HOST = "127.0.0.1"
# A wait in which nothing happens for this long lets a second pass on the town's clock.
IDLE_SECONDS = 0.03
# How much faster the bot may call MTN than its settings say: its pace is not what is tested here.
HASTE = 50


class Town:
    """One bot's world. The owner sits in every chat.

    Args:
        folder: where the bot's database is.
        changes: settings that differ from the usual ones.
    """

    def __init__(self, folder: Path, **changes: str) -> None:
        self.clock = Clock()
        self.sandbox = Sandbox(self.clock.seconds, seed=1)
        self.api = BotApi("1000001:TEST", lambda: self.clock().timestamp())
        self._mtn_door, self._telegram_door = SandboxServer(self.sandbox), BotApiServer(self.api)
        self._folder, self._changes = folder, changes
        self._ids = count(2001)
        self._journal = MemoryJournal("town")
        self.api.add_user(OWNER, "Owner")
        self.api.add_group(ADMINS, "Admins", [OWNER])

    async def __aenter__(self) -> Self:
        await self._mtn_door.start(HOST, 0)
        await self._telegram_door.start(HOST, 0)
        self.settings = load_settings(self._environment() | self._changes, self._folder / "no.env")
        self.policy = policy_of(self.settings)
        await self.start_bot()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop_bot()
        await self._telegram_door.stop()
        await self._mtn_door.stop()

    def _environment(self) -> dict[str, str]:
        collection, disbursement = (self.sandbox.provision(name, HOST) for name in ("collection", "disbursement"))
        port = str(_free_port())
        return {
            "TELEGRAM_BOT_TOKEN": self.api.token,
            "TELEGRAM_API_URL": self._telegram_door.url,
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "MOMO_BASE_URL": self._mtn_door.url,
            "MOMO_COLLECTION_SUBSCRIPTION_KEY": "c" * 32,
            "MOMO_COLLECTION_API_USER": collection.api_user,
            "MOMO_COLLECTION_API_KEY": collection.api_key,
            "MOMO_DISBURSEMENT_SUBSCRIPTION_KEY": "d" * 32,
            "MOMO_DISBURSEMENT_API_USER": disbursement.api_user,
            "MOMO_DISBURSEMENT_API_KEY": disbursement.api_key,
            "DATABASE_PATH": str(self._folder / "till.db"),
            "PUBLIC_URL": f"http://{HOST}:{port}",
            "LISTEN_PORT": port,
            "OWNER_IDS": str(OWNER),
            "ADMIN_CHAT_ID": str(ADMINS),
            "APPROVAL_LIMIT": "100",
        }

    # The bot

    async def start_bot(self) -> None:
        """Start the bot on the town's database."""
        outside = Outside(
            self.clock,
            lambda: self.clock.seconds() + HASTE * time.monotonic(),
            random.Random(),
            journal=self._journal,
        )
        self._bells = Bells()
        self.store = Database(self.settings.database_path, self.clock, Mint(outside.entropy), self._bells)
        await self.store.open(1.0)
        self._bot = Bot(self.settings, self.store, self._bells, outside)
        self._web = web_server(self.settings, self.store, self._bot.doorbell, self._bot.metrics)
        await self._bot.start()
        await self._web.start(HOST, self.settings.listen_port)

    async def stop_bot(self) -> None:
        """Stop the bot; what it knows is in its database."""
        await self._bot.stop()
        await self._web.stop()
        await self.store.close()

    async def restart(self) -> None:
        """Stop the bot and start it again."""
        await self.stop_bot()
        await self.start_bot()

    # Time

    async def forward(self, **delta: float) -> None:
        """Let time pass and have everybody look at the clock."""
        self.clock.forward(**delta)
        await self.store.tx(lambda tx: deadlines.watch(tx, self.policy))
        self._bells.ring(Bell)

    async def until(self, coming: Coroutine[Any, Any, T], seconds: float = PATIENCE_SECONDS) -> T:
        """Wait for something; time passes only while nothing happens."""
        waiting = asyncio.create_task(coming)
        try:
            async with asyncio.timeout(seconds):
                while not (await asyncio.wait({waiting}, timeout=IDLE_SECONDS))[0]:
                    await self.forward(seconds=1)
            return waiting.result()
        finally:
            waiting.cancel()

    async def until_so(self, sql: str, *values: object) -> None:
        """Wait until the first value of a query on the bot's database is true."""

        async def so() -> None:
            while not (await self.ask(sql, *values))[0]:
                pass

        await self.until(so())

    # People

    def person(self, name: str = "Person") -> int:
        """Add somebody nobody knows; return the user id."""
        return self.api.add_user(next(self._ids), name).id

    async def open_shop(self, title: str = "Corner shop", *, supergroup: bool = True) -> Shop:
        """Open a till in a group of its own, with a cashier and an admin."""
        number = next(self._ids)
        group = -1_000_000_000_000 - number if supergroup else -number
        self.api.add_group(group, title, [OWNER])
        desk = await self.store.tx(lambda tx: people.open_desk(tx, group, title, OWNER))
        shop = Shop(self, desk.id, group, title)
        shop.cashier, shop.admin = await self.hire(shop, Role.CASHIER), await self.hire(shop, Role.ADMIN)
        shop.admin.chat_id = ADMINS
        shop.owner = Voice(self, OWNER, group)
        return shop

    async def hire(self, shop: Shop, role: Role | None, *, everywhere: bool = False, name: str = "") -> Voice:
        """Bring a person into the shop's group, with a role or none; return them there."""
        user_id = self.person(name or (role or "stranger").capitalize())
        for group in (shop.chat_id, ADMINS):
            self.api.people.chats[group].members[user_id] = "member"
        if role:
            desk_id = EVERY_DESK if everywhere else shop.desk_id
            await self.store.tx(lambda tx: people.grant(tx, user_id, desk_id, role, OWNER))
        return Voice(self, user_id, shop.chat_id)

    async def starts(self, voice: Voice) -> Voice:
        """Have a person open the private chat with the bot; return them there."""
        private = Voice(self, voice.user_id, voice.user_id)
        name = self.api.people.users[voice.user_id].first_name
        self.api.send_text(voice.user_id, voice.user_id, "/start")
        await self.store.tx(lambda tx: people.meet(tx, voice.user_id, name, "en", private=True))
        await self.until(self.api.log.first(lambda event: event.by_bot and event.chat_id == voice.user_id))
        return private

    # What is there

    async def ask(self, sql: str, *values: object) -> list[Any]:
        """Return the first column of a query on the bot's database."""
        return await self.store.tx(lambda tx: [row[0] for row in tx.conn.execute(sql, values)])

    def moved(self, amount: str) -> int:
        """Count, in MTN's own books, how often this amount was moved."""
        return sum(effect.amount == Decimal(amount) for effect in self.sandbox.ledger.effects)


def _free_port() -> int:
    """Return a port nobody listens on: callbacks must know the bot's address before it starts."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port

"""A whole world on loopback: MTN's sandbox, a Telegram, and the real bot as a process between them.

The demo and the tour both live in it. Nothing here is faked but the two wires; the bot is the program that
runs in production, with settings like anybody's.
"""

import asyncio
import os
import random
import socket
import string
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.playground.botapi import BotApi
from bot.playground.events import Event
from bot.playground.server import BotApiServer
from momo.sandbox import Sandbox
from momo.sandbox.server import SandboxServer

OWNER, MERCHANT, ADMIN = 1001, 1002, 1003
SHOP, ADMINS = -1001000000001, -1001000000002
APPROVAL_LIMIT = 100
HOST = "127.0.0.1"
START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Accounts:
    """What the bot signs in to MTN with: (API user, API key) of each product."""

    collection: tuple[str, str]
    disbursement: tuple[str, str]


class World:
    """Sandbox, Telegram and bot; `folder` holds the bot's database and log."""

    def __init__(self, folder: Path, *, settle_after: float) -> None:
        self.folder = folder
        self.sandbox = Sandbox()
        self.sandbox.settings.settle_after = settle_after
        self.api = BotApi(_token())
        self._sandbox_door = SandboxServer(self.sandbox)
        self._telegram_door = BotApiServer(self.api)
        self._environment: dict[str, str] = {}
        self._bot: asyncio.subprocess.Process | None = None
        self._people()

    async def start(self) -> None:
        """Start everything, and have the owner open the shop and give out the roles."""
        await self._sandbox_door.start(HOST, 0)
        telegram_url = await self._telegram_door.start(HOST, 0)
        self._environment = self._settings(telegram_url)
        await self.start_bot()
        await self._open_shop()

    async def stop(self) -> None:
        """Stop the bot as an operator would, then the rest."""
        if self._bot is not None and self._bot.returncode is None:
            self._bot.terminate()
            await self._bot.wait()
        await self._telegram_door.stop()
        await self._sandbox_door.stop()

    async def start_bot(self) -> None:
        """Start the real program, and wait until it has told Telegram its commands."""
        seen = len(self.api.transcript)
        with self.log.open("ab") as log:
            self._bot = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", "--no-wait", env=self._environment, stdout=log, stderr=log
            )
        ready = asyncio.create_task(self.first(lambda event: event.kind == "commands", after=seen))
        gone = asyncio.create_task(self._bot.wait())
        await asyncio.wait({ready, gone}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not ready.done():
            ready.cancel()
            raise RuntimeError(f"the bot did not start:\n{self.log.read_text()}")
        await ready

    async def first(self, matches: Callable[[Event], bool], after: int, seconds: float = START_SECONDS) -> Event:
        """Return the first event from number *after* on that *matches*; TimeoutError if none comes in time."""
        async with asyncio.timeout(seconds):
            return await self.api.log.first(matches, after=after)

    async def kill_bot(self) -> None:
        """Kill the bot with SIGKILL: it cannot even notice."""
        if self._bot is None:
            raise RuntimeError("the bot does not run")
        self._bot.kill()
        await self._bot.wait()

    @property
    def log(self) -> Path:
        """Where the bot logs."""
        return self.folder / "bot.log"

    def _people(self) -> None:
        self.api.add_user(OWNER, "Owner")
        self.api.add_user(MERCHANT, "Merchant")
        self.api.add_user(ADMIN, "Admin")
        self.api.add_group(SHOP, "Corner shop", [OWNER, MERCHANT, ADMIN])
        self.api.add_group(ADMINS, "Admins", [OWNER, MERCHANT, ADMIN])

    async def _open_shop(self) -> None:
        for chat_id, text in (
            (SHOP, "/start"),
            (SHOP, f"/role {MERCHANT} cashier"),
            (ADMINS, f"/role {ADMIN} admin"),
        ):
            seen = len(self.api.transcript)
            self.api.send_text(OWNER, chat_id, text)
            await self.first(lambda event: event.by_bot and event.kind == "message", after=seen)

    def _settings(self, telegram_url: str) -> dict[str, str]:
        accounts = Accounts(self.sandbox.provision("collection", HOST), self.sandbox.provision("disbursement", HOST))
        port = _free_port()
        return {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "TELEGRAM_BOT_TOKEN": self.api.token,
            "TELEGRAM_API_URL": telegram_url,
            "MOMO_BASE_URL": self._sandbox_door.url,
            "MOMO_TARGET_ENVIRONMENT": "sandbox",
            "MOMO_CURRENCY": "EUR",
            "MOMO_COLLECTION_SUBSCRIPTION_KEY": "c" * 32,
            "MOMO_COLLECTION_API_USER": accounts.collection[0],
            "MOMO_COLLECTION_API_KEY": accounts.collection[1],
            "MOMO_DISBURSEMENT_SUBSCRIPTION_KEY": "d" * 32,
            "MOMO_DISBURSEMENT_API_USER": accounts.disbursement[0],
            "MOMO_DISBURSEMENT_API_KEY": accounts.disbursement[1],
            "DATABASE_PATH": str(self.folder / "momo-desk.db"),
            "PUBLIC_URL": f"http://{HOST}:{port}",
            "LISTEN_HOST": HOST,
            "LISTEN_PORT": str(port),
            "OWNER_IDS": str(OWNER),
            "ADMIN_CHAT_ID": str(ADMINS),
            "APPROVAL_LIMIT": str(APPROVAL_LIMIT),
        }


def _token() -> str:
    """Return a token of Telegram's shape for this run: it opens nothing but our own loopback server."""
    letters = string.ascii_letters + string.digits
    return "1000001:" + "".join(random.SystemRandom().choices(letters, k=35))


def _free_port() -> int:
    """Return a port nobody listens on: callbacks must know the bot's address before it starts."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port

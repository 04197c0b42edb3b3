"""The real program as a child process between the two foreign servers, and a desk to work at.

A `World` is one Telegram, one MTN and one database; its bot can be killed and started again. Nothing of the
project is imported here: only `python -m bot run`, environment names and the words on the buttons are used.
"""

import asyncio
import contextlib
import itertools
import os
import re
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from .foreign_momo import ForeignMomo
from .foreign_telegram import TOKEN, ForeignTelegram
from .momo_faults import Fault
from .telegram_chats import Message
from .waiting import PATIENCE, Bell
from .warm import WarmProcess

ADMINS = -1001000009000
OWNERS = range(1001, 1041)
PAYEE = "46733123999"
# Test runs side by side begin far from each other, and none gives a port twice.
_PORTS = itertools.chain(range(20_000 + os.getpid() * 101 % 10_000, 30_000), range(20_000, 30_000))


def shows(amount: int) -> Callable[[str], bool]:
    """Return a test of a text: does it name this amount of euros?"""
    pattern = re.compile(rf"(?<![\d.,]){amount}(?:[.,]00)?\s+EUR")
    return lambda text: pattern.search(text) is not None


@dataclass(frozen=True)
class Said:
    """What came of a command that ends by itself."""

    code: int
    out: str
    error: str

    @classmethod
    def read(cls, code: int, out: Path, error: Path) -> "Said":
        return cls(code, out.read_text(), error.read_text())


class BotProcess:
    """One run of `python -m bot run` with a clean environment; with a `point`, one that kills itself there."""

    def __init__(
        self,
        directory: Path,
        env: dict[str, str],
        *arguments: str,
        point: str = "",
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._directory = directory
        self._env = env
        self._on_end = on_end
        program = ["tests.journeys.crashing", point] if point else ["bot"]
        self._command = [*program, "run", *arguments]
        self.log = directory / f"bot-{len(list(directory.glob('bot-*.log')))}.log"

    async def start(self) -> None:
        self._process = await _begun(self._command, self._directory, self._env, self.log, self.log)
        self._end = asyncio.create_task(self._process.wait())
        self._end.add_done_callback(lambda _: self._on_end())

    async def kill(self) -> None:
        if self.running:
            self._process.kill()
        await self._end

    def terminate(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    async def ended(self, timeout: float) -> int:
        """Return the exit code; it must come in `timeout` seconds, and nothing runs on if it does not."""
        try:
            return await asyncio.wait_for(asyncio.shield(self._end), timeout)
        except TimeoutError:
            await self.kill()
            raise AssertionError(f"still running after {timeout} s\n{self.said()}") from None

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def said(self) -> str:
        return self.log.read_text(errors="replace")


@dataclass
class World:
    """Telegram, MTN, a directory with the database, and the bot between them."""

    directory: Path
    bell: Bell = field(default_factory=Bell)
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.telegram = ForeignTelegram(self.bell)
        self.momo = ForeignMomo(self.bell)
        self._owners = iter(OWNERS)
        self._others = itertools.count(2001)
        self._groups = itertools.count(5001)
        self.small_amounts = itertools.count(101)
        self.port = free_port()

    def environment(self) -> dict[str, str]:
        port = str(self.port)
        products = {
            f"MOMO_{product.upper()}_{name.upper()}": value
            for product, account in self.momo.accounts.items()
            for name, value in vars(account).items()
        }
        return products | {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.telegram.url,
            "MOMO_BASE_URL": self.momo.url,
            "MOMO_TARGET_ENVIRONMENT": "sandbox",
            "MOMO_CURRENCY": "EUR",
            "DATABASE_PATH": str(self.directory / "desk.sqlite3"),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "LISTEN_HOST": "127.0.0.1",
            "LISTEN_PORT": port,
            "OWNER_IDS": ",".join(map(str, OWNERS)),
            "ADMIN_CHAT_ID": str(ADMINS),
            "APPROVAL_LIMIT": "500",
            **self.settings,
        }

    def secrets(self) -> list[str]:
        """Return every secret that the bot was given so far."""
        accounts = [value for account in self.momo.accounts.values() for value in vars(account).values()]
        api_users = {account.api_user for account in self.momo.accounts.values()}  # names, no secrets
        keys = [value for value in accounts if value not in api_users]
        webhook = [self.settings[name] for name in ("TELEGRAM_WEBHOOK_SECRET",) if self.settings.get(name)]
        return [TOKEN, TOKEN.partition(":")[2], *webhook, *keys, *self.momo._tokens]

    def callback_tokens(self) -> list[str]:
        """Return the last part of every address that MTN was given."""
        return [post.callback_url.rpartition("/")[2] for post in self.momo.posts if post.callback_url]

    def logged(self) -> str:
        """Return what every run of the bot wrote into its log."""
        return "".join(log.read_text(errors="replace") for log in self.directory.glob("bot-*.log"))

    async def launch_bot(self, point: str = "") -> None:
        self.bot = BotProcess(self.directory, self.environment(), point=point, on_end=self.bell.ring)
        await self.bot.start()

    async def start_bot(self, point: str = "") -> None:
        """Start the program and return when it asks Telegram for updates, one way or the other."""
        telegram = self.telegram
        before = telegram.polls + telegram.webhooks_set
        await self.launch_bot(point)
        with contextlib.suppress(TimeoutError):
            await self.bell.wait_for(
                lambda: telegram.polls + telegram.webhooks_set > before or not self.bot.running, PATIENCE
            )
        assert telegram.polls + telegram.webhooks_set > before, f"the bot asks for no updates\n{self.bot.said()}"

    async def back_up(self, dest: str = ".") -> "Said":
        """Run `python -m bot backup DEST`, as somebody on the machine does."""
        return await self.command("backup", dest)

    async def command(self, *words: str) -> "Said":
        """Run one of the program's commands that end by themselves."""
        with tempfile.TemporaryDirectory() as folder:
            out, error = Path(folder, "out"), Path(folder, "error")
            asked = await _begun(["bot", *words], self.directory, self.environment(), out, error)
            code = await asyncio.wait_for(asked.wait(), PATIENCE)
            return Said.read(code, out, error)

    async def restart_bot(self) -> None:
        await self.bot.kill()
        await self.start_bot()

    async def open_desk(self) -> "Desk":
        """Let an owner open a group of his own as a desk and make somebody its cashier.

        The names have markup in them: a message that does not escape them is refused by Telegram.
        """
        owner = self.telegram.person(next(self._owners), "Owner <i>")
        merchant = self.telegram.person(next(self._others), "Mer & <b>chant</b>")
        chat = self.telegram.group(-1001000000000 - next(self._groups), "Shop <1>")
        desk = Desk(self, chat, owner, merchant)
        await desk.ask("/start", by=owner)
        await desk.ask(f"/role {merchant} cashier", by=owner)
        return desk

    def stranger(self) -> int:
        return self.telegram.person(next(self._others), "Stranger")

    def admin(self) -> int:
        """Return one more owner: somebody who may approve what the owner of a desk asked."""
        return self.telegram.person(next(self._owners), "Admin")


@dataclass
class Desk:
    """A group that is a desk, with its owner and one cashier."""

    world: World
    chat: int
    owner: int
    merchant: int

    def say(self, text: str, by: int | None = None, reply_to: Message | None = None) -> int:
        return self.world.telegram.say(by or self.merchant, self.chat, text, reply_to)

    async def ask(self, text: str, by: int | None = None, reply_to: Message | None = None) -> Message:
        """Write, and return the next message of the bot in this chat."""
        before = len(self.messages)
        self.say(text, by, reply_to)
        await self.world.telegram.wait_for(lambda: len(self.messages) > before, PATIENCE, f"an answer to {text!r}")
        return self.messages[before]

    @property
    def messages(self) -> list[Message]:
        return self.world.telegram.from_bot(self.chat)

    async def card(
        self, amount: int, button: str = "Confirm", chat: int | None = None, timeout: float = PATIENCE
    ) -> Message:
        """Wait for the card of this amount with this button."""

        def found() -> Message | None:
            cards = self.world.telegram.from_bot(chat or self.chat)
            return next((m for m in cards if m.button(button) and shows(amount)(m.text)), None)

        card = await self.world.telegram.wait_for(found, PATIENCE, f"a card with {amount} EUR and {button}")
        assert card is not None
        return card

    async def confirm(self, command: str, amount: int) -> Message:
        """Type a command, wait for its card, press Confirm; return the card."""
        self.say(command)
        card = await self.card(amount)
        self.world.telegram.press(self.merchant, card, "Confirm")
        return card

    async def pay(self, amount: int, *faults: Fault, settle: float = 0.2, callback: str | None = "PUT") -> Message:
        """Pay an ordinary number as far as the press of Confirm, MTN being told what to do with it."""
        self.world.momo.plan(amount, *faults, settle=settle, callback=callback)
        return await self.confirm(f"/pay {PAYEE} {amount} books", amount)

    def ends(self, amount: int, word: str) -> list[Message]:
        """Return the pushed ends: messages of their own, never edited, that name the amount and say `word`."""
        named = (m for m in self.messages if shows(amount)(m.text) and word in m.text.lower())
        return [m for m in named if len(m.versions) == 1 and not m.button("Confirm")]

    async def told(self, amount: int, word: str, timeout: float = PATIENCE) -> Message:
        """Wait for the pushed end of this amount."""
        expected = f"{amount} EUR told {word!r} in {self.chat}"
        return (await self.world.telegram.wait_for(lambda: self.ends(amount, word), timeout, expected))[0]

    async def settled(self) -> None:
        """Return when everything sent to this chat so far was handled: updates of a chat keep their order."""
        await self.ask("/help")

    async def never_sent(self, amount: int) -> None:
        """Fail if this amount goes to MTN; another payment is made to its end meanwhile, so it had the time."""
        later = next(self.world.small_amounts)
        await self.pay(later)
        await self.told(later, "successful")
        assert not self.world.momo.posts_of(amount)


async def _begun(command: list[str], directory: Path, env: dict[str, str], out: Path, error: Path) -> WarmProcess:
    """Start a program in a directory, with a clean environment."""
    clean = {"PATH": os.environ["PATH"], "HOME": str(directory), "LANG": "C.UTF-8"}
    return await WarmProcess.start(command, directory, clean | env, out, error)


@contextlib.asynccontextmanager
async def open_world(directory: Path, point: str = "", **settings: str) -> AsyncIterator[World]:
    """Start both servers and the bot, which kills itself at `point` if one is named; stop it hard at the end.

    Whatever was done, nothing secret is in its log.
    """
    world = World(directory, settings=settings)
    await world.telegram.start()
    await world.momo.start()
    world.telegram.group(ADMINS, "Admins")
    try:
        await world.start_bot(point)
        yield world
    finally:
        await world.bot.kill()
        await world.momo.stop()
        await world.telegram.stop()
    assert [word for word in [*world.secrets(), *world.callback_tokens(), PAYEE] if word in world.logged()] == []


def paid_once(world: World, amount: int) -> bool:
    """Say whether the money of this amount moved once, under the only reference id MTN ever saw for it."""
    effects, posts = world.momo.effects_of(amount), world.momo.posts_of(amount)
    return len(effects) == 1 and {(p.reference_id, p.body) for p in posts} == {(effects[0].reference_id, posts[0].body)}


def free_port() -> int:
    """Return a port that nothing else on this machine is given by chance: it is below the ephemeral range."""
    for port in _PORTS:
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no free port")

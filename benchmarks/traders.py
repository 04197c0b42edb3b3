"""People who trade steadily in the playground's world, and the trouble they have with MTN and Telegram."""

import asyncio
import itertools
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import get_args

from bot.playground.events import Event
from bot.playground.faults import FaultName
from bot.playground.world import OWNER, SHOP, World

PEOPLE, FIRST_PERSON = 16, 3001
NUMBERS = ("46733123901", "46733123902", "46733123903", "46733123904")
SETTLE_SECONDS, CALLS_PER_SECOND = 2.0, "10"
CONFIRMING = 0.85  # of the cards; the rest are cancelled
ASKING = 0.15  # of what is typed
QUESTIONS = ("/history", "/balance", "/help", "/history today")
# What MTN does to so many of its calls.
AT_MTN: tuple[tuple[str, str, float, dict[str, object]], ...] = (
    ("lose_answer", "POST", 0.02, {}),
    ("error_after", "POST", 0.01, {}),
    ("status_500", "POST", 0.02, {}),
    ("reset", "POST", 0.01, {}),
    ("drop_request", "POST", 0.01, {}),
    ("slow", "GET", 0.02, {"seconds": 3.0}),
    ("status_503", "GET", 0.02, {}),
    ("stale_pending", "GET", 0.02, {}),
    ("truncate", "GET", 0.01, {}),
)
AT_TELEGRAM: tuple[FaultName, ...] = tuple(name for name in get_args(FaultName) if name != "no_rights")
BETWEEN_FAULTS = 4.0
PATIENCE = 300.0  # with a machine that has other things to do


class Traders(World):
    """The playground's world with more people in it, each in a private chat."""

    def __init__(self, folder: Path, seed: int) -> None:
        super().__init__(folder, settle_after=SETTLE_SECONDS)
        self.sandbox.settings.opening_balance = Decimal(10**12)
        self._r = Random(seed)
        self._orders = itertools.count()
        self._seen = 0
        self._pressed: set[str] = set()
        self.typed = 0

    @property
    def pid(self) -> int:
        """The process of the bot."""
        assert self._bot is not None
        return self._bot.pid

    @property
    def database(self) -> Path:
        """Where the bot keeps everything."""
        return Path(self._environment["DATABASE_PATH"])

    @property
    def metrics_url(self) -> str:
        """Where the bot shows its figures."""
        return f"{self._environment['PUBLIC_URL']}/metrics"

    async def first(self, matches: Callable[[Event], bool], after: int, seconds: float = PATIENCE) -> Event:
        """Return the first event from number *after* on that *matches*."""
        return await super().first(matches, after, seconds)

    def _settings(self, telegram_url: str) -> dict[str, str]:
        return super()._settings(telegram_url) | {"MOMO_CALLS_PER_SECOND": CALLS_PER_SECOND, "LOG_LEVEL": "WARNING"}

    def _people(self) -> None:
        super()._people()
        for person in range(FIRST_PERSON, FIRST_PERSON + PEOPLE):
            self.api.add_user(person, f"Cashier {person}")
            self.api.people.chats[SHOP].members[person] = "member"

    async def hire(self) -> None:
        """Have the owner give everybody their role."""
        for person in range(FIRST_PERSON, FIRST_PERSON + PEOPLE):
            seen = len(self.api.transcript)
            self.api.send_text(OWNER, SHOP, f"/role {person} cashier")
            await self.first(lambda event: event.by_bot and event.kind == "message", after=seen)
            await asyncio.sleep(3.5)  # an owner types less than twenty commands a minute

    # Trouble

    def let_mtn_fail(self) -> None:
        """Have MTN do what it does to a part of its calls, from now on."""
        for name, method, probability, args in AT_MTN:
            path = r"/v\d[_.\d]*/(?!token)"
            self.sandbox.faults.add(name, method=method, path=path, count=None, probability=probability, args=args)

    async def let_telegram_fail(self) -> None:
        """Have one of Telegram's next calls go wrong, again and again."""
        while True:
            await asyncio.sleep(self._r.expovariate(1 / BETWEEN_FAULTS))
            self.api.faults.add(self._r.choice(AT_TELEGRAM), seconds=2)

    def end_trouble(self) -> None:
        """Let all be well again."""
        self.sandbox.faults.clear()
        self.api.faults.clear()

    # Trade

    async def trade(self, per_second: float) -> None:
        """Have somebody type something, so often, and look at what the bot shows."""
        while True:
            await asyncio.sleep(self._r.expovariate(per_second))
            self._type()

    async def look(self) -> None:
        """Press what the bot shows, a little later."""
        while True:
            events = self.api.transcript
            for event in events[self._seen :]:
                self._take(event)
            self._seen = len(events)
            await asyncio.sleep(0.2)

    def _type(self) -> None:
        n = next(self._orders)
        person, amount = FIRST_PERSON + n % PEOPLE, Decimal(100 + n % 9800) / 100
        order = f"/{self._r.choice(('pay', 'request'))} {self._r.choice(NUMBERS)} {amount} rent"
        text = self._r.choice(QUESTIONS) if self._r.random() < ASKING else order
        self.api.send_text(person, person, text)
        self.typed += 1

    def _take(self, event: Event) -> None:
        if not event.by_bot or event.kind not in ("message", "edit") or (event.chat_id or 0) < 0:
            return
        rows = event.data.get("reply_markup", {}).get("inline_keyboard", [])
        shown = {
            data.partition(":")[0]: data for row in rows for button in row if (data := button.get("callback_data"))
        }
        wanted = (
            "no"
            if "ok" in shown and self._r.random() > CONFIRMING
            else next(iter({"ok", "again", "retry"} & shown.keys()), None)
        )
        if wanted is not None and shown[wanted] not in self._pressed:
            self._pressed.add(shown[wanted])
            self._press(event, shown[wanted])

    def _press(self, event: Event, data: str) -> None:
        assert event.chat_id is not None
        person, message = event.chat_id, int(event.data["message_id"])
        asyncio.get_running_loop().call_later(1.0, self._press_now, person, message, data)

    def _press_now(self, person: int, message: int, data: str) -> None:
        try:
            self.api.press(person, person, message, data)
        except LookupError:
            return  # the button has gone meanwhile

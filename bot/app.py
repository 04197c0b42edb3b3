"""The composition root: the only file that knows everybody, and the order in which they start and stop."""

import asyncio
import random
import signal
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import structlog

from bot.chat import application
from bot.chat.context import Till
from bot.chat.dispatch import Dispatcher, give_up
from bot.chat.notifier import Notifier
from bot.domain.mint import Entropy, Mint
from bot.domain.policy import Policy
from bot.jobs import deadlines, inbox, lookups, money
from bot.jobs.outbox import Postman
from bot.jobs.supervisor import Supervisor
from bot.jobs.worklist import WorkList
from bot.service import accounts, away, health, staff, trail, updates_in
from bot.service.callbacks import Doorbell
from bot.service.lookups import Lookups
from bot.service.mtn import Mtn
from bot.service.settlement import Settlement
from bot.service.throttle import Throttle
from bot.settings import Settings
from bot.store import outbox, transactions
from bot.store.bells import Bell, Bells
from bot.store.database import Database, Store, Tx
from bot.web.server import WebServer
from bot.web.telegram import PATH as WEBHOOK_PATH
from bot.web.telegram import TelegramWebhook
from momo import Credentials, MomoClient, Money, Product, Transport

log = structlog.get_logger(__name__)

# Together under the 25 s within which a stopped bot must be gone.
DRAIN_SECONDS = 21.0


def now() -> datetime:
    """Return the moment: the one clock of the running program."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Outside:
    """What the program meets of the world; a simulation hands in a world of its own.

    ``momo`` and ``telegram`` replace the HTTP of either side; None: the real one.
    """

    clock: Callable[[], datetime] = now
    seconds: Callable[[], float] = time.monotonic
    entropy: Entropy = field(default_factory=random.SystemRandom)
    momo: Transport | None = None
    telegram: application.Request | None = None


def policy_of(settings: Settings) -> Policy:
    """Return the house rules that the settings make."""
    limit = settings.approval_limit
    return Policy(
        market=settings.market,
        owners=settings.owner_ids,
        admin_chat_id=settings.admin_chat_id,
        approval_limit=None if limit is None else Money(Decimal(limit), settings.momo_currency),
        new_admin_delay=timedelta(hours=settings.new_admin_delay_hours),
        single_person_refunds=settings.single_person_refunds,
    )


def client_of(settings: Settings, outside: Outside) -> MomoClient:
    """Return the client for the account in the settings. The poller repeats lookups itself, in its own time."""
    return MomoClient(
        settings.momo_base_url,
        settings.momo_target_environment,
        collection=Credentials(
            settings.momo_collection_api_user,
            settings.momo_collection_api_key.get_secret_value(),
            settings.momo_collection_subscription_key.get_secret_value(),
        ),
        disbursement=Credentials(
            settings.momo_disbursement_api_user,
            settings.momo_disbursement_api_key.get_secret_value(),
            settings.momo_disbursement_subscription_key.get_secret_value(),
        ),
        transport=outside.momo,
        clock=outside.seconds,
        read_retries=0,
    )


class Bot:
    """Everything that runs between a store and the two wires."""

    def __init__(self, settings: Settings, store: Store, bells: Bells, outside: Outside) -> None:
        self._settings = settings
        self._store = store
        self._bells = bells
        self._outside = outside
        self._policy = policy_of(settings)
        self._client = client_of(settings, outside)
        self._app = application.build(
            settings.telegram_bot_token.get_secret_value(),
            settings.telegram_api_url,
            Till(store, self._policy, settings.timezone),
            outside.telegram,
        )
        self.doorbell = Doorbell(store)
        self.supervisor = Supervisor()
        self._worklists: list[WorkList[Any]] = []
        self._settlement: Settlement | None = None
        self._reached = asyncio.Event()

    async def start(self) -> None:
        """Start every loop. Money on its way is followed even while Telegram cannot be reached."""
        clock, start = self._outside.clock, self.supervisor.start
        start("doorbell", self.doorbell.run)
        start("deadlines", lambda: deadlines.watch_forever(self._store, self._policy))
        start("forget", lambda: deadlines.forget_forever(self._store))
        mtn = self._mtn()
        settlement = self._settlement = Settlement(self._store, mtn, self._outside.entropy)
        asked = Lookups(self._store, mtn)
        self._work(money.sender(self._store, settlement, self._bells.listen(Bell.MONEY), clock))
        self._work(money.poller(self._store, settlement, self._bells.listen(Bell.MONEY), clock))
        self._work(lookups.names(self._store, asked, self._bells.listen(Bell.LOOKUPS), clock))
        self._work(lookups.balance_views(self._store, asked, self._bells.listen(Bell.LOOKUPS), clock))
        self._start_chat()

    async def stop(self) -> None:
        """Take nothing new, let what is in the air land, and go. A kill at any point would be as safe."""
        if self._settlement is not None:
            self._settlement.closing = True
        await self.supervisor.stop()
        await asyncio.gather(*(worklist.drain(DRAIN_SECONDS) for worklist in self._worklists))
        await self._app.bot.shutdown()
        await self._client.close()

    def _mtn(self) -> Mtn:
        settings = self._settings
        api_users = {
            Product.COLLECTION: settings.momo_collection_api_user,
            Product.DISBURSEMENT: settings.momo_disbursement_api_user,
        }
        throttle = Throttle(settings.momo_calls_per_second, self._outside.seconds)
        return Mtn(self._client, throttle, settings.public_url, api_users)

    async def recover(self) -> None:
        """Make a restart's start: our lock proves that whoever held leases and messages is dead."""
        await self._store.tx(self._recover)

    def _recover(self, tx: Tx) -> None:
        settings = self._settings
        accounts.bind(tx, settings.momo_base_url, settings.momo_target_environment, settings.momo_currency)
        transactions.break_leases(tx)
        outbox.recover(tx)
        staff.stop_unauthorised(tx, self._policy)
        trail.check(tx, self._policy)
        away.say_back(tx)

    def _work(self, worklist: WorkList[Any], after: asyncio.Event | None = None) -> None:
        async def run() -> None:
            if after is not None:
                await after.wait()
            await worklist.run()

        self._worklists.append(worklist)
        self.supervisor.start(worklist.name, run)

    def _start_chat(self) -> None:
        clock, dispatcher = self._outside.clock, Dispatcher(self._app)
        notifier = Notifier(self._app.bot, self._store, self._policy, self._settings.timezone)
        postman = Postman(self._store, self._policy, notifier.deliver, clock, self._outside.entropy)
        self._work(postman.worklist(self._bells.listen(Bell.OUTBOX)), after=self._reached)
        listening = self._bells.listen(Bell.INBOX)
        self._work(inbox.handling(self._store, dispatcher.handle, give_up, listening, clock), after=self._reached)
        self.supervisor.start("telegram", lambda: self._talk(dispatcher))

    async def _talk(self, dispatcher: Dispatcher) -> None:
        """Reach Telegram, then fetch updates for ever."""
        await application.reach(self._app, webhook_url(self._settings), webhook_secret(self._settings))
        self._reached.set()
        if not webhook_url(self._settings):
            await inbox.fetch_forever(self._store, dispatcher.fetch)
        await asyncio.Event().wait()  # the webhook brings the updates


def webhook_url(settings: Settings) -> str:
    """Return the address Telegram brings updates to; empty when they are fetched."""
    return f"{settings.public_url.rstrip('/')}{WEBHOOK_PATH}" if settings.telegram_mode == "webhook" else ""


def webhook_secret(settings: Settings) -> str:
    """Return the secret by which Telegram's webhook calls are known."""
    secret = settings.telegram_webhook_secret
    return secret.get_secret_value() if secret else ""


def web_server(settings: Settings, store: Store, doorbell: Doorbell) -> WebServer:
    """Return the HTTP door, with Telegram's webhook if updates come that way."""
    webhook = None
    if webhook_url(settings):
        webhook = TelegramWebhook(
            webhook_secret(settings), lambda update: updates_in.keep(store, [update], in_order=False)
        )
    return WebServer(doorbell, lambda: store.tx(health.lags), webhook)


async def run(settings: Settings, lock_seconds: float = 30.0) -> int:
    """Run the program until SIGTERM or SIGINT; return the exit code: 0, or 1 when the store failed.

    Raises:
        AlreadyRunning: another process holds the database.
        NewerDatabase: a later version wrote it.
        ForeignAccount: it belongs to another MTN account.
        OSError: the port is taken.
    """
    stopped, outside, bells = _stop_signal(), Outside(), Bells()
    database = Database(settings.database_path, outside.clock, Mint(outside.entropy), bells)
    try:
        await _unless(stopped, database.open(lock_seconds))
        if not stopped.is_set():
            await _serve(settings, database, bells, outside, stopped)
    finally:
        await database.close()
    log.info("stopped")
    return 1 if database.failed.is_set() else 0


async def _serve(
    settings: Settings, database: Database, bells: Bells, outside: Outside, stopped: asyncio.Event
) -> None:
    """Listen, then work, until the signal comes or the store fails. The door for callbacks opens first."""
    bot = Bot(settings, database, bells, outside)
    web = web_server(settings, database, bot.doorbell)
    await bot.recover()
    await web.start(settings.listen_host, settings.listen_port)
    await bot.start()
    await _unless(stopped, database.failed.wait())
    log.info("stopping")
    await bot.stop()
    await web.stop()


async def _unless(stopped: asyncio.Event, work: Coroutine[Any, Any, Any]) -> None:
    """Wait for *work*, or for the signal to stop, whichever comes first; *work* may raise."""
    doing, stopping = asyncio.create_task(work), asyncio.create_task(stopped.wait())
    await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if doing.done():
        doing.result()
    else:
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)


def _stop_signal() -> asyncio.Event:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    return stopped

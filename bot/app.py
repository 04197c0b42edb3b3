"""The composition root: the only file that knows everybody, and the order in which they start and stop."""

import asyncio
import signal
import sqlite3
import time
from collections.abc import Coroutine
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from bot import commands, wiring
from bot.chat import application, lastwords
from bot.chat.checkups import Checkups
from bot.chat.context import Till
from bot.chat.dispatch import Dispatcher, give_up
from bot.chat.documents.exporter import Exporter
from bot.chat.menus import Menus
from bot.chat.notifier import Notifier
from bot.checking.run import from_inside
from bot.domain.checkup import Finding
from bot.domain.mint import Mint
from bot.domain.steady import Steady
from bot.jobs import copies, deadlines, exports, following, inbox, lookups, money, nights
from bot.jobs.outbox import Postman
from bot.jobs.supervisor import Supervisor
from bot.jobs.worklist import WorkList
from bot.service import accounts, away, health, rechecks, restored, running, staff, trail, unreached, updates_in
from bot.service.callbacks import Doorbell
from bot.service.forgotten import Follower
from bot.service.lookups import Lookups
from bot.service.mtn import USED
from bot.service.rechecks import Rechecks
from bot.service.settlement import Settlement
from bot.settings import Settings
from bot.store import forgotten, outbox, soundness, space, surroundings, transactions
from bot.store.bells import Bell, Bells
from bot.store.database import Database, Store, Tx
from bot.store.journal import FileJournal
from bot.web.control import Control
from bot.web.metrics import Metrics, MetricsPage, Snapshot
from bot.web.probes import Readiness
from bot.web.server import WebServer
from bot.web.telegram import TelegramWebhook
from bot.wiring import Outside

log = structlog.get_logger(__name__)

# Together under the 25 s within which a stopped bot must be gone.
DRAIN_SECONDS = 21.0


class Bot:
    """Everything that runs between a store and the two wires."""

    def __init__(self, settings: Settings, store: Store, bells: Bells, outside: Outside) -> None:
        self._settings = settings
        self._store = store
        self._bells = bells
        self._outside = outside
        self._policy = wiring.policy_of(settings)
        self._journal = outside.journal or FileJournal(settings.journal_path)
        self.metrics = Metrics()
        hooks = [self.metrics.called_mtn]
        credentials = {product: settings.credentials(product) for product in USED}
        self._client = wiring.client_of(settings, outside, credentials, hooks)
        self._previous_clients = wiring.previous_clients_of(settings, outside, hooks)
        self._mtn = wiring.mtn_of(settings, outside, self._client, self._previous_clients)
        self._checkups = Checkups(store, self._look_at_everything)
        self._app = application.build(
            settings.telegram_bot_token.get_secret_value(),
            settings.telegram_api_url,
            Till(store, self._policy, settings.timezone, self._checkups),
            outside.telegram,
            self.metrics.called_telegram,
        )
        self.doorbell = Doorbell(store, self._policy)
        self.supervisor = Supervisor()
        self._worklists: list[WorkList[Any]] = []
        self._settlement: Settlement | None = None
        self._exporter = Exporter(store, self._policy, settings.files_path)
        self._reached = asyncio.Event()

    async def start(self) -> None:
        """Start every loop. Money on its way is followed even while Telegram cannot be reached."""
        clock, start = self._outside.clock, self.supervisor.start
        start("doorbell", self.doorbell.run)
        start("deadlines", lambda: deadlines.watch_forever(self._store, self._policy))
        start("draw", lambda: nights.every_night(self._store, self._settings.timezone, "draw", self._draw))
        start("verification", lambda: nights.every_night(self._store, self._settings.timezone, "trail", self._verify))
        start("forget", lambda: deadlines.forget_forever(self._store))
        mtn = self._mtn
        settlement = self._settlement = Settlement(self._store, mtn, self._outside.entropy, self._policy, self._journal)
        asked = Lookups(self._store, mtn)
        self._work(money.sender(self._store, settlement, self._bells.listen(Bell.READY), clock))
        self._work(money.poller(self._store, settlement, self._bells.listen(Bell.MONEY), clock))
        again = Rechecks(self._store, mtn, self._policy)
        self._work(money.rechecker(self._store, again, self._bells.listen(Bell.RECHECKS), clock))
        self._work(lookups.names(self._store, asked, self._bells.listen(Bell.LOOKUPS), clock))
        self._work(lookups.contact_names(self._store, asked, self._bells.listen(Bell.LOOKUPS), clock))
        self._work(lookups.balance_views(self._store, asked, self._bells.listen(Bell.LOOKUPS), clock))
        await self._follow_forgotten()
        self._exporter.clean()
        self._work(exports.making(self._store, self._exporter.make, self._bells.listen(Bell.EXPORTS), clock))
        self._start_chat()

    async def _follow_forgotten(self) -> None:
        """After a restore there may be something to follow; it can come at no other time."""
        if await self._store.tx(lambda tx: forgotten.next_due_at(tx.conn)) is not None:
            follower = Follower(self._store, self._mtn, self._outside.entropy, self._policy)
            bell = self._bells.listen(Bell.MONEY)
            self._work(following.forgotten_ones(self._store, follower, bell, self._outside.clock))

    async def _draw(self) -> None:
        await self._store.tx(lambda tx: rechecks.draw(tx, self._outside.entropy))

    def send_no_more(self) -> None:
        """Send nothing from this moment on; what is in the air may land."""
        if self._settlement is not None:
            self._settlement.closing = True

    async def stop(self) -> None:
        """Take nothing new, let what is in the air land, and go. A kill at any point would be as safe."""
        self.send_no_more()
        self._exporter.stopping = True
        await self.supervisor.stop()
        await asyncio.gather(*(worklist.drain(DRAIN_SECONDS) for worklist in self._worklists))
        await self._app.bot.shutdown()
        for client in (self._client, *self._previous_clients.values()):
            await client.close()

    async def recover(self) -> None:
        """Make a restart's start: our lock proves that whoever held leases and messages is dead."""
        await self._store.tx(self._bind)
        await restored.meet(self._store, self._journal, self._policy, self._mtn)
        await self._store.tx(self._recover)

    async def _verify(self) -> None:
        await trail.verify_all(self._store, self._policy)

    def _bind(self, tx: Tx) -> None:
        settings = self._settings
        accounts.bind(tx, settings.momo_base_url, settings.momo_target_environment, settings.momo_currency)
        accounts.bind_bot(tx, settings.telegram_bot_token.get_secret_value())

    def _recover(self, tx: Tx) -> None:
        away.come_down(tx)
        transactions.break_leases(tx)
        outbox.recover(tx)
        staff.stop_unauthorised(tx, self._policy)
        trail.check(tx, self._policy)
        running.started(tx, self._policy)
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
        folder = self._settings.files_path
        notifier = Notifier(self._app.bot, self._store, self._policy, self._settings.timezone, folder)
        postman = Postman(self._store, self._policy, notifier.deliver, clock, self._outside.entropy)
        self._work(postman.worklist(self._bells.listen(Bell.OUTBOX)), after=self._reached)
        listening = self._bells.listen(Bell.INBOX)
        self._work(inbox.handling(self._store, dispatcher.handle, give_up, listening, clock), after=self._reached)
        self.supervisor.start("telegram", lambda: self._talk(dispatcher))
        ringing = self._bells.listen(Bell.MENUS)
        self.supervisor.start("menus", lambda: self._keep_menus(ringing))
        self.supervisor.start("checkups", self._checkups.run)

    async def _look_at_everything(self) -> list[Finding]:
        return await from_inside(self._settings, self._outside, lambda: self._store.tx(health.report))

    async def _keep_menus(self, bell: asyncio.Event) -> None:
        await self._reached.wait()
        await Menus(self._app.bot, self._store, self._policy, application.MENU).keep_right(bell)

    async def _talk(self, dispatcher: Dispatcher) -> None:
        """Reach Telegram, then fetch updates for ever."""
        began = self._outside.clock()
        await application.reach(self._app, wiring.webhook_url(self._settings), wiring.webhook_secret(self._settings))
        await self._store.tx(lambda tx: unreached.reached(tx, began))
        self._reached.set()
        if not wiring.webhook_url(self._settings):
            await inbox.fetch_forever(self._store, dispatcher.fetch)
        await asyncio.Event().wait()  # the webhook brings the updates


def web_server(settings: Settings, store: Store, doorbell: Doorbell, metrics: Metrics) -> WebServer:
    """Return the HTTP door, with Telegram's webhook if updates come that way."""
    webhook = None
    if wiring.webhook_url(settings):
        webhook = TelegramWebhook(
            wiring.webhook_secret(settings), lambda update: updates_in.keep(store, [update], in_order=False)
        )
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
    page = MetricsPage(metrics, lambda: _snapshot(settings, store), token, private=settings.is_private)
    return WebServer(doorbell, Readiness(lambda: store.tx(health.lags)), webhook, page)


async def _snapshot(settings: Settings, store: Store) -> Snapshot:
    return Snapshot(await store.tx(health.measure), space.free_bytes(settings.database_path))


async def run(settings: Settings, lock_seconds: float = 30.0) -> int:
    """Run the program until SIGTERM or SIGINT; return the exit code: 0, or 1 when the store failed.

    Raises:
        AlreadyRunning: another process holds the database.
        NewerDatabase: a later version wrote it.
        Unusable: it cannot be read, or it is damaged.
        ForeignAccount: it belongs to another MTN account.
        OSError: the port is taken.
    """
    clock = Steady(wiring.now, time.monotonic)
    if settings.limits_left_open and not settings.is_sandbox:
        log.warning("real money without a limit", settings=settings.limits_left_open)
    stopped, outside, bells = _stop_signal(), Outside(clock), Bells()
    database = Database(settings.database_path, outside.clock, Mint(outside.entropy), bells)
    mourning = asyncio.create_task(_mourn(settings, database, outside))
    try:
        await _unless(stopped, database.open(lock_seconds))
        if not stopped.is_set():
            await asyncio.to_thread(_look_around, settings)
            clock.not_before(await database.tx(away.last_alive))
        if not stopped.is_set():
            await _serve(settings, database, bells, outside, stopped)
    except sqlite3.DatabaseError:
        if not database.failed.is_set():
            raise
    finally:
        await (mourning if database.failed.is_set() else _cancelled(mourning))
        await database.close()
    log.info("stopped")
    return 1 if database.failed.is_set() else 0


def _look_around(settings: Settings) -> None:
    """Say in the log what around the database is not as it should be, and mend what can be mended."""
    seen = surroundings.look(settings.database_path)
    for warning in surroundings.warnings(seen):
        log.warning(f"{warning.said}: {warning.advice}")
    surroundings.mend(seen)


async def _mourn(settings: Settings, database: Database, outside: Outside) -> None:
    """Once the database failed, say so where that still works: in the log, and straight to those who can help."""
    await database.failed.wait()
    error = database.failure or sqlite3.DatabaseError()
    reason, remedy = soundness.reason(error), soundness.remedy(error)
    log.critical(f"the database failed, the bot stops: {remedy}, then start it again", reason=reason, error=str(error))
    chats = [settings.admin_chat_id] if settings.admin_chat_id is not None else sorted(settings.owner_ids)
    token, words = settings.telegram_bot_token, lastwords.words(reason, remedy, settings.default_language)
    await lastwords.say(token.get_secret_value(), settings.telegram_api_url, chats, words, outside.telegram)


async def _serve(
    settings: Settings, database: Database, bells: Bells, outside: Outside, stopped: asyncio.Event
) -> None:
    """Listen, then work, until the signal comes or the store fails. The door for callbacks opens first."""
    bot = Bot(settings, database, bells, outside)
    web = web_server(settings, database, bot.doorbell, bot.metrics)
    door = Control(settings.control_path, commands.of(settings, database, outside))
    database.on_failure = bot.send_no_more
    await bot.recover()
    await web.start(settings.listen_host, settings.listen_port)
    await door.start()
    await bot.start()
    _keep(settings, database, outside, bot.supervisor)
    await _unless(stopped, database.failed.wait())
    log.info("stopping")
    await door.stop()
    await bot.stop()
    await web.stop()
    if not database.failed.is_set():
        await database.tx(running.stopped)


def _keep(settings: Settings, database: Database, outside: Outside, supervisor: Supervisor) -> None:
    """Start what keeps the file itself in order, as far as the settings wish it: copies, and removing what is old."""
    copying = wiring.copying_of(settings, database, outside)
    if copying is not None:
        supervisor.start("copies", lambda: copies.copy_forever(copying.copy_if_due))
    if settings.retention_days is not None:
        kept, purging = timedelta(days=settings.retention_days), commands.purging_of(settings, database)
        purge = partial(purging.every_night, kept)
        supervisor.start("purge", lambda: nights.every_night(database, settings.timezone, "purge", purge))


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


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

"""The composition root: the only file that knows everybody, and the order in which they start and stop."""

import asyncio
import random
import signal
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import structlog

from bot.chat import application
from bot.chat.context import App, Till
from bot.chat.dispatch import Dispatcher
from bot.chat.notifier import Notifier
from bot.domain.mint import Mint
from bot.domain.policy import Policy
from bot.jobs import deadlines, inbox, lookups, money
from bot.jobs.outbox import Postman
from bot.jobs.supervisor import Supervisor
from bot.jobs.worklist import WorkList
from bot.service import accounts, away, health, updates_in
from bot.service.callbacks import Doorbell
from bot.service.lookups import Lookups
from bot.service.mtn import Mtn
from bot.service.settlement import Settlement
from bot.service.throttle import Throttle
from bot.settings import Settings
from bot.store import outbox, transactions
from bot.store.bells import Bell, Bells
from bot.store.database import Database, Tx
from bot.web.server import WebServer
from bot.web.telegram import PATH as WEBHOOK_PATH
from bot.web.telegram import TelegramWebhook
from momo import Credentials, MomoClient, Money, Product

log = structlog.get_logger(__name__)

# Together under the 25 s within which a stopped bot must be gone.
DRAIN_SECONDS = 21.0


def now() -> datetime:
    """Return the moment: the one clock of the running program."""
    return datetime.now(UTC)


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


def client_of(settings: Settings) -> MomoClient:
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
        read_retries=0,
    )


class Bot:
    """Everything that runs, wired together."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._policy = policy_of(settings)
        self._entropy = random.SystemRandom()
        self._bells = Bells()
        self._database = Database(settings.database_path, now, Mint(self._entropy), self._bells)
        self._client = client_of(settings)
        self._mtn = Mtn(
            self._client,
            Throttle(settings.momo_calls_per_second, time.monotonic),
            settings.public_url,
            {
                Product.COLLECTION: settings.momo_collection_api_user,
                Product.DISBURSEMENT: settings.momo_disbursement_api_user,
            },
        )
        self._doorbell = Doorbell(self._database)
        self._web = WebServer(self._doorbell, lambda: self._database.tx(health.lags), self._webhook())
        self._app = application.build(
            settings.telegram_bot_token.get_secret_value(),
            settings.telegram_api_url,
            Till(self._database, self._policy, settings.timezone),
        )
        self._supervisor = Supervisor()
        self._worklists: list[WorkList[Any]] = []

    async def run(self, lock_seconds: float = 30.0) -> int:
        """Run until SIGTERM or SIGINT; return the exit code: 0, or 1 when the store failed."""
        stopped = _stop_signal()
        try:
            await self._database.open(lock_seconds)
            await self._start()
            failed = asyncio.create_task(self._supervisor.failed.wait())
            waiting = asyncio.create_task(stopped.wait())
            await asyncio.wait({failed, waiting}, return_when=asyncio.FIRST_COMPLETED)
            failed.cancel()
            waiting.cancel()
            await self._stop()
        finally:
            await self._database.close()
        return 1 if self._supervisor.failed.is_set() else 0

    async def _start(self) -> None:
        await self._database.tx(self._recover)
        await self._web.start(self._settings.listen_host, self._settings.listen_port)
        self._supervisor.start("doorbell", self._doorbell.run)
        self._supervisor.start("deadlines", lambda: deadlines.watch_forever(self._database, self._policy))
        self._supervisor.start("forget", lambda: deadlines.forget_forever(self._database))
        settlement = Settlement(self._database, self._mtn, self._entropy)
        asked = Lookups(self._database, self._mtn)
        self._work(money.sender(self._database, settlement, self._bells.listen(Bell.MONEY), now))
        self._work(money.poller(self._database, settlement, self._bells.listen(Bell.MONEY), now))
        self._work(lookups.names(self._database, asked, self._bells.listen(Bell.LOOKUPS), now))
        self._work(lookups.balance_views(self._database, asked, self._bells.listen(Bell.LOOKUPS), now))
        # Money that is on its way is followed even while Telegram cannot be reached.
        self._supervisor.start("telegram", self._talk)

    def _recover(self, tx: Tx) -> None:
        """Make a restart's start: our lock proves that whoever held leases and messages is dead."""
        settings = self._settings
        accounts.bind(tx, settings.momo_base_url, settings.momo_target_environment, settings.momo_currency)
        transactions.break_leases(tx)
        outbox.recover(tx)
        away.say_back(tx)

    def _work(self, worklist: WorkList[Any]) -> None:
        self._worklists.append(worklist)
        self._supervisor.start(worklist.name, worklist.run)

    async def _talk(self) -> None:
        """Reach Telegram, then fetch, handle and deliver; tried again by the supervisor until it works."""
        app = self._app
        await app.initialize()
        await application.introduce(app, self._webhook_url(), self._webhook_secret())
        log.info("telegram reached", bot=app.bot.username)
        dispatcher = Dispatcher(app)
        notifier = Notifier(app.bot, self._database, self._policy, self._settings.timezone)
        postman = Postman(self._database, notifier.deliver, now, self._entropy)
        self._work(postman.worklist(self._bells.listen(Bell.OUTBOX)))
        self._work(
            inbox.handling(self._database, dispatcher.handle, dispatcher.give_up, self._bells.listen(Bell.INBOX), now)
        )
        if not self._webhook_url():
            await inbox.fetch_forever(self._database, dispatcher.fetch)
        await asyncio.Event().wait()  # the webhook brings the updates

    def _webhook(self) -> TelegramWebhook | None:
        if not self._webhook_url():
            return None
        return TelegramWebhook(
            self._webhook_secret(), lambda update: updates_in.keep(self._database, [update], in_order=False)
        )

    def _webhook_url(self) -> str:
        settings = self._settings
        return f"{settings.public_url.rstrip('/')}{WEBHOOK_PATH}" if settings.telegram_mode == "webhook" else ""

    def _webhook_secret(self) -> str:
        secret = self._settings.telegram_webhook_secret
        return secret.get_secret_value() if secret else ""

    async def _stop(self) -> None:
        """Take nothing new, let what is in the air land, and go. A kill at any point would be as safe."""
        log.info("stopping")
        await self._supervisor.stop()
        await asyncio.gather(*(worklist.drain(DRAIN_SECONDS) for worklist in self._worklists))
        await self._web.stop()
        await _shut_down(self._app)
        await self._client.close()
        log.info("stopped")


async def _shut_down(app: App) -> None:
    await app.bot.shutdown()


def _stop_signal() -> asyncio.Event:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    return stopped

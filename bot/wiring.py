"""What the settings make: the house rules, the clients of MTN, the addresses; and the world the program meets.

What lives here: settings in, parts out. What must not: how the parts are put together, and when they start.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import starmap

from bot.chat import application
from bot.domain.fees import Fee
from bot.domain.limits import Scope
from bot.domain.mint import Entropy, Mint
from bot.domain.policy import Policy, Tier
from bot.domain.transactions import Kind
from bot.service.copying import Copying, Plan
from bot.service.mtn import USED, Mtn
from bot.service.throttle import Throttle
from bot.settings import Settings
from bot.store.database import Database
from bot.store.journal import Journal
from bot.web.telegram import PATH as WEBHOOK_PATH
from momo import Credentials, Hook, MomoClient, Money, Product, Transport

# As people call what is charged for.
FEE_KINDS = {
    "pay": Kind.TRANSFER,
    "request": Kind.REQUEST_TO_PAY,
    "refund": Kind.REFUND,
    "deposit": Kind.DEPOSIT,
}


def now() -> datetime:
    """Return the moment: the one clock of the running program."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Outside:
    """What the program meets of the world; a simulation hands in a world of its own.

    ``momo`` and ``telegram`` replace the HTTP of either side, ``journal`` the journal's file; None: the real one.
    """

    clock: Callable[[], datetime] = now
    seconds: Callable[[], float] = time.monotonic
    entropy: Entropy = field(default_factory=random.SystemRandom)
    momo: Transport | None = None
    telegram: application.Request | None = None
    journal: Journal | None = None


def policy_of(settings: Settings) -> Policy:
    """Return the house rules that the settings make."""
    limit = settings.approval_limit
    per_scope = {
        Scope.TRANSACTION: settings.limit_per_transaction,
        Scope.PERSON: settings.limit_person_day,
        Scope.DESK: settings.limit_desk_day,
        Scope.PAYEE: settings.limit_payee_day,
    }
    currency = settings.momo_currency
    return Policy(
        market=settings.market,
        owners=settings.owner_ids,
        admin_chat_id=settings.admin_chat_id,
        approval_limit=None if limit is None else Money(Decimal(limit), settings.momo_currency),
        new_admin_delay=timedelta(hours=settings.new_admin_delay_hours),
        single_person_refunds=settings.single_person_refunds,
        zone=settings.timezone,
        language=settings.default_language,
        limits={scope: Money(Decimal(most), currency) for scope, most in per_scope.items() if most is not None},
        tiers=tuple(starmap(Tier, settings.approvals_required)),
        fees={FEE_KINDS[kind]: tuple(starmap(_fee, tiers)) for kind, tiers in settings.fees},
        digest_at=settings.digest_at,
        closing_at=settings.closing_at,
    )


def _fee(start: int, figure: str) -> Fee:
    return Fee(start, Decimal(figure.rstrip("%")), percent=figure.endswith("%"))


def client_of(
    settings: Settings, outside: Outside, credentials: dict[Product, Credentials], hooks: Sequence[Hook] = ()
) -> MomoClient:
    """Return a client for the account in the settings. The poller repeats lookups itself, in its own time."""
    return MomoClient(
        settings.momo_base_url,
        settings.momo_target_environment,
        collection=credentials.get(Product.COLLECTION),
        disbursement=credentials.get(Product.DISBURSEMENT),
        market=settings.market,
        transport=outside.momo,
        clock=outside.seconds,
        read_retries=0,
        hooks=hooks,
        calls_per_second=None,  # the till has a throttle of its own, which knows what is urgent
    )


def previous_clients_of(
    settings: Settings, outside: Outside, hooks: Sequence[Hook] = ()
) -> dict[tuple[Product, str], MomoClient]:
    """Return clients for the API users of before, by product and user: what they sent is known to nobody else."""
    given = {product: settings.previous_credentials(product) for product in USED}
    return {
        (product, before.api_user): client_of(settings, outside, {product: before}, hooks)
        for product, before in given.items()
        if before is not None
    }


def mtn_of(
    settings: Settings, outside: Outside, client: MomoClient, previous: dict[tuple[Product, str], MomoClient]
) -> Mtn:
    """Return MTN behind one throttle, asked under the API users of now and, for what they sent, of before."""
    api_users = {product: settings.credentials(product).api_user for product in USED}
    throttle = Throttle(settings.momo_calls_per_second, outside.seconds)
    return Mtn(client, throttle, settings.public_url, api_users, previous)


def copying_of(settings: Settings, database: Database, outside: Outside) -> Copying | None:
    """Return what makes copies of the database by itself; None when it shall not."""
    if settings.backup_directory is None:
        return None
    plan = Plan(settings.backup_directory, timedelta(hours=settings.backup_every_hours), settings.backup_keep)
    return Copying(database, policy_of(settings), outside.clock, Mint(outside.entropy), plan)


def webhook_url(settings: Settings) -> str:
    """Return the address Telegram brings updates to; empty when they are fetched."""
    return f"{settings.public_url.rstrip('/')}{WEBHOOK_PATH}" if settings.telegram_mode == "webhook" else ""


def webhook_secret(settings: Settings) -> str:
    """Return the secret by which Telegram's webhook calls are known."""
    secret = settings.telegram_webhook_secret
    return secret.get_secret_value() if secret else ""

"""MTN: whether each account lets us in, holds the currency, and knows the address it shall call."""

import asyncio
from urllib.parse import urlsplit

from bot.checking.findings import Finding, fine, warning, wrong
from bot.service.mtn import USED
from bot.settings import Settings
from bot.wiring import Outside, client_of
from momo import (
    AiohttpTransport,
    AuthenticationFailed,
    MomoClient,
    MomoError,
    PermissionDenied,
    Product,
    Provisioning,
    TransportError,
)

SUBJECT = "mtn"


async def look(settings: Settings, outside: Outside) -> list[Finding]:
    """Ask MTN for the balance of each account, which needs every key, and, in the sandbox, for its callback host."""
    async with client_of(settings, outside, {product: settings.credentials(product) for product in USED}) as client:
        accounts = await asyncio.gather(*(_account(settings, client, product) for product in USED))
    return [*accounts, *await _callback_host(settings, outside)]


async def _account(settings: Settings, client: MomoClient, product: Product) -> Finding:
    subject = f"{SUBJECT} {product.value}"
    account = client.collection if product is Product.COLLECTION else client.disbursement
    try:
        held = (await account.balance()).available
    except MomoError as error:
        return wrong(subject, str(error), _cure(error, product))
    if held.currency != settings.momo_currency:
        text = f"let in, but it holds {held.currency}, and MOMO_CURRENCY is {settings.momo_currency}"
        return wrong(subject, text, f"set MOMO_CURRENCY={held.currency}, or use the keys of the other account")
    return fine(subject, f"let in, {held} available")


def _cure(error: MomoError, product: Product) -> str:
    names = f"MOMO_{product.value.upper()}"
    match error:
        case AuthenticationFailed():
            return f"check {names}_SUBSCRIPTION_KEY, {names}_API_USER and {names}_API_KEY: they belong together"
        case PermissionDenied():
            return "have MTN allow this machine's address, and this product for the account"
        case TransportError():
            return "check MOMO_BASE_URL and this machine's way to the internet"
        case _:
            return "check MOMO_TARGET_ENVIRONMENT and MOMO_BASE_URL; ask MTN's support if they are right"


async def _callback_host(settings: Settings, outside: Outside) -> list[Finding]:
    ours = urlsplit(settings.public_url).hostname
    if ours is None:
        return []
    if not settings.is_sandbox:
        text = f"{ours} must be the callback host registered with MTN; it cannot be asked for in a live market"
        return [warning(f"{SUBJECT} callbacks", text, "compare it with the partner portal")]
    return list(await asyncio.gather(*(_host(settings, outside, product, ours) for product in USED)))


async def _host(settings: Settings, outside: Outside, product: Product, ours: str) -> Finding:
    """Compare the callback host that a user was made with; only the sandbox tells it."""
    subject, credentials = f"{SUBJECT} {product.value} callbacks", settings.credentials(product)
    transport = outside.momo or AiohttpTransport()
    try:
        asked = Provisioning(settings.momo_base_url, credentials.subscription_key, transport)
        theirs = (await asked.get_api_user(credentials.api_user)).provider_callback_host
    except MomoError as error:
        return warning(subject, f"MTN does not tell the callback host: {error}", "look at the lines above")
    finally:
        if outside.momo is None:
            await transport.close()
    if theirs == ours:
        return fine(subject, f"MTN may call {ours}")
    return wrong(subject, f"MTN calls only {theirs}, PUBLIC_URL is at {ours}", "make the API user for that host")

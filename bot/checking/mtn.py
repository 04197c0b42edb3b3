"""MTN: whether each account lets us in, holds the currency, and knows the address it shall call."""

import asyncio
from urllib.parse import urlsplit

from bot.domain.checkup import Finding, fine, warning, wrong
from bot.domain.marking import later
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

SUBJECT = later("mtn")
ACCOUNT = {Product.COLLECTION: later("mtn collection"), Product.DISBURSEMENT: later("mtn disbursement")}
HOST = {
    Product.COLLECTION: later("mtn collection callbacks"),
    Product.DISBURSEMENT: later("mtn disbursement callbacks"),
}
CALLBACKS = later("mtn callbacks")


async def look(settings: Settings, outside: Outside) -> list[Finding]:
    """Ask MTN for the balance of each account, which needs every key, and, in the sandbox, for its callback host."""
    async with client_of(settings, outside, {product: settings.credentials(product) for product in USED}) as client:
        accounts = await asyncio.gather(*(_account(settings, client, product) for product in USED))
    return [*accounts, *await _callback_host(settings, outside)]


async def _account(settings: Settings, client: MomoClient, product: Product) -> Finding:
    account = client.collection if product is Product.COLLECTION else client.disbursement
    try:
        held = (await account.balance()).available
    except MomoError as error:
        names = f"MOMO_{product.value.upper()}"
        return wrong(ACCOUNT[product], "{error}", _cure(error), error=error, names=names)
    if held.currency != settings.momo_currency:
        return wrong(
            ACCOUNT[product],
            later("let in, but it holds {held}, and MOMO_CURRENCY is {wanted}"),
            later("set MOMO_CURRENCY={held}, or use the keys of the other account"),
            held=held.currency,
            wanted=settings.momo_currency,
        )
    return fine(ACCOUNT[product], later("let in, {held} available"), held=held)


def _cure(error: MomoError) -> str:
    match error:
        case AuthenticationFailed():
            return later("check {names}_SUBSCRIPTION_KEY, {names}_API_USER and {names}_API_KEY: they belong together")
        case PermissionDenied():
            return later("have MTN allow this machine's address, and this product for the account")
        case TransportError():
            return later("check MOMO_BASE_URL and this machine's way to the internet")
        case _:
            return later("check MOMO_TARGET_ENVIRONMENT and MOMO_BASE_URL; ask MTN's support if they are right")


async def _callback_host(settings: Settings, outside: Outside) -> list[Finding]:
    ours = urlsplit(settings.public_url).hostname
    if ours is None:
        return []
    if not settings.is_sandbox:
        text = later("{host} must be the callback host registered with MTN; it cannot be asked for in a live market")
        return [warning(CALLBACKS, text, later("compare it with the partner portal"), host=ours)]
    return list(await asyncio.gather(*(_host(settings, outside, product, ours) for product in USED)))


async def _host(settings: Settings, outside: Outside, product: Product, ours: str) -> Finding:
    """Compare the callback host that a user was made with; only the sandbox tells it."""
    subject, credentials = HOST[product], settings.credentials(product)
    transport = outside.momo or AiohttpTransport()
    try:
        asked = Provisioning(settings.momo_base_url, credentials.subscription_key, transport)
        theirs = (await asked.get_api_user(credentials.api_user)).provider_callback_host
    except MomoError as error:
        text = later("MTN does not tell the callback host: {error}")
        return warning(subject, text, later("look at the lines above"), error=error)
    finally:
        if outside.momo is None:
            await transport.close()
    if theirs == ours:
        return fine(subject, later("MTN may call {host}"), host=ours)
    text = later("MTN calls only {theirs}, PUBLIC_URL is at {ours}")
    return wrong(subject, text, later("make the API user for that host"), theirs=theirs, ours=ours)

"""The command `doctor`: asks what can be asked without moving money, and tells cause and cure of what is wrong."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from email.utils import parsedate_to_datetime

import typer
from rich.console import Console
from rich.table import Table

from momo import checks
from momo.cli import endings, options
from momo.cli.account import Account
from momo.cli.endings import Code
from momo.cli.kinds import product_of
from momo.errors import AuthenticationFailed, ConfigurationError, MomoError, PermissionDenied
from momo.models import Product
from momo.provisioning import Provisioning
from momo.transport import AiohttpTransport
from momo.wire import HttpRequest

GOOD, WRONG, OPEN = "ok", "wrong", "open"
_MOST_SECONDS_OFF = 120


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. An open one could not be answered from here."""

    what: str
    state: str
    found: str
    cure: str = ""


def doctor(as_json: options.Json = False) -> None:
    """Look for what is wrong with keys, product, environment, callbacks, clock, currency and the way to MTN."""
    with endings.wrong_at_once(as_json):
        account = Account.of(os.environ)
    findings = asyncio.run(examined(account))
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        _print(findings)
    raise typer.Exit(Code.USAGE if any(finding.state == WRONG for finding in findings) else Code.SUCCESSFUL)


def _print(findings: list[Finding]) -> None:
    table = Table("what", "", "found", "cure")
    for finding in findings:
        table.add_row(finding.what, finding.state, finding.found, finding.cure)
    Console().print(table)


async def examined(account: Account) -> list[Finding]:
    """Everything that was found, in the order in which it would stop a payment."""
    transport = AiohttpTransport()
    try:
        findings = await _the_way(account, transport)
        if all(finding.state != WRONG for finding in findings):
            async for finding in _products(account, transport):
                findings.append(finding)
    finally:
        await transport.close()
    return findings


async def _the_way(account: Account, transport: AiohttpTransport) -> list[Finding]:
    """Reachability and clock, from any answer at all."""
    try:
        url = checks.base_url(account.base_url)
        answer = await transport.exchange(HttpRequest("GET", f"{url}/", {}, None))
    except ConfigurationError as error:
        return [Finding("address", WRONG, str(error), "Set MOMO_BASE_URL to MTN's address, without the product.")]
    except MomoError as error:
        cure = "Check MOMO_BASE_URL, the network, proxy and firewall; is the sandbox running?"
        return [Finding("reachability", WRONG, f"{account.base_url}: {error}", cure)]
    return [Finding("reachability", GOOD, f"{account.base_url} answers"), _clock(answer.headers.get("date", ""))]


def _clock(date: str) -> Finding:
    try:
        off = round(abs(time.time() - parsedate_to_datetime(date).timestamp()))
    except ValueError:
        return Finding("clock", OPEN, "the answer has no date to compare with")
    if off > _MOST_SECONDS_OFF:
        cure = "Let NTP set the clock: TLS, receipts and the end of tokens depend on it."
        return Finding("clock", WRONG, f"{off} seconds away from the server's", cure)
    return Finding("clock", GOOD, "as the server's")


async def _products(account: Account, transport: AiohttpTransport) -> AsyncIterator[Finding]:
    if not account.products():
        cure = "Set MOMO_COLLECTION_… or MOMO_DISBURSEMENT_…; `python -m momo provision` makes them for a sandbox."
        yield Finding("keys", WRONG, "no API user or key is set", cure)
    for product in account.products():
        try:
            async with account.client(product) as client:
                balance = await product_of(client, product).balance()
        except MomoError as error:
            yield _cause(product, error)
            continue
        yield Finding(f"{product.value} keys", GOOD, f"accepted in {account.target_environment}")
        yield _currency(account, product, balance.available.currency)
        yield await _callbacks(account, product, transport)
    yield _writes(account)


def _cause(product: Product, error: MomoError) -> Finding:
    """What a refused balance tells of keys, product and environment."""
    name, found = f"{product.value} keys", str(error)
    if isinstance(error, ConfigurationError):
        return Finding(name, WRONG, found, "Set what is missing.")
    if isinstance(error, AuthenticationFailed) and error.gateway:
        cure = f"MOMO_{product.name}_SUBSCRIPTION_KEY is wrong or of another product; each product has its own."
        return Finding(f"{product.value} subscription key", WRONG, found, cure)
    if isinstance(error, AuthenticationFailed):
        cure = f"MOMO_{product.name}_API_USER and _API_KEY do not belong together; a new key ends the one before."
        return Finding(name, WRONG, found, cure)
    if isinstance(error, PermissionDenied):
        cure = "Let MTN put this machine's address on its list, and enable the product."
        return Finding(f"{product.value} permission", WRONG, found, cure)
    if getattr(error, "code", None) == "NOT_ALLOWED_TARGET_ENVIRONMENT":
        cure = "Check MOMO_TARGET_ENVIRONMENT; in the sandbox make the API user under this product's subscription key."
        return Finding(f"{product.value} environment", WRONG, found, cure)
    return Finding(f"{product.value} balance", OPEN, found, "Not known from this; try again.")


def _currency(account: Account, product: Product, theirs: str) -> Finding:
    ours, what = account.market.currency, f"{product.value} currency"
    if ours == theirs:
        return Finding(what, GOOD, theirs)
    return Finding(what, WRONG, f"the account has {theirs}, MOMO_CURRENCY says {ours}", f"Set MOMO_CURRENCY={theirs}.")


async def _callbacks(account: Account, product: Product, transport: AiohttpTransport) -> Finding:
    """MTN tells the host of an API user in its sandbox only."""
    what, host = f"{product.value} callback host", account.callback_host
    if host is None:
        return Finding(what, OPEN, "no PUBLIC_URL is set: transactions are asked about, never called back")
    if account.target_environment != "sandbox":
        return Finding(what, OPEN, f"{host}; MTN does not tell its own", "Compare it with the Partner Portal.")
    credentials = account.credentials(product)
    try:
        user = await Provisioning(account.base_url, credentials.subscription_key, transport).get_api_user(
            credentials.api_user
        )
    except MomoError as error:
        return Finding(what, OPEN, str(error))
    if user.provider_callback_host != host:
        cure = "Provision a new API user: its host never changes, and a payment with another is refused."
        return Finding(what, WRONG, f"registered is {user.provider_callback_host}, PUBLIC_URL has {host}", cure)
    return Finding(what, GOOD, host)


def _writes(account: Account) -> Finding:
    cure = "" if account.target_environment == "sandbox" else "Send the smallest amount to a number of your own first."
    return Finding("payments out", OPEN, "that questions are answered does not prove that payments are taken", cure)

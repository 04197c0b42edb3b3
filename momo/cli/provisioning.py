"""The command `provision`: an API user and a key for each product, and the environment that uses them."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from momo.cli import endings, options
from momo.cli.account import Account
from momo.cli.endings import Code, Ending
from momo.errors import ConfigurationError, MomoError
from momo.models import Product
from momo.provisioning import Provisioning
from momo.reference_ids import new_reference_id
from momo.transport import AiohttpTransport

Block = dict[str, str]


def provision(
    product: Annotated[list[Product] | None, typer.Option(help="May be repeated; all with a subscription key.")] = None,
    callback_host: Annotated[
        str | None, typer.Option(help="Host of callbacks; that of PUBLIC_URL, else localhost.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="New file to write to, readable by you alone.")] = None,
    as_json: options.Json = False,
) -> None:
    """Make an API user and a key in a sandbox, and write the environment that uses them."""
    with endings.wrong_at_once(as_json):
        account = Account.of(os.environ)
        products = product or [each for each in Product if account.subscription_key(each)]
        _demand_sandbox(account, products)
        file = _new_file(output) if output else None
    host = callback_host or account.callback_host or "localhost"
    try:
        block = asyncio.run(_made(account, products, host))
    except MomoError as error:
        if file is not None:
            file.unlink()
        endings.of_read(error, "`python -m momo doctor` looks for the cause.").tell(as_json)
    _told(block, file, as_json)


def _demand_sandbox(account: Account, products: list[Product]) -> None:
    if account.target_environment != "sandbox":
        where = account.target_environment
        raise ConfigurationError(
            f"MTN makes API users over its API in its sandbox only; those of {where} are made in its Partner Portal"
        )
    if not products:
        raise ConfigurationError("set MOMO_COLLECTION_SUBSCRIPTION_KEY or that of another product first")
    if missing := [each.value for each in products if not account.subscription_key(each)]:
        raise ConfigurationError(f"no subscription key of {', '.join(missing)} is set")


def _new_file(path: Path) -> Path:
    """Make it before any user is: a key that cannot be written down is lost."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except OSError as problem:
        raise ConfigurationError(f"cannot make {path}: {problem.strerror}") from None
    return path


async def _made(account: Account, products: list[Product], host: str) -> Block:
    block = {
        "MOMO_BASE_URL": account.base_url,
        "MOMO_TARGET_ENVIRONMENT": account.target_environment,
        "MOMO_CURRENCY": account.market.currency,
    }
    transport = AiohttpTransport()
    try:
        for product in products:
            block |= await _user(account, product, host, transport)
    finally:
        await transport.close()
    return block


async def _user(account: Account, product: Product, host: str, transport: AiohttpTransport) -> Block:
    subscription_key, user = account.subscription_key(product), new_reference_id()
    provisioning = Provisioning(account.base_url, subscription_key, transport)
    await provisioning.create_api_user(user, host)
    key = await provisioning.create_api_key(user)
    values = {"SUBSCRIPTION_KEY": subscription_key, "API_USER": user, "API_KEY": key}
    return {f"MOMO_{product.name}_{name}": value for name, value in values.items()}


def _told(block: Block, file: Path | None, as_json: bool) -> None:
    lines = "\n".join(f"{name}={value}" for name, value in block.items())
    if file is None:
        Ending(Code.SUCCESSFUL, lines, {"environment": block}).tell(as_json)
    file.write_text(f"{lines}\n", "utf-8")
    Ending(Code.SUCCESSFUL, f"Written to {file}.", {"file": str(file)}).tell(as_json)

"""The commands that only look: balance, status, watch."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from momo import checks
from momo.cli import endings, options
from momo.cli.account import Account
from momo.cli.endings import Code, Ending
from momo.cli.kinds import Kind, product_of
from momo.errors import MomoError, NotFound
from momo.models import Product, TransactionResult
from momo.product import ProductClient

_UNKNOWN_THERE = "MTN does not know this reference id; shortly after sending that is normal. Ask again."


def balance(
    product: Annotated[Product, typer.Option(help="Whose account.")] = Product.DISBURSEMENT,
    as_json: options.Json = False,
) -> None:
    """Show what is in the account."""
    with endings.wrong_at_once(as_json):
        account = Account.of(os.environ)

    async def ask(part: ProductClient) -> Ending:
        money = (await part.balance()).available
        return Ending(Code.SUCCESSFUL, str(money), {"balance": money.wire(), "currency": money.currency})

    _asked(account, product, ask).tell(as_json)


def status(
    reference_id: options.Reference, kind: options.OfKind = Kind.TRANSFER, as_json: options.Json = False
) -> None:
    """Ask once where a transaction stands."""
    account = _ready(reference_id, as_json)

    async def ask(part: ProductClient) -> Ending:
        return endings.of_result(await part.status(reference_id, kind.order), kind, reference_id)

    _asked(account, kind.product, ask).tell(as_json)


def watch(
    reference_id: options.Reference,
    kind: options.OfKind = Kind.TRANSFER,
    timeout: Annotated[float, typer.Option(min=0, help="Seconds after which to stop looking.")] = 300.0,
    as_json: options.Json = False,
) -> None:
    """Follow a transaction until it is over."""
    account = _ready(reference_id, as_json)

    async def follow(part: ProductClient) -> Ending:
        return endings.of_result(await _followed(part, reference_id, kind, timeout), kind, reference_id)

    _asked(account, kind.product, follow).tell(as_json)


async def _followed(part: ProductClient, reference_id: str, kind: Kind, seconds: float) -> TransactionResult:
    """Show every state that is seen, and return the last."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    seen: list[TransactionResult] = []
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("asking MTN")
        async for result in part.observe(reference_id, kind.order, timeout_seconds=seconds):
            seen.append(result)
            progress.console.print(str(result.status), markup=False)
            progress.update(task, description=f"{kind} {reference_id}: {result.status}")
    return seen[-1]


def _ready(reference_id: str, as_json: bool) -> Account:
    with endings.wrong_at_once(as_json):
        checks.uuid4("reference_id", reference_id)
        return Account.of(os.environ)


def _asked(account: Account, product: Product, question: Callable[[ProductClient], Awaitable[Ending]]) -> Ending:
    async def ask() -> Ending:
        async with account.client(product) as client:
            return await question(product_of(client, product))

    try:
        return asyncio.run(ask())
    except NotFound as error:
        return endings.of_read(error, _UNKNOWN_THERE)
    except MomoError as error:
        return endings.of_read(error)
    except KeyboardInterrupt:
        return Ending(Code.UNKNOWN, "Stopped; what was asked for is not known.")

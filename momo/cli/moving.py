"""The commands that move money: transfer, request-to-pay, refund. Each is sent once and never again."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass

import typer

from momo import checks
from momo.cli import endings, options
from momo.cli.account import Account
from momo.cli.endings import Code, Ending
from momo.cli.kinds import Kind, product_of
from momo.errors import ConfigurationError, MomoError
from momo.models import TransactionResult
from momo.msisdn import Msisdn
from momo.notes import clean_note
from momo.orders import Order, Refund, RequestToPay, Transfer
from momo.product import ProductClient
from momo.reference_ids import new_reference_id

_DEFAULT_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class Move:
    """One order on its way to MTN."""

    account: Account
    kind: Kind
    reference_id: str
    order: Order[TransactionResult]


def transfer(
    amount: options.Amount,
    payee: options.Number,
    note: options.Note = "MoMo",
    external_id: options.ExternalId = None,
    reference_id: options.GivenReference = None,
    yes: options.Yes = False,
    as_json: options.Json = False,
    wait: options.Wait = _DEFAULT_WAIT,
) -> None:
    """Send money to a phone number."""

    def order(account: Account, reference: str) -> Transfer:
        text = clean_note(note, "MoMo")
        money, mark = account.money(amount), external_id or reference
        return Transfer(amount=money, payee=Msisdn(payee), external_id=mark, payer_message=text, payee_note=text)

    _move(Kind.TRANSFER, order, f"Send {amount} {{currency}} to {payee}", reference_id, yes, as_json, wait)


def request_to_pay(
    amount: options.Amount,
    payer: options.Number,
    note: options.Note = "MoMo",
    external_id: options.ExternalId = None,
    reference_id: options.GivenReference = None,
    yes: options.Yes = False,
    as_json: options.Json = False,
    wait: options.Wait = _DEFAULT_WAIT,
) -> None:
    """Ask a customer to pay; they approve it on their phone."""

    def order(account: Account, reference: str) -> RequestToPay:
        text = clean_note(note, "MoMo")
        money, mark = account.money(amount), external_id or reference
        return RequestToPay(amount=money, payer=Msisdn(payer), external_id=mark, payer_message=text, payee_note=text)

    _move(Kind.REQUEST_TO_PAY, order, f"Ask {payer} for {amount} {{currency}}", reference_id, yes, as_json, wait)


def refund(
    amount: options.Amount,
    payment: options.Reference,
    note: options.Note = "Refund",
    external_id: options.ExternalId = None,
    reference_id: options.GivenReference = None,
    yes: options.Yes = False,
    as_json: options.Json = False,
    wait: options.Wait = _DEFAULT_WAIT,
) -> None:
    """Give a customer's payment back, or part of it. PAYMENT is the reference id of the request to pay."""

    def order(account: Account, reference: str) -> Refund:
        text = clean_note(note, "Refund")
        return Refund(
            amount=account.money(amount),
            reference_id_to_refund=payment,
            external_id=external_id or reference,
            payer_message=text,
            payee_note=text,
        )

    _move(Kind.REFUND, order, f"Refund {amount} {{currency}} of {payment}", reference_id, yes, as_json, wait)


def _move(
    kind: Kind,
    make: Callable[[Account, str], Order[TransactionResult]],
    summary: str,
    reference_id: str | None,
    yes: bool,
    as_json: bool,
    wait_seconds: float,
) -> None:
    """Check everything, ask, tell the reference id, send once, and wait for the end."""
    with endings.wrong_at_once(as_json):
        account = Account.of(os.environ)
        reference = checks.uuid4("reference_id", reference_id or new_reference_id())
        move = Move(account, kind, reference, make(account, reference))
        account.credentials(kind.product)
    if not yes:
        where = f"{account.target_environment}, {account.base_url}"
        typer.confirm(f"{summary.format(currency=account.market.currency)} ({where})?", abort=True, err=True)
    typer.echo(f"Reference id: {reference}", err=True)
    _carried_out(move, wait_seconds).tell(as_json)


def _carried_out(move: Move, wait_seconds: float) -> Ending:
    try:
        return asyncio.run(_sent(move, wait_seconds))
    except KeyboardInterrupt:
        return _doubtful(move, "Stopped")
    except Exception as error:  # noqa: BLE001 - whatever it is, it may have come after the write
        return _doubtful(move, f"Broken off by {type(error).__name__}: {error}")


def _doubtful(move: Move, why: str) -> Ending:
    told = endings.ask_again(move.kind, move.reference_id)
    details = {"kind": move.kind, "reference_id": move.reference_id}
    return Ending(Code.UNKNOWN, f"{why}; not known whether it was carried out. {told}", details)


async def _sent(move: Move, wait_seconds: float) -> Ending:
    kind, reference_id = move.kind, move.reference_id
    try:
        async with move.account.client(kind.product) as client:
            product = product_of(client, kind.product)
            try:
                await product.send(reference_id, move.order)
            except MomoError as error:
                return endings.of_write(error, kind, reference_id)
            return await _looked_after(product, move, wait_seconds)
    except ConfigurationError as error:  # from making the client: nothing was sent
        return endings.of_write(error, kind, reference_id)


async def _looked_after(product: ProductClient, move: Move, wait_seconds: float) -> Ending:
    """The end of what MTN has taken. That a look fails says nothing of the money."""
    try:
        result = await product.wait_until_final(move.reference_id, move.kind.order, timeout_seconds=wait_seconds)
    except MomoError as error:
        told = f"MTN has it; where it stands is not known: {error}. {endings.ask_again(move.kind, move.reference_id)}"
        return Ending(Code.UNKNOWN, told, {"kind": move.kind, "reference_id": move.reference_id})
    return endings.of_result(result, move.kind, move.reference_id)

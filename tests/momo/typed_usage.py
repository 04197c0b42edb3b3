"""How a program uses the client, for the type checker: `make lint` checks this file strictly. Never run.

Each line that must not pass is marked; an unused mark is an error too, so the marks are the test.
"""

from collections.abc import Awaitable
from decimal import Decimal

from aiohttp import web

from momo import (
    Balance,
    CallReport,
    CashTransfer,
    CashTransferResult,
    Credentials,
    Invoice,
    InvoiceResult,
    MomoClient,
    MomoError,
    Money,
    Msisdn,
    Outcome,
    PaymentResult,
    PreApprovalDetails,
    RawAnswer,
    Status,
    Submitted,
    TransactionResult,
    Transfer,
    log_calls,
    reference_id_from,
)
from momo.callbacks import Callback, CallbackPaths, callback_routes
from momo.testing import SandboxTransport


async def pay(client: MomoClient, payee: Msisdn) -> Status | None:
    reference_id: str = reference_id_from("order 7, payment 1")
    amount = Money(Decimal(5000), "UGX")
    order = Transfer(amount=amount, payee=payee, external_id="order-7", payer_message="Rent", payee_note="May")
    try:
        submitted: Submitted[TransactionResult] = await client.disbursement.submit(reference_id, order)
    except MomoError as error:
        known: Outcome = error.outcome
        return None if known is Outcome.UNKNOWN else Status.FAILED
    if submitted.result is not None:
        return submitted.result.status
    result: TransactionResult = await client.disbursement.wait_until_final(reference_id, timeout_seconds=60)
    return result.status


async def each_kind_has_its_own_result(client: MomoClient, reference_id: str) -> None:
    bill: InvoiceResult = await client.collection.status(reference_id, Invoice)
    ended: InvoiceResult = await client.collection.wait_until_final(reference_id, Invoice)
    cash: CashTransferResult = await client.remittance.status(reference_id, CashTransfer)
    payment: PaymentResult = await client.collection.payment_status(reference_id)
    given: tuple[PreApprovalDetails, ...] = await client.collection.pre_approvals(Msisdn("46733123999"))
    balance: Balance = await client.collection.balance()
    answer: RawAnswer = await client.collection.raw("GET", "/v1_0/account/balance")
    print(bill, ended, cash, payment, given, balance, answer)
    async for seen in client.disbursement.observe(reference_id):
        print(seen.financial_transaction_id)
    async for invoice in client.collection.observe(reference_id, Invoice, timeout_seconds=60):
        print(invoice.payment_reference)


async def mistakes_are_found(client: MomoClient, payee: Msisdn) -> None:
    amount = Money(Decimal(5), "EUR")
    texts = {"external_id": "e", "payer_message": "m", "payee_note": "n"}
    Money(5.0, "EUR")  # type: ignore[arg-type]
    Transfer(amount=5, payee=payee, **texts)  # type: ignore[arg-type]
    Transfer(amount=amount, payee="46733123999", **texts)  # type: ignore[arg-type]
    await client.disbursement.transfer("id", amount, payee, external_id="e")  # type: ignore[call-arg]
    await client.disbursement.request_to_pay("id", amount, payee)  # type: ignore[attr-defined]
    wrong: Invoice = await client.collection.invoice_status("id")  # type: ignore[assignment]
    print(wrong)


def two_merchants(transport: SandboxTransport, first: Credentials, second: Credentials) -> list[MomoClient]:
    def count(report: CallReport) -> None:
        print(report.operation, report.seconds)

    return [
        MomoClient("https://momo.test", "sandbox", disbursement=one, transport=transport, hooks=[count, log_calls()])
        for one in (first, second)
    ]


def receive(app: web.Application, secret: str) -> CallbackPaths:
    paths = CallbackPaths("https://shop.example", secret)

    async def rung(bell: Callback) -> None:
        print(bell.reference_id, bell.notice.status if bell.notice else None)

    app.add_routes(callback_routes(paths, rung))
    return paths


def calls_are_coroutines(client: MomoClient) -> Awaitable[Balance]:
    return client.disbursement.balance("EUR")

"""Every call that the client can make, made once against the sandbox and kept: requests and answers."""

import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlsplit

from momo import (
    CashTransfer,
    Credentials,
    HttpRequest,
    HttpResponse,
    Invoice,
    MomoClient,
    MomoError,
    Money,
    Msisdn,
    Payment,
    PreApproval,
    Provisioning,
)
from momo.product import ProductClient
from momo.sandbox import Sandbox
from momo.testing import SandboxTransport

KEYS = {"collection": "c" * 32, "disbursement": "d" * 32, "remittance": "e" * 32}
EURO = Money(Decimal("12.50"), "EUR")
SOMEBODY = Msisdn("46733123999")
TEXTS = {"external_id": "till-1", "payer_message": "Thank you", "payee_note": "Order 7"}
CALLBACK = "https://shop.example/momo"


@dataclass(frozen=True)
class Exchange:
    """A request and what the sandbox answered."""

    request: HttpRequest
    response: HttpResponse

    @property
    def path(self) -> str:
        return urlsplit(self.request.url).path


class Spy(SandboxTransport):
    """The sandbox, with everything that passes kept."""

    def __init__(self, sandbox: Sandbox, kept: list[Exchange]) -> None:
        super().__init__(sandbox)
        self._kept = kept

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        response = await super().exchange(request)
        self._kept.append(Exchange(request, response))
        return response


@dataclass
class Calls:
    """A client of all products, and what passed."""

    kept: list[Exchange] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sandbox = Sandbox(seed=1)
        self.transport = Spy(self.sandbox, self.kept)
        users = {p: Credentials(*self.sandbox.provision(p, "shop.example"), key) for p, key in KEYS.items()}
        self.client = MomoClient(
            "https://momo.test", "sandbox", **users, transport=self.transport, calls_per_second=None, read_retries=0
        )

    async def all(self) -> list[Exchange]:
        """Make every call, those that succeed and those that are refused."""
        await self.provisioning()
        for product in (self.client.collection, self.client.disbursement, self.client.remittance):
            await self.common(product)
        await self.collection()
        await self.disbursement()
        await self.remittance()
        await self.refusals()
        return self.kept

    async def provisioning(self) -> None:
        user, provisioning = new_id(), Provisioning("https://momo.test", KEYS["collection"], self.transport)
        await provisioning.create_api_user(user, "shop.example")
        await provisioning.get_api_user(user)
        await provisioning.create_api_key(user)
        await refused(provisioning.create_api_user, user, "shop.example")
        await refused(provisioning.get_api_user, new_id())
        await refused(provisioning.create_api_key, new_id())

    async def common(self, product: ProductClient) -> None:
        await product.balance()
        await product.balance("EUR")
        await refused(product.balance, "XAF")
        await product.is_active(SOMEBODY)
        await product.is_active("ann@shop.test", "email")
        await refused(product.is_active, Msisdn("46733123452"))
        await product.basic_user_info(SOMEBODY)
        asked = await product.consent.authorize(
            SOMEBODY,
            ["profile", "all_info"],
            access_type="offline",
            valid_seconds=600,
            notification_token="n-1",
            scope_instruction={"amount": "5"},
            callback_url=CALLBACK,
        )
        await product.consent.authorize(SOMEBODY, ["profile"], scheme="basic")
        token = await product.consent.token(asked.auth_req_id)
        await product.consent.refresh(str(token.refresh_token))
        await product.consent.user_info(token.access_token)

    async def collection(self) -> None:
        collection = self.client.collection
        payment = await self.twice(
            lambda i: collection.request_to_pay(i, EURO, SOMEBODY, **TEXTS, callback_url=CALLBACK)
        )
        await collection.request_to_pay_status(payment)
        await collection.notify_delivery(payment, "Your order is on its way", language="en")
        for version in (1, 2):
            withdrawal = await self.twice(
                lambda i, v=version: collection.withdraw(i, EURO, SOMEBODY, version=v, **TEXTS)
            )
            await collection.withdraw_status(withdrawal)
        await self.billing()

    async def billing(self) -> None:
        collection = self.client.collection
        bill = Invoice(
            amount=EURO, external_id="i-1", validity_seconds=600, payee=SOMEBODY, intended_payer=Msisdn("46733123453")
        )
        invoice = await self.twice(lambda i: collection.create_invoice(i, bill, callback_url=CALLBACK))
        await collection.invoice_status(invoice)
        cancelling = {"reference_id": new_id(), "external_id": "c-1", "callback_url": CALLBACK}
        await collection.cancel_invoice(invoice, **cancelling)
        with suppress(MomoError):
            await collection.cancel_invoice(invoice, **cancelling)
        await collection.invoice_status(invoice)
        wish = PreApproval(payer=SOMEBODY, payer_currency="EUR", payer_message="Rent", validity_seconds=600)
        approval = await self.twice(lambda i: collection.create_pre_approval(i, wish, callback_url=CALLBACK))
        await collection.pre_approval_status(approval)
        (given,) = await collection.pre_approvals(SOMEBODY)
        await collection.cancel_pre_approval(given.pre_approval_id)
        order = Payment(
            amount=EURO,
            external_transaction_id="p-1",
            customer_reference="661551442",
            service_provider_user_name="Electricity",
            coupon_id="c",
            product_id="p",
            product_offering_id="o",
            receiver_message="hello",
            sender_note="mine",
            max_number_of_retries=1,
            include_sender_charges=True,
        )
        payment = await self.twice(lambda i: collection.create_payment(i, order, callback_url=CALLBACK))
        await collection.payment_status(payment)

    async def disbursement(self) -> None:
        disbursement, paid = self.client.disbursement, self.kept_reference("request_to_pay")
        transfer = await self.twice(lambda i: disbursement.transfer(i, EURO, SOMEBODY, **TEXTS, callback_url=CALLBACK))
        await disbursement.transfer_status(transfer)
        failed = new_id()
        await disbursement.transfer(failed, EURO, Msisdn("46733123457"), **TEXTS)
        await disbursement.transfer_status(failed)
        for version in (1, 2):
            deposit = await self.twice(lambda i, v=version: disbursement.deposit(i, EURO, SOMEBODY, version=v, **TEXTS))
            await disbursement.deposit_status(deposit)
            refund = await self.twice(
                lambda i, v=version: disbursement.refund(i, EURO, reference_id_to_refund=paid, version=v, **TEXTS)
            )
            await disbursement.refund_status(refund)

    async def remittance(self) -> None:
        remittance = self.client.remittance
        transfer = await self.twice(lambda i: remittance.transfer(i, EURO, SOMEBODY, **TEXTS))
        await remittance.transfer_status(transfer)
        order = CashTransfer(
            amount=EURO,
            payee=Msisdn("46733123455"),
            **TEXTS,
            originating_country="SE",
            original_amount=Money(Decimal(140), "SEK"),
            identification_type="PASS",
            identification_number="A1",
            identity="ann",
            first_name="Ann",
            surname="Example",
            language_code="sv",
            email="ann@shop.test",
            msisdn=SOMEBODY,
            gender="F",
        )
        cash = await self.twice(lambda i: remittance.cash_transfer(i, order, callback_url=CALLBACK))
        await remittance.cash_transfer_status(cash)

    async def refusals(self) -> None:
        """Unknown references, and a setting of the account that MTN refuses."""
        collection, disbursement = self.client.collection, self.client.disbursement
        for ask in (
            collection.request_to_pay_status,
            collection.withdraw_status,
            collection.invoice_status,
            collection.pre_approval_status,
            collection.payment_status,
            disbursement.transfer_status,
            disbursement.deposit_status,
            disbursement.refund_status,
            self.client.remittance.cash_transfer_status,
        ):
            await refused(ask, new_id())
        await refused(collection.notify_delivery, new_id(), "hello")
        await refused(collection.cancel_pre_approval, "7")
        with suppress(MomoError):
            await collection.cancel_invoice(new_id(), reference_id=new_id(), external_id="c-1")
        with suppress(MomoError):
            await disbursement.transfer(new_id(), EURO, SOMEBODY, **TEXTS, callback_url="https://other.example/x")

    async def twice(self, submit: Callable[[str], Awaitable[None]]) -> str:
        """Submit under one reference id twice: accepted, and then a duplicate."""
        reference_id = new_id()
        await submit(reference_id)
        await refused(submit, reference_id)
        return reference_id

    def kept_reference(self, name: str) -> str:
        found = (one for one in self.kept if one.request.endpoint and one.request.endpoint.name == name)
        return next(found).request.headers["X-Reference-Id"]


async def refused(call: Callable[..., Awaitable[object]], *arguments: object) -> None:
    """Make a call that has to fail."""
    try:
        await call(*arguments)
    except MomoError:
        return
    raise AssertionError(f"{call} was not refused")


def new_id() -> str:
    return str(uuid.uuid4())

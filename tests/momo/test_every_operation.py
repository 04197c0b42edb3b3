"""The rarer operations, from the typed door to the sandbox and back."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from momo import (
    ApiError,
    AuthenticationFailed,
    BadRequest,
    CashTransfer,
    Credentials,
    InvalidValue,
    Invoice,
    MomoClient,
    Money,
    Msisdn,
    NotFound,
    Outcome,
    Party,
    Payment,
    PreApproval,
    RateLimited,
    Refused,
    Status,
    Transfer,
)
from momo.sandbox import Sandbox
from momo.testing import SandboxTransport
from tests.momo.sandbox.world import KEYS, Clock, new_id

EURO = Money(Decimal("12.50"), "EUR")
SOMEBODY, ONGOING = Msisdn("46733123999"), Msisdn("46733123453")
TEXTS = {"external_id": "till-1", "payer_message": "Thank you", "payee_note": "Order 7"}


class World:
    """A client with all three products over a sandbox in memory."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.sandbox = Sandbox(self.clock, seed=1)
        users = {p: Credentials(*self.sandbox.provision(p), key) for p, key in KEYS.items()}
        transport = SandboxTransport(self.sandbox, sleep=self.clock.sleep)
        self.client = MomoClient("https://momo.test", "sandbox", **users, transport=transport, clock=self.clock)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    async with world.client:
        yield world


def invoice(**changes: object) -> Invoice:
    return Invoice(**{"amount": EURO, "external_id": "i-1", "validity_seconds": 600, "payee": SOMEBODY, **changes})


# --- versions


@pytest.mark.parametrize("version", [1, 2])
async def test_either_version_of_a_path_can_be_asked_for(world: World, version: int) -> None:
    collection, disbursement = world.client.collection, world.client.disbursement
    withdrawal, deposit, payment, refund = (new_id() for _ in range(4))

    await collection.withdraw(withdrawal, EURO, SOMEBODY, version=version, **TEXTS)
    await disbursement.deposit(deposit, EURO, SOMEBODY, version=version, **TEXTS)
    await collection.request_to_pay(payment, EURO, SOMEBODY, **TEXTS)
    await disbursement.refund(refund, EURO, reference_id_to_refund=payment, version=version, **TEXTS)

    assert (await collection.withdraw_status(withdrawal)).status == Status.SUCCESSFUL
    assert (await disbursement.deposit_status(deposit)).status == Status.SUCCESSFUL
    assert (await disbursement.refund_status(refund)).status == Status.SUCCESSFUL
    posted = {entry.path for entry in world.sandbox.requests.entries if entry.method == "POST"}
    old_and_new = (f"/collection/v{version}_0/requesttowithdraw", f"/disbursement/v{version}_0/deposit")
    assert {*old_and_new, f"/disbursement/v{version}_0/refund"} <= posted


async def test_a_version_that_mtn_does_not_have_is_refused_here(world: World) -> None:
    with pytest.raises(InvalidValue, match="version must be one of 1, 2, not '3'"):
        await world.client.disbursement.deposit(new_id(), EURO, SOMEBODY, version=3, **TEXTS)


async def test_an_order_goes_to_its_own_product_only(world: World) -> None:
    order = Transfer(amount=EURO, payee=SOMEBODY, **TEXTS)

    with pytest.raises(InvalidValue, match="transfer must be asked of disbursement or remittance"):
        await world.client.collection.send(new_id(), order)
    with pytest.raises(InvalidValue, match="order"):
        await world.client.collection.send(new_id(), TEXTS)  # type: ignore[arg-type]


# --- remittance


async def test_remittance_transfers_and_tells_of_the_sender(world: World) -> None:
    remittance, transfer, cash = world.client.remittance, new_id(), new_id()
    sender = {"originating_country": "SE", "first_name": "Ann", "surname": "Example", "identification_type": "PASS"}
    order = CashTransfer(amount=EURO, payee=SOMEBODY, original_amount=Money(Decimal(140), "SEK"), **TEXTS, **sender)

    await remittance.transfer(transfer, EURO, SOMEBODY, **TEXTS)
    await remittance.cash_transfer(cash, order)

    assert (await remittance.transfer_status(transfer)).status == Status.SUCCESSFUL
    result = await remittance.cash_transfer_status(cash)
    assert (result.status, result.amount, result.originating_country) == (Status.SUCCESSFUL, EURO, "SE")
    assert result.original_amount == Money(Decimal(140), "SEK")
    assert result.sender["payerFirstName"] == "Ann"
    assert "Example" not in repr(result) + repr(order)


# --- invoices


async def test_an_invoice_waits_until_it_is_cancelled(world: World) -> None:
    collection, reference = world.client.collection, new_id()
    await collection.create_invoice(reference, invoice(description="Rent of May"))

    waiting = await collection.invoice_status(reference)
    await collection.cancel_invoice(reference, reference_id=new_id(), external_id="c-1")

    assert (waiting.status, waiting.amount, waiting.description) == (Status.CREATED, EURO, "Rent of May")
    assert waiting.payment_reference
    cancelled = await collection.invoice_status(reference)
    assert cancelled.status == Status.FAILED
    assert cancelled.reason is not None
    assert cancelled.reason.code == "TRANSACTION_CANCELED"


async def test_an_invoice_that_is_over_cannot_be_cancelled(world: World) -> None:
    reference = new_id()
    await world.client.collection.create_invoice(reference, invoice(intended_payer=SOMEBODY))

    assert (await world.client.collection.invoice_status(reference)).status == Status.SUCCESSFUL
    with pytest.raises(Refused):
        await world.client.collection.cancel_invoice(reference, reference_id=new_id(), external_id="c-1")


async def test_an_invoice_expires(world: World) -> None:
    reference = new_id()
    await world.client.collection.create_invoice(reference, invoice(validity_seconds=60))

    world.clock.seconds += 61

    result = await world.client.collection.invoice_status(reference)
    assert result.reason is not None
    assert result.reason.code == "EXPIRED"


# --- pre-approvals


async def test_a_pre_approval_is_given_listed_and_cancelled(world: World) -> None:
    collection, reference = world.client.collection, new_id()
    wish = PreApproval(payer=SOMEBODY, payer_currency="EUR", payer_message="Monthly rent", validity_seconds=3600)
    await collection.create_pre_approval(reference, wish)

    (given,) = await collection.pre_approvals(SOMEBODY)
    await collection.cancel_pre_approval(given.pre_approval_id)

    assert (await collection.pre_approval_status(reference)).status == Status.SUCCESSFUL
    assert (given.status.word, given.from_currency, given.message) == ("APPROVED", "EUR", "Monthly rent")
    assert str(SOMEBODY) not in repr(given)
    assert [one.status.word for one in await collection.pre_approvals(SOMEBODY)] == ["CANCELLED"]
    with pytest.raises(Refused):
        await collection.cancel_pre_approval(given.pre_approval_id)


async def test_a_pre_approval_runs_out(world: World) -> None:
    wish = PreApproval(payer=SOMEBODY, payer_currency="EUR", payer_message="Rent", validity_seconds=60)
    await world.client.collection.create_pre_approval(new_id(), wish)

    world.clock.seconds += 61

    assert [one.status.word for one in await world.client.collection.pre_approvals(SOMEBODY)] == ["EXPIRED"]
    assert await world.client.collection.pre_approvals(ONGOING) == ()


async def test_a_pre_approval_nobody_knows_is_not_called_cancelled(world: World) -> None:
    with pytest.raises(Exception, match="404") as caught:
        await world.client.collection.cancel_pre_approval("1")

    assert caught.value.outcome is Outcome.UNKNOWN  # type: ignore[attr-defined]


# --- payments


@pytest.mark.parametrize(
    ("amount", "word", "code"),
    [("12.50", "SUCCESSFUL", None), ("2000", "FAILED", "INTERNAL_PROCESSING_ERROR"), ("5000", "CREATED", None)],
)
async def test_a_payment_is_steered_by_its_amount(world: World, amount: str, word: str, code: str | None) -> None:
    reference = new_id()
    bill = Payment(
        amount=Money.parse(amount, "EUR"),
        external_transaction_id="p-1",
        customer_reference="661551442",
        service_provider_user_name="Electricity Inc.",
        include_sender_charges=False,
        max_number_of_retries=0,
    )

    await world.client.collection.create_payment(reference, bill)

    result = await world.client.collection.payment_status(reference)
    assert (result.status.word, result.reason and result.reason.code) == (word, code)


# --- notices


async def test_a_payer_is_notified_once(world: World) -> None:
    collection, reference = world.client.collection, new_id()
    await collection.request_to_pay(reference, EURO, SOMEBODY, **TEXTS)

    await collection.notify_delivery(reference, "Your order is on its way", language="en")

    with pytest.raises(RateLimited):
        await collection.notify_delivery(reference, "Your order is on its way")


async def test_before_payment_a_notice_is_refused_and_that_is_no_duplicate(world: World) -> None:
    collection, reference = world.client.collection, new_id()
    await collection.request_to_pay(reference, EURO, ONGOING, **TEXTS)

    with pytest.raises(ApiError) as caught:
        await collection.notify_delivery(reference, "Thank you")

    assert (type(caught.value), caught.value.status) == (ApiError, 409)
    assert caught.value.outcome is Outcome.NOT_APPLIED


async def test_a_notice_after_its_time_or_for_nobody_is_refused(world: World) -> None:
    collection, reference = world.client.collection, new_id()
    world.sandbox.settings.notification_window = 60
    await collection.request_to_pay(reference, EURO, SOMEBODY, **TEXTS)
    world.clock.seconds += 61

    with pytest.raises(ApiError, match="410"):
        await collection.notify_delivery(reference, "Thank you")
    with pytest.raises(NotFound):
        await collection.notify_delivery(new_id(), "Thank you")


# --- consent


@pytest.mark.parametrize("product", ["collection", "disbursement", "remittance"])
@pytest.mark.parametrize("scheme", ["bearer", "basic"])
async def test_a_consent_is_asked_for_used_and_renewed(world: World, product: str, scheme: str) -> None:
    world.sandbox.settings.user_info_needs_consent = True
    consent = getattr(world.client, product).consent

    asked = await consent.authorize(SOMEBODY, ["profile"], access_type="offline", valid_seconds=600, scheme=scheme)
    token = await consent.token(asked.auth_req_id)
    again = await consent.refresh(token.refresh_token)

    assert (asked.interval_seconds, token.scope) == (5, "profile")
    assert (await consent.user_info(token.access_token)).phone_number == str(SOMEBODY)
    assert (await consent.user_info(again.access_token)).given_name == "Sand"
    assert token.access_token not in repr((asked, token, again))


async def test_a_consent_that_is_not_given_yet_says_so(world: World) -> None:
    consent = world.client.collection.consent
    asked = await consent.authorize(Msisdn("46733123452"), ["profile"])

    with pytest.raises(BadRequest) as caught:
        await consent.token(asked.auth_req_id)

    assert caught.value.code == "AUTHORIZATION_PENDING"


async def test_an_instruction_travels_in_base64_and_online_consents_are_not_renewed(world: World) -> None:
    consent = world.client.collection.consent
    asked = await consent.authorize(
        SOMEBODY,
        ["pay"],
        scope_instruction={"amount": "5"},
        notification_token="n-1",
        callback_url="https://localhost/c",
    )

    token = await consent.token(asked.auth_req_id)

    assert (token.refresh_token, token.refresh_token_expires_in) == (None, None)


async def test_the_products_own_token_shows_nobody_where_consent_is_needed(world: World) -> None:
    world.sandbox.settings.user_info_needs_consent = True

    with pytest.raises(AuthenticationFailed):
        await world.client.collection.consent.user_info("nobody-gave-this")


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("scopes", {"scopes": []}),
        ("scopes", {"scopes": ["two words"]}),
        ("access_type", {"access_type": "always"}),
        ("valid_seconds", {"valid_seconds": 60}),
        ("valid_seconds", {"access_type": "offline", "valid_seconds": 0}),
        ("notification_token", {"notification_token": "\n"}),
        ("scheme", {"scheme": "digest"}),
        ("msisdn", {"msisdn": "46733123999"}),
        ("callback_url", {"callback_url": "ftp://x"}),
    ],
)
async def test_a_consent_is_asked_for_properly_or_not_at_all(
    world: World, field: str, changes: dict[str, object]
) -> None:
    arguments = {"msisdn": SOMEBODY, "scopes": ["profile"], **changes}

    with pytest.raises(InvalidValue) as caught:
        await world.client.collection.consent.authorize(**arguments)  # type: ignore[arg-type]

    assert caught.value.field == field
    assert not world.sandbox.requests.entries


# --- what is not modelled


async def test_any_other_call_can_be_made_raw(world: World) -> None:
    raw, reference = world.client.disbursement.raw, new_id()
    body = {"amount": "5", "currency": "EUR", "payee": {"partyIdType": "MSISDN", "partyId": "46733123999"}}

    sent = await raw("POST", "/v1_0/transfer", body=body, headers={"X-Reference-Id": reference})
    read = await raw("GET", f"/v1_0/transfer/{reference}")
    form = await raw("POST", "/v1_0/bc-authorize", form={"scope": "x"})

    assert (sent.status, sent.data, sent.body) == (202, None, b"")
    assert (read.status, read.data["status"]) == (200, "SUCCESSFUL")
    assert form.status == 400


async def test_a_raw_call_with_a_dead_token_raises_and_the_next_one_has_another(world: World) -> None:
    await world.client.disbursement.raw("GET", "/v1_0/account/balance")
    world.sandbox.access.revoke_tokens()

    with pytest.raises(AuthenticationFailed):
        await world.client.disbursement.raw("GET", "/v1_0/account/balance")

    assert (await world.client.disbursement.raw("GET", "/v1_0/account/balance")).status == 200


@pytest.mark.parametrize(
    ("field", "arguments"),
    [
        ("method", {"method": "get"}),
        ("path", {"path": "v1_0/x"}),
        ("path", {"path": "/../token/"}),
        ("path", {"path": "//evil.example/"}),
        ("path", {"path": "/a b"}),
        ("headers", {"headers": {"Authorization": "x"}}),
        ("headers[X-Reference-Id]", {"headers": {"X-Reference-Id": "a\r\nb"}}),
        ("form", {"method": "POST", "body": {}, "form": {}}),
        ("body", {"method": "POST", "body": {"amount": Decimal(1)}}),
    ],
)
async def test_a_raw_call_that_cannot_be_sent_is_refused(
    world: World, field: str, arguments: dict[str, object]
) -> None:
    with pytest.raises(InvalidValue) as caught:
        await world.client.disbursement.raw(**{"method": "GET", "path": "/v1_0/x", **arguments})  # type: ignore[arg-type]

    assert caught.value.field == field


async def test_a_party_may_be_more_than_a_number(world: World) -> None:
    reference = new_id()

    await world.client.disbursement.transfer(reference, EURO, Party("EMAIL", "ann@shop.test"), **TEXTS)

    result = await world.client.disbursement.transfer_status(reference)
    assert result.party == Party("EMAIL", "ann@shop.test")

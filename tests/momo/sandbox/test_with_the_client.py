"""The client library against the sandbox, over HTTP and in memory: each is a check on the other."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from momo import (
    ConnectionFailed,
    Credentials,
    DuplicateReference,
    MomoClient,
    MomoError,
    Money,
    Msisdn,
    Outcome,
    Refused,
    ResponseLost,
)
from momo.documented import Client
from momo.sandbox import Sandbox, SandboxServer
from momo.testing import SandboxTransport
from tests.momo.sandbox.world import KEYS, new_id

EURO = Money(Decimal("12.50"), "EUR")
NOTES = {"external_id": "till-1", "payer_message": "Thank you", "payee_note": "Order 7"}


def credentials(sandbox: Sandbox, product: str) -> Credentials:
    return Credentials(*sandbox.provision(product), KEYS[product])


def typed_client(sandbox: Sandbox, url: str = "http://127.0.0.1", **transport: SandboxTransport) -> MomoClient:
    return MomoClient(
        url,
        "sandbox",
        collection=credentials(sandbox, "collection"),
        disbursement=credentials(sandbox, "disbursement"),
        **transport,
    )


@pytest.fixture
async def server() -> AsyncIterator[SandboxServer]:
    server = SandboxServer(Sandbox())
    await server.start()
    yield server
    await server.stop()


async def test_money_comes_in_goes_back_and_goes_out(server: SandboxServer) -> None:
    payment, refund, transfer = new_id(), new_id(), new_id()
    async with typed_client(server.sandbox, server.url) as client:
        await client.collection.request_to_pay(payment, EURO, Msisdn("46733123999"), **NOTES)
        await client.disbursement.refund(refund, EURO, reference_id_to_refund=payment, **NOTES)
        await client.disbursement.transfer(transfer, EURO, Msisdn("46733123998"), **NOTES)

        ends = [
            await client.collection.request_to_pay_status(payment),
            await client.disbursement.refund_status(refund),
            await client.disbursement.transfer_status(transfer),
        ]

    assert [(end.status.word, end.amount) for end in ends] == [("SUCCESSFUL", EURO)] * 3
    assert len(server.sandbox.ledger.effects) == 3


@pytest.mark.parametrize(
    ("fault", "error", "outcome", "effects"),
    [
        ("reset", ResponseLost, Outcome.UNKNOWN, 0),
        ("lose_answer", ResponseLost, Outcome.UNKNOWN, 1),
        ("cut_body", ResponseLost, Outcome.UNKNOWN, 1),
        ("error_after", MomoError, Outcome.UNKNOWN, 1),
        ("html_200", Refused, Outcome.NOT_APPLIED, 0),
        ("duplicate_delivery", None, None, 1),
    ],
)
async def test_the_client_never_calls_applied_what_was_not_or_denies_what_was(
    server: SandboxServer, fault: str, error: type[MomoError] | None, outcome: Outcome | None, effects: int
) -> None:
    server.sandbox.faults.add(fault, operation="transfer")
    raised: MomoError | None = None

    async with typed_client(server.sandbox, server.url) as client:
        try:
            await client.disbursement.transfer(new_id(), EURO, Msisdn("46733123999"), **NOTES)
        except MomoError as problem:
            raised = problem

    assert isinstance(raised, error) if error else raised is None
    assert (raised.outcome if raised else None) is outcome
    assert len(server.sandbox.ledger.effects) == effects


async def test_in_memory_a_refused_connection_is_one_that_never_stood() -> None:
    sandbox = Sandbox()
    sandbox.faults.add("refuse_connection", operation="transfer")

    async with typed_client(sandbox, transport=SandboxTransport(sandbox)) as client:
        with pytest.raises(ConnectionFailed):
            await client.disbursement.transfer(new_id(), EURO, Msisdn("46733123999"), **NOTES)


async def test_in_memory_a_repeat_is_a_duplicate() -> None:
    sandbox, reference = Sandbox(), new_id()

    async with typed_client(sandbox, transport=SandboxTransport(sandbox)) as client:
        await client.disbursement.deposit(reference, EURO, Msisdn("46733123999"), **NOTES)
        with pytest.raises(DuplicateReference):
            await client.disbursement.deposit(reference, EURO, Msisdn("46733123999"), **NOTES)

    assert len(sandbox.ledger.effects_of(reference)) == 1


async def test_the_documented_client_provisions_itself_and_pays(server: SandboxServer) -> None:
    client, key, user, reference = Client(server.url), KEYS["disbursement"], new_id(), new_id()
    body = {
        "amount": "5",
        "currency": "EUR",
        "externalId": reference,
        "payee": {"partyIdType": "MSISDN", "partyId": "46733123999"},
        "payerMessage": "Thank you",
        "payeeNote": "Order 7",
    }

    assert (await client.create_api_user(user, key, "shop.example"))[0]
    _, made = await client.create_api_key(user, key)
    disbursements = client.disbursements(key)
    _, token = await disbursements.create_access_token(client.basic_token(user, made["apiKey"]))
    bearer = client.bearer_token(token["access_token"])
    accepted = await disbursements.transfer(reference, bearer, "sandbox", body)
    ended = await disbursements.get_transfer_status(reference, bearer, "sandbox")
    await client.close()

    assert (accepted.status, ended.status) == (202, 200)
    assert ended[1]["status"] == "SUCCESSFUL"

"""MomoClient against the sandbox, over real HTTP: the ways in which an answer can get lost."""

from decimal import Decimal
from uuid import uuid4

import pytest

from momo import (
    ConnectionFailed,
    Credentials,
    DuplicateReference,
    MalformedResponse,
    MomoClient,
    MomoError,
    Money,
    Msisdn,
    NotFound,
    Outcome,
    ResponseLost,
    Status,
)
from momo.sandbox import Sandbox, SandboxServer

AMOUNT = Money(Decimal("12.50"), "EUR")
DETAILS = {"external_id": "order-1", "payer_message": "rent", "payee_note": "May"}


@pytest.fixture
async def server():
    server = SandboxServer(Sandbox(seed=1))
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def client(server):
    keys = {name: server.sandbox.provision(name) for name in ("collection", "disbursement")}
    credentials = {name: Credentials(*made, name[0] * 32) for name, made in keys.items()}
    async with MomoClient(server.url, "sandbox", **credentials, read_retries=0) as client:
        yield client


async def transfer(client, reference_id, number="46733123777"):
    await client.disbursement.transfer(reference_id, AMOUNT, Msisdn(number), **DETAILS)


async def test_a_transfer_goes_out_and_its_status_comes_back(server, client):
    reference_id = str(uuid4())

    await transfer(client, reference_id)
    result = await client.disbursement.transfer_status(reference_id)

    assert (result.status, result.amount, result.external_id) == (Status.SUCCESSFUL, AMOUNT, "order-1")
    assert result.party.party_id == "46733123777"
    assert len(server.sandbox.ledger.effects) == 1


async def test_a_failed_payment_is_a_result_with_its_reason(client):
    reference_id = str(uuid4())

    await transfer(client, reference_id, "46733123457")
    result = await client.disbursement.transfer_status(reference_id)

    assert (result.status, result.reason.code) == (Status.FAILED, "PAYEE_NOT_FOUND")


async def test_a_payment_asked_for_is_refunded_in_part(client):
    paid, refund = str(uuid4()), str(uuid4())
    await client.collection.request_to_pay(paid, AMOUNT, Msisdn("46733123777"), **DETAILS)

    await client.disbursement.refund(refund, Money(Decimal(5), "EUR"), reference_id_to_refund=paid, **DETAILS)

    assert (await client.collection.request_to_pay_status(paid)).status == Status.SUCCESSFUL
    assert (await client.disbursement.refund_status(refund)).amount == Money(Decimal(5), "EUR")


async def test_a_lost_answer_is_unknown_and_a_repeat_under_the_same_id_moves_nothing(server, client):
    reference_id = str(uuid4())
    server.sandbox.faults.add("lose_answer", operation="transfer")

    with pytest.raises(ResponseLost) as lost:
        await transfer(client, reference_id)
    with pytest.raises(DuplicateReference):
        await transfer(client, reference_id)

    assert lost.value.outcome is Outcome.UNKNOWN
    assert len(server.sandbox.ledger.effects) == 1


@pytest.mark.parametrize("fault", ["reset", "drop_request", "cut_body", "status_500", "status_503"])
async def test_no_broken_answer_to_a_write_claims_that_nothing_happened(server, client, fault):
    server.sandbox.faults.add(fault, operation="transfer")

    with pytest.raises(MomoError) as broken:
        await transfer(client, str(uuid4()))

    assert broken.value.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("fault", ["truncate", "oversized", "html_200"])
async def test_an_unreadable_status_is_an_error_and_no_status(server, client, fault):
    reference_id = str(uuid4())
    await transfer(client, reference_id)
    server.sandbox.faults.add(fault, operation="transfer_status")

    with pytest.raises((MalformedResponse, ResponseLost)) as unreadable:
        await client.disbursement.transfer_status(reference_id)

    assert unreadable.value.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("fault", ["status_400", "status_401", "status_403", "status_429", "html_200"])
async def test_a_refused_write_moves_nothing_and_says_so(server, client, fault):
    reference_id = str(uuid4())
    server.sandbox.faults.add(fault, operation="transfer", count=None)

    with pytest.raises(MomoError) as refused:
        await transfer(client, reference_id)

    assert refused.value.outcome is Outcome.NOT_APPLIED
    with pytest.raises(NotFound):
        await client.disbursement.transfer_status(reference_id)


async def test_a_token_taken_back_costs_a_read_nothing(server, client):
    await client.disbursement.balance()
    server.sandbox.faults.add("status_401", operation="balance")

    assert (await client.disbursement.balance()).available.currency == "EUR"
    assert server.sandbox.requests.count(operation="token") == 2


async def test_a_token_taken_back_costs_a_write_nothing_and_moves_the_money_once(server, client):
    reference_id = str(uuid4())
    server.sandbox.faults.add("status_401", operation="transfer")

    await transfer(client, reference_id)

    assert [effect.reference_id for effect in server.sandbox.ledger.effects] == [reference_id]
    assert server.sandbox.requests.count(operation="transfer") == 2


async def test_without_a_server_nothing_was_applied(server, client):
    await server.stop()

    with pytest.raises(ConnectionFailed) as failed:
        await transfer(client, str(uuid4()))

    assert failed.value.outcome is Outcome.NOT_APPLIED

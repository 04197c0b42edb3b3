"""MomoClient: the typed door as its users see it."""

import json
from decimal import Decimal

import pytest

from momo import (
    AiohttpTransport,
    ApiUser,
    ConfigurationError,
    InvalidValue,
    MomoClient,
    Money,
    Msisdn,
    NotFound,
    Provisioning,
    Status,
)
from tests.momo.recorded import ACCEPTED, BASE_URL, CREDENTIALS, REFERENCE, USER, Recorded, answer, client_of

AMOUNT = Money(Decimal("12.50"), "EUR")
SOMEBODY = Msisdn("46733123453")
DETAILS = {"external_id": "e-1", "payer_message": "rent", "payee_note": "May"}
PENDING = answer(200, {"status": "PENDING"})
SUCCESSFUL = answer(200, {"status": "SUCCESSFUL"})
UNKNOWN_REFERENCE = answer(404, {"code": "RESOURCE_NOT_FOUND"})


@pytest.mark.parametrize(
    ("call", "path", "subject"),
    [
        (
            lambda client: client.collection.request_to_pay(REFERENCE, AMOUNT, SOMEBODY, **DETAILS),
            "/collection/v1_0/requesttopay",
            {"payer": {"partyIdType": "MSISDN", "partyId": "46733123453"}},
        ),
        (
            lambda client: client.disbursement.transfer(REFERENCE, AMOUNT, SOMEBODY, **DETAILS),
            "/disbursement/v1_0/transfer",
            {"payee": {"partyIdType": "MSISDN", "partyId": "46733123453"}},
        ),
        (
            lambda client: client.disbursement.deposit(REFERENCE, AMOUNT, SOMEBODY, **DETAILS),
            "/disbursement/v2_0/deposit",
            {"payee": {"partyIdType": "MSISDN", "partyId": "46733123453"}},
        ),
        (
            lambda client: client.disbursement.refund(REFERENCE, AMOUNT, reference_id_to_refund=USER, **DETAILS),
            "/disbursement/v2_0/refund",
            {"referenceIdToRefund": USER},
        ),
    ],
)
async def test_a_write_sends_what_mtn_documents(call, path, subject):
    transport = Recorded(ACCEPTED)

    assert await call(client_of(transport)) is None

    (request,) = transport.requests
    assert request.url == BASE_URL + path
    assert request.headers["X-Reference-Id"] == REFERENCE
    assert json.loads(request.body) == {
        "amount": "12.5",
        "currency": "EUR",
        "externalId": "e-1",
        "payerMessage": "rent",
        "payeeNote": "May",
        **subject,
    }


async def test_a_callback_address_travels_as_a_header():
    transport = Recorded(ACCEPTED)

    await client_of(transport).disbursement.transfer(
        REFERENCE, AMOUNT, SOMEBODY, **DETAILS, callback_url="https://shop.test/momo/callbacks/t"
    )

    assert transport.requests[0].headers["X-Callback-Url"] == "https://shop.test/momo/callbacks/t"


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda client: client.collection.request_to_pay_status, "/collection/v1_0/requesttopay"),
        (lambda client: client.disbursement.transfer_status, "/disbursement/v1_0/transfer"),
        (lambda client: client.disbursement.deposit_status, "/disbursement/v1_0/deposit"),
        (lambda client: client.disbursement.refund_status, "/disbursement/v1_0/refund"),
    ],
)
async def test_a_status_is_read_from_its_own_path(call, path):
    transport = Recorded(PENDING)

    result = await call(client_of(transport))(REFERENCE)

    assert result.status == Status.PENDING
    assert transport.requests[0].url == f"{BASE_URL}{path}/{REFERENCE}"


async def test_the_account_and_its_holders_can_be_asked_about():
    balance = {"availableBalance": "10", "currency": "EUR"}
    holder = {"given_name": "Sand", "family_name": "Box"}
    replies = [answer(200, body) for body in (balance, holder, {"result": False}, holder)]
    disbursement = client_of(Recorded(*replies)).disbursement

    assert (await disbursement.balance("EUR")).available == Money(Decimal(10), "EUR")
    assert (await disbursement.basic_user_info(SOMEBODY)).full_name == "Sand Box"
    assert await disbursement.is_active(SOMEBODY) is False
    assert (await disbursement.consent.user_info("consented")).given_name == "Sand"
    with pytest.raises(InvalidValue, match="consent_token") as caught:
        await disbursement.consent.user_info("secret\n")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("reference_id", {"reference_id": "1"}),
        ("amount", {"amount": Money(Decimal(0), "EUR")}),
        ("amount", {"amount": Money(Decimal(-1), "EUR")}),
        ("external_id", {"external_id": "with space"}),
        ("external_id", {"external_id": ""}),
        ("payer_message", {"payer_message": "it's"}),
        ("payee_note", {"payee_note": ""}),
        ("callback_url", {"callback_url": "ftp://shop.test"}),
    ],
)
async def test_a_wrong_value_is_refused_before_anything_is_sent(field, changed):
    transport = Recorded(ACCEPTED)
    arguments = {"reference_id": REFERENCE, "amount": AMOUNT, "payee": SOMEBODY, **DETAILS, **changed}

    with pytest.raises(InvalidValue) as caught:
        await client_of(transport).disbursement.transfer(**arguments)

    assert caught.value.field == field
    assert (transport.tokens, transport.requests) == (0, [])


async def test_a_refund_names_the_payment_by_a_uuid():
    with pytest.raises(InvalidValue, match="reference_id_to_refund"):
        await client_of(Recorded(ACCEPTED)).disbursement.refund(
            REFERENCE, AMOUNT, reference_id_to_refund="1", **DETAILS
        )


async def test_each_product_has_a_token_of_its_own():
    transport = Recorded(PENDING)
    client = client_of(transport)

    await client.collection.request_to_pay_status(REFERENCE)
    await client.disbursement.transfer_status(REFERENCE)

    assert [request.headers["Authorization"] for request in transport.requests] == ["Bearer token-1", "Bearer token-2"]


async def test_a_product_without_credentials_says_so():
    client = MomoClient(BASE_URL, "sandbox", collection=CREDENTIALS, transport=Recorded(PENDING))

    with pytest.raises(ConfigurationError, match="disbursement"):
        _ = client.disbursement


@pytest.mark.parametrize(
    "url", ["", "momo.test", "ftp://momo.test", "https://", "https://momo.test/?a=b", "http://x y"]
)
def test_an_address_that_cannot_work_is_a_configuration_error(url):
    with pytest.raises(ConfigurationError, match="base URL"):
        MomoClient(url, "sandbox", transport=Recorded(PENDING))


def test_an_environment_that_cannot_stand_in_a_header_is_a_configuration_error():
    with pytest.raises(ConfigurationError, match="target"):
        MomoClient(BASE_URL, "sand\nbox", collection=CREDENTIALS, transport=Recorded(PENDING))


async def test_a_slash_at_the_end_of_the_address_does_no_harm():
    transport = Recorded(PENDING)
    client = MomoClient(f"{BASE_URL}/", "sandbox", collection=CREDENTIALS, transport=transport)

    await client.collection.request_to_pay_status(REFERENCE)

    assert transport.requests[0].url == f"{BASE_URL}/collection/v1_0/requesttopay/{REFERENCE}"


async def test_leaving_the_client_closes_its_transport():
    transport = Recorded(PENDING)

    async with client_of(transport):
        pass

    assert transport.closed == 1


async def test_a_client_needs_no_transport_to_be_made_and_closed():
    async with MomoClient(BASE_URL, "sandbox") as client:
        assert isinstance(client._transport, AiohttpTransport)


# --- waiting


async def test_waiting_goes_on_until_the_status_is_final():
    client = client_of(Recorded(UNKNOWN_REFERENCE, PENDING, SUCCESSFUL))

    result = await client.wait_until_final(client.disbursement.transfer_status, REFERENCE, timeout_seconds=60)

    assert result.status == Status.SUCCESSFUL


async def test_waiting_ends_with_the_last_answer_when_time_is_over():
    transport = Recorded(PENDING)
    client = client_of(transport)

    result = await client.wait_until_final(client.disbursement.transfer_status, REFERENCE, timeout_seconds=12)

    assert result.status == Status.PENDING
    assert len(transport.requests) == 12


async def test_waiting_for_what_mtn_never_knew_ends_in_not_found():
    client = client_of(Recorded(UNKNOWN_REFERENCE))

    with pytest.raises(NotFound):
        await client.wait_until_final(client.disbursement.transfer_status, REFERENCE, timeout_seconds=12)


# --- provisioning


async def test_an_api_user_is_made_read_and_given_a_key():
    created, key = answer(201), answer(201, {"apiKey": "k"})
    user = answer(200, {"providerCallbackHost": "shop.test", "targetEnvironment": "sandbox"})
    provisioning = Provisioning(BASE_URL, "d" * 32, Recorded(created, user, key))

    await provisioning.create_api_user(USER, "shop.test")

    assert await provisioning.get_api_user(USER) == ApiUser("shop.test", "sandbox")
    assert await provisioning.create_api_key(USER) == "k"

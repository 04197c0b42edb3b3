"""The documented door: names, parameters and order of the page, pairs as answers, checks before anything is sent."""

import inspect
import json
from decimal import Decimal

import pytest

from momo import HttpResponse, InvalidValue, ResponseLost
from momo.documented import LIVE, SANDBOX, Answer, Client, Collection, Disbursements
from tests.momo.recorded import ACCEPTED, BASE_URL, GATEWAY_401, PAGE, REFERENCE, USER, Recorded, answer

BASIC = "Basic dXNlcjprZXk="
BEARER = "Bearer abc.def"
PARTY = {"partyIdType": "MSISDN", "partyId": "46733123453"}
TRANSFER = {"amount": "5", "currency": "EUR", "externalId": "1", "payerMessage": "a", "payeeNote": "b"}

DISBURSEMENTS_PAGE = {
    "create_access_token": "authorization",
    "get_account_balance": "authorization target",
    "get_account_balance_in": "currency authorization target",
    "get_basic_user_info": "msisdn authorization target",
    "ask_user_info": "authorization target",
    "deposit": "uuid authorization target body url_callback",
    "transfer": "uuid authorization target body url_callback",
    "refund": "uuid authorization target body url_callback",
    "get_deposit_status": "uuid authorization target",
    "get_transfer_status": "uuid authorization target",
    "get_refund_status": "uuid authorization target",
    "isActive": "account account_type authorization target",
}
COLLECTION_PAGE = {
    "create_access_token": "authorization",
    "get_account_balance": "authorization target",
    "get_account_balance_in": "authorization currency target",
    "get_basic_user_info": "authorization msisdn target",
    "ask_user_info": "authorization target",
    "request_to_pay": "authorization uuid target body callback",
    "get_request_to_pay_status": "authorization uuid target",
    "withdraw": "authorization uuid target body callback",
    "get_withdraw_status": "authorization uuid target",
    "isActive": "account account_type authorization target",
}
PAGES = [(Disbursements, *row) for row in DISBURSEMENTS_PAGE.items()] + [
    (Collection, *row) for row in COLLECTION_PAGE.items()
]


def world(*replies):
    transport = Recorded(*replies)
    client = Client(BASE_URL, transport=transport)
    return client.disbursements("d" * 32), transport


# --- the page


@pytest.mark.parametrize(("kind", "name", "parameters"), PAGES)
def test_every_documented_method_has_its_parameters_in_order(kind, name, parameters):
    method = getattr(kind, name)

    assert inspect.iscoroutinefunction(method)
    assert list(inspect.signature(method).parameters)[1:] == parameters.split()


def test_is_active_has_an_alias():
    assert Disbursements.is_active is Disbursements.isActive


def test_tokens_ids_and_products_are_plain_functions():
    client = Client(transport=Recorded(ACCEPTED))

    assert client.basic_token("user", "key") == BASIC
    assert client.bearer_token("abc.def") == BEARER
    assert client.get_reference_id() != client.get_reference_id()
    assert isinstance(client.collection("c"), Collection)


async def test_the_host_is_live_until_is_sandbox_is_called():
    client = Client(transport=Recorded(ACCEPTED))

    assert client.base_url == LIVE == "https://proxy.momoapi.mtn.com"
    assert client.is_sandbox() is True
    assert client.base_url == SANDBOX == "https://sandbox.momodeveloper.mtn.com"


async def test_products_handed_out_before_follow_to_the_sandbox():
    transport = Recorded(answer(200, {}))
    client = Client(transport=transport)
    disbursements = client.disbursements("d" * 32)

    client.is_sandbox()
    await disbursements.get_account_balance(BEARER, "sandbox")

    assert transport.requests[0].url.startswith(SANDBOX)


def test_an_address_that_was_given_stays():
    client = Client(f"{BASE_URL}/", transport=Recorded(ACCEPTED))
    client.is_sandbox()

    assert client.base_url == BASE_URL


# --- answers


def test_an_answer_is_a_pair_with_a_status_and_a_truth():
    ok, data = refused = Answer(False, {"code": "X"}, 400)

    assert (ok, data, refused.status, len(refused)) == (False, {"code": "X"}, 400, 2)
    assert not refused
    assert Answer(True, None, 202)


async def test_a_successful_read_gives_the_body():
    disbursements, transport = world(answer(200, {"availableBalance": "1", "currency": "EUR"}))

    result = await disbursements.get_account_balance_in("EUR", BEARER, "sandbox")

    assert result == (True, {"availableBalance": "1", "currency": "EUR"})
    assert result.status == 200
    assert transport.requests[0].headers["Authorization"] == BEARER


async def test_an_accepted_write_gives_none():
    disbursements, _ = world(ACCEPTED)

    assert await disbursements.transfer(REFERENCE, BEARER, "sandbox", TRANSFER | {"payee": PARTY}) == (True, None)


@pytest.mark.parametrize("status", [200, 201, 400, 409, 500])
async def test_a_write_succeeds_with_202_alone(status):
    disbursements, _ = world(answer(status, {"code": "X"}))

    result = await disbursements.transfer(REFERENCE, BEARER, "sandbox", TRANSFER)

    assert (result, result.status) == ((False, {"code": "X"}), status)


async def test_a_page_in_place_of_an_answer_is_no_success():
    disbursements, _ = world(PAGE)

    ok, data = await disbursements.get_account_balance(BEARER, "sandbox")

    assert (ok, data) == (False, PAGE.body.decode())


@pytest.mark.parametrize("response", [answer(500, {"error": "login_failed"}), GATEWAY_401, answer(400)])
async def test_a_refusal_gives_its_body(response):
    disbursements, _ = world(response)

    ok, data = await disbursements.get_account_balance(BEARER, "sandbox")

    assert ok is False
    assert data == (json.loads(response.body) if response.body else None)


async def test_fractions_are_decimals():
    disbursements, _ = world(HttpResponse(200, {}, b'{"credit_score": 0.1}'))

    assert await disbursements.ask_user_info(BEARER, "sandbox") == (True, {"credit_score": Decimal("0.1")})


async def test_no_answer_raises():
    disbursements, transport = world(ResponseLost("lost"))

    with pytest.raises(ResponseLost):
        await disbursements.get_account_balance(BEARER, "sandbox")

    assert len(transport.requests) == 1


async def test_a_token_is_asked_for_with_basic_and_no_body():
    transport = Recorded()
    ok, data = await Client(BASE_URL, transport=transport).collection("c" * 32).create_access_token(BASIC)

    assert ok
    assert data["access_token"] == "token-1"


# --- bodies


async def sent(method, body):
    disbursements, transport = world(ACCEPTED)
    await getattr(disbursements, method)(REFERENCE, BEARER, "sandbox", body, "https://shop.test/hook")
    return json.loads(transport.requests[0].body)


@pytest.mark.parametrize("role", ["payer", "payee"])
@pytest.mark.parametrize("method", ["deposit", "transfer"])
async def test_payer_or_payee_is_taken_and_payee_is_sent(method, role):
    assert await sent(method, TRANSFER | {role: PARTY}) == TRANSFER | {"payee": PARTY}


async def test_a_request_to_pay_sends_payer():
    transport = Recorded(ACCEPTED)
    collection = Client(BASE_URL, transport=transport).collection("c" * 32)

    await collection.request_to_pay(BEARER, REFERENCE, "sandbox", TRANSFER | {"payer": PARTY})

    assert json.loads(transport.requests[0].body) == TRANSFER | {"payer": PARTY}


async def test_a_refund_is_sent_as_given():
    assert await sent("refund", TRANSFER | {"referenceIdToRefund": "1"}) == TRANSFER | {"referenceIdToRefund": "1"}


async def test_a_number_loses_its_plus():
    body = await sent("transfer", {"payee": {"partyIdType": "MSISDN", "partyId": "+46733123453"}})

    assert body["payee"] == PARTY


@pytest.mark.parametrize(("kind", "party_id"), [("EMAIL", "a@b.test"), ("PARTY_CODE", USER)])
async def test_other_kinds_of_party_are_sent_as_they_are(kind, party_id):
    party = {"partyIdType": kind, "partyId": party_id}

    assert await sent("transfer", {"payee": party}) == {"payee": party}


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("body", None),
        ("body", {"payee": "46733123453"}),
        ("body", {"payee": PARTY, "payer": PARTY | {"partyId": "46733123454"}}),
        ("body.amount", {"amount": 5.5}),
        ("body.amount", {"amount": None}),
        ("partyIdType", {"payee": {"partyIdType": "msisdn", "partyId": "46733123453"}}),
        ("partyIdType", {"payee": {}}),
        ("partyId", {"payee": {"partyIdType": "MSISDN", "partyId": "0733"}}),
        ("partyId", {"payee": {"partyIdType": "MSISDN"}}),
        ("partyId", {"payee": {"partyIdType": "EMAIL", "partyId": "nobody"}}),
        ("partyId", {"payee": {"partyIdType": "PARTY_CODE", "partyId": "1"}}),
    ],
)
async def test_a_body_that_cannot_be_right_is_not_sent(field, body):
    disbursements, transport = world(ACCEPTED)

    with pytest.raises(InvalidValue) as caught:
        await disbursements.transfer(REFERENCE, BEARER, "sandbox", body)

    assert caught.value.field == field
    assert transport.requests == []


# --- checks before anything is sent


@pytest.mark.parametrize(
    ("field", "call"),
    [
        ("authorization", lambda d: d.create_access_token("Bearer abc")),
        ("authorization", lambda d: d.create_access_token("Basic ")),
        ("authorization", lambda d: d.get_account_balance(BASIC, "sandbox")),
        ("authorization", lambda d: d.transfer(REFERENCE, "abc", "sandbox", TRANSFER)),
        ("uuid", lambda d: d.transfer("1", BEARER, "sandbox", TRANSFER)),
        ("uuid", lambda d: d.get_refund_status("6ba7b810-9dad-11d1-80b4-00c04fd430c8", BEARER, "sandbox")),
        ("url_callback", lambda d: d.transfer(REFERENCE, BEARER, "sandbox", TRANSFER, "shop.test")),
        ("currency", lambda d: d.get_account_balance_in("euro", BEARER, "sandbox")),
        ("msisdn", lambda d: d.get_basic_user_info("0733", BEARER, "sandbox")),
        ("account_type", lambda d: d.isActive("46733123453", "MSISDN", BEARER, "sandbox")),
        ("account", lambda d: d.isActive("0733", "msisdn", BEARER, "sandbox")),
        ("authorization", lambda d: d.isActive("46733123453", target="sandbox")),
        ("target", lambda d: d.isActive("46733123453", authorization=BEARER)),
        ("target", lambda d: d.get_account_balance(BEARER, "")),
    ],
)
async def test_a_wrong_argument_is_named_and_nothing_is_sent(field, call):
    disbursements, transport = world(ACCEPTED)

    with pytest.raises(InvalidValue) as caught:
        await call(disbursements)

    assert caught.value.field == field
    assert "abc" not in str(caught.value)
    assert (transport.requests, transport.tokens) == ([], 0)


@pytest.mark.parametrize("call", ["create_api_user", "get_api_user", "create_api_key"])
async def test_provisioning_checks_its_uuid(call):
    client = Client(BASE_URL, transport=Recorded(ACCEPTED))

    with pytest.raises(InvalidValue, match="uuid"):
        await getattr(client, call)("1", "d" * 32)


# --- provisioning


@pytest.mark.parametrize(
    ("given", "host"), [(None, "localhost"), ("shop.test", "shop.test"), ("https://shop.test:8443/hook", "shop.test")]
)
async def test_an_api_user_is_made_with_a_callback_host(given, host):
    transport = Recorded(answer(201))

    result = await Client(BASE_URL, transport=transport).create_api_user(USER, "d" * 32, given)

    assert (result, result.status) == ((True, None), 201)
    assert json.loads(transport.requests[0].body) == {"providerCallbackHost": host}


async def test_users_are_read_and_keys_made():
    transport = Recorded(answer(200, {"targetEnvironment": "sandbox"}), answer(201, {"apiKey": "k"}))

    async with Client(BASE_URL, transport=transport) as client:
        assert await client.get_api_user(USER, "d" * 32) == (True, {"targetEnvironment": "sandbox"})
        assert await client.create_api_key(USER, "d" * 32) == (True, {"apiKey": "k"})

    assert transport.closed == 1

"""Every documented method against the sandbox, over real HTTP."""

import asyncio

import pytest

from momo.documented import Client
from momo.sandbox import Sandbox, SandboxServer

TARGET = "sandbox"
NUMBER = "46733123777"
PARTY = {"partyIdType": "MSISDN", "partyId": NUMBER}
KEYS = {"collection": "c" * 32, "disbursements": "d" * 32}


def body_of(amount="5", **subject):
    texts = {"externalId": "order-1", "payerMessage": "rent", "payeeNote": "May"}
    return {"amount": amount, "currency": "EUR", **texts, **subject}


@pytest.fixture
async def client():
    server = SandboxServer(Sandbox(seed=1))
    await server.start()
    async with Client(server.url) as client:
        yield client
    await server.stop()


async def signed_in(client, product):
    """The calls of a product and a Bearer token for them, both come by as the page describes."""
    user, key = client.get_reference_id(), KEYS[product]
    assert await client.create_api_user(user, key, "shop.test")
    _, made = await client.create_api_key(user, key)
    calls = getattr(client, product)(key)
    _, token = await calls.create_access_token(client.basic_token(user, made["apiKey"]))
    return calls, client.bearer_token(token["access_token"])


@pytest.fixture
async def disbursements(client):
    return await signed_in(client, "disbursements")


@pytest.fixture
async def collection(client):
    return await signed_in(client, "collection")


# --- the entry


async def test_an_api_user_is_made_and_read(client):
    user = client.get_reference_id()

    made = await client.create_api_user(user, KEYS["collection"], "https://shop.test/hook")
    again = await client.create_api_user(user, KEYS["collection"], "https://shop.test/hook")
    ok, data = await client.get_api_user(user, KEYS["collection"])

    assert (made, made.status) == ((True, None), 201)
    assert (again[0], again[1]["code"], again.status) == (False, "RESOURCE_ALREADY_EXIST", 409)
    assert (ok, data["providerCallbackHost"], data["targetEnvironment"]) == (True, "shop.test", "sandbox")


@pytest.mark.parametrize("product", KEYS)
async def test_a_token_comes_with_its_type_and_life(client, product):
    user = client.get_reference_id()
    await client.create_api_user(user, KEYS[product])
    _, made = await client.create_api_key(user, KEYS[product])
    calls = getattr(client, product)(KEYS[product])

    ok, data = await calls.create_access_token(client.basic_token(user, made["apiKey"]))
    refused = await calls.create_access_token(client.basic_token(user, "wrong"))

    assert ok
    assert (set(data), data["expires_in"]) == ({"access_token", "token_type", "expires_in"}, 3600)
    assert (refused, refused.status) == ((False, {"error": "login_failed"}), 500)


# --- what both products have


@pytest.mark.parametrize("product", KEYS)
async def test_the_account_and_its_holders_can_be_asked_about(client, product):
    calls, bearer = await signed_in(client, product)

    balance = await calls.get_account_balance(bearer, TARGET)
    user = await calls.ask_user_info(bearer, TARGET)
    active = await calls.isActive(NUMBER, "msisdn", bearer, TARGET)
    alias = await calls.is_active("somebody@shop.test", "email", bearer, TARGET)

    assert (balance[0], balance[1]["currency"]) == (True, "EUR")
    assert (user[0], user[1]["given_name"]) == (True, "Sand")
    assert active == alias == (True, {"result": True})


async def test_disbursements_balances_and_names_take_the_authorization_second(disbursements):
    calls, bearer = disbursements

    balance = await calls.get_account_balance_in("EUR", bearer, TARGET)
    name = await calls.get_basic_user_info(NUMBER, bearer, TARGET)

    assert (balance[0], balance[1]["currency"]) == (True, "EUR")
    assert (name[0], name[1]["given_name"], name[1]["family_name"]) == (True, "Sand", "Box")


async def test_collection_balances_and_names_take_the_authorization_first(collection):
    calls, bearer = collection

    balance = await calls.get_account_balance_in(bearer, "EUR", TARGET)
    name = await calls.get_basic_user_info(bearer, NUMBER, TARGET)

    assert (balance[0], balance[1]["currency"]) == (True, "EUR")
    assert (name[0], name[1]["given_name"]) == (True, "Sand")


# --- money out


@pytest.mark.parametrize("kind", ["transfer", "deposit"])
@pytest.mark.parametrize("role", ["payer", "payee"])
async def test_money_is_sent_and_its_status_read(client, disbursements, kind, role):
    calls, bearer = disbursements
    uuid = client.get_reference_id()

    sent = await getattr(calls, kind)(uuid, bearer, TARGET, body_of("12.50", **{role: PARTY}))
    ok, data = await getattr(calls, f"get_{kind}_status")(uuid, bearer, TARGET)

    assert (sent, sent.status) == ((True, None), 202)
    assert ok
    assert (data["status"], data["amount"], data["payee"]) == ("SUCCESSFUL", "12.5", PARTY)
    assert ("financialTransactionId" in data) is (kind == "transfer")


async def test_a_payment_is_refunded_in_part(client, collection, disbursements):
    incoming, incoming_bearer = collection
    outgoing, outgoing_bearer = disbursements
    paid, refund = client.get_reference_id(), client.get_reference_id()
    await incoming.request_to_pay(incoming_bearer, paid, TARGET, body_of("20", payer=PARTY))

    sent = await outgoing.refund(refund, outgoing_bearer, TARGET, body_of("5", referenceIdToRefund=paid))
    ok, data = await outgoing.get_refund_status(refund, outgoing_bearer, TARGET)

    assert sent == (True, None)
    assert (ok, data["status"], data["amount"], data["payee"]) == (True, "SUCCESSFUL", "5", PARTY)


async def test_the_callback_host_must_be_the_registered_one(client, disbursements):
    calls, bearer = disbursements
    body = body_of(payee=PARTY)

    wrong = await calls.transfer(client.get_reference_id(), bearer, TARGET, body, "https://other.test/hook")

    assert (wrong[0], wrong[1]["code"], wrong.status) == (False, "INVALID_CALLBACK_URL_HOST", 500)


# --- money in


@pytest.mark.parametrize("kind", ["request_to_pay", "withdraw"])
async def test_money_is_asked_for_and_its_status_read(client, collection, kind):
    calls, bearer = collection
    uuid = client.get_reference_id()

    sent = await getattr(calls, kind)(bearer, uuid, TARGET, body_of("20", payer=PARTY))
    ok, data = await getattr(calls, f"get_{kind}_status")(bearer, uuid, TARGET)

    assert (sent, sent.status) == ((True, None), 202)
    assert (ok, data["status"], data["amount"], data["payer"]) == (True, "SUCCESSFUL", "20", PARTY)


# --- refusals


async def test_a_used_reference_is_refused(client, disbursements):
    calls, bearer = disbursements
    uuid = client.get_reference_id()
    await calls.transfer(uuid, bearer, TARGET, body_of(payee=PARTY))

    again = await calls.transfer(uuid, bearer, TARGET, body_of(payee=PARTY))

    assert (again[0], again[1]["code"], again.status) == (False, "RESOURCE_ALREADY_EXIST", 409)


async def test_the_firewalls_page_is_a_refusal_although_its_status_is_200(client, disbursements):
    calls, bearer = disbursements
    uuid = client.get_reference_id()

    refused = await calls.transfer(uuid, bearer, TARGET, body_of(payee=PARTY) | {"payeeNote": "#1 (one)"})
    status = await calls.get_transfer_status(uuid, bearer, TARGET)

    assert (refused[0], refused.status) == (False, 200)
    assert "<html" in refused[1].lower()
    assert (status[0], status[1]["code"], status.status) == (False, "RESOURCE_NOT_FOUND", 404)


@pytest.mark.parametrize(
    ("target", "token", "status"), [("mtnuganda", None, 500), (TARGET, "Bearer forged", 401)], ids=["target", "token"]
)
async def test_a_wrong_target_or_token_is_refused(disbursements, target, token, status):
    calls, bearer = disbursements

    refused = await calls.get_account_balance(token or bearer, target)

    assert (refused[0], refused.status) == (False, status)


async def test_a_wrong_subscription_key_is_refused_by_the_gateway(client, disbursements):
    _, bearer = disbursements

    refused = await client.disbursements("f" * 32).get_account_balance(bearer, TARGET)

    assert (refused[0], refused[1]["statusCode"], refused.status) == (False, 401, 401)


# --- side by side


async def test_thirty_calls_at_once_give_thirty_right_answers(client, disbursements):
    calls, bearer = disbursements
    amounts = {client.get_reference_id(): str(amount) for amount in range(1, 31)}

    sent = await asyncio.gather(
        *(calls.transfer(uuid, bearer, TARGET, body_of(amount, payee=PARTY)) for uuid, amount in amounts.items())
    )
    read = await asyncio.gather(*(calls.get_transfer_status(uuid, bearer, TARGET) for uuid in amounts))

    assert sent == [(True, None)] * 30
    assert [(ok, data["amount"]) for ok, data in read] == [(True, amount) for amount in amounts.values()]


async def test_different_calls_at_once_get_their_own_answers(client, disbursements):
    calls, bearer = disbursements

    answers = await asyncio.gather(
        *[calls.get_account_balance(bearer, TARGET) for _ in range(10)],
        *[calls.get_basic_user_info(NUMBER, bearer, TARGET) for _ in range(10)],
        *[calls.get_transfer_status(client.get_reference_id(), bearer, TARGET) for _ in range(10)],
    )

    assert all("availableBalance" in data for _, data in answers[:10])
    assert all("given_name" in data for _, data in answers[10:20])
    assert all(data["code"] == "RESOURCE_NOT_FOUND" for _, data in answers[20:])

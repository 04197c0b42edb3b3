"""Subscription keys, tokens and target environment: who gets through, and how the others are told."""

import pytest

from tests.momo.sandbox.world import KEYS, World, data, new_id, order

BALANCE = "/disbursement/v1_0/account/balance"


async def test_a_missing_subscription_key_gets_the_gateways_401() -> None:
    world = World()
    headers = await world.bearer("disbursement")
    del headers["Ocp-Apim-Subscription-Key"]

    reply = await world.send("GET", BALANCE, headers)

    assert reply.status == 401
    assert data(reply)["statusCode"] == 401
    assert data(reply)["message"].startswith("Access denied due to missing subscription key")


@pytest.mark.parametrize("key", ["f" * 32, KEYS["collection"]])
async def test_the_key_of_another_product_gets_the_gateways_401(key: str) -> None:
    world = World()

    reply = await world.get("disbursement", "v1_0/account/balance", **{"Ocp-Apim-Subscription-Key": key})

    assert reply.status == 401
    assert data(reply)["message"].startswith("Access denied due to invalid subscription key")


async def test_the_subscription_key_may_come_in_the_query() -> None:
    world = World()
    headers = await world.bearer("disbursement")
    key = headers.pop("Ocp-Apim-Subscription-Key")

    assert (await world.send("GET", f"{BALANCE}?subscription-key={key}", headers)).status == 200


async def test_header_names_may_be_in_any_case() -> None:
    world = World()
    headers = {name.upper(): value for name, value in (await world.bearer("disbursement")).items()}

    assert (await world.send("GET", BALANCE, headers)).status == 200


async def test_a_token_is_answered_with_its_lifetime() -> None:
    reply = await World(token_lifetime=7).token("collection")

    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    assert data(reply)["expires_in"] == 7
    assert data(reply)["token_type"] == "access_token"


async def test_a_wrong_api_key_is_a_500_login_failed() -> None:
    world = World()

    reply = await world.send("POST", "/collection/token/", world.basic("collection", "wrong"))

    assert (reply.status, data(reply)) == (500, {"error": "login_failed"})


@pytest.mark.parametrize("header", ["", "Basic %%%", "Bearer abc"])
async def test_a_token_needs_basic_credentials(header: str) -> None:
    world = World()
    headers = {**world.basic("collection"), "Authorization": header}

    assert (await world.send("POST", "/collection/token/", headers)).status == 401


@pytest.mark.parametrize("body", [b"{}", b"null"])
async def test_a_body_on_the_token_call_is_a_400_unless_switched_off(body: bytes) -> None:
    strict, lenient = World(), World(refuse_token_body=False)

    refused = await strict.send("POST", "/collection/token/", strict.basic("collection"), body)
    accepted = await lenient.send("POST", "/collection/token/", lenient.basic("collection"), body)

    assert (refused.status, accepted.status) == (400, 200)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer unknown", "unknown"])
async def test_an_unknown_token_is_a_401_of_another_shape(header: str) -> None:
    reply = await World().get("disbursement", "v1_0/account/balance", Authorization=header)

    assert reply.status == 401
    assert "error" in data(reply)


async def test_a_token_of_another_product_is_a_401() -> None:
    world = World(users_bound_to_product=False)
    collection = await world.bearer("collection")

    reply = await world.get("disbursement", "v1_0/account/balance", Authorization=collection["Authorization"])

    assert reply.status == 401


async def test_a_token_ends_with_its_lifetime() -> None:
    world = World(token_lifetime=60)
    await world.bearer("disbursement")

    await world.clock.sleep(59.9)
    before = await world.get("disbursement", "v1_0/account/balance")
    await world.clock.sleep(0.1)
    after = await world.get("disbursement", "v1_0/account/balance")

    assert (before.status, after.status) == (200, 401)


async def test_an_older_token_lives_on_beside_a_newer() -> None:
    world = World()
    await world.bearer("disbursement")

    await world.token("disbursement")

    assert (await world.get("disbursement", "v1_0/account/balance")).status == 200


@pytest.mark.parametrize("target", ["mtnuganda", "Sandbox", ""])
async def test_another_target_environment_is_a_500(target: str) -> None:
    reply = await World().get("disbursement", "v1_0/account/balance", **{"X-Target-Environment": target})

    assert reply.status == 500
    assert data(reply)["code"] == "NOT_ALLOWED_TARGET_ENVIRONMENT"


async def test_a_missing_target_environment_is_a_500_and_creates_nothing() -> None:
    world = World()
    headers = {**await world.bearer("disbursement"), "X-Reference-Id": new_id()}
    del headers["X-Target-Environment"]

    reply = await world.send("POST", "/disbursement/v1_0/transfer", headers, order("payee"))

    assert data(reply)["code"] == "NOT_ALLOWED_TARGET_ENVIRONMENT"
    assert not world.sandbox.transactions


async def test_a_user_of_one_product_gets_a_token_of_another_but_no_more() -> None:
    world = World()
    world.users["disbursement"] = world.users["collection"]

    token = await world.token("disbursement")
    balance = await world.get("disbursement", "v1_0/account/balance")

    assert token.status == 200
    assert (balance.status, data(balance)["code"]) == (500, "NOT_ALLOWED_TARGET_ENVIRONMENT")


async def test_one_user_serves_all_products_if_switched_so() -> None:
    world = World(users_bound_to_product=False)
    world.users["disbursement"] = world.users["collection"]

    assert (await world.get("disbursement", "v1_0/account/balance")).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/disbursement/v2_0/transfer"),
        ("GET", "/disbursement/v2_0/deposit/5b1c8a6e-6c0e-4b46-8b6c-0a1f0f1f0f1f"),
        ("GET", "/disbursement/v1_0/account/balance/"),
        ("POST", "/disbursement/token"),
        ("DELETE", "/disbursement/v1_0/transfer"),
        ("GET", "/"),
    ],
)
async def test_a_path_that_mtn_does_not_have_gets_the_gateways_404(method: str, path: str) -> None:
    world = World()

    reply = await world.send(method, path, await world.bearer("disbursement"))

    assert reply.status == 404
    assert data(reply)["statusCode"] == 404


async def test_an_api_user_that_nobody_made_is_a_500_login_failed() -> None:
    world = World()
    world.users["collection"] = world.users["collection"]._replace(api_user=new_id())

    reply = await world.token("collection")

    assert (reply.status, data(reply)) == (500, {"error": "login_failed"})

"""API users and their keys, as MTN's sandbox provisions them."""

import pytest

from momo.wire import HttpResponse
from tests.momo.sandbox.world import KEYS, World, data, new_id

KEY = {"Ocp-Apim-Subscription-Key": KEYS["collection"]}


async def create(world: World, user: str, body: object = None) -> HttpResponse:
    host = {"providerCallbackHost": "shop.example"} if body is None else body
    return await world.send("POST", "/v1_0/apiuser", {**KEY, "X-Reference-Id": user}, host)


async def test_a_new_api_user_is_answered_with_an_empty_201() -> None:
    world, user = World(), new_id()

    reply = await create(world, user)

    assert (reply.status, reply.body) == (201, b"")
    shown = data(await world.send("GET", f"/v1_0/apiuser/{user}", KEY))
    assert shown == {"providerCallbackHost": "shop.example", "targetEnvironment": "sandbox"}


async def test_the_same_api_user_twice_is_a_conflict() -> None:
    world, user = World(), new_id()
    await create(world, user)

    reply = await create(world, user)

    assert reply.status == 409
    assert data(reply)["code"] == "RESOURCE_ALREADY_EXIST"


VERSION_1, VERSION_4 = "0d4a3f62-0000-11f1-8000-02fc00000001", "0d4a3f62-0000-4000-8000-02fc00000001"


@pytest.mark.parametrize("user", ["", "no-uuid", VERSION_1, VERSION_4.replace("-", "")])
async def test_an_api_user_needs_a_uuid_of_version_4(user: str) -> None:
    assert (await create(World(), user)).status == 400


@pytest.mark.parametrize("host", ["", None])
async def test_an_api_user_needs_a_callback_host(host: str | None) -> None:
    reply = await create(World(), new_id(), {"providerCallbackHost": host})

    assert reply.status == 400


@pytest.mark.parametrize("body", [b"", b"no json", b"[]"])
async def test_an_api_user_needs_a_json_object(body: bytes) -> None:
    assert (await create(World(), new_id(), body)).status == 400


async def test_a_new_api_key_kills_the_one_before() -> None:
    world = World()
    user, old_key = world.users["collection"]

    reply = await world.send("POST", f"/v1_0/apiuser/{user}/apikey", KEY)

    new_key = data(reply)["apiKey"]
    assert reply.status == 201
    by_old = await world.send("POST", "/collection/token/", world.basic("collection", old_key))
    by_new = await world.send("POST", "/collection/token/", world.basic("collection", new_key))
    assert (by_old.status, by_new.status) == (500, 200)


@pytest.mark.parametrize("body", [b"{}", b"null", b'{"providerCallbackHost": "x"}'])
async def test_a_body_on_the_api_key_call_is_ignored(body: bytes) -> None:
    world = World()
    path = f"/v1_0/apiuser/{world.users['collection'].api_user}/apikey"

    assert (await world.send("POST", path, KEY, body)).status == 201


async def test_an_unknown_api_user_is_not_found() -> None:
    world, path = World(), f"/v1_0/apiuser/{new_id()}"

    shown = await world.send("GET", path, KEY)
    key = await world.send("POST", f"{path}/apikey", KEY)

    assert (shown.status, key.status) == (404, 404)
    assert data(shown)["code"] == data(key)["code"] == "RESOURCE_NOT_FOUND"


@pytest.mark.parametrize("headers", [{}, {"Ocp-Apim-Subscription-Key": "f" * 32}])
async def test_provisioning_needs_a_subscription_key(headers: dict[str, str]) -> None:
    world = World()

    reply = await world.send("POST", "/v1_0/apiuser", {**headers, "X-Reference-Id": new_id()}, {})

    assert reply.status == 401
    assert data(reply)["statusCode"] == 401

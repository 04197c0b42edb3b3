"""Consent: what has to be right for it, and what the numbers do."""

from urllib.parse import urlencode

import pytest

from momo.wire import HttpResponse
from tests.momo.sandbox.world import ORDINARY, World, data

CIBA = "urn:openid:params:grant-type:ciba"
ASKING = {"login_hint": f"ID:{ORDINARY}/MSISDN", "scope": "profile", "access_type": "offline"}


async def ask(world: World, product: str = "collection", **changes: str) -> HttpResponse:
    form = urlencode({**ASKING, **changes}).encode()
    return await world.send("POST", f"/{product}/v1_0/bc-authorize", await world.bearer(product), form)


async def token(world: World, product: str = "collection", **form: str) -> HttpResponse:
    headers = {**world.basic(product), "X-Target-Environment": "sandbox"}
    return await world.send("POST", f"/{product}/oauth2/token/", headers, urlencode(form).encode())


async def asked(world: World, number: str = ORDINARY) -> str:
    return str(data(await ask(world, login_hint=f"ID:{number}/MSISDN"))["auth_req_id"])


@pytest.mark.parametrize(
    "changes",
    [
        {"login_hint": ORDINARY},
        {"login_hint": f"MSISDN:{ORDINARY}/MSISDN"},
        {"login_hint": f"ID:{ORDINARY}/EMAIL"},
        {"login_hint": "ID:abc/MSISDN"},
        {"scope": " "},
        {"access_type": "always"},
        {"access_type": "online", "consent_valid_in": "60"},
    ],
)
async def test_a_form_that_does_not_fit_is_a_400(changes: dict[str, str]) -> None:
    assert (await ask(World(), **changes)).status == 400


async def test_a_body_that_is_no_form_is_a_400() -> None:
    world = World()

    reply = await world.send("POST", "/collection/v1_0/bc-authorize", await world.bearer("collection"), b"\xff")

    assert reply.status == 400


async def test_nobody_without_authorization_may_ask() -> None:
    world = World()
    headers = {"Ocp-Apim-Subscription-Key": "c" * 32, "X-Target-Environment": "sandbox"}

    reply = await world.send("POST", "/collection/v1_0/bc-authorize", headers, urlencode(ASKING).encode())

    assert reply.status == 401


async def test_the_environment_is_checked_with_basic_too() -> None:
    world = World()
    form = urlencode(ASKING).encode()

    reply = await world.send("POST", "/collection/v1_0/bc-authorize", world.basic("collection"), form)

    assert data(reply)["code"] == "NOT_ALLOWED_TARGET_ENVIRONMENT"


@pytest.mark.parametrize(
    ("last", "word"),
    [
        ("451", "access_denied"),
        ("452", "authorization_pending"),
        ("453", "expired_token"),
        ("457", "invalid_grant"),
    ],
)
async def test_numbers_decide_whether_consent_is_given(last: str, word: str) -> None:
    world = World()

    reply = await token(world, grant_type=CIBA, auth_req_id=await asked(world, f"46733123{last}"))

    assert (reply.status, data(reply)) == (400, {"error": word})


async def test_an_account_holder_nobody_knows_cannot_be_asked() -> None:
    assert data(await ask(World(), login_hint="ID:46733123450/MSISDN")) == {"error": "unknown_user_id"}


async def test_a_consent_is_used_once_and_only_in_its_time() -> None:
    world = World()
    first, second = await asked(world), await asked(world)

    assert (await token(world, grant_type=CIBA, auth_req_id=first)).status == 200
    assert data(await token(world, grant_type=CIBA, auth_req_id=first)) == {"error": "invalid_grant"}
    assert data(await token(world, "disbursement", grant_type=CIBA, auth_req_id=second)) == {"error": "invalid_grant"}
    world.clock.seconds += 601
    assert data(await token(world, grant_type=CIBA, auth_req_id=second)) == {"error": "expired_token"}


@pytest.mark.parametrize(
    ("number", "word"), [(ORDINARY, None), ("46733123454", "expired_token")], ids=["ordinary", "expired"]
)
async def test_a_refresh_token_is_used_once(number: str, word: str | None) -> None:
    world = World()
    given = data(await token(world, grant_type=CIBA, auth_req_id=await asked(world, number)))["refresh_token"]

    reply = await token(world, grant_type="refresh_token", refresh_token=given)

    assert data(reply).get("error") == word
    assert data(await token(world, grant_type="refresh_token", refresh_token=given)) == {"error": "invalid_grant"}


async def test_no_other_grant_exists() -> None:
    assert data(await token(World(), grant_type="password")) == {"error": "unsupported_grant_type"}


async def shown(world: World, given: str, product: str = "collection") -> int:
    headers = {**await world.bearer(product), "Authorization": f"Bearer {given}"}
    return (await world.send("GET", f"/{product}/oauth2/v1_0/userinfo", headers)).status


async def test_a_consent_taken_back_shows_nothing() -> None:
    world = World()
    given = data(await token(world, grant_type=CIBA, auth_req_id=await asked(world, "46733123455")))

    assert await shown(world, given["access_token"]) == 401


async def test_a_consent_shows_one_product_for_an_hour_and_no_other() -> None:
    world = World()
    given = data(await token(world, grant_type=CIBA, auth_req_id=await asked(world)))["access_token"]

    assert (await shown(world, given), await shown(world, given, "disbursement")) == (200, 401)
    world.clock.seconds += 3600
    assert await shown(world, given) == 401

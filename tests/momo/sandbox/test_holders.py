"""Whether an account is active, and whose it is."""

import pytest

from tests.momo.sandbox.world import World, data

ERRORS = {
    "46733123452": (500, "NOT_ALLOWED"),
    "46733123453": (500, "NOT_ALLOWED_TARGET_ENVIRONMENT"),
    "46733123454": (500, "INTERNAL_PROCESSING_ERROR"),
    "46733123455": (503, "SERVICE_UNAVAILABLE"),
}


@pytest.mark.parametrize(
    ("kind", "account", "active"),
    [
        ("msisdn", "46733123999", True),
        ("msisdn", "46733123456", True),
        ("msisdn", "46733123450", False),
        ("msisdn", "46733123451", False),
        ("email", "somebody%40email.com", True),
        ("email", "notfound@email.com", False),
        ("party_code", "11111111-2222-4333-8444-555555555555", True),
        ("party_code", "b0040b3c-b426-4a90-af6e-673e65861cd7", False),
    ],
)
async def test_accounts_are_active_unless_listed(kind: str, account: str, active: bool) -> None:
    reply = await World().get("disbursement", f"v1_0/accountholder/{kind}/{account}/active")

    assert (reply.status, data(reply)) == (200, {"result": active})


@pytest.mark.parametrize("account", ERRORS)
async def test_some_numbers_answer_with_an_error(account: str) -> None:
    reply = await World().get("collection", f"v1_0/accountholder/msisdn/{account}/active")

    assert (reply.status, data(reply)["code"]) == ERRORS[account]


@pytest.mark.parametrize("kind", ["MSISDN", "Msisdn", "EMAIL", "phone"])
async def test_account_types_are_lower_case(kind: str) -> None:
    reply = await World().get("collection", f"v1_0/accountholder/{kind}/46733123999/active")

    assert reply.status == 400


async def test_upper_case_account_types_can_be_switched_on() -> None:
    world = World(upper_case_account_types=True)

    assert (await world.get("collection", "v1_0/accountholder/MSISDN/46733123999/active")).status == 200


@pytest.mark.parametrize(("kind", "account"), [("msisdn", "abc"), ("email", "nobody"), ("party_code", "7")])
async def test_an_account_that_does_not_fit_its_type_is_a_400(kind: str, account: str) -> None:
    reply = await World().get("disbursement", f"v1_0/accountholder/{kind}/{account}/active")

    assert reply.status == 400


@pytest.mark.parametrize("product", ["collection", "disbursement", "remittance"])
@pytest.mark.parametrize("kind", ["msisdn", "MSISDN"])
async def test_everybody_is_sand_box(product: str, kind: str) -> None:
    reply = await World().get(product, f"v1_0/accountholder/{kind}/46733123999/basicuserinfo")

    record = data(reply)
    assert (record["given_name"], record["family_name"]) == ("Sand", "Box")
    assert (record["birthdate"], record["locale"], record["gender"]) == ("1976-08-13", "sv_SE", "MALE")


async def test_the_long_record_has_an_object_and_a_number_in_it() -> None:
    record = data(await World().get("disbursement", "oauth2/v1_0/userinfo"))

    assert record["name"] == "Sand Box"
    assert isinstance(record["address"], dict)
    assert isinstance(record["credit_score"], int)


async def test_a_name_is_asked_by_a_type_that_mtn_knows() -> None:
    reply = await World().get("collection", "v1_0/accountholder/phone/46733123999/basicuserinfo")

    assert reply.status == 400

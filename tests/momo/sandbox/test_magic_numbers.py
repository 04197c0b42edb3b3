"""The numbers that steer MTN's sandbox, column by column."""

import pytest

from tests.momo.sandbox.world import World, data, new_id

TRANSFER = {
    450: "INTERNAL_PROCESSING_ERROR",
    451: "APPROVAL_REJECTED",
    452: "EXPIRED",
    455: "NOT_ENOUGH_FUNDS",
    456: "PAYER_LIMIT_REACHED",
    457: "PAYEE_NOT_FOUND",
    458: "NOT_ALLOWED",
    459: "NOT_ALLOWED_TARGET_ENVIRONMENT",
    460: "INVALID_CALLBACK_URL_HOST",
    461: "INVALID_CURRENCY",
    462: "INTERNAL_PROCESSING_ERROR",
    463: "SERVICE_UNAVAILABLE",
    464: "TRANSFER_TYPE_UNKNOWN",
}
OTHERS = {
    450: "INTERNAL_PROCESSING_ERROR",
    451: "APPROVAL_REJECTED",
    452: "EXPIRED",
    455: "PAYER_NOT_FOUND",
    456: "PAYEE_NOT_ALLOWED_TO_RECEIVE",
    457: "NOT_ALLOWED",
    458: "NOT_ALLOWED_TARGET_ENVIRONMENT",
    459: "INVALID_CALLBACK_URL_HOST",
    460: "INVALID_CURRENCY",
    461: "INTERNAL_PROCESSING_ERROR",
    462: "SERVICE_UNAVAILABLE",
    463: "COULD_NOT_PERFORM_TRANSACTION",
}
PATHS = ["v1_0/transfer", "v1_0/deposit", "v1_0/requesttopay", "v1_0/requesttowithdraw"]


def number(last: int) -> dict[str, str]:
    return {"partyIdType": "MSISDN", "partyId": f"46733123{last}"}


async def submit(world: World, path: str, last: int) -> str:
    """Submit to a magic number and return the reference id."""
    reference = new_id()
    if "request" in path:
        reply = await world.request(reference, path, payer=number(last))
    else:
        reply = await world.pay(reference, path, payee=number(last))
    assert reply.status == 202
    return reference


@pytest.mark.parametrize(("last", "code"), TRANSFER.items())
async def test_a_transfer_to_a_magic_number_fails_with_its_reason(last: int, code: str) -> None:
    world = World()

    shown = await world.status(await submit(world, "v1_0/transfer", last))

    assert (shown["status"], shown["reason"]["code"]) == ("FAILED", code)
    assert not world.sandbox.ledger.effects


@pytest.mark.parametrize("path", PATHS[1:])
@pytest.mark.parametrize(("last", "code"), OTHERS.items())
async def test_the_other_operations_share_a_column(path: str, last: int, code: str) -> None:
    world = World()

    shown = await world.status(await submit(world, path, last), path)

    assert (shown["status"], shown["reason"]["code"]) == ("FAILED", code)
    assert not world.sandbox.ledger.effects


async def test_only_request_to_pay_and_transfer_know_464() -> None:
    world = World()

    shown = [(await world.status(await submit(world, path, 464), path))["status"] for path in PATHS]

    assert shown == ["FAILED", "SUCCESSFUL", "FAILED", "SUCCESSFUL"]


@pytest.mark.parametrize("path", PATHS)
async def test_453_stays_pending(path: str) -> None:
    world = World(token_lifetime=10**9)
    reference = await submit(world, path, 453)

    await world.clock.sleep(30 * 24 * 3600)

    assert (await world.status(reference, path))["status"] == "PENDING"
    assert not world.sandbox.ledger.effects


@pytest.mark.parametrize("path", PATHS)
async def test_454_is_created_and_succeeds_after_25_seconds(path: str) -> None:
    world = World()
    reference = await submit(world, path, 454)

    await world.clock.sleep(24.9)
    before = (await world.status(reference, path))["status"]
    await world.clock.sleep(0.1)
    after = (await world.status(reference, path))["status"]

    assert (before, after) == ("CREATED", "SUCCESSFUL")


async def test_the_delay_of_454_can_be_set() -> None:
    world = World(delayed_after=3)
    reference = await submit(world, "v1_0/transfer", 454)

    await world.clock.sleep(3)

    assert (await world.status(reference))["status"] == "SUCCESSFUL"


@pytest.mark.parametrize("party_id", ["46733123400", "56733123453", "4673312345", "46733123453000"])
async def test_any_other_number_succeeds(party_id: str) -> None:
    world, reference = World(), new_id()
    await world.pay(reference, payee={"partyIdType": "MSISDN", "partyId": party_id})

    assert (await world.status(reference))["status"] == "SUCCESSFUL"


async def test_a_plus_before_a_magic_number_changes_nothing() -> None:
    world, reference = World(), new_id()
    await world.pay(reference, payee={"partyIdType": "MSISDN", "partyId": "+46733123450"})

    assert (await world.status(reference))["status"] == "FAILED"


async def test_a_magic_code_can_answer_the_post_itself() -> None:
    world = World(magic_codes_at_once=True)

    reply = await world.pay(new_id(), payee=number(457))

    assert (reply.status, data(reply)["code"]) == (500, "PAYEE_NOT_FOUND")
    assert not world.sandbox.transactions

"""What a status says, field by field, and when there is none."""

import pytest

from tests.momo.sandbox.world import World, data, new_id

BY_PATH = [
    ("collection", "v1_0/requesttopay", "payer"),
    ("collection", "v1_0/requesttowithdraw", "payer"),
    ("disbursement", "v1_0/transfer", "payee"),
]


@pytest.mark.parametrize(("product", "path", "party"), BY_PATH)
async def test_a_successful_status_is_all_strings(product: str, path: str, party: str) -> None:
    world, reference = World(), new_id()
    await (world.request if product == "collection" else world.pay)(reference, path)

    shown = data(await world.get(product, f"{path}/{reference}"))

    number = shown.pop("financialTransactionId")
    assert isinstance(number, str)
    assert number.isdigit()
    assert len(number) in {9, 10}
    assert shown == {
        "externalId": "till-1",
        "amount": "12.5",
        "currency": "EUR",
        party: {"partyIdType": "MSISDN", "partyId": "46733123999"},
        "payerMessage": "Thank you",
        "payeeNote": "Order 7",
        "status": "SUCCESSFUL",
    }


async def test_a_successful_deposit_shows_no_financial_transaction_id() -> None:
    world, reference = World(), new_id()
    await world.pay(reference, "v2_0/deposit")

    shown = await world.status(reference, "v1_0/deposit")

    assert shown["status"] == "SUCCESSFUL"
    assert "financialTransactionId" not in shown
    assert "payer" not in shown


@pytest.mark.parametrize(
    ("sent", "shown"),
    [("5.0", "5"), ("12.50", "12.5"), ("100", "100"), ("0.10", "0.1"), ("5000.00", "5000"), (7, "7"), (7.5, "7.5")],
)
async def test_an_amount_comes_back_normalised(sent: object, shown: str) -> None:
    world, reference = World(), new_id()
    await world.pay(reference, amount=sent)

    assert (await world.status(reference))["amount"] == shown


async def test_a_failed_transaction_is_a_200_with_an_object_as_reason() -> None:
    world, reference = World(), new_id()
    await world.request(reference, payer={"partyIdType": "MSISDN", "partyId": "46733123451"})

    shown = await world.status(reference, "v1_0/requesttopay")

    assert shown["status"] == "FAILED"
    assert shown["reason"]["code"] == "APPROVAL_REJECTED"
    assert shown["reason"]["message"]
    assert "financialTransactionId" not in shown


async def test_the_reason_can_be_a_bare_string() -> None:
    world, reference = World(reason_as_text=True), new_id()
    await world.pay(reference, payee={"partyIdType": "MSISDN", "partyId": "46733123457"})

    assert (await world.status(reference))["reason"] == "PAYEE_NOT_FOUND"


async def test_the_notes_can_be_left_out() -> None:
    world, reference = World(omit_notes=True), new_id()
    await world.pay(reference)

    assert not {"payerMessage", "payeeNote"} & set(await world.status(reference))


async def test_strings_can_become_numbers() -> None:
    world, reference = World(numbers_unquoted=True), new_id()
    await world.pay(reference, externalId="77")

    shown = await world.status(reference)

    assert (shown["amount"], shown["externalId"]) == (12.5, 77)
    assert shown["payee"]["partyId"] == 46733123999
    assert isinstance(shown["financialTransactionId"], int)


async def test_an_unknown_reference_id_is_not_found() -> None:
    reply = await World().get("disbursement", f"v1_0/transfer/{new_id()}")

    assert reply.status == 404
    assert data(reply) == {"code": "RESOURCE_NOT_FOUND", "message": "Requested resource was not found."}


async def test_a_reference_id_of_another_operation_is_not_found() -> None:
    world, reference = World(), new_id()
    await world.pay(reference)

    assert (await world.get("disbursement", f"v1_0/deposit/{reference}")).status == 404


@pytest.mark.parametrize("reference", ["1", "not-a-uuid", "46733123450"])
async def test_the_status_of_what_is_no_uuid_is_a_400(reference: str) -> None:
    assert (await World().get("disbursement", f"v1_0/transfer/{reference}")).status == 400


async def test_a_transaction_may_stay_unfound_for_a_while() -> None:
    world, reference = World(not_found_for=5.0), new_id()
    await world.pay(reference)

    at_once = await world.get("disbursement", f"v1_0/transfer/{reference}")
    await world.clock.sleep(5)
    later = await world.get("disbursement", f"v1_0/transfer/{reference}")

    assert (at_once.status, later.status) == (404, 200)


async def test_status_calls_can_be_capped_by_the_second() -> None:
    world, reference = World(status_calls_per_second=10), new_id()
    await world.pay(reference)

    statuses = [(await world.get("disbursement", f"v1_0/transfer/{reference}")) for _ in range(11)]
    await world.clock.sleep(1)
    later = await world.get("disbursement", f"v1_0/transfer/{reference}")

    assert [reply.status for reply in statuses] == [200] * 10 + [429]
    assert statuses[-1].headers["retry-after"] == "1"
    assert later.status == 200

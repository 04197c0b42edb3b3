"""Refunds: of a known payment, in part, and by the words that steer MTN's sandbox."""

import pytest

from tests.momo.sandbox.world import World, data, new_id

WORDS = {
    "1": "PAYER_NOT_FOUND",
    "2": "INTERNAL_PROCESSING_ERROR",
    "3": "APPROVAL_REJECTED",
    "4": "EXPIRED",
    "7": "NOT_ALLOWED",
    "8": "NOT_ALLOWED_TARGET_ENVIRONMENT",
    "9": "INVALID_CALLBACK_URL_HOST",
    "10": "INVALID_CURRENCY",
    "11": "INTERNAL_PROCESSING_ERROR",
    "12": "SERVICE_UNAVAILABLE",
    "13": "COULD_NOT_PERFORM_TRANSACTION",
}
REFUND = "v1_0/refund"


@pytest.mark.parametrize("path", ["v1_0/refund", "v2_0/refund"])
async def test_a_refund_of_a_known_payment_goes_back_to_its_payer(path: str) -> None:
    world, payment, reference = World(), new_id(), new_id()
    payer = {"partyIdType": "MSISDN", "partyId": "46733123777"}
    await world.request(payment, payer=payer)

    accepted = await world.refund(payment, reference, path=path)

    shown = await world.status(reference, REFUND)
    assert accepted.status == 202
    assert (shown["status"], shown["payee"]) == ("SUCCESSFUL", payer)
    assert shown["financialTransactionId"]


async def test_a_payment_can_be_refunded_in_parts() -> None:
    world, payment = World(), new_id()
    await world.request(payment, amount="50")

    for part in ("20", "30"):
        await world.refund(payment, amount=part)

    effects = [(effect.operation, effect.amount) for effect in world.sandbox.ledger.effects]
    assert effects == [("request_to_pay", 50), ("refund", 20), ("refund", 30)]


@pytest.mark.parametrize(("bounded", "ends"), [(False, "SUCCESSFUL"), (True, "FAILED")])
async def test_more_than_was_paid_is_refunded_unless_switched_off(bounded: bool, ends: str) -> None:
    world, payment, second = World(bounded_refunds=bounded), new_id(), new_id()
    await world.request(payment, amount="50")
    await world.refund(payment, amount="30")

    await world.refund(payment, second, amount="20.01")

    assert (await world.status(second, REFUND))["status"] == ends


async def test_a_refund_of_an_unknown_payment_fails() -> None:
    world, reference = World(), new_id()

    await world.refund(new_id(), reference)

    shown = await world.status(reference, REFUND)
    assert (shown["status"], shown["reason"]["code"]) == ("FAILED", "TRANSACTION_NOT_FOUND")


@pytest.mark.parametrize("last", ["450", "453"])
async def test_a_refund_of_a_payment_that_did_not_succeed_fails(last: str) -> None:
    world, payment, reference = World(), new_id(), new_id()
    await world.request(payment, payer={"partyIdType": "MSISDN", "partyId": f"46733123{last}"})

    await world.refund(payment, reference)

    assert (await world.status(reference, REFUND))["status"] == "FAILED"


async def test_a_transfer_is_no_payment_to_refund() -> None:
    world, transfer, reference = World(), new_id(), new_id()
    await world.pay(transfer)

    await world.refund(transfer, reference)

    assert (await world.status(reference, REFUND))["status"] == "FAILED"


@pytest.mark.parametrize(("word", "code"), WORDS.items())
async def test_a_magic_word_fails_with_its_reason(word: str, code: str) -> None:
    world, reference = World(), new_id()

    await world.refund(word, reference)

    shown = await world.status(reference, REFUND)
    assert (shown["status"], shown["reason"]["code"]) == ("FAILED", code)


async def test_word_5_stays_pending_and_word_6_is_delayed() -> None:
    world, ongoing, delayed = World(), new_id(), new_id()
    await world.refund("5", ongoing)
    await world.refund("6", delayed)
    first = [(await world.status(reference, REFUND))["status"] for reference in (ongoing, delayed)]

    await world.clock.sleep(25)

    then = [(await world.status(reference, REFUND))["status"] for reference in (ongoing, delayed)]
    assert (first, then) == (["PENDING", "CREATED"], ["PENDING", "SUCCESSFUL"])


@pytest.mark.parametrize("word", ["0", "14", "payment", "", "46733123450"])
async def test_any_other_word_is_a_400(word: str) -> None:
    assert (await World().refund(word)).status == 400


@pytest.mark.parametrize("payment", [{}, {"referenceIdToRefund": 5}, {"referenceIdToRefund": ["5"]}])
async def test_a_refund_without_a_payment_is_a_400(payment: dict[str, object]) -> None:
    reply = await World().post("disbursement", "v2_0/refund", {"amount": "5", "currency": "EUR", **payment})

    assert reply.status == 400


async def test_a_refund_repeated_under_its_reference_id_is_a_409() -> None:
    world, payment, reference = World(), new_id(), new_id()
    await world.request(payment)
    await world.refund(payment, reference)

    again = await world.refund(payment, reference, path=REFUND)

    assert (again.status, data(again)["code"]) == (409, "RESOURCE_ALREADY_EXIST")
    assert len(world.sandbox.ledger.effects_of(reference)) == 1

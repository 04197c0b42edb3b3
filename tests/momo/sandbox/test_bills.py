"""Invoices, pre-approvals, payments, cash transfers and notices: what MTN's specification rules out is refused."""

import json

import pytest

from tests.momo.sandbox.world import ORDINARY, World, data, new_id, order

PARTY = {"partyIdType": "MSISDN", "partyId": ORDINARY}
INVOICE = {"externalId": "i-1", "amount": "5", "currency": "EUR", "validityDuration": "600", "payee": PARTY}
PRE_APPROVAL = {"payer": PARTY, "payerCurrency": "EUR", "payerMessage": "Rent", "validityTime": 600}
PAYMENT = {
    "externalTransactionId": "p-1",
    "money": {"amount": "5", "currency": "EUR"},
    "customerReference": "661551442",
    "serviceProviderUserName": "Electricity",
}
CASH = {**order("payee"), "originalAmount": "70", "originalCurrency": "SEK", "payerIdentificationType": "PASS"}
BODIES = {
    ("collection", "v2_0/invoice"): INVOICE,
    ("collection", "v2_0/preapproval"): PRE_APPROVAL,
    ("collection", "v2_0/payment"): PAYMENT,
    ("remittance", "v2_0/cashtransfer"): CASH,
}


@pytest.mark.parametrize(("product", "path"), BODIES)
async def test_an_order_is_accepted_once_and_read_on_its_own_path(product: str, path: str) -> None:
    world, reference = World(), new_id()

    first = await world.post(product, path, BODIES[product, path], reference)
    second = await world.post(product, path, BODIES[product, path], reference)
    read = await world.get(product, f"{path}/{reference}")

    assert (first.status, first.body, second.status, read.status) == (202, b"", 409, 200)
    assert data(second)["code"] == "RESOURCE_ALREADY_EXIST"
    assert data(read)["status"] in {"SUCCESSFUL", "CREATED"}


@pytest.mark.parametrize(
    ("product", "path", "changes"),
    [
        ("collection", "v2_0/invoice", {"validityDuration": "soon"}),
        ("collection", "v2_0/invoice", {"validityDuration": 0}),
        ("collection", "v2_0/invoice", {"payee": "46733123999"}),
        ("collection", "v2_0/invoice", {"intendedPayer": None}),
        ("collection", "v2_0/invoice", {"amount": "-5"}),
        ("collection", "v2_0/invoice", {"description": "it's"}),
        ("collection", "v2_0/preapproval", {"payer": {}, "payerCurrency": None}),
        ("collection", "v2_0/preapproval", {"validityTime": None}),
        ("collection", "v2_0/preapproval", {"payerMessage": "x" * 161}),
        ("collection", "v2_0/payment", {"money": "5"}),
        ("collection", "v2_0/payment", {"money": "5", "amount": "5", "currency": "EUR"}),
        ("collection", "v2_0/payment", {"customerReference": ""}),
        ("collection", "v2_0/payment", {"serviceProviderUserName": None}),
        ("remittance", "v2_0/cashtransfer", {"payerIdentificationType": "DRIVER"}),
        ("remittance", "v2_0/cashtransfer", {"originalAmount": "much"}),
        ("remittance", "v2_0/cashtransfer", {"payee": None}),
    ],
)
async def test_a_malformed_order_is_a_400(product: str, path: str, changes: dict[str, object]) -> None:
    reply = await World().post(product, path, {**BODIES[product, path], **changes})

    assert (reply.status, reply.body) == (400, b"")


@pytest.mark.parametrize(("product", "path"), BODIES)
async def test_another_currency_is_refused(product: str, path: str) -> None:
    wrong = {"currency": "XAF", "payerCurrency": "XAF", "money": {"amount": "5", "currency": "XAF"}}

    reply = await World().post(product, path, {**BODIES[product, path], **wrong})

    assert (reply.status, data(reply)["code"]) == (500, "INVALID_CURRENCY")


@pytest.mark.parametrize(("last", "status"), [("450", "FAILED"), ("453", "PENDING"), ("454", "CREATED")])
async def test_pre_approvals_have_magic_numbers(last: str, status: str) -> None:
    world, reference = World(), new_id()
    payer = {"partyIdType": "MSISDN", "partyId": f"46733123{last}"}

    await world.post("collection", "v2_0/preapproval", {**PRE_APPROVAL, "payer": payer}, reference)

    assert data(await world.get("collection", f"v2_0/preapproval/{reference}"))["status"] == status


async def test_a_pre_approval_and_a_waiting_invoice_move_no_money() -> None:
    world = World()

    await world.post("collection", "v2_0/preapproval", PRE_APPROVAL)
    await world.post("collection", "v2_0/invoice", INVOICE)

    assert world.sandbox.ledger.effects == ()


async def test_an_invoice_is_cancelled_by_its_owner_with_a_reference_and_a_mark() -> None:
    world, reference, cancelling = World(), new_id(), new_id()
    await world.post("collection", "v2_0/invoice", INVOICE, reference)
    headers = {**await world.bearer("collection"), "X-Reference-Id": cancelling}
    path = f"/collection/v2_0/invoice/{reference}"

    assert (await world.send("DELETE", path, headers, {})).status == 400
    assert (await world.send("DELETE", path, {**headers, "X-Reference-Id": "7"}, {"externalId": "c"})).status == 400
    unknown = await world.send("DELETE", f"/collection/v2_0/invoice/{new_id()}", headers, {"externalId": "c"})
    assert (unknown.status, data(unknown)["code"]) == (404, "RESOURCE_NOT_FOUND")
    assert (await world.send("DELETE", path, headers, {"externalId": "c"})).status == 202
    again = await world.send("DELETE", path, headers, {"externalId": "c"})
    assert data(again)["code"] == "RESOURCE_ALREADY_EXIST"


async def test_the_specifications_answer_to_a_cancelling_can_be_switched_on() -> None:
    world, reference = World(cancel_answers_200=True), new_id()
    await world.post("collection", "v2_0/invoice", INVOICE, reference)
    headers = {**await world.bearer("collection"), "X-Reference-Id": new_id()}

    reply = await world.send("DELETE", f"/collection/v2_0/invoice/{reference}", headers, {"externalId": "c"})

    assert (reply.status, data(reply)) == (200, {"externalId": "c"})


@pytest.mark.parametrize("kind", ["MSISDN", "phone"])
async def test_pre_approvals_are_listed_by_a_type_in_lower_case(kind: str) -> None:
    assert (await World().get("collection", f"v1_0/preapprovals/{kind}/{ORDINARY}")).status == 400


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"notificationMessage": "hello"}, {"notificationMessage": "hello"}, 200),
        ({}, {"notificationMessage": "hello"}, 400),
        ({"notificationMessage": "hello"}, {}, 400),
        ({"notificationMessage": "hello"}, {"notificationMessage": "x" * 161}, 400),
    ],
)
async def test_a_notice_stands_in_a_header_and_in_the_body(
    headers: dict[str, str], body: dict[str, str], status: int
) -> None:
    world, reference = World(), new_id()
    await world.request(reference)
    path = f"/collection/v1_0/requesttopay/{reference}/deliverynotification"

    reply = await world.send("POST", path, {**await world.bearer("collection"), **headers}, body)

    assert reply.status == status


async def test_a_notice_of_what_is_no_request_to_pay_is_a_404() -> None:
    world, withdrawal = World(), new_id()
    await world.request(withdrawal, "v1_0/requesttowithdraw")
    path = f"/collection/v1_0/requesttopay/{withdrawal}/deliverynotification"
    text = {"notificationMessage": "hello"}

    reply = await world.send("POST", path, {**await world.bearer("collection"), **text}, text)

    assert (reply.status, data(reply)["code"]) == (404, "RESOURCE_NOT_FOUND")


async def test_a_cash_transfer_need_not_say_what_it_was_abroad() -> None:
    world, reference = World(), new_id()

    await world.post("remittance", "v2_0/cashtransfer", order("payee"), reference)

    assert "originalAmount" not in data(await world.get("remittance", f"v2_0/cashtransfer/{reference}"))


async def test_only_an_approved_pre_approval_of_ones_own_is_listed_and_cancelled() -> None:
    world = World()
    waiting = {**PRE_APPROVAL, "payer": {"partyIdType": "MSISDN", "partyId": "46733123453"}}
    for body in (waiting, PRE_APPROVAL, PRE_APPROVAL):
        await world.post("collection", "v2_0/preapproval", body)
    await world.request(new_id())
    given = json.loads((await world.get("collection", f"v1_0/preapprovals/msisdn/{ORDINARY}")).body)
    last = f"/collection/v1_0/preapproval/{given[-1]['preApprovalId']}"
    headers = await world.bearer("collection")

    assert len(given) == 2
    assert (await world.send("DELETE", last, headers)).status == 200
    assert data(await world.send("DELETE", last, headers))["code"] == "NOT_ALLOWED"
    assert (await world.send("DELETE", "/collection/v1_0/preapproval/7", headers)).status == 404

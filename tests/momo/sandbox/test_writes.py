"""What is accepted, what is refused and how, and that a refusal creates nothing."""

import pytest

from tests.momo.sandbox.world import CALLBACK_URL, World, data, new_id, order

WRITES = [
    ("collection", "v1_0/requesttopay", "payer"),
    ("collection", "v1_0/requesttowithdraw", "payer"),
    ("collection", "v2_0/requesttowithdraw", "payer"),
    ("disbursement", "v1_0/transfer", "payee"),
    ("disbursement", "v1_0/deposit", "payee"),
    ("disbursement", "v2_0/deposit", "payee"),
    ("remittance", "v1_0/transfer", "payee"),
]


@pytest.mark.parametrize(("product", "path", "party"), WRITES)
async def test_an_accepted_write_is_an_empty_202_without_content_type(product: str, path: str, party: str) -> None:
    world, reference = World(), new_id()

    reply = await world.post(product, path, order(party), reference)

    assert (reply.status, reply.body) == (202, b"")
    assert "content-type" not in reply.headers
    status_path = f"{path.replace('v2_0', 'v1_0')}/{reference}"
    assert data(await world.get(product, status_path))["status"] == "SUCCESSFUL"


async def test_a_repeated_reference_id_is_a_409_and_moves_nothing() -> None:
    world, reference = World(), new_id()
    await world.pay(reference, amount="10")

    reply = await world.pay(reference.upper(), amount="99")

    assert reply.status == 409
    assert data(reply) == {
        "code": "RESOURCE_ALREADY_EXIST",
        "message": "Duplicated reference id. Creation of resource failed.",
    }
    assert (await world.status(reference))["amount"] == "10"
    assert len(world.sandbox.ledger.effects) == 1


async def test_a_reference_id_is_taken_within_one_product_whatever_the_operation() -> None:
    world, reference = World(), new_id()
    await world.pay(reference)

    deposit = await world.pay(reference, "v2_0/deposit")
    request = await world.request(reference)

    assert (deposit.status, request.status) == (409, 202)


async def test_another_api_user_may_use_the_same_reference_id() -> None:
    """Sending again under new credentials is a second payment: the ledger must be able to show it."""
    world, reference = World(), new_id()
    await world.pay(reference)
    other = World()
    other.sandbox, other.transport = world.sandbox, world.transport
    other.users["disbursement"] = world.sandbox.provision("disbursement")

    unseen = await other.get("disbursement", f"v1_0/transfer/{reference}")
    again = await other.pay(reference)

    assert (unseen.status, again.status) == (404, 202)
    assert len(world.sandbox.ledger.effects_of(reference)) == 2


VERSION_1, VERSION_4 = "0d4a3f62-0000-11f1-8000-02fc00000001", "0d4a3f62-0000-4000-8000-02fc00000001"


@pytest.mark.parametrize("reference", ["x", "1234", VERSION_1, "{" + VERSION_4 + "}"])
async def test_a_reference_id_that_is_no_uuid4_is_a_400(reference: str) -> None:
    world = World()

    assert (await world.pay(reference)).status == 400
    assert not world.sandbox.transactions


async def test_a_missing_reference_id_is_a_400() -> None:
    world = World()
    headers = await world.bearer("disbursement")

    reply = await world.send("POST", "/disbursement/v1_0/transfer", headers, order("payee"))

    assert (reply.status, reply.body) == (400, b"")


async def test_the_api_users_own_id_is_no_reference_id() -> None:
    world = World()

    assert (await world.pay(world.users["disbursement"].api_user)).status == 400


async def test_another_currency_is_a_500_and_creates_nothing() -> None:
    world = World()

    reply = await world.pay(new_id(), currency="UGX")

    assert (reply.status, data(reply)["code"]) == (500, "INVALID_CURRENCY")
    assert not world.sandbox.transactions


async def test_the_currency_can_be_that_of_a_market() -> None:
    world = World(currency="UGX")

    accepted = await world.pay(new_id(), currency="UGX", amount="5000.00")
    fraction = await world.pay(new_id(), currency="UGX", amount="5000.50")

    assert (accepted.status, fraction.status) == (202, 400)


@pytest.mark.parametrize("url", ["https://other.example/x", "https://evil.shop.example/", "https://shop.example.evil/"])
async def test_a_callback_to_another_host_is_a_500_and_creates_nothing(url: str) -> None:
    world = World()

    reply = await world.post("disbursement", "v1_0/transfer", order("payee"), X_Callback_Url=url)

    assert (reply.status, data(reply)["code"]) == (500, "INVALID_CALLBACK_URL_HOST")
    assert not world.sandbox.transactions


@pytest.mark.parametrize("url", [CALLBACK_URL, "https://SHOP.example:8443/x"])
async def test_a_callback_to_the_registered_host_is_accepted_on_any_port(url: str) -> None:
    reply = await World().post("disbursement", "v1_0/transfer", order("payee"), X_Callback_Url=url)

    assert reply.status == 202


@pytest.mark.parametrize("url", ["", "nonsense", "http://shop.example/x", "ftp://shop.example/x", "https://[/"])
async def test_a_callback_url_is_https(url: str) -> None:
    world = World()

    reply = await world.post("disbursement", "v1_0/transfer", order("payee"), X_Callback_Url=url)

    assert reply.status == 400
    assert not world.sandbox.transactions


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_on_loopback_a_callback_url_may_be_http(host: str) -> None:
    world = World()
    world.users["disbursement"] = world.sandbox.provision("disbursement", host)

    url = f"http://{host}:8001/x"
    reply = await world.post("disbursement", "v1_0/transfer", order("payee"), X_Callback_Url=url)

    assert reply.status == 202


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"{", b"\xff", b"[" * 100_000])
async def test_a_body_that_is_no_filled_object_is_an_empty_400(body: bytes) -> None:
    reply = await World().post("disbursement", "v1_0/transfer", body)

    assert (reply.status, reply.body) == (400, b"")


@pytest.mark.parametrize(
    "party",
    [None, {}, {"partyIdType": None, "partyId": "46733123999"}, {"partyIdType": "MSISDN", "partyId": None}],
)
async def test_a_null_party_is_a_500(party: object) -> None:
    world = World()

    reply = await world.pay(new_id(), payee=party)

    assert reply.status == 500
    assert not world.sandbox.transactions


@pytest.mark.parametrize(
    "party",
    [
        "46733123999",
        {"partyIdType": "PHONE", "partyId": "46733123999"},
        {"partyIdType": "msisdn", "partyId": "46733123999"},
        {"partyIdType": "MSISDN", "partyId": "number"},
        {"partyIdType": "MSISDN", "partyId": "٤٦٧٣٣١٢٣٩٩٩"},
        {"partyIdType": ["MSISDN"], "partyId": "46733123999"},
        {"partyIdType": "EMAIL", "partyId": "nobody"},
        {"partyIdType": "EMAIL", "partyId": ["somebody@email.com"]},
        {"partyIdType": "PARTY_CODE", "partyId": "code"},
    ],
)
async def test_a_party_of_no_known_kind_is_a_400(party: object) -> None:
    assert (await World().pay(new_id(), payee=party)).status == 400


@pytest.mark.parametrize("external_id", [{"a": 1}, ["a"], True, "it's", "x" * 161])
async def test_a_mark_that_is_no_short_text_is_a_400(external_id: object) -> None:
    assert (await World().pay(new_id(), externalId=external_id)).status == 400


async def test_a_transfer_has_a_payee_and_a_request_to_pay_a_payer() -> None:
    world = World()

    transfer = await world.post("disbursement", "v1_0/transfer", order("payer"))
    deposit = await world.post("disbursement", "v2_0/deposit", order("payer"))
    request = await world.post("collection", "v1_0/requesttopay", order("payee"))

    assert (transfer.status, deposit.status, request.status) == (400, 400, 400)


async def test_a_deposit_of_version_1_may_say_payer_unless_switched_off() -> None:
    lenient = await World().post("disbursement", "v1_0/deposit", order("payer"))
    strict = await World(v1_deposit_takes_payer=False).post("disbursement", "v1_0/deposit", order("payer"))

    assert (lenient.status, strict.status) == (202, 400)


@pytest.mark.parametrize(
    "amount", ["0", "0.00", "-1", "+1", "1e3", "1,50", " 5", "12.345", "NaN", "", "٥", None, True, [], {}]
)
async def test_an_amount_that_is_no_plain_positive_number_is_a_400(amount: object) -> None:
    assert (await World().pay(new_id(), amount=amount)).status == 400


@pytest.mark.parametrize("field", ["payerMessage", "payeeNote"])
@pytest.mark.parametrize("text", ["x" * 161, "it's late"])
async def test_a_note_over_160_characters_or_with_an_apostrophe_is_a_400(field: str, text: str) -> None:
    world = World()

    assert (await world.pay(new_id(), **{field: text})).status == 400
    assert not world.sandbox.transactions


async def test_a_note_of_160_characters_is_accepted() -> None:
    assert (await World().pay(new_id(), payerMessage="x" * 160)).status == 202


async def test_spaces_in_an_external_id_are_refused() -> None:
    assert (await World().pay(new_id(), externalId="order 7")).status == 400


async def test_empty_notes_are_accepted_unless_switched_off() -> None:
    accepted = await World().pay(new_id(), payeeNote="")
    refused = await World(refuse_empty_notes=True).pay(new_id(), payeeNote="")

    assert (accepted.status, refused.status) == (202, 500)


@pytest.mark.parametrize("text", ["Order (7)", "Order #7", "7)"])
async def test_the_firewall_answers_200_with_a_page_and_creates_nothing(text: str) -> None:
    world = World()

    reply = await world.pay(new_id(), payerMessage=text)

    assert reply.status == 200
    assert reply.headers["content-type"] == "text/html"
    assert b"support ID" in reply.body
    assert not world.sandbox.transactions


async def test_an_ampersand_is_accepted_or_gets_the_transaction_lost() -> None:
    kept, lost, reference = World(), World(ampersand_is_lost=True), new_id()

    accepted = [(await world.pay(reference, payeeNote="tea & cake")).status for world in (kept, lost)]

    assert accepted == [202, 202]
    assert len(kept.sandbox.transactions) == 1
    assert (await lost.get("disbursement", f"v1_0/transfer/{reference}")).status == 404

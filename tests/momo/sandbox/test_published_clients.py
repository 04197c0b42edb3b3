"""What published clients send (seen on a wire), in Python, Rust and JavaScript, byte by byte: the sandbox copes."""

import base64
import http.client
import json
import uuid
from collections.abc import Iterator
from contextlib import closing
from typing import Any, NamedTuple

import pytest

from momo.testing import RunningSandbox

NUMBER = "46733123999"


class Reply(NamedTuple):
    status: int
    content_type: str | None
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Wire:
    """A merchant who writes requests by hand, with nothing added but Host and Content-Length."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        self.users = {name: sandbox.provision(name) for name in ("collection", "disbursement")}

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> Reply:
        connection = http.client.HTTPConnection(self.sandbox.url.removeprefix("http://"), timeout=60)
        with closing(connection):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Reply(answer.status, answer.getheader("Content-Type"), answer.read())

    def basic(self, product: str) -> dict[str, str]:
        pair = ":".join(self.users[product]).encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}", "Ocp-Apim-Subscription-Key": key(product)}

    def token(self, product: str, body: bytes | None = None, **headers: str) -> Reply:
        return self.send("POST", f"/{product}/token/", {**self.basic(product), **headers}, body)

    def bearer(self, product: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token(product).json()['access_token']}",
            "Ocp-Apim-Subscription-Key": key(product),
            "X-Target-Environment": "sandbox",
        }

    def write(self, product: str, path: str, body: dict[str, Any], **headers: str) -> tuple[str, Reply]:
        reference = str(uuid.uuid4())
        sent = {**self.bearer(product), "X-Reference-Id": reference, "Content-Type": "application/json", **headers}
        return reference, self.send("POST", f"/{product}/{path}", sent, json.dumps(body).encode())


def key(product: str) -> str:
    return product[0] * 32


def order(party: str, **changes: Any) -> dict[str, Any]:
    who = {party: {"partyIdType": "MSISDN", "partyId": NUMBER}}
    return {
        "amount": "5",
        "currency": "EUR",
        "externalId": "7",
        **who,
        "payerMessage": "a",
        "payeeNote": "b",
        **changes,
    }


@pytest.fixture
def wire() -> Iterator[Wire]:
    with RunningSandbox() as sandbox:
        yield Wire(sandbox)


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"{}", "application/json"), (b"null", "text/plain; charset=utf-8")],
    ids=["mtnmomo", "mobilemoney"],
)
def test_a_body_on_the_token_call_is_a_400_and_by_a_switch_none(wire: Wire, body: bytes, kind: str) -> None:
    refused = wire.token("collection", body, **{"Content-Type": kind})
    wire.sandbox.switch(refuse_token_body=False)
    taken = wire.token("collection", body, **{"Content-Type": kind})

    assert (refused.status, refused.body) == (400, b"")
    assert (taken.status, taken.json()["expires_in"]) == (200, 3600)


@pytest.mark.parametrize("body", [b"{}", b"null", b'{"providerCallbackHost": "localhost"}', None])
def test_any_body_or_none_on_the_api_key_call_is_ignored(wire: Wire, body: bytes | None) -> None:
    user = wire.users["collection"].api_user

    made = wire.send("POST", f"/v1_0/apiuser/{user}/apikey", {"Ocp-Apim-Subscription-Key": key("collection")}, body)

    assert (made.status, list(made.json())) == (201, ["apiKey"])


def test_a_second_api_key_replaces_the_first(wire: Wire) -> None:
    user, first = wire.users["collection"]
    path, headers = f"/v1_0/apiuser/{user}/apikey", {"Ocp-Apim-Subscription-Key": key("collection")}
    second = wire.send("POST", path, headers, b"{}").json()["apiKey"]

    old = wire.token("collection")
    wire.users["collection"] = wire.users["collection"]._replace(api_key=second)

    assert first != second
    assert (old.status, old.json()) == (500, {"error": "login_failed"})
    assert wire.token("collection").status == 200


def test_subscription_keys_read_as_uuids(wire: Wire) -> None:
    keys = wire.sandbox.call(lambda sandbox: [sandbox.subscription_key(name) for name in wire.users])

    assert [uuid.UUID(one).hex for one in keys] == keys


def test_a_token_for_every_call_leaves_all_of_them_alive(wire: Wire) -> None:
    tokens = [wire.bearer("disbursement") for _ in range(20)]

    replies = [wire.send("GET", "/disbursement/v1_0/account/balance", token) for token in tokens]

    assert {reply.status for reply in replies} == {200}


def test_a_null_body_as_text_on_a_get_is_ignored(wire: Wire) -> None:
    headers = {**wire.bearer("disbursement"), "Content-Type": "text/plain; charset=utf-8"}

    assert wire.send("GET", "/disbursement/v1_0/account/balance", headers, b"null").json()["currency"] == "EUR"


def test_json_is_announced_in_the_one_way_that_every_client_reads(wire: Wire) -> None:
    bearer = wire.bearer("disbursement")
    answers = [
        wire.send("GET", "/disbursement/v1_0/account/balance", bearer),
        wire.send("GET", f"/disbursement/v1_0/transfer/{uuid.uuid4()}", bearer),
        wire.send("GET", "/disbursement/v1_0/account/balance", {}),
        wire.token("disbursement"),
    ]

    assert [(answer.status, answer.content_type) for answer in answers] == [
        (200, "application/json"),
        (404, "application/json"),
        (401, "application/json"),
        (200, "application/json"),
    ]


def test_a_header_that_says_no_callback_means_none(wire: Wire) -> None:
    _, reply = wire.write("disbursement", "v1_0/transfer", order("payee"), **{"No-callback-Url": "true"})

    assert reply.status == 202


def test_a_target_environment_on_provisioning_and_token_calls_is_ignored(wire: Wire) -> None:
    headers = {"Ocp-Apim-Subscription-Key": key("collection"), "X-Target-Environment": "sandbox"}
    made = {**headers, "X-Reference-Id": str(uuid.uuid4()), "Content-Type": "application/json"}

    assert wire.send("POST", "/v1_0/apiuser", made, b'{"providerCallbackHost": "localhost"}').status == 201
    assert wire.token("collection", **{"X-Target-Environment": "sandbox"}).status == 200


@pytest.mark.parametrize(("product", "kind"), [("collection", "MSISDN"), ("disbursement", "msisdn")])
def test_an_account_is_asked_for_in_upper_case_by_a_switch(wire: Wire, product: str, kind: str) -> None:
    path, bearer = f"/{product}/v1_0/accountholder/{kind}/{NUMBER}/active", wire.bearer(product)
    strict = wire.send("GET", path, bearer)
    wire.sandbox.switch(upper_case_account_types=True)

    assert strict.status == (400 if kind == "MSISDN" else 200)
    assert wire.send("GET", path, bearer).json() == {"result": True}


def test_a_class_is_told_from_a_bare_reason_by_a_switch(wire: Wire) -> None:
    wire.sandbox.switch(reason_as_text=True)
    payer = {"partyIdType": "MSISDN", "partyId": "46733123451"}
    reference, _ = wire.write("collection", "v1_0/requesttopay", order("payer", payer=payer))

    status = wire.send("GET", f"/collection/v1_0/requesttopay/{reference}", wire.bearer("collection")).json()

    assert (status["status"], status["reason"]) == ("FAILED", "APPROVAL_REJECTED")


def test_an_old_deposit_with_a_payer_is_exactly_202_and_has_a_payee_after(wire: Wire) -> None:
    reference, reply = wire.write("disbursement", "v1_0/deposit", order("payer"))

    assert (reply.status, reply.content_type, reply.body) == (202, None, b"")
    status = wire.send("GET", f"/disbursement/v1_0/deposit/{reference}", wire.bearer("disbursement")).json()
    assert (status["status"], status["payee"]["partyId"]) == ("SUCCESSFUL", NUMBER)


def test_an_old_refund_is_exactly_202(wire: Wire) -> None:
    paid, _ = wire.write("collection", "v1_0/requesttopay", order("payer"))
    body = {**order("payee"), "referenceIdToRefund": paid}
    del body["payee"]

    reference, reply = wire.write("disbursement", "v1_0/refund", body)

    assert reply.status == 202
    assert wire.sandbox.statuses[reference] == "SUCCESSFUL"


def test_empty_notes_are_taken_and_by_a_switch_an_internal_error(wire: Wire) -> None:
    body = order("payee", payerMessage="", payeeNote="")
    _, taken = wire.write("disbursement", "v1_0/transfer", body)
    wire.sandbox.switch(refuse_empty_notes=True)
    _, refused = wire.write("disbursement", "v1_0/transfer", body)

    assert (taken.status, refused.status) == (202, 500)
    assert refused.json()["code"] == "INTERNAL_PROCESSING_ERROR"

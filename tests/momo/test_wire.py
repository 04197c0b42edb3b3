"""Requests: verb, path, headers and body of every endpoint, and the checks before them."""

import json
from decimal import Decimal

import pytest

from momo import InvalidValue, Money, Product, wire
from momo.wire import Access
from tests.momo.recorded import BASE_URL, REFERENCE

DISBURSEMENT = Access(BASE_URL, Product.DISBURSEMENT, "d" * 32, "sandbox")
COLLECTION = Access(BASE_URL, Product.COLLECTION, "c" * 32, "sandbox")
HOLDERS = "v1_0/accountholder"
READS = [
    (wire.balance(DISBURSEMENT), "/disbursement/v1_0/account/balance"),
    (wire.balance(COLLECTION, "EUR"), "/collection/v1_0/account/balance/EUR"),
    (wire.basic_user_info(COLLECTION, "46733123453"), f"/collection/{HOLDERS}/msisdn/46733123453/basicuserinfo"),
    (wire.user_info(DISBURSEMENT), "/disbursement/oauth2/v1_0/userinfo"),
    (wire.account_active(DISBURSEMENT, "msisdn", "46733123453"), f"/disbursement/{HOLDERS}/msisdn/46733123453/active"),
    (wire.account_active(COLLECTION, "email", "a+b@x.test"), f"/collection/{HOLDERS}/email/a%2Bb%40x.test/active"),
    (wire.account_active(COLLECTION, "party_code", REFERENCE), f"/collection/{HOLDERS}/party_code/{REFERENCE}/active"),
]
OPERATIONS = [
    (COLLECTION, wire.REQUEST_TO_PAY, "/collection/v1_0/requesttopay", "/collection/v1_0/requesttopay"),
    (COLLECTION, wire.WITHDRAW, "/collection/v2_0/requesttowithdraw", "/collection/v1_0/requesttowithdraw"),
    (DISBURSEMENT, wire.TRANSFER, "/disbursement/v1_0/transfer", "/disbursement/v1_0/transfer"),
    (DISBURSEMENT, wire.DEPOSIT, "/disbursement/v2_0/deposit", "/disbursement/v1_0/deposit"),
    (DISBURSEMENT, wire.REFUND, "/disbursement/v2_0/refund", "/disbursement/v1_0/refund"),
]


@pytest.mark.parametrize(("request_", "path"), READS, ids=lambda part: part if isinstance(part, str) else "")
def test_a_read_is_a_get_without_body(request_, path):
    assert (request_.method, request_.url, request_.body) == ("GET", BASE_URL + path, None)
    assert set(request_.headers) == {"Ocp-Apim-Subscription-Key", "X-Target-Environment"}


@pytest.mark.parametrize(("access", "operation", "submit", "status"), OPERATIONS)
def test_a_movement_is_posted_to_its_newest_path_and_read_from_the_first(access, operation, submit, status):
    posted = wire.submit(access, operation, REFERENCE, {"amount": "5"}, "https://shop.test/hook")
    read = wire.status(access, operation, REFERENCE)

    assert (posted.method, posted.url) == ("POST", BASE_URL + submit)
    assert (read.method, read.url) == ("GET", f"{BASE_URL}{status}/{REFERENCE}")
    assert json.loads(posted.body) == {"amount": "5"}
    assert posted.headers["X-Reference-Id"] == REFERENCE
    assert posted.headers["X-Callback-Url"] == "https://shop.test/hook"
    assert posted.headers["Content-Type"] == "application/json"


def test_without_a_callback_there_is_no_callback_header():
    assert "X-Callback-Url" not in wire.submit(DISBURSEMENT, wire.TRANSFER, REFERENCE, {}).headers


def test_a_token_request_has_no_body_and_no_type():
    request = wire.authorised(wire.token(BASE_URL, Product.COLLECTION, "c" * 32), wire.basic_token("user", "key"))

    assert (request.method, request.url, request.body) == ("POST", f"{BASE_URL}/collection/token/", None)
    assert request.headers == {"Ocp-Apim-Subscription-Key": "c" * 32, "Authorization": "Basic dXNlcjprZXk="}


def test_a_body_holds_strings_as_mtn_spells_them():
    body = wire.movement_body(
        Money(Decimal("12.50"), "EUR"),
        {"payee": {"partyIdType": "MSISDN", "partyId": "46733123453"}},
        external_id="e-1",
        payer_message="rent",
        payee_note="May",
    )

    assert body == {
        "amount": "12.5",
        "currency": "EUR",
        "externalId": "e-1",
        "payee": {"partyIdType": "MSISDN", "partyId": "46733123453"},
        "payerMessage": "rent",
        "payeeNote": "May",
    }


def test_provisioning_lives_at_the_root_of_the_host():
    user = wire.create_api_user(BASE_URL, "d" * 32, REFERENCE, "shop.test")
    key = wire.create_api_key(BASE_URL, "d" * 32, REFERENCE)
    read = wire.get_api_user(BASE_URL, "d" * 32, REFERENCE)

    assert (user.method, user.url) == ("POST", f"{BASE_URL}/v1_0/apiuser")
    assert json.loads(user.body) == {"providerCallbackHost": "shop.test"}
    assert user.headers["X-Reference-Id"] == REFERENCE
    assert (key.method, key.url, key.body) == ("POST", f"{BASE_URL}/v1_0/apiuser/{REFERENCE}/apikey", None)
    assert (read.method, read.url) == ("GET", f"{BASE_URL}/v1_0/apiuser/{REFERENCE}")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8",  # version 1
        "{6ba7b810-9dad-41d1-80b4-00c04fd430c8}",
        "6ba7b8109dad41d180b400c04fd430c8",
        "6ba7b810-9dad-41d1-70b4-00c04fd430c8",  # another variant
        None,
    ],
)
def test_a_reference_id_is_a_uuid_version_4(wrong):
    with pytest.raises(InvalidValue, match="reference_id must be a UUID version 4"):
        wire.submit(DISBURSEMENT, wire.TRANSFER, wrong, {})


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("currency", lambda: wire.balance(DISBURSEMENT, "eur")),
        ("currency", lambda: wire.balance(DISBURSEMENT, "../x")),
        ("msisdn", lambda: wire.basic_user_info(DISBURSEMENT, "+46733123453")),
        ("account", lambda: wire.account_active(DISBURSEMENT, "msisdn", "..")),
        ("account", lambda: wire.account_active(DISBURSEMENT, "email", "nobody")),
        ("account_type", lambda: wire.account_active(DISBURSEMENT, "MSISDN", "46733123453")),
        ("callback_url", lambda: wire.submit(DISBURSEMENT, wire.TRANSFER, REFERENCE, {}, "shop.test/hook")),
        ("callback_url", lambda: wire.submit(DISBURSEMENT, wire.TRANSFER, REFERENCE, {}, "http://x:port/")),
        ("callback_url", lambda: wire.submit(DISBURSEMENT, wire.TRANSFER, REFERENCE, {}, "https://x.test/\r\nX: y")),
        ("body", lambda: wire.submit(DISBURSEMENT, wire.TRANSFER, REFERENCE, {"amount": Decimal(1)})),
        ("body", lambda: wire.submit(DISBURSEMENT, wire.TRANSFER, REFERENCE, {"amount": float("nan")})),
        ("callback_host", lambda: wire.create_api_user(BASE_URL, "d" * 32, REFERENCE, "")),
        ("target", lambda: Access(BASE_URL, Product.COLLECTION, "c" * 32, "")),
    ],
)
def test_a_value_that_cannot_be_right_is_named(field, make):
    with pytest.raises(InvalidValue) as caught:
        make()

    assert caught.value.field == field


def test_a_secret_with_a_line_break_is_refused_and_not_repeated():
    with pytest.raises(InvalidValue) as key:
        Access(BASE_URL, Product.COLLECTION, "secret\r\nX-Evil: 1", "sandbox")

    assert key.value.field == "subscription_key"
    assert "secret" not in str(key.value)


def test_a_request_shows_no_headers_and_no_body():
    request = wire.submit(DISBURSEMENT, wire.TRANSFER, REFERENCE, {"partyId": "46733123453"})

    assert "d" * 32 not in repr(request) + repr(DISBURSEMENT)
    assert "46733123453" not in repr(request)


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("account", lambda: wire.pre_approvals(COLLECTION, "alias", "a/b")),
        ("account_type", lambda: wire.pre_approvals(COLLECTION, "party_code", REFERENCE)),
        ("pre_approval_id", lambda: wire.cancel_pre_approval(COLLECTION, "../7")),
        ("language", lambda: wire.delivery_notification(COLLECTION, REFERENCE, "hello", "english")),
    ],
)
def test_what_stands_in_a_path_or_header_is_checked_first(field, make):
    with pytest.raises(InvalidValue) as caught:
        make()

    assert caught.value.field == field


def test_an_account_is_quoted_in_the_path():
    mail = wire.account_active(COLLECTION, "email", "a+b@shop.test").url
    alias = wire.pre_approvals(COLLECTION, "alias", "a@b:c").url

    assert mail.endswith("/accountholder/email/a%2Bb%40shop.test/active")
    assert alias.endswith("/preapprovals/alias/a%40b%3Ac")

"""Answers: what each one means, and that no bytes whatever can turn "perhaps" into "no"."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momo import (
    ApiError,
    ApiUser,
    AuthenticationFailed,
    BadRequest,
    DuplicateReference,
    HttpResponse,
    MalformedResponse,
    MomoError,
    Money,
    NotFound,
    Outcome,
    PermissionDenied,
    RateLimited,
    Reason,
    Refused,
    ServerError,
    Status,
    answers,
    problems,
)
from momo.models import Party
from tests.momo.recorded import ACCEPTED, GATEWAY_401, PAGE, WALLET_401, answer

READERS = [
    answers.read_accepted,
    answers.read_created,
    answers.read_token,
    answers.read_balance,
    answers.read_active,
    answers.read_basic_user_info,
    answers.read_user_info,
    answers.read_transaction,
    answers.read_api_user,
    answers.read_api_key,
]


def error_of(response: HttpResponse, read=answers.read_accepted) -> MomoError:
    with pytest.raises(MomoError) as caught:
        read(response)
    return caught.value


def code(word: str) -> dict[str, str]:
    return {"code": word, "message": "In words."}


# --- writes


def test_only_202_accepts_a_write():
    assert answers.read_accepted(ACCEPTED) is None


@pytest.mark.parametrize("status", [200, 201, 204, 301, 302, 304, 100, 600])
def test_any_other_answer_that_is_no_error_leaves_a_write_unknown(status):
    error = error_of(answer(status, {"status": "SUCCESSFUL"}))

    assert isinstance(error, MalformedResponse)
    assert error.outcome is Outcome.UNKNOWN


def test_the_firewalls_page_refuses_a_write():
    error = error_of(PAGE)

    assert isinstance(error, Refused)
    assert (error.code, error.outcome) == ("FIREWALL", Outcome.NOT_APPLIED)


def test_the_firewalls_page_on_a_read_says_nothing():
    assert isinstance(error_of(PAGE, answers.read_transaction), MalformedResponse)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"", "text/html"), (b"rejected", "text/html"), (b"<x/>", "text/xml"), (b"{}", "text/html")],
)
def test_only_a_real_page_counts_as_the_firewall(body, content_type):
    assert error_of(answer(200, body, content_type=content_type)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("word", sorted(problems.DEFINITE_REFUSALS))
def test_a_500_with_a_definite_code_is_a_refusal(word):
    error = error_of(answer(500, code(word)))

    assert isinstance(error, Refused)
    assert (error.code, error.outcome) == (word, Outcome.NOT_APPLIED)


@pytest.mark.parametrize("word", ["INTERNAL_PROCESSING_ERROR", "SERVICE_UNAVAILABLE", "PAYEE_LIMIT_REACHED", "NEW"])
def test_a_500_with_any_other_code_is_unknown(word):
    error = error_of(answer(500, code(word)))

    assert isinstance(error, ServerError)
    assert (error.code, error.outcome) == (word, Outcome.UNKNOWN)


@pytest.mark.parametrize("status", [501, 502, 503, 504, 599])
def test_a_definite_code_counts_with_500_only(status):
    error = error_of(answer(status, code("NOT_ENOUGH_FUNDS")))

    assert isinstance(error, ServerError)
    assert error.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("word", ["RESOURCE_ALREADY_EXIST", "RESOURCE_ALREADY_EXISTS", "resource already exist"])
@pytest.mark.parametrize("status", [409, 400, 500])
def test_the_code_for_a_used_reference_goes_before_the_status(word, status):
    error = error_of(answer(status, code(word)))

    assert isinstance(error, DuplicateReference)
    assert error.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("status", "kind"), [(400, BadRequest), (401, AuthenticationFailed), (403, PermissionDenied), (429, RateLimited)]
)
@pytest.mark.parametrize("body", [None, b"<html>", {"code": "X"}, {"error": "x"}, {"statusCode": 1}, [1], "text"])
def test_client_errors_were_not_applied_whatever_their_body(status, kind, body):
    error = error_of(answer(status, body))

    assert type(error) is kind
    assert error.outcome is Outcome.NOT_APPLIED


@pytest.mark.parametrize("status", [402, 405, 408, 410, 451])
def test_other_client_errors_are_unknown(status):
    error = error_of(answer(status))

    assert type(error) is ApiError
    assert error.outcome is Outcome.UNKNOWN


# --- error bodies


@pytest.mark.parametrize(
    ("body", "word", "message", "gateway"),
    [
        ({"code": "NOT_ALLOWED", "message": "No."}, "NOT_ALLOWED", "No.", False),
        ({"error": "login_failed"}, "LOGIN_FAILED", "", False),
        ({"statusCode": 401, "message": "Access denied."}, None, "Access denied.", True),
        ({"code": "not allowed", "message": None}, "NOT_ALLOWED", "", False),
        ({"code": 17}, "17", "", False),
        ({"code": {"x": 1}, "message": ["y"]}, None, "", False),
        ([], None, "", False),
    ],
)
def test_every_shape_of_error_body_is_read(body, word, message, gateway):
    problem = problems.read_problem(answer(400, body))

    assert (problem.code, problem.message, problem.gateway) == (word, message, gateway)


def test_a_401_tells_gateway_from_wallet():
    assert error_of(GATEWAY_401).gateway is True
    assert error_of(WALLET_401).gateway is False
    assert error_of(answer(401)).gateway is False


@pytest.mark.parametrize("body", [None, b"<html>", {"statusCode": 404, "message": "Resource not found"}, code("OTHER")])
def test_a_404_in_other_words_than_mtns_is_unreadable(body):
    error = error_of(answer(404, body), answers.read_transaction)

    assert isinstance(error, MalformedResponse)
    assert error.status == 404


def test_a_404_in_mtns_words_is_not_found():
    error = error_of(answer(404, code("RESOURCE_NOT_FOUND")), answers.read_transaction)

    assert isinstance(error, NotFound)
    assert error.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), ("0.5", 0.5), ("", None), ("-1", None), ("1e999", None), ("Wed, 21 Oct", None)]
)
def test_retry_after_is_read_as_seconds(header, seconds):
    assert error_of(answer(429, retry_after=header)).retry_after == seconds


# --- models


def test_a_transaction_is_read_whole():
    body = {
        "amount": "12.50",
        "currency": "EUR",
        "financialTransactionId": "1009",
        "externalId": "e-1",
        "payee": {"partyIdType": "MSISDN", "partyId": "46733123453"},
        "payerMessage": "rent",
        "payeeNote": "May",
        "status": "FAILED",
        "reason": {"code": "PAYEE_NOT_FOUND", "message": "Payee not found."},
        "added": "later",
    }

    result = answers.read_transaction(answer(200, body))

    assert result.status == Status.FAILED
    assert result.amount == Money(Decimal("12.5"), "EUR")
    assert (result.financial_transaction_id, result.external_id) == ("1009", "e-1")
    assert result.party == Party("MSISDN", "46733123453")
    assert (result.payer_message, result.payee_note) == ("rent", "May")
    assert result.reason == Reason("PAYEE_NOT_FOUND", "Payee not found.", body["reason"])
    assert result.raw == body
    assert "46733123453" not in repr(result)


def test_numbers_in_place_of_strings_are_read_exactly():
    raw = b'{"status":"SUCCESSFUL","amount":0.1,"currency":"EUR","externalId":12,"payer":{"partyId":46733123453}}'

    result = answers.read_transaction(answer(200, raw))

    assert result.amount == Money(Decimal("0.1"), "EUR")
    assert result.external_id == "12"
    assert result.party == Party("", "46733123453")


def test_only_the_status_must_be_there():
    result = answers.read_transaction(answer(200, {"status": "NEW_WORD"}))

    assert result.status == Status("NEW_WORD")
    assert (result.amount, result.party, result.reason, result.external_id) == (None, None, None, None)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"reason": {"code": "EXPIRED", "message": "Late."}}, "EXPIRED"),
        ({"reason": "APPROVAL_REJECTED"}, "APPROVAL_REJECTED"),
        ({"Reason": "payer not found"}, "PAYER_NOT_FOUND"),
        ({"reason": {"message": "Not enough funds"}}, "NOT_ENOUGH_FUNDS"),
    ],
)
def test_a_reason_is_read_in_every_shape(fields, word):
    result = answers.read_transaction(answer(200, {"status": "FAILED", **fields}))

    assert result.reason.code == word
    assert result.reason.raw == next(iter(fields.values()))


@pytest.mark.parametrize("reason", [None, "", {}, [], 0, {"code": None}])
def test_an_empty_reason_is_none(reason):
    assert answers.read_transaction(answer(200, {"status": "FAILED", "reason": reason})).reason is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'{"status": null}',
        b'{"status": ""}',
        b'{"status": "FAILED"',
        b'{"status": "FAILED", "amount": "NaN", "currency": "EUR"}',
        b'{"status": "FAILED", "amount": NaN, "currency": "EUR"}',
        b'{"status": "FAILED", "amount": 1e999999999999999999999, "currency": "EUR"}',
        b'{"status": "FAILED", "amount": "5", "currency": "euro"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"status": "FAILED", "amount": ' + b"9" * 5000 + b', "currency": "EUR"}',
    ],
)
def test_an_unreadable_status_is_malformed(body):
    error = error_of(HttpResponse(200, {}, body), answers.read_transaction)

    assert isinstance(error, MalformedResponse)


def test_a_lone_surrogate_cannot_reach_a_database():
    result = answers.read_transaction(HttpResponse(200, {}, rb'{"status": "PENDING", "payeeNote": "\ud800"}'))

    assert result.payee_note.encode() == b"?"


def test_a_balance_may_be_negative_and_needs_both_fields():
    read = answers.read_balance(answer(200, {"availableBalance": "-3.5", "currency": "EUR"}))

    assert read.available == Money(Decimal("-3.5"), "EUR")
    assert isinstance(error_of(answer(200, {"currency": "EUR"}), answers.read_balance), MalformedResponse)


def test_active_is_true_or_false_and_nothing_else():
    assert answers.read_active(answer(200, {"result": True})) is True
    assert answers.read_active(answer(200, {"result": False})) is False
    assert isinstance(error_of(answer(200, {"result": "true"}), answers.read_active), MalformedResponse)


def test_account_holders_are_read_with_what_is_there():
    basic = answers.read_basic_user_info(answer(200, {"given_name": "Sand", "family_name": "Box", "extra": 1}))
    full = answers.read_user_info(answer(200, {"sub": 7, "name": "Sand Box", "address": {"city": "X"}}))

    assert (basic.full_name, basic.birthdate) == ("Sand Box", "")
    assert (full.sub, full.name, full.claims["address"]) == ("7", "Sand Box", {"city": "X"})


def test_a_token_is_read():
    token = answers.read_token(answer(200, {"access_token": "abc", "expires_in": "3600"}))

    assert (token.value, token.expires_in) == ("abc", 3600)


@pytest.mark.parametrize(("token", "expires_in"), [(None, 1), ("", 1), ("a b", 1), ("a", -1), ("a", None), ("a", True)])
def test_a_token_that_cannot_be_used_is_malformed(token, expires_in):
    body = {"access_token": token, "expires_in": expires_in}

    assert isinstance(error_of(answer(200, body), answers.read_token), MalformedResponse)


def test_a_failed_login_is_told_by_its_word_on_the_token_path_alone():
    failed = answer(500, {"error": "login_failed"})

    assert isinstance(error_of(failed, answers.read_token), AuthenticationFailed)
    assert isinstance(error_of(failed, answers.read_accepted), ServerError)


def test_provisioning_answers_are_read():
    user = {"providerCallbackHost": "shop.test", "targetEnvironment": "sandbox"}

    assert answers.read_created(answer(201)) is None
    assert answers.read_api_user(answer(200, user)) == ApiUser("shop.test", "sandbox")
    assert answers.read_api_key(answer(201, {"apiKey": "k"})) == "k"
    assert isinstance(error_of(answer(201, {}), answers.read_api_key), MalformedResponse)


# --- anything at all

DEFINITE = {(200, "FIREWALL")} | {(500, word) for word in problems.DEFINITE_REFUSALS}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
known_fields = st.sampled_from(
    ["code", "error", "message", "statusCode", "status", "reason", "amount", "currency", "access_token", "payee"]
)
bodies = st.binary(max_size=200) | st.dictionaries(known_fields, json_values).map(lambda body: answer(200, body).body)
responses = st.builds(
    HttpResponse,
    st.integers(0, 999),
    st.fixed_dictionaries({}, optional={"content-type": st.text(), "retry-after": st.text()}),
    bodies,
)


def outcome_of(response: HttpResponse, read) -> MomoError | None:
    """The error a reader raises; anything but a MomoError fails the test."""
    try:
        read(response)
    except MomoError as error:
        return error
    return None


@given(responses, st.sampled_from(READERS))
def test_any_answer_gives_a_model_or_a_momo_error(response, read):
    error = outcome_of(response, read)

    assert error is None or str(error)


@given(responses)
def test_no_answer_wrongly_says_that_a_write_was_not_applied(response):
    error = outcome_of(response, answers.read_accepted)

    if error is None:
        assert response.status == 202
    elif error.outcome is Outcome.NOT_APPLIED and response.status not in {400, 401, 403, 429}:
        assert isinstance(error, Refused)
        assert (response.status, error.code) in DEFINITE


def test_a_list_and_a_consent_that_lack_what_they_are_about_cannot_be_read():
    assert isinstance(error_of(answer(200, {"a": 1}), answers.read_pre_approvals), MalformedResponse)
    assert isinstance(error_of(answer(200, ["a"]), answers.read_pre_approvals), MalformedResponse)
    assert isinstance(error_of(answer(403), answers.read_pre_approvals), PermissionDenied)
    assert isinstance(error_of(answer(200, {"expires_in": 60}), answers.read_consent_request), MalformedResponse)

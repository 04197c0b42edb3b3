"""What a program is told of each call: enough for logs and metrics, and nothing that has to be kept secret."""

import asyncio
import logging
from decimal import Decimal

import pytest

from momo import CallReport, HttpRequest, MomoError, Money, Msisdn, Product, ResponseLost, log_calls
from momo.hooks import report_of
from tests.momo.recorded import ACCEPTED, PAGE, REFERENCE, Recorded, answer, client_of

BALANCE = answer(200, {"availableBalance": "10", "currency": "EUR"})
SOMEBODY = Msisdn("46733123999")
NOTES = {"external_id": "e-1", "payer_message": "rent", "payee_note": "May"}


async def transfer(client):
    await client.disbursement.transfer(REFERENCE, Money(Decimal(5), "EUR"), SOMEBODY, **NOTES)


async def test_each_exchange_is_told_with_its_operation_and_outcome():
    told = []
    client = client_of(Recorded(ACCEPTED, answer(503), BALANCE), hooks=[told.append])

    await transfer(client)
    await client.disbursement.balance("EUR")

    assert [(one.operation, one.attempt, one.status, one.error) for one in told] == [
        ("token", 1, 200, None),
        ("transfer", 1, 202, None),
        ("balance_in", 1, 503, "ServerError"),
        ("balance_in", 2, 200, None),
    ]
    assert told[1].reference_id == REFERENCE
    assert (told[1].product, told[1].method, told[1].path) == (Product.DISBURSEMENT, "POST", "/v1_0/transfer")
    assert told[2].path == "/v1_0/account/balance/{currency}"


@pytest.mark.parametrize(
    ("reply", "status", "error", "code"),
    [
        (answer(500, {"code": "NOT_ALLOWED", "message": "46733123999"}), 500, "Refused", "NOT_ALLOWED"),
        (PAGE, 200, "Refused", "FIREWALL"),
        (ResponseLost("46733123999"), None, "ResponseLost", None),
        (answer(302), 302, "MalformedResponse", None),
    ],
)
async def test_a_report_of_an_error_has_its_code_and_none_of_its_words(reply, status, error, code):
    told = []
    with pytest.raises(MomoError):
        await transfer(client_of(Recorded(reply), hooks=[told.append]))

    report = told[-1]
    assert (report.status, report.error, report.code) == (status, error, code)
    assert "46733123999" not in repr(report)


async def test_no_report_shows_a_key_a_token_a_number_or_a_text():
    told = []
    client = client_of(Recorded(ACCEPTED, answer(200, {"given_name": "Ann"})), hooks=[told.append])

    await transfer(client)
    await client.disbursement.basic_user_info(SOMEBODY)

    seen = repr(told)
    assert not [secret for secret in ("46733123999", "api-key", "d" * 32, "token-1", "rent", "Ann") if secret in seen]


async def test_a_status_lookup_is_told_with_the_reference_it_asks_about():
    told = []
    client = client_of(Recorded(answer(200, {"status": "PENDING"})), hooks=[told.append])

    await client.disbursement.transfer_status(REFERENCE)

    assert told[-1].reference_id == REFERENCE


async def test_a_call_that_is_cancelled_is_told_too():
    told = []

    class Silent(Recorded):
        def _other(self, request):
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await client_of(Silent(), hooks=[told.append]).disbursement.balance()

    assert told[-1].error == "CancelledError"


async def test_a_hook_that_fails_does_not_make_a_payment_fail(caplog):
    def broken(report):
        raise ValueError("full disk")

    told = []
    await transfer(client_of(Recorded(ACCEPTED), hooks=[broken, told.append]))

    assert len(told) == 2
    assert "a hook failed" in caplog.text


async def test_calls_can_be_logged(caplog):
    caplog.set_level(logging.DEBUG, "momo")
    client = client_of(Recorded(ACCEPTED, answer(400)), hooks=[log_calls()])
    await transfer(client)
    with pytest.raises(MomoError):
        await transfer(client)

    lines = [(record.levelname, record.getMessage()) for record in caplog.records if record.name == "momo"]
    assert [level for level, _ in lines] == ["DEBUG", "DEBUG", "WARNING"]
    assert f"disbursement transfer attempt=1 status=202 error=None code=None reference_id={REFERENCE}" in lines[1][1]


def test_a_request_without_an_endpoint_is_told_without_a_path():
    report = report_of(Product.COLLECTION, HttpRequest("GET", "https://x.test/46733123999", {}), 1, 0.5, 200, None)

    assert report == CallReport(Product.COLLECTION, "unknown", "GET", "", 1, 0.5, status=200)

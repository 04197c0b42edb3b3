"""Orders are checked when they are made: the field, the rule and the value are named, and nothing secret."""

from decimal import Decimal

import pytest

from momo import (
    CashTransfer,
    ConfigurationError,
    Deposit,
    InvalidValue,
    Invoice,
    MomoClient,
    Money,
    Msisdn,
    Party,
    Payment,
    PreApproval,
    Refund,
    RequestToPay,
    Transfer,
    Withdrawal,
    market_of,
)
from tests.momo.recorded import ACCEPTED, BASE_URL, CREDENTIALS, REFERENCE, Recorded

EURO = Money(Decimal("12.50"), "EUR")
SOMEBODY = Msisdn("46733123999")
TEXTS = {"external_id": "e-1", "payer_message": "rent", "payee_note": "May"}
PARTY = {"partyIdType": "MSISDN", "partyId": "46733123999"}
BODY = {"amount": "12.5", "currency": "EUR", "externalId": "e-1", "payerMessage": "rent", "payeeNote": "May"}
INVOICE = {"amount": EURO, "external_id": "e-1", "validity_seconds": 600, "payee": SOMEBODY}
PRE_APPROVAL = {"payer": SOMEBODY, "payer_currency": "EUR", "payer_message": "rent", "validity_seconds": 60}
PAYMENT = {
    "amount": EURO,
    "external_transaction_id": "p-1",
    "customer_reference": "661551442",
    "service_provider_user_name": "Electricity Inc.",
}


@pytest.mark.parametrize(
    ("order", "body"),
    [
        (RequestToPay(amount=EURO, payer=SOMEBODY, **TEXTS), {**BODY, "payer": PARTY}),
        (Withdrawal(amount=EURO, payer=SOMEBODY, **TEXTS), {**BODY, "payer": PARTY}),
        (Transfer(amount=EURO, payee=SOMEBODY, **TEXTS), {**BODY, "payee": PARTY}),
        (Deposit(amount=EURO, payee=SOMEBODY, **TEXTS), {**BODY, "payee": PARTY}),
        (
            Refund(amount=EURO, reference_id_to_refund=REFERENCE, **TEXTS),
            {**BODY, "referenceIdToRefund": REFERENCE},
        ),
        (CashTransfer(amount=EURO, payee=SOMEBODY, **TEXTS), {**BODY, "payee": PARTY}),
        (
            Invoice(**INVOICE, intended_payer=SOMEBODY, description="rent"),
            {
                "amount": "12.5",
                "currency": "EUR",
                "externalId": "e-1",
                "validityDuration": "600",
                "payee": PARTY,
                "intendedPayer": PARTY,
                "description": "rent",
            },
        ),
        (
            PreApproval(**PRE_APPROVAL),
            {"payer": PARTY, "payerCurrency": "EUR", "payerMessage": "rent", "validityTime": 60},
        ),
        (
            Payment(**PAYMENT, coupon_id="c 7"),
            {
                "externalTransactionId": "p-1",
                "money": {"amount": "12.5", "currency": "EUR"},
                "customerReference": "661551442",
                "serviceProviderUserName": "Electricity Inc.",
                "couponId": "c 7",
            },
        ),
    ],
    ids=lambda part: type(part).__name__,
)
def test_an_order_is_written_as_mtn_spells_it(order, body):
    assert order.body() == body


def transfer(**changes):
    return Transfer(**{"amount": EURO, "payee": SOMEBODY, **TEXTS, **changes})


@pytest.mark.parametrize(
    ("field", "make", "value"),
    [
        ("amount", lambda: transfer(amount=12.5), "of type float"),
        ("amount", lambda: transfer(amount="12.50"), "of type str"),
        ("amount", lambda: transfer(amount=Money(Decimal(0), "EUR")), "0 EUR"),
        ("payee", lambda: transfer(payee="46733123999"), "of type str"),
        ("payee", lambda: transfer(payee=None), "of type NoneType"),
        ("payee", lambda: transfer(payee=Party("MSISDN", "0733123999")), "…999"),
        ("payee", lambda: transfer(payee=Party("EMAIL", "nobody")), "nobody"),
        ("payee.party_id_type", lambda: transfer(payee=Party("phone", "46733123999")), "phone"),
        ("external_id", lambda: transfer(external_id="a b"), "a b"),
        ("external_id", lambda: transfer(external_id=7), "7"),
        *[("external_id", lambda sign=sign: transfer(external_id=f"a{sign}b"), f"a{sign}b") for sign in "'()#&"],
        ("external_id", lambda: transfer(external_id="x" * 161), "x" * 80),
        ("external_id", lambda: Invoice(**{**INVOICE, "external_id": "it's"}), "it's"),
        ("payer_message", lambda: transfer(payer_message="x" * 161), "x" * 80),
        ("payer_message", lambda: transfer(payer_message="it's"), "it's"),
        ("payer_message", lambda: transfer(payer_message=None), "None"),
        ("payee_note", lambda: transfer(payee_note=" "), " "),
        ("payee_note", lambda: transfer(payee_note="a (b)"), "a (b)"),
        ("payee_note", lambda: transfer(payee_note="a & b"), "a & b"),
        (
            "reference_id_to_refund",
            lambda: Refund(amount=EURO, reference_id_to_refund="13", **TEXTS),
            "13",
        ),
        ("validity_seconds", lambda: Invoice(**{**INVOICE, "validity_seconds": 0}), "0"),
        ("validity_seconds", lambda: Invoice(**{**INVOICE, "validity_seconds": "60"}), "60"),
        ("validity_seconds", lambda: PreApproval(**{**PRE_APPROVAL, "validity_seconds": True}), "True"),
        ("description", lambda: Invoice(**INVOICE, description="it's"), "it's"),
        ("payer_currency", lambda: PreApproval(**{**PRE_APPROVAL, "payer_currency": "euro"}), "euro"),
        ("customer_reference", lambda: Payment(**{**PAYMENT, "customer_reference": "#1"}), ""),
        ("max_number_of_retries", lambda: Payment(**PAYMENT, max_number_of_retries=-1), "-1"),
        ("include_sender_charges", lambda: Payment(**PAYMENT, include_sender_charges="yes"), "of type str"),
        ("sender_note", lambda: Payment(**PAYMENT, sender_note="a\nb"), ""),
        ("email", lambda: CashTransfer(amount=EURO, payee=SOMEBODY, **TEXTS, email="x"), "x"),
        ("msisdn", lambda: CashTransfer(amount=EURO, payee=SOMEBODY, **TEXTS, msisdn="46"), "of type str"),
        (
            "original_amount",
            lambda: CashTransfer(amount=EURO, payee=SOMEBODY, **TEXTS, original_amount=5),
            "of type int",
        ),
    ],
)
def test_a_value_that_mtn_would_refuse_is_named_with_its_rule(field, make, value):
    with pytest.raises(InvalidValue) as caught:
        make()

    error = caught.value
    assert (error.field, error.value) == (field, value)
    assert str(error).startswith(f"{field} must be {error.rule}")
    assert "46733123999" not in str(error)


@pytest.mark.parametrize(
    ("target", "options", "amount", "message"),
    [
        ("sandbox", {}, Money(Decimal(5), "XAF"), "currency must be EUR in sandbox, not 'XAF'"),
        ("mtnuganda", {}, Money(Decimal(5), "EUR"), "currency must be UGX in mtnuganda, not 'EUR'"),
        ("mtnuganda", {}, Money(Decimal("5.5"), "UGX"), "amount must be of at most 0 decimals, not '5.5'"),
        ("sandbox", {}, Money(Decimal("0.001"), "EUR"), "amount must be of at most 2 decimals, not '0.001'"),
        ("mtnliberia", {"market": market_of("mtnliberia", "USD")}, Money(Decimal(5), "LRD"), "currency must be USD"),
    ],
)
async def test_an_amount_the_market_does_not_take_is_refused_before_anything_is_sent(target, options, amount, message):
    transport = Recorded(ACCEPTED)
    client = MomoClient(BASE_URL, target, disbursement=CREDENTIALS, transport=transport, **options)

    with pytest.raises(InvalidValue, match=message):
        await client.disbursement.transfer(REFERENCE, amount, SOMEBODY, **TEXTS)

    assert (transport.tokens, transport.requests) == (0, [])


@pytest.mark.parametrize("target", ["mtnliberia", "mtnelsewhere"])
async def test_where_the_currency_is_in_doubt_mtn_decides(target):
    transport = Recorded(ACCEPTED)
    client = MomoClient(BASE_URL, target, disbursement=CREDENTIALS, transport=transport)

    await client.disbursement.transfer(REFERENCE, Money(Decimal("5.25"), "USD"), SOMEBODY, **TEXTS)

    assert len(transport.requests) == 1


@pytest.mark.parametrize("target", ["", "mtn uganda", "sand\nbox", "x" * 65, None])
def test_an_environment_is_one_word(target):
    with pytest.raises(ConfigurationError, match="target must be one word"):
        MomoClient(BASE_URL, target, disbursement=CREDENTIALS, transport=Recorded(ACCEPTED))


@pytest.mark.parametrize(
    ("url", "target"),
    [("https://sandbox.momodeveloper.mtn.com", "mtnuganda"), ("https://proxy.momoapi.mtn.com/", "sandbox")],
)
def test_mtns_hosts_have_their_own_environments(url, target):
    with pytest.raises(ConfigurationError, match=target):
        MomoClient(url, target, disbursement=CREDENTIALS, transport=Recorded(ACCEPTED))

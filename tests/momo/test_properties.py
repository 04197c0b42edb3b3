"""Whatever comes back, and whatever is handed in: only our errors, and never a false "it did not happen"."""

import asyncio
import inspect
import json
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from momo import (
    CashTransfer,
    Deposit,
    HttpResponse,
    InvalidValue,
    Invoice,
    MomoClient,
    MomoError,
    Money,
    Msisdn,
    Outcome,
    Party,
    Payment,
    PreApproval,
    Provisioning,
    Refund,
    RequestToPay,
    Status,
    Transfer,
    Withdrawal,
    answers,
    wire,
)
from momo.models import Product
from momo.wire import Access
from tests.momo.recorded import BASE_URL, CREDENTIALS, REFERENCE, USER, Recorded
from tests.momo.sandbox.world import Clock

EURO = Money(Decimal("12.50"), "EUR")
SOMEBODY = Msisdn("46733123999")
TEXTS = {"external_id": "e-1", "payer_message": "rent", "payee_note": "May"}
BILL = Invoice(amount=EURO, external_id="e-1", validity_seconds=60, payee=SOMEBODY)
WISH = PreApproval(payer=SOMEBODY, payer_currency="EUR", payer_message="rent", validity_seconds=60)
PAYMENT = Payment(amount=EURO, external_transaction_id="p", customer_reference="c", service_provider_user_name="s")
CASH = CashTransfer(amount=EURO, payee=SOMEBODY, **TEXTS)

WRITES = {
    "request_to_pay": lambda c: c.collection.request_to_pay(REFERENCE, EURO, SOMEBODY, **TEXTS),
    "withdraw": lambda c: c.collection.withdraw(REFERENCE, EURO, SOMEBODY, **TEXTS),
    "invoice": lambda c: c.collection.create_invoice(REFERENCE, BILL),
    "pre_approval": lambda c: c.collection.create_pre_approval(REFERENCE, WISH),
    "payment": lambda c: c.collection.create_payment(REFERENCE, PAYMENT),
    "transfer": lambda c: c.disbursement.transfer(REFERENCE, EURO, SOMEBODY, **TEXTS),
    "deposit": lambda c: c.disbursement.deposit(REFERENCE, EURO, SOMEBODY, **TEXTS),
    "refund": lambda c: c.disbursement.refund(REFERENCE, EURO, reference_id_to_refund=USER, **TEXTS),
    "cash_transfer": lambda c: c.remittance.cash_transfer(REFERENCE, CASH),
}
OTHERS = {
    "notify": lambda c: c.collection.notify_delivery(REFERENCE, "hello"),
    "cancel_invoice": lambda c: c.collection.cancel_invoice(REFERENCE, reference_id=USER, external_id="c"),
    "cancel_pre_approval": lambda c: c.collection.cancel_pre_approval("7"),
    "balance": lambda c: c.collection.balance(),
    "is_active": lambda c: c.disbursement.is_active(SOMEBODY),
    "basic_user_info": lambda c: c.remittance.basic_user_info(SOMEBODY),
    "pre_approvals": lambda c: c.collection.pre_approvals(SOMEBODY),
    "authorize": lambda c: c.collection.consent.authorize(SOMEBODY, ["profile"]),
    "consent_token": lambda c: c.collection.consent.token("r"),
    "user_info": lambda c: c.collection.consent.user_info("t"),
    "raw": lambda c: c.collection.raw("POST", "/v1_0/x", body={}),
    "invoice_status": lambda c: c.collection.invoice_status(REFERENCE),
    "pre_approval_status": lambda c: c.collection.pre_approval_status(REFERENCE),
    "payment_status": lambda c: c.collection.payment_status(REFERENCE),
    "request_to_pay_status": lambda c: c.collection.request_to_pay_status(REFERENCE),
    "cash_transfer_status": lambda c: c.remittance.cash_transfer_status(REFERENCE),
    "create_api_user": lambda c: provisioning(c).create_api_user(USER, "shop.test"),
    "get_api_user": lambda c: provisioning(c).get_api_user(USER),
    "create_api_key": lambda c: provisioning(c).create_api_key(USER),
}
CALLS = {**WRITES, **OTHERS}
# Kept apart from the client's own list on purpose: these two are compared here.
DEFINITE = {
    "NOT_ALLOWED",
    "NOT_ALLOWED_TARGET_ENVIRONMENT",
    "INVALID_CALLBACK_URL_HOST",
    "INVALID_CURRENCY",
    "PAYER_NOT_FOUND",
    "PAYEE_NOT_FOUND",
    "NOT_ENOUGH_FUNDS",
    "PAYER_LIMIT_REACHED",
    "PAYEE_NOT_ALLOWED_TO_RECEIVE",
}

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    [
        *("code", "error", "message", "statusCode", "status", "amount", "currency", "reason", "errorReason", "payee"),
        *("payer", "availableBalance", "result", "access_token", "expires_in", "auth_req_id", "interval", "apiKey"),
        *("originalAmount", "originalCurrency", "refresh_token_expired_in", "preApprovalId", "externalId"),
    ]
)
CODES = st.sampled_from(
    [*DEFINITE, "RESOURCE_NOT_FOUND", "RESOURCE_ALREADY_EXISTS", "INTERNAL_PROCESSING_ERROR", "EUR"]
)
OBJECTS = st.dictionaries(NAMES, CODES | VALUES, max_size=6)
PAGES = st.text(max_size=20).map(lambda text: f"<html>{text}</html>".encode())
BODIES = st.just(b"") | st.binary(max_size=60) | PAGES | (OBJECTS | VALUES).map(lambda data: json.dumps(data).encode())
STATUSES = st.sampled_from([200, 201, 202, 204, 302, 400, 401, 403, 404, 409, 410, 429, 500, 503]) | st.integers()
HEADERS = st.fixed_dictionaries(
    {}, optional={"content-type": st.sampled_from(["text/html", "application/json"]), "retry-after": st.text()}
)
RESPONSES = st.builds(HttpResponse, STATUSES, HEADERS, BODIES)


def provisioning(client):
    return Provisioning(BASE_URL, "c" * 32, client._transport)


def outcome_of(call, response):
    """What a call makes of an answer: the error, or None. Anything but a MomoError comes through."""
    clock = Clock()
    client = MomoClient(
        BASE_URL,
        "sandbox",
        collection=CREDENTIALS,
        disbursement=CREDENTIALS,
        remittance=CREDENTIALS,
        transport=Recorded(response),
        clock=clock,
        sleep=clock.sleep,
    )
    try:
        asyncio.run(call(client))
    except MomoError as error:
        return error
    return None


@settings(deadline=None, max_examples=150)
@given(name=st.sampled_from(sorted(CALLS)), response=RESPONSES)
def test_any_answer_to_any_call_is_a_result_or_one_of_our_errors(name, response):
    error = outcome_of(CALLS[name], response)

    assert error is None or isinstance(error.outcome, Outcome)


@settings(deadline=None, max_examples=150)
@given(name=st.sampled_from(sorted(WRITES)), response=RESPONSES)
@example(name="transfer", response=HttpResponse(400, {}, b'{"code": "RESOURCE_ALREADY_EXIST"}'))
@example(name="transfer", response=HttpResponse(500, {}, b'{"code": "internal processing error"}'))
@example(name="transfer", response=HttpResponse(200, {"content-type": "text/html"}, b"{}"))
@example(name="transfer", response=HttpResponse(404, {}, b""))
def test_a_write_was_accepted_by_202_alone_and_denied_only_by_what_is_known_to_deny(name, response):
    error = outcome_of(WRITES[name], response)

    assert (error is None) == (response.status == 202)
    if error is not None and error.outcome is Outcome.NOT_APPLIED:
        assert denies(response)


def denies(response):
    """The whole list of answers to a write that mean it was not carried out."""
    if response.status in {400, 401, 403, 429}:
        return True
    if response.status == 200:
        return b"<html" in response.body.lower() or (
            response.headers.get("content-type") == "text/html" and response.body.lstrip()[:1] == b"<"
        )
    if response.status != 500:
        return False
    body = json.loads(response.body)
    code = body.get("code") or body.get("error")
    return "_".join(str(code).upper().split()) in DEFINITE


# --- what goes out comes back

AMOUNTS = st.decimals(Decimal("0.01"), Decimal("999999999.99"), places=2)
NOTES = st.text(st.sampled_from("ABCxyz019 .,_-"), min_size=1, max_size=160).filter(lambda text: text.strip())
MARKS = st.from_regex(r'[!"$%*-~]{1,40}', fullmatch=True)
NUMBERS = st.from_regex(r"[1-9][0-9]{7,14}", fullmatch=True)
HOLDERS = NUMBERS.map(Msisdn) | st.just(Party("EMAIL", "ann@shop.test")) | st.just(Party("PARTY_CODE", USER))
COMMON = {
    "amount": AMOUNTS.map(lambda amount: Money(amount, "EUR")),
    "external_id": MARKS,
    "payer_message": NOTES,
    "payee_note": NOTES,
}
ORDERS = (
    st.builds(RequestToPay, **COMMON, payer=HOLDERS)
    | st.builds(Withdrawal, **COMMON, payer=HOLDERS)
    | st.builds(Transfer, **COMMON, payee=HOLDERS)
    | st.builds(Deposit, **COMMON, payee=HOLDERS)
    | st.builds(Refund, **COMMON, reference_id_to_refund=st.uuids(version=4).map(str))
)


@settings(deadline=None)
@given(ORDERS)
def test_an_order_that_goes_out_comes_back_the_same(order):
    product = Product.COLLECTION if order.operation.party == "payer" else Product.DISBURSEMENT
    request = wire.submit(Access(BASE_URL, product, "c" * 32, "sandbox"), order.operation, REFERENCE, order.body())
    sent = json.loads(request.body)

    seen = answers.read_transaction(HttpResponse(200, {}, json.dumps({**sent, "status": "PENDING"}).encode()))

    assert (seen.status, seen.amount, seen.external_id) == (Status.PENDING, order.amount, order.external_id)
    assert (seen.payer_message, seen.payee_note) == (order.payer_message, order.payee_note)
    holder = getattr(order, "payer", None) or getattr(order, "payee", None)
    assert (seen.party.party_id if seen.party else None) == (
        holder.party_id if isinstance(holder, Party) else holder and str(holder)
    )


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6).filter(lambda number: abs(number) < 10**14))
def test_an_amount_survives_the_wire(amount):
    money = Money(amount, "EUR")

    assert Money.parse(money.wire(), "EUR") == money


# --- what is handed in

KINDS = [RequestToPay, Withdrawal, Transfer, Deposit, Refund, CashTransfer, Invoice, PreApproval, Payment]
ANYTHING = VALUES | st.binary() | st.decimals() | COMMON["amount"] | HOLDERS


@settings(deadline=None, max_examples=200)
@given(
    kind=st.sampled_from(KINDS),
    data=st.data(),
)
def test_an_order_of_anything_is_good_or_names_the_field_that_is_not(kind, data):
    fields = {name: data.draw(ANYTHING) for name in inspect.signature(kind).parameters}
    try:
        order, refused = kind(**fields), None
    except InvalidValue as error:
        order, refused = None, error.field.partition(".")[0]
    if order is not None:
        assert json.loads(json.dumps(order.body())) == order.body()
    assert refused is None or refused in fields


@settings(deadline=None)
@given(field=st.sampled_from(["reference_id", "callback_url"]), value=ANYTHING)
def test_a_reference_or_an_address_of_anything_is_good_or_refused(field, value):
    arguments = {"reference_id": REFERENCE, "callback_url": None, field: value}
    clock = Clock()
    client = MomoClient(
        BASE_URL, "sandbox", disbursement=CREDENTIALS, transport=Recorded(HttpResponse(202, {}, b"")), clock=clock
    )
    call = client.disbursement.send(
        arguments["reference_id"],
        Transfer(amount=EURO, payee=SOMEBODY, **TEXTS),
        callback_url=arguments["callback_url"],
    )
    refused = None
    try:
        asyncio.run(call)
    except InvalidValue as error:
        refused = error.field
    assert refused in {None, field}

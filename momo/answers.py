"""Every answer as a function from HttpResponse to a model or an error. Never does I/O, never awaits.

Only the status its endpoint names accepts a write; what any other answer means is in `problems.py`. Status words
are an open set, unknown fields are kept in `raw`.
"""

import re
from typing import Any, NoReturn

from momo.bodies import decode, is_html, money_of, party_of, reason_of, text, text_or_none
from momo.endpoints import REQUEST_TO_PAY, Endpoint
from momo.errors import ApiError, AuthenticationFailed, InvalidValue, MalformedResponse, Outcome, Refused
from momo.models import ApiUser, Balance, BasicUserInfo, Status, Token, TransactionResult, UserInfo
from momo.money import Money
from momo.problems import error_of, read_problem
from momo.results import (
    CashTransferResult,
    ConsentRequest,
    ConsentToken,
    InvoiceResult,
    PaymentResult,
    PreApprovalDetails,
    PreApprovalResult,
)
from momo.wire import HttpResponse

_TOKEN = re.compile(r"[\x21-\x7e]+")
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


def read_accepted(response: HttpResponse, endpoint: Endpoint | None = None) -> None:
    """Return if a write was accepted, which is not yet success. Without an endpoint only 202 accepts.

    Raises:
        MomoError: it was not, or nobody can tell; see its outcome.
    """
    if response.status == 200 and is_html(response):
        # Source: measured. The firewall answers forbidden characters with a page and status 200.
        raise Refused(200, "FIREWALL", "the firewall in front of MTN refused the text of the request")
    row = endpoint or REQUEST_TO_PAY
    if response.status in row.accepts:
        return
    error = error_of(response)
    if response.status == 409 and not row.has_reference and isinstance(error, ApiError):
        # Without a reference id nothing can be there twice: it is not yet the time for this call.
        error = ApiError(409, error.code, error.message)
        error.outcome = Outcome.NOT_APPLIED
    raise error


def read_created(response: HttpResponse) -> None:
    """Return if an API user was created."""
    if response.status != 201:
        raise error_of(response)


def read_token(response: HttpResponse) -> Token:
    """Read an access token."""
    if response.status == 500 and read_problem(response).code == "LOGIN_FAILED":
        # Source: measured. A wrong API key is HTTP 500 here, and nowhere else.
        raise AuthenticationFailed(500, "LOGIN_FAILED", "the API user or API key is wrong")
    body = _object(response)
    return Token(_access_token(response, body), int(_seconds(response, body.get("expires_in"))))


def read_balance(response: HttpResponse) -> Balance:
    """Read a balance."""
    body = _object(response)
    available = _money(response, body.get("availableBalance"), body.get("currency"))
    if available is None:
        _malformed(response, "no balance")
    return Balance(available)


def read_active(response: HttpResponse) -> bool:
    """Read whether an account is active; false is also MTN's answer for an account that does not exist."""
    result = _object(response).get("result")
    if not isinstance(result, bool):
        _malformed(response, "neither true nor false")
    return result


def read_basic_user_info(response: HttpResponse) -> BasicUserInfo:
    """Read the name behind a number."""
    fields = ("given_name", "family_name", "birthdate", "locale", "gender", "status")
    body = _object(response)
    return BasicUserInfo(**{name: text(body.get(name)) for name in fields})


def read_user_info(response: HttpResponse) -> UserInfo:
    """Read what an account holder consented to show."""
    names = ("sub", "name", "given_name", "family_name", "phone_number", "email", "birthdate", "locale")
    body = _object(response)
    return UserInfo(claims=body, **{name: text(body.get(name)) for name in (*names, "gender", "status")})


def read_transaction(response: HttpResponse) -> TransactionResult:
    """Read where a money movement stands."""
    return TransactionResult(**_transaction(response))


def read_cash_transfer(response: HttpResponse) -> CashTransferResult:
    """Read where a cash transfer stands."""
    fields = _transaction(response)
    body = fields["raw"]
    return CashTransferResult(
        **fields,
        originating_country=text_or_none(body.get("orginatingCountry") or body.get("originatingCountry")),
        original_amount=_money(response, body.get("originalAmount"), body.get("originalCurrency")),
        sender={name: text(value) for name, value in body.items() if name.startswith("payer") and text(value)},
    )


def read_invoice(response: HttpResponse) -> InvoiceResult:
    """Read where an invoice stands."""
    body = _object(response)
    return InvoiceResult(
        status=_status(response, body),
        reference_id=text_or_none(body.get("referenceId")),
        external_id=text_or_none(body.get("externalId")),
        amount=_money(response, body.get("amount"), body.get("currency")),
        payment_reference=text_or_none(body.get("paymentReference")),
        invoice_id=text_or_none(body.get("invoiceId")),
        expires=text_or_none(body.get("expiryDateTime")),
        payee_first_name=text_or_none(body.get("payeeFirstName")),
        payee_last_name=text_or_none(body.get("payeeLastName")),
        intended_payer=party_of(body.get("intendedPayer")),
        description=text_or_none(body.get("description")),
        reason=reason_of(body.get("errorReason") or body.get("reason")),
        raw=body,
    )


def read_pre_approval(response: HttpResponse) -> PreApprovalResult:
    """Read where a request for a pre-approval stands."""
    body = _object(response)
    return PreApprovalResult(
        status=_status(response, body),
        payer=party_of(body.get("payer")),
        payer_currency=text_or_none(body.get("payerCurrency")),
        payer_message=text_or_none(body.get("payerMessage")),
        expires=text_or_none(body.get("expirationDateTime")),
        reason=reason_of(body.get("reason")),
        raw=body,
    )


def read_pre_approvals(response: HttpResponse) -> tuple[PreApprovalDetails, ...]:
    """Read which pre-approvals somebody has given."""
    if response.status != 200:
        raise error_of(response)
    body = decode(response)
    if not isinstance(body, list) or not all(isinstance(item, dict) for item in body):
        _malformed(response, "not a list of objects")
    return tuple(_pre_approval_details(response, item) for item in body)


def read_payment(response: HttpResponse) -> PaymentResult:
    """Read where a payment stands."""
    body = _object(response)
    return PaymentResult(
        status=_status(response, body),
        reference_id=text_or_none(body.get("referenceId")),
        financial_transaction_id=text_or_none(body.get("financialTransactionId")),
        reason=reason_of(body.get("reason")),
        raw=body,
    )


def read_consent_request(response: HttpResponse) -> ConsentRequest:
    """Read what a consent was asked for as."""
    body = _object(response)
    auth_req_id = text(body.get("auth_req_id"))
    if not auth_req_id:
        _malformed(response, "no auth_req_id")
    interval_seconds = _seconds(response, body.get("interval", 5))  # the default of OpenID's CIBA
    return ConsentRequest(auth_req_id, interval_seconds, _seconds(response, body.get("expires_in")))


def read_consent_token(response: HttpResponse) -> ConsentToken:
    """Read the token that a consent gave."""
    body = _object(response)
    refresh_seconds = body.get("refresh_token_expired_in")
    return ConsentToken(
        access_token=_access_token(response, body),
        expires_in=_seconds(response, body.get("expires_in")),
        scope=text(body.get("scope")),
        refresh_token=text_or_none(body.get("refresh_token")),
        refresh_token_expires_in=None if refresh_seconds is None else _seconds(response, refresh_seconds),
        raw=body,
    )


def read_api_user(response: HttpResponse) -> ApiUser:
    """Read what an API user was made with."""
    body = _object(response)
    return ApiUser(text(body.get("providerCallbackHost")), text(body.get("targetEnvironment")))


def read_api_key(response: HttpResponse) -> str:
    """Read a new API key."""
    key = _object(response, 201).get("apiKey")
    if not isinstance(key, str) or not key:
        _malformed(response, "no API key")
    return key


# --- what they share


def _object(response: HttpResponse, expected: int = 200) -> dict[str, Any]:
    if response.status != expected:
        raise error_of(response)
    body = decode(response)
    if not isinstance(body, dict):
        _malformed(response, "not a JSON object")
    return body


def _transaction(response: HttpResponse) -> dict[str, Any]:
    body = _object(response)
    return {
        "status": _status(response, body),
        "amount": _money(response, body.get("amount"), body.get("currency")),
        "financial_transaction_id": text_or_none(body.get("financialTransactionId")),
        "external_id": text_or_none(body.get("externalId")),
        "party": party_of(body.get("payee") or body.get("payer")),
        "payer_message": text_or_none(body.get("payerMessage")),
        "payee_note": text_or_none(body.get("payeeNote")),
        "reason": reason_of(body.get("reason") or body.get("Reason")),
        "raw": body,
    }


def _pre_approval_details(response: HttpResponse, item: dict[str, Any]) -> PreApprovalDetails:
    def read(name: str) -> str | None:
        return text_or_none(item.get(name))

    return PreApprovalDetails(
        pre_approval_id=text(item.get("preApprovalId")),
        status=_status(response, item),
        to_fri=read("toFri"),
        from_fri=read("fromFri"),
        from_currency=read("fromCurrency"),
        created=read("createdTime"),
        approved=read("approvedTime"),
        expires=read("expiryTime"),
        message=read("message"),
        frequency=read("frequency"),
        start_date=read("startDate"),
        last_used_date=read("lastUsedDate"),
        offer=read("offer"),
        external_id=read("externalId"),
        max_debit_amount=read("maxDebitAmount"),
        raw=item,
    )


def _status(response: HttpResponse, body: dict[str, Any]) -> Status:
    word = body.get("status")
    if not isinstance(word, str) or not word:
        _malformed(response, "no status")
    return Status(word)


def _money(response: HttpResponse, amount: object, currency: object) -> Money | None:
    try:
        return money_of(amount, currency)
    except InvalidValue:
        _malformed(response, "an amount that is none")


def _access_token(response: HttpResponse, body: dict[str, Any]) -> str:
    value = body.get("access_token")
    if not isinstance(value, str) or not _TOKEN.fullmatch(value):
        _malformed(response, "no usable access token")
    return value


def _seconds(response: HttpResponse, value: object) -> float:
    seconds = text(value)
    if not _SECONDS.fullmatch(seconds):
        _malformed(response, "no usable number of seconds")
    return float(seconds)


def _malformed(response: HttpResponse, what: str) -> NoReturn:
    raise MalformedResponse(f"unreadable answer: {what}", response.status)

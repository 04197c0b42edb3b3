"""MTN's endpoints as data: one row for each operation of its specifications. Builds nothing, sends nothing.

The requests are built from these rows (`wire.py`), and the contract tests compare them with the specifications.
"""

from dataclasses import dataclass
from enum import Enum

from momo.models import Product


class Purpose(Enum):
    """What a call is for; timeouts go by it, and only reads are ever repeated."""

    TOKEN = "token"  # noqa: S105 - no secret
    READ = "read"
    WRITE = "write"


class Media(Enum):
    """How a body is written."""

    JSON = "application/json"
    FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation.

    Attributes:
        name: ours, as hooks and logs say it.
        operation: MTN's operationId.
        method: the HTTP verb.
        path: behind the product, with names in braces.
        products: where it exists; none for provisioning, which lives at the root of the host.
        purpose: see Purpose.
        media: how its body is written; None if it has none.
        accepts: the statuses that mean yes.
        has_reference: it takes X-Reference-Id.
        has_callback: it takes X-Callback-Url.
        has_target: it takes Authorization and X-Target-Environment, as all but provisioning and tokens do.
    """

    name: str
    operation: str
    method: str
    path: str
    products: tuple[Product, ...]
    purpose: Purpose = Purpose.READ
    media: Media | None = None
    accepts: tuple[int, ...] = (200,)
    has_reference: bool = False
    has_callback: bool = False
    has_target: bool = True


ALL = tuple(Product)
COLLECTION = (Product.COLLECTION,)
DISBURSEMENT = (Product.DISBURSEMENT,)
REMITTANCE = (Product.REMITTANCE,)
TRANSFERS = (Product.DISBURSEMENT, Product.REMITTANCE)


def _read(name: str, operation: str, path: str, products: tuple[Product, ...] = ALL) -> Endpoint:
    return Endpoint(name, operation, "GET", path, products)


def _submit(name: str, operation: str, path: str, products: tuple[Product, ...]) -> Endpoint:
    """A POST under a reference id, answered by 202, which is not yet success."""
    return Endpoint(
        name,
        operation,
        "POST",
        path,
        products,
        Purpose.WRITE,
        Media.JSON,
        (202,),
        has_reference=True,
        has_callback=True,
    )


# --- every product

TOKEN = Endpoint("token", "CreateAccessToken", "POST", "/token/", ALL, Purpose.TOKEN, has_target=False)
BC_AUTHORIZE = Endpoint(
    "bc_authorize", "bc-authorize", "POST", "/v1_0/bc-authorize", ALL, Purpose.WRITE, Media.FORM, has_callback=True
)
OAUTH2_TOKEN = Endpoint("oauth2_token", "CreateOauth2Token", "POST", "/oauth2/token/", ALL, Purpose.TOKEN, Media.FORM)
USER_INFO = _read("user_info", "GetUserInfoWithConsent", "/oauth2/v1_0/userinfo")
BALANCE = _read("balance", "GetAccountBalance", "/v1_0/account/balance")
BALANCE_IN = _read("balance_in", "GetAccountBalanceInSpecificCurrency", "/v1_0/account/balance/{currency}")
ACTIVE = _read("active", "ValidateAccountHolderStatus", "/v1_0/accountholder/{account_type}/{account}/active")
# The export spells the type MSISDN; MTN's own clients send lower case.
BASIC_USER_INFO = _read(
    "basic_user_info", "GetBasicUserinfo", "/v1_0/accountholder/{account_type}/{account}/basicuserinfo"
)

# --- Collection

REQUEST_TO_PAY = _submit("request_to_pay", "RequesttoPay", "/v1_0/requesttopay", COLLECTION)
REQUEST_TO_PAY_STATUS = _read(
    "request_to_pay_status", "RequesttoPayTransactionStatus", "/v1_0/requesttopay/{reference_id}", COLLECTION
)
DELIVERY_NOTIFICATION = Endpoint(
    "delivery_notification",
    "RequesttoPayDeliveryNotification",
    "POST",
    "/v1_0/requesttopay/{reference_id}/deliverynotification",
    COLLECTION,
    Purpose.WRITE,
    Media.JSON,
)
WITHDRAW_V1 = _submit("withdraw", "RequestToWithdraw-V1", "/v1_0/requesttowithdraw", COLLECTION)
WITHDRAW_V2 = _submit("withdraw", "RequestToWithdraw-V2", "/v2_0/requesttowithdraw", COLLECTION)
WITHDRAW_STATUS = _read(
    "withdraw_status", "RequestToWithdrawTransactionStatus", "/v1_0/requesttowithdraw/{reference_id}", COLLECTION
)
CREATE_INVOICE = _submit("create_invoice", "CreateInvoice", "/v2_0/invoice", COLLECTION)
INVOICE_STATUS = _read("invoice_status", "GetInvoiceStatus", "/v2_0/invoice/{reference_id}", COLLECTION)
CANCEL_INVOICE = Endpoint(
    "cancel_invoice",
    "CancelInvoice",
    "DELETE",
    "/v2_0/invoice/{reference_id}",
    COLLECTION,
    Purpose.WRITE,
    Media.JSON,
    (200, 202),  # the specification says 200, the live sandbox 202 (measured)
    has_reference=True,
    has_callback=True,
)
CREATE_PRE_APPROVAL = _submit("create_pre_approval", "PreApproval", "/v2_0/preapproval", COLLECTION)
PRE_APPROVAL_STATUS = _read(
    "pre_approval_status", "GetPreApprovalStatus", "/v2_0/preapproval/{reference_id}", COLLECTION
)
PRE_APPROVALS = _read(
    "pre_approvals", "GetApprovedPreApprovals", "/v1_0/preapprovals/{account_type}/{account}", COLLECTION
)
CANCEL_PRE_APPROVAL = Endpoint(
    "cancel_pre_approval",
    "CancelPreApproval",
    "DELETE",
    "/v1_0/preapproval/{pre_approval_id}",
    COLLECTION,
    Purpose.WRITE,
)
CREATE_PAYMENT = _submit("create_payment", "CreatePayments", "/v2_0/payment", COLLECTION)
PAYMENT_STATUS = _read("payment_status", "GetPaymentStatus", "/v2_0/payment/{reference_id}", COLLECTION)

# --- Disbursement and Remittance. There is no /v2_0/transfer; status lives on the v1 path for both versions.

TRANSFER = _submit("transfer", "Transfer", "/v1_0/transfer", TRANSFERS)
TRANSFER_STATUS = _read("transfer_status", "GetTransferStatus", "/v1_0/transfer/{reference_id}", TRANSFERS)
DEPOSIT_V1 = _submit("deposit", "Deposit-V1", "/v1_0/deposit", DISBURSEMENT)
DEPOSIT_V2 = _submit("deposit", "Deposit-V2", "/v2_0/deposit", DISBURSEMENT)
DEPOSIT_STATUS = _read("deposit_status", "GetDepositStatus", "/v1_0/deposit/{reference_id}", DISBURSEMENT)
REFUND_V1 = _submit("refund", "Refund-V1", "/v1_0/refund", DISBURSEMENT)
REFUND_V2 = _submit("refund", "Refund-V2", "/v2_0/refund", DISBURSEMENT)
REFUND_STATUS = _read("refund_status", "GetRefundStatus", "/v1_0/refund/{reference_id}", DISBURSEMENT)
CASH_TRANSFER = _submit("cash_transfer", "CashTransfer", "/v2_0/cashtransfer", REMITTANCE)
CASH_TRANSFER_STATUS = _read(
    "cash_transfer_status", "GetCashTransferStatus", "/v2_0/cashtransfer/{reference_id}", REMITTANCE
)

# --- provisioning, in the sandbox only

CREATE_API_USER = Endpoint(
    "create_api_user",
    "post-v1_0-apiuser",
    "POST",
    "/v1_0/apiuser",
    (),
    Purpose.WRITE,
    Media.JSON,
    (201,),
    has_reference=True,
    has_target=False,
)
GET_API_USER = Endpoint("get_api_user", "get-v1_0-apiuser", "GET", "/v1_0/apiuser/{reference_id}", (), has_target=False)
CREATE_API_KEY = Endpoint(
    "create_api_key",
    "post-v1_0-apiuser-apikey",
    "POST",
    "/v1_0/apiuser/{reference_id}/apikey",
    (),
    Purpose.WRITE,
    accepts=(201,),
    has_target=False,
)

ENDPOINTS = tuple(row for row in list(globals().values()) if isinstance(row, Endpoint))

"""An async, typed client for MTN's Mobile Money API (Collection, Disbursement and Remittance).

Two ways in: `MomoClient` here, and `momo.documented` with the methods of the published reference page. Callbacks are
received with `momo.callbacks`, tests are written with `momo.testing`.
The names below are the public ones; everything else may change without notice.
"""

from momo.billing import Invoice, Payment, PreApproval
from momo.cash import CashTransfer
from momo.client import MomoClient
from momo.collection import CollectionClient
from momo.disbursement import DisbursementClient
from momo.errors import (
    ApiError,
    AuthenticationFailed,
    BadRequest,
    ConfigurationError,
    ConnectionFailed,
    DuplicateReference,
    InvalidValue,
    MalformedResponse,
    MomoError,
    NotFound,
    Outcome,
    PermissionDenied,
    RateLimited,
    Refused,
    ResponseLost,
    ServerError,
    TransportError,
)
from momo.hooks import CallReport, Hook, log_calls
from momo.limiter import Limiter
from momo.markets import Market, decimals_of, market_of
from momo.models import (
    ApiUser,
    Balance,
    BasicUserInfo,
    Credentials,
    Party,
    Product,
    Reason,
    Status,
    TransactionResult,
    UserInfo,
)
from momo.money import Money
from momo.msisdn import Msisdn
from momo.names import name_match
from momo.notes import clean_note
from momo.orders import Deposit, Order, Refund, RequestToPay, Transfer, Withdrawal
from momo.provisioning import Provisioning
from momo.reference_ids import new_reference_id, reference_id_from
from momo.remittance import RemittanceClient
from momo.results import (
    CashTransferResult,
    ConsentRequest,
    ConsentToken,
    InvoiceResult,
    PaymentResult,
    PreApprovalDetails,
    PreApprovalResult,
    RawAnswer,
)
from momo.submission import Submitted
from momo.transport import AiohttpTransport, Transport
from momo.wire import HttpRequest, HttpResponse

__all__ = [
    "AiohttpTransport",
    "ApiError",
    "ApiUser",
    "AuthenticationFailed",
    "BadRequest",
    "Balance",
    "BasicUserInfo",
    "CallReport",
    "CashTransfer",
    "CashTransferResult",
    "CollectionClient",
    "ConfigurationError",
    "ConnectionFailed",
    "ConsentRequest",
    "ConsentToken",
    "Credentials",
    "Deposit",
    "DisbursementClient",
    "DuplicateReference",
    "Hook",
    "HttpRequest",
    "HttpResponse",
    "InvalidValue",
    "Invoice",
    "InvoiceResult",
    "Limiter",
    "MalformedResponse",
    "Market",
    "MomoClient",
    "MomoError",
    "Money",
    "Msisdn",
    "NotFound",
    "Order",
    "Outcome",
    "Party",
    "Payment",
    "PaymentResult",
    "PermissionDenied",
    "PreApproval",
    "PreApprovalDetails",
    "PreApprovalResult",
    "Product",
    "Provisioning",
    "RateLimited",
    "RawAnswer",
    "Reason",
    "Refund",
    "Refused",
    "RemittanceClient",
    "RequestToPay",
    "ResponseLost",
    "ServerError",
    "Status",
    "Submitted",
    "TransactionResult",
    "Transfer",
    "Transport",
    "TransportError",
    "UserInfo",
    "Withdrawal",
    "clean_note",
    "decimals_of",
    "log_calls",
    "market_of",
    "name_match",
    "new_reference_id",
    "reference_id_from",
]

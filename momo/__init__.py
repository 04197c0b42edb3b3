"""An async, typed client for MTN's Mobile Money API (Collection and Disbursement).

Two ways in: `MomoClient` here, and `momo.documented` with the methods of the published reference page.
The names below are the public ones; everything else may change without notice.
"""

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
from momo.notes import clean_note
from momo.provisioning import Provisioning
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
    "CollectionClient",
    "ConfigurationError",
    "ConnectionFailed",
    "Credentials",
    "DisbursementClient",
    "DuplicateReference",
    "HttpRequest",
    "HttpResponse",
    "InvalidValue",
    "MalformedResponse",
    "Market",
    "MomoClient",
    "MomoError",
    "Money",
    "Msisdn",
    "NotFound",
    "Outcome",
    "Party",
    "PermissionDenied",
    "Product",
    "Provisioning",
    "RateLimited",
    "Reason",
    "Refused",
    "ResponseLost",
    "ServerError",
    "Status",
    "TransactionResult",
    "Transport",
    "TransportError",
    "UserInfo",
    "clean_note",
    "decimals_of",
    "market_of",
]

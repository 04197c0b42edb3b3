"""Everything that can go wrong in a call, and what each error says about the money.

    MomoError                       .outcome: was the call carried out?
    ├── ConfigurationError          the client was set up wrongly                         NOT_APPLIED
    ├── InvalidValue (ValueError)   refused here, before anything was sent                NOT_APPLIED
    ├── TransportError              no answer
    │   ├── ConnectionFailed        the connection never stood                            NOT_APPLIED
    │   └── ResponseLost            sent, perhaps in part; the answer never came          UNKNOWN
    ├── MalformedResponse           an answer that cannot be read                         UNKNOWN
    └── ApiError                    MTN answered and said no; .status .code .message      UNKNOWN unless below
        ├── BadRequest              400                                                   NOT_APPLIED
        ├── AuthenticationFailed    401, or the token was refused; .gateway               NOT_APPLIED
        ├── PermissionDenied        403                                                   NOT_APPLIED
        ├── NotFound                404 with code RESOURCE_NOT_FOUND, nothing else        UNKNOWN
        ├── RateLimited             429; .retry_after                                     NOT_APPLIED
        ├── DuplicateReference      409: this reference id was used before                UNKNOWN
        ├── Refused                 the firewall's page, or 500 with a definite code      NOT_APPLIED
        └── ServerError             every other 5xx                                       UNKNOWN

`outcome` is about the call that raised, and only about that: a status lookup that fails says nothing of the
payment it asked about. A payment that MTN reports as FAILED is a result, not an error.

No text in here may hold a key, a token or a whole phone number: errors end up in logs.
"""

from enum import Enum
from typing import ClassVar


class Outcome(Enum):
    """What a caller may conclude about a call that raised."""

    NOT_APPLIED = "not applied"
    """It was not carried out, for certain. A repeat is safe."""
    UNKNOWN = "unknown"
    """It may or may not have been carried out. Ask for the status before doing anything else."""


class MomoError(Exception):
    """Base of all errors raised by this library."""

    default_outcome: ClassVar[Outcome] = Outcome.UNKNOWN

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.outcome = self.default_outcome


class ConfigurationError(MomoError):
    """The client was set up in a way that can never work."""

    default_outcome = Outcome.NOT_APPLIED


class InvalidValue(MomoError, ValueError):
    """A value was refused before anything was sent.

    Attributes:
        field: the name of the argument, as the caller knows it.
        rule: what the value has to be, in words.
        value: what was given, shortened; empty where it is a secret.
    """

    default_outcome = Outcome.NOT_APPLIED

    def __init__(self, field: str, rule: str, value: object = "") -> None:
        self.field = field
        self.rule = rule
        self.value = str(value)[:80]
        super().__init__(f"{field} must be {rule}" + (f", not {self.value!r}" if self.value else ""))


class TransportError(MomoError):
    """There was no answer."""


class ConnectionFailed(TransportError):
    """The connection was never established, so nothing was sent."""

    default_outcome = Outcome.NOT_APPLIED


class ResponseLost(TransportError):
    """The request may have arrived; the answer did not, or not whole."""


class MalformedResponse(MomoError):
    """Something answered, but not in a way that can be understood.

    Attributes:
        status: the HTTP status that came with it.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(f"{message} (HTTP {status})")
        self.status = status


class ApiError(MomoError):
    """MTN, or the gateway in front of it, answered with an error.

    Attributes:
        status: the HTTP status.
        code: MTN's own code, upper case, or None where the answer had none. An open set.
        message: MTN's words, perhaps empty.
        gateway: True if the API gateway answered, not the wallet behind it.
    """

    def __init__(self, status: int, code: str | None = None, message: str = "", *, gateway: bool = False) -> None:
        super().__init__(" ".join(part for part in (f"HTTP {status}", code, message) if part))
        self.status = status
        self.code = code
        self.message = message
        self.gateway = gateway


class BadRequest(ApiError):
    """MTN found the request malformed."""

    default_outcome = Outcome.NOT_APPLIED


class AuthenticationFailed(ApiError):
    """The token, the API key or the subscription key was not accepted.

    With `gateway` True it is the subscription key, and no new token will cure that.
    """

    default_outcome = Outcome.NOT_APPLIED


class PermissionDenied(ApiError):
    """This account may not make this call: address not allowed, or product not enabled."""

    default_outcome = Outcome.NOT_APPLIED


class NotFound(ApiError):
    """MTN does not know the reference id. Shortly after a write this is no proof that it never will."""


class RateLimited(ApiError):
    """Too many calls. `retry_after` is MTN's wish in seconds, where it named one."""

    default_outcome = Outcome.NOT_APPLIED

    def __init__(
        self,
        status: int,
        code: str | None = None,
        message: str = "",
        *,
        gateway: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(status, code, message, gateway=gateway)
        self.retry_after = retry_after


class DuplicateReference(ApiError):
    """The reference id was used before, perhaps by an earlier try of this very call: read its status."""


class Refused(ApiError):
    """MTN refused the request itself, definitely; nothing was created."""

    default_outcome = Outcome.NOT_APPLIED


class ServerError(ApiError):
    """Something broke on MTN's side, or it used a code that is not known to mean a refusal."""

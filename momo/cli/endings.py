"""How a command ends: the exit code, and the words for it. What is not known is never called failed."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NoReturn

import typer

from momo.errors import (
    AuthenticationFailed,
    ConfigurationError,
    InvalidValue,
    MomoError,
    Outcome,
    PermissionDenied,
)
from momo.models import Status, TransactionResult

CONFIGURATION = (ConfigurationError, InvalidValue)
KEYS = (AuthenticationFailed, PermissionDenied)


class Code(IntEnum):
    """Exit codes."""

    SUCCESSFUL = 0
    FAILED = 1
    USAGE = 2
    UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class Ending:
    """What a command has to say last; `details` goes into the JSON besides."""

    code: Code
    message: str
    details: Mapping[str, object] = field(default_factory=dict)

    def tell(self, as_json: bool) -> NoReturn:
        """Print it and end the program."""
        if as_json:
            shown = {"outcome": self.code.name.lower(), "message": self.message, **self.details}
            typer.echo(json.dumps(shown, ensure_ascii=False))
        else:
            typer.echo(self.message, err=self.code is Code.USAGE)
        raise typer.Exit(self.code)


def of_result(result: TransactionResult, kind: str, reference_id: str) -> Ending:
    """The end of a look at a transaction."""
    details = {
        "kind": kind,
        "reference_id": reference_id,
        "status": str(result.status),
        "reason": result.reason.code if result.reason else None,
        "amount": result.amount.wire() if result.amount else None,
        "currency": result.amount.currency if result.amount else None,
        "financial_transaction_id": result.financial_transaction_id,
    }
    told = " ".join(str(part) for part in (result.status, result.amount, details["reason"]) if part is not None)
    if not result.status.final:
        return Ending(Code.UNKNOWN, f"{told}: not over yet. {ask_again(kind, reference_id)}", details)
    code = Code.SUCCESSFUL if result.status == Status.SUCCESSFUL else Code.FAILED
    return Ending(code, told, details)


def of_write(error: MomoError, kind: str, reference_id: str) -> Ending:
    """The end of a write that raised."""
    details = {"kind": kind, "reference_id": reference_id, "error": type(error).__name__}
    if error.outcome is Outcome.UNKNOWN:
        message = f"Not known whether it was carried out: {error}. {ask_again(kind, reference_id)}"
        return Ending(Code.UNKNOWN, message, details)
    code = Code.USAGE if isinstance(error, CONFIGURATION) else Code.FAILED
    return Ending(code, f"Refused, nothing has moved: {error}.", details)


def of_read(error: MomoError, hint: str = "") -> Ending:
    """The end of a question that raised: it says nothing about money."""
    code = Code.USAGE if isinstance(error, CONFIGURATION + KEYS) else Code.UNKNOWN
    return Ending(code, f"No answer to that: {error}. {hint}".strip(), {"error": type(error).__name__})


def ask_again(kind: str, reference_id: str) -> str:
    """What to do about a doubt."""
    return f"Do not pay again. Ask later, for a day if need be: python -m momo status {reference_id} --kind {kind}"


@contextmanager
def wrong_at_once(as_json: bool) -> Iterator[None]:
    """What is wrong before anything is sent ends the program with the code for that."""
    try:
        yield
    except CONFIGURATION as error:
        Ending(Code.USAGE, f"{error}.", {"error": type(error).__name__}).tell(as_json)

"""Which update a line of the log goes back to: one name, from what somebody typed to the message that tells its end.

The name is the update's, so it is there before anything is done. A transaction keeps the update that made it, and the
outbox the name with each message: after a restart both go on under it.
"""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class _Work:
    """One piece of work. Changed in place: what a transaction finds out on its thread is known to all of the work."""

    trace: str | None = None


_work: ContextVar[_Work | None] = ContextVar("work", default=None)


@contextmanager
def tracing() -> Iterator[None]:
    """Let everything inside, and every transaction and task it starts, be one piece of work."""
    token = _work.set(_Work())
    try:
        yield
    finally:
        _work.reset(token)


def follow(trace: str | None) -> None:
    """Say what this work goes back to, now that it is known."""
    work = _work.get()
    if work is not None and trace is not None:
        work.trace = trace


def current() -> str | None:
    """Return what this work goes back to, or None while that is not known."""
    work = _work.get()
    return None if work is None else work.trace


def of_update(update_id: int) -> str:
    """Return the name of an update's trace. Not a bare number: in a log that could be somebody's."""
    return f"u{update_id}"


def name_trace(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put the trace on a line of the log."""
    trace = current()
    return event if trace is None else {"trace": trace, **event}

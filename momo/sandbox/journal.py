"""Every request that came in, counted and listed: how a test proves what a client sent, and how often."""

import hashlib
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

from momo.sandbox.call import Call
from momo.sandbox.faults import Cut

KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One request: *reference_id* is that of the header or, for a status, of the path.

    `status` is what was sent; None if the connection was cut.
    """

    at: float
    method: str
    path: str
    operation: str
    reference_id: str | None
    body_sha256: str
    status: int | None
    cut: Cut | None
    fault: str | None


class Journal:
    """The last requests in full, and the counts of all."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._counts: Counter[tuple[str, str | None]] = Counter()
        self._paths: Counter[tuple[str, str]] = Counter()

    @property
    def entries(self) -> Sequence[Entry]:
        """The last requests, oldest first."""
        return tuple(self._entries)

    def add(self, entry: Entry) -> None:
        """Note a request."""
        self._entries.append(entry)
        self._counts[entry.operation, entry.reference_id] += 1
        self._paths[entry.method, entry.path] += 1

    def count(self, operation: str | None = None, reference_id: str | None = None) -> int:
        """How many requests came, of one operation or under one reference id if given."""
        return sum(
            count
            for (its_operation, its_reference), count in self._counts.items()
            if operation in {None, its_operation} and reference_id in {None, its_reference}
        )

    def by_operation(self) -> dict[str, int]:
        """Operation -> number of requests."""
        totals: Counter[str] = Counter()
        for (operation, _), count in self._counts.items():
            totals[operation] += count
        return dict(totals)

    def by_reference(self) -> dict[str, dict[str, int]]:
        """Reference id -> operation -> number of requests."""
        totals: dict[str, dict[str, int]] = {}
        for (operation, reference_id), count in self._counts.items():
            if reference_id is not None:
                totals.setdefault(reference_id, {})[operation] = count
        return totals

    def by_path(self) -> dict[str, int]:
        """ "METHOD path" -> number of requests."""
        return {f"{method} {path}": count for (method, path), count in self._paths.items()}

    def clear(self) -> None:
        """Forget all of it."""
        self._entries.clear()
        self._counts.clear()
        self._paths.clear()


def digest(call: Call) -> str:
    """The fingerprint of a body, so that a repeat can be compared with the first."""
    return hashlib.sha256(call.body).hexdigest()

"""One request as the sandbox reads it: path and query apart, header names in lower case."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

from momo.wire import HttpRequest


@dataclass(frozen=True, slots=True)
class Call:
    """A request that arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, request: HttpRequest) -> "Call":
        """Read *request*; the host it was sent to does not matter."""
        parts = urlsplit(request.url)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in request.headers.items()}
        return cls(request.method.upper(), parts.path, query, headers, request.body or b"")

    @property
    def reference_id(self) -> str | None:
        """The header X-Reference-Id, as sent."""
        return self.headers.get("x-reference-id")

    def json(self) -> object:
        """The body as JSON, with numbers exact.

        Raises:
            ValueError: it is none.
        """
        return json.loads(self.body, parse_float=Decimal)

"""Calls that the library does not model: any method and path, with the product's headers. Never does I/O."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from momo import checks
from momo.bodies import decode
from momo.endpoints import Endpoint, Media, Purpose
from momo.errors import AuthenticationFailed, InvalidValue
from momo.problems import error_of
from momo.results import RawAnswer
from momo.wire import Access, HttpRequest, HttpResponse, json_bytes

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_OURS = frozenset({"authorization", "ocp-apim-subscription-key", "x-target-environment", "content-type"})


def request(
    access: Access,
    method: str,
    path: str,
    *,
    body: Mapping[str, Any] | None,
    form: Mapping[str, str] | None,
    headers: Mapping[str, str],
) -> HttpRequest:
    """Build the request.

    Raises:
        InvalidValue: the method, the path or a header cannot be sent.
    """
    if method not in _METHODS:
        raise InvalidValue("method", f"one of {', '.join(_METHODS)}", method)
    media = Media.JSON if body is not None else Media.FORM if form is not None else None
    if body is not None and form is not None:
        raise InvalidValue("form", "left out where there is a body")
    purpose = Purpose.READ if method == "GET" else Purpose.WRITE
    endpoint = Endpoint("raw", "", method, checks.path("path", path), (access.product,), purpose, media)
    sent = dict(access.headers)
    if media is not None:
        sent["Content-Type"] = media.value
    content = json_bytes(body) if body is not None else urlencode(form).encode() if form is not None else None
    return HttpRequest(method, access.root + path, {**sent, **_checked(headers)}, content, endpoint)


def answer(response: HttpResponse) -> RawAnswer:
    """The answer as it came. A refused token alone raises, so that the next call fetches another."""
    if response.status == 401 and isinstance(error := error_of(response), AuthenticationFailed):
        raise error
    headers = {name.lower(): value for name, value in response.headers.items()}
    return RawAnswer(response.status, headers, response.body, decode(response))


def _checked(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if name.lower() in _OURS:
            raise InvalidValue("headers", "without those that are added here", name)
        checks.one_word("headers", name)
        checks.one_line(f"headers[{name}]", value)
    return dict(headers)

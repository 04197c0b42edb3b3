"""How the Bot API says no: one exception that carries the code and the sentence.

The sentences are Telegram's own, so that a bot that reads them is really tested. Which rule is broken is
decided elsewhere; nothing here looks at state.
"""

from typing import Any

# Sources: core.telegram.org/bots/api ("Making requests", "ResponseParameters"); the wording was compared with
# the public telegram-bot-api server.


class Refusal(Exception):
    """The answer ``{"ok": false, ...}``: an error code, a description and perhaps parameters."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        """Return the body of the HTTP answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(sentence: str, **parameters: Any) -> Refusal:
    """Return a 400."""
    return Refusal(400, f"Bad Request: {sentence}", **parameters)


def forbidden(sentence: str) -> Refusal:
    """Return a 403."""
    return Refusal(403, f"Forbidden: {sentence}")


def conflict(sentence: str) -> Refusal:
    """Return a 409, as a second reader of the updates gets it."""
    return Refusal(409, f"Conflict: {sentence}")


def too_many_requests(seconds: int) -> Refusal:
    """Return a 429 that asks to wait for ``seconds``."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def too_large() -> Refusal:
    """Return the 413 for a file above Telegram's limit."""
    return Refusal(413, "Request Entity Too Large")


def unauthorized() -> Refusal:
    """Return the 401 for a token nobody has."""
    return Refusal(401, "Unauthorized")


def not_found(sentence: str = "") -> Refusal:
    """Return a 404: an address that is no bot's, or a method that does not exist."""
    return Refusal(404, f"Not Found: {sentence}" if sentence else "Not Found")

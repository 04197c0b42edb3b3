"""The parameters of one call, read with the types the Bot API gives them.

A form sends everything as text, a JSON body sends typed values; both must mean the same. Only reading
happens here: what a value may be is decided by the methods.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.playground.refusals import bad_request


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a multipart body."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a call was given: values by name, and uploaded files by field name."""

    values: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a value as text; empty when it is missing."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str) -> int | None:
        """Return a value as an integer; None when it is missing or none."""
        try:
            return int(self.text(name))
        except ValueError:
            return None

    def flag(self, name: str) -> bool:
        """Return a value as a truth: Telegram takes true, yes and 1."""
        return self.text(name).lower() in {"true", "yes", "1"}

    def data(self, name: str, what: str) -> Any:
        """Return a value that is JSON: an object or a list, given as itself or as text. None when missing."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {what} JSON object") from error

    def chat_id(self) -> int:
        """Return the id of the chat that is meant. Names of public chats do not exist here."""
        if not self.text("chat_id"):
            raise bad_request("chat_id is empty")
        chat_id = self.integer("chat_id")
        if chat_id is None:
            raise bad_request("chat not found")
        return chat_id

    def message_id(self) -> int:
        """Return the id of the message that is meant."""
        message_id = self.integer("message_id")
        if not message_id:
            raise bad_request("message identifier is not specified")
        return message_id

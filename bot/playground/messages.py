"""Messages and where they are kept.

A message is what Telegram knows about it; who may write, edit or delete is decided by the methods.
"""

from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.playground.people import Chat, User


@dataclass(slots=True)
class Message:
    """One message of one chat.

    ``content`` holds the fields that say what it is, in the Bot API's shape: ``text`` and ``entities``, or
    ``document`` and ``caption``, or those of a service message. ``markup`` is any kind of reply markup.
    """

    message_id: int
    chat: Chat
    date: int
    sender: User
    content: dict[str, Any]
    markup: dict[str, Any] | None = None
    reply_to: "Message | None" = None
    thread_id: int | None = None
    forward_origin: dict[str, Any] | None = None
    anonymous: bool = False
    silent: bool = False
    edit_date: int | None = None

    @property
    def text(self) -> str:
        """The words of the message or of its caption; empty when it has none."""
        return str(self.content.get("text") or self.content.get("caption") or "")

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """The inline buttons, row by row."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    def as_json(self, *, with_reply: bool = True) -> dict[str, Any]:
        """Return the Message object of the Bot API; of a reply's reply Telegram shows nothing."""
        optional = {
            "sender_chat": self.chat.as_json() if self.anonymous else None,
            "forward_origin": self.forward_origin,
            "message_thread_id": self.thread_id,
            "is_topic_message": True if self.thread_id else None,
            "edit_date": self.edit_date,
            "reply_to_message": self.reply_to.as_json(with_reply=False) if self.reply_to and with_reply else None,
            "reply_markup": self.markup if self.buttons else None,
        }
        given = {name: value for name, value in optional.items() if value is not None}
        head = {"message_id": self.message_id, "from": self.sender.as_json(), "chat": self.chat.as_json()}
        return {**head, "date": self.date, **self.content, **given}

    def as_seen(self) -> dict[str, Any]:
        """Return the message as a person's app sees it: with every kind of reply markup, and whether it rang."""
        quiet = {"disable_notification": True} if self.silent else {}
        return self.as_json() | ({"reply_markup": self.markup} if self.markup else {}) | quiet


class MessageBook:
    """All messages by chat and id.

    As in Telegram, private chats and basic groups share one row of numbers, and each supergroup has its own:
    the same id can be in use in two chats.
    """

    def __init__(self) -> None:
        self._messages: dict[int, dict[int, Message]] = {}
        self._shared_numbers = count(1)
        self._numbers: dict[int, count[int]] = {}

    def next_id(self, chat: Chat) -> int:
        """Return the id of the next message in a chat."""
        if chat.type != "supergroup":
            return next(self._shared_numbers)
        return next(self._numbers.setdefault(chat.id, count(1)))

    def add(self, message: Message) -> None:
        """Keep a message."""
        self._messages.setdefault(message.chat.id, {})[message.message_id] = message

    def find(self, chat_id: int, message_id: int | None) -> Message | None:
        """Return a message, or None when there is none with that id in that chat."""
        return self._messages.get(chat_id, {}).get(message_id or 0)

    def of_chat(self, chat_id: int) -> list[Message]:
        """Return the messages of a chat, oldest first."""
        return list(self._messages.get(chat_id, {}).values())

    def delete(self, message: Message) -> None:
        """Forget a message."""
        del self._messages[message.chat.id][message.message_id]

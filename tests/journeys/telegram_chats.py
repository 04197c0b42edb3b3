"""The chats, the people in them and their hands: what stands behind the foreign Bot API.

Nothing of the project is imported here. The server is in `foreign_telegram`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .waiting import PATIENCE, Bell, Found

BOT = {"id": 110201543, "is_bot": True, "first_name": "Till", "username": "foreign_till_bot"}
# An anonymous administrator of a group writes under this account.
GROUP_ANONYMOUS_BOT = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
_OFF_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

Json = dict[str, Any]


@dataclass
class Message:
    """One message of a chat as it stands now, with everything it said before; `file` is what came with it."""

    chat_id: int
    message_id: int
    sender: Json
    text: str
    raw: str = ""
    buttons: dict[str, str] = field(default_factory=dict)
    force_reply: bool = False
    extra: Json = field(default_factory=dict)
    file: bytes = b""
    versions: list[tuple[float, str]] = field(default_factory=list)

    @property
    def by_bot(self) -> bool:
        return bool(self.sender["id"] == BOT["id"])

    def button(self, prefix: str) -> str | None:
        """Return the callback data of the button whose text begins with `prefix`."""
        return next((data for label, data in self.buttons.items() if label.startswith(prefix)), None)


@dataclass
class Press:
    """A tap on a button and what the bot answered to it."""

    query_id: str
    user: int
    data: str
    update_id: int
    answers: list[Json] = field(default_factory=list)


class TelegramChats:
    """Messages, people and the updates that wait for the bot."""

    def __init__(self, bell: Bell | None = None) -> None:
        self.bell = bell or Bell()
        self.messages: list[Message] = []
        self.presses: dict[str, Press] = {}
        self.refusals: list[str] = []
        self._chats: dict[int, Json] = {}
        self._people: dict[int, Json] = {}
        self._updates: list[Json] = []
        self._allowed: list[str] | None = None
        self._next_update = 501

    # people

    def person(self, user_id: int, first_name: str = "Somebody") -> int:
        self._people[user_id] = {
            "id": user_id,
            "is_bot": False,
            "first_name": first_name,
            "language_code": "en",
        }
        return user_id

    def group(self, chat_id: int, title: str = "Shop", kind: str = "supergroup") -> int:
        self._chats[chat_id] = {"id": chat_id, "type": kind, "title": title}
        return chat_id

    def say(self, user: int, chat: int, text: str, reply_to: Message | None = None, **extra: Any) -> int:
        """Write as a person; return the update id, or 0 where privacy mode hides the text from the bot."""
        message = self._store(Message(chat, 0, self._people[user], text, extra=extra))
        payload = self._to_json(message, reply_to)
        seen = chat > 0 or text.startswith("/") or (reply_to is not None and reply_to.by_bot)
        return self._deliver("message", payload) if seen else 0

    def say_edited(self, user: int, chat: int, text: str) -> int:
        message = self._store(Message(chat, 0, self._people[user], text))
        return self._deliver("edited_message", self._to_json(message) | {"edit_date": int(time.time())})

    def say_forwarded(self, user: int, chat: int, text: str) -> int:
        origin = {"type": "user", "date": int(time.time()) - 60, "sender_user": self._people[user]}
        return self.say(user, chat, text, forward_origin=origin)

    def say_anonymously(self, chat: int, text: str) -> int:
        message = Message(chat, 0, GROUP_ANONYMOUS_BOT, text, extra={"sender_chat": self._chats[chat]})
        return self._deliver("message", self._to_json(self._store(message)))

    def post_in_channel(self, chat: int, text: str) -> int:
        payload = self._to_json(self._store(Message(chat, 0, {"id": 0}, text)))
        del payload["from"]
        return self._deliver("channel_post", payload | {"sender_chat": self._chats[chat]})

    def press(self, user: int, message: Message, label_prefix: str) -> Press:
        """Tap the button whose text begins with `label_prefix`."""
        data = message.button(label_prefix)
        assert data is not None, f"no button {label_prefix!r} on {message.text!r}: {list(message.buttons)}"
        return self.press_data(user, message, data)

    def press_data(self, user: int, message: Message, data: str) -> Press:
        """Tap with data of one's own: what a modified client can send."""
        press = Press(f"90{len(self.presses):06}", user, data, 0)
        self.presses[press.query_id] = press
        press.update_id = self._deliver(
            "callback_query",
            {
                "id": press.query_id,
                "from": self._people[user],
                "message": self._to_json(message),
                "chat_instance": str(message.chat_id),
                "data": data,
            },
        )
        return press

    # what tests look at

    def from_bot(self, chat: int) -> list[Message]:
        return [m for m in self.messages if m.chat_id == chat and m.by_bot]

    async def wait_for(self, predicate: Callable[[], Found], timeout: float = PATIENCE, expected: str = "it") -> Found:
        """Return the first true answer of `predicate`; fail with the transcript if none comes."""
        try:
            return await self.bell.wait_for(predicate, timeout)
        except TimeoutError:
            raise AssertionError(f"not within {timeout} s: {expected}\n{self.transcript()}") from None

    async def answered(self, press: Press, timeout: float = PATIENCE) -> str:
        """Wait for the answer to a tap; return its text."""
        await self.wait_for(lambda: press.answers, timeout, f"an answer to a press by {press.user}")
        return str(press.answers[0].get("text", ""))

    def transcript(self, last: int = 30) -> str:
        lines = [
            f"[{m.chat_id}] {m.sender.get('first_name', '?')}: {m.text!r} {list(m.buttons) or ''}"
            for m in self.messages[-last:]
        ]
        return "\n".join([*lines, *(f"refused: {r}" for r in self.refusals[-5:])])

    # inside

    def _store(self, message: Message) -> Message:
        message.message_id = 1 + sum(m.chat_id == message.chat_id for m in self.messages)
        message.versions.append((time.monotonic(), message.text))
        self.messages.append(message)
        if message.chat_id > 0 and message.chat_id not in self._chats and not message.by_bot:
            self._chats[message.chat_id] = {
                "id": message.chat_id,
                "type": "private",
                "first_name": message.sender["first_name"],
            }
        return message

    def _deliver(self, kind: str, payload: Json) -> int:
        if self._allowed and kind not in self._allowed:
            return 0
        if not self._allowed and kind in _OFF_BY_DEFAULT:
            return 0
        update_id, self._next_update = self._next_update, self._next_update + 1
        self._updates.append({"update_id": update_id, kind: payload})
        self.bell.ring()
        return update_id

    def _to_json(self, message: Message, reply_to: Message | None = None) -> Json:
        result: Json = {
            "message_id": message.message_id,
            "date": int(time.time()),
            "chat": self._chats[message.chat_id],
            "from": message.sender,
            "caption" if message.file else "text": message.text,
        } | message.extra
        if message.text.startswith("/"):
            length = len(message.text.split()[0])
            result["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        if message.buttons:
            rows = [[{"text": label, "callback_data": data}] for label, data in message.buttons.items()]
            result["reply_markup"] = {"inline_keyboard": rows}
        if reply_to:
            result["reply_to_message"] = self._to_json(reply_to)
        return result

"""What the chat page shows and does: people, the chats on their phones, and their acts.

Turns state and events into the page's JSON, and the page's JSON into acts on the BotApi. No HTTP here.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.playground.botapi import BotApi
from bot.playground.events import Event
from bot.playground.people import Chat

FORWARDED = frozenset({"message", "edit", "delete", "answer", "action"})
LANGUAGES = frozenset({"en", "fr"})


@dataclass(frozen=True, slots=True)
class Phone:
    """The phone of ``user_id``: the chats on it, the one that is open first in front."""

    user_id: int
    chat_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hint:
    """A line worth trying: who types it in which chat, and what it shows, by language."""

    user_id: int
    chat_id: int
    text: str
    note: dict[str, str]


class PhoneBoard:
    """All phones of a page over one BotApi."""

    def __init__(self, api: BotApi, phones: Sequence[Phone], hints: Sequence[Hint] = ()) -> None:
        self._api = api
        self._phones = {phone.user_id: phone for phone in phones}
        self._hints = list(hints)

    def state(self) -> dict[str, Any]:
        """Return everything the page needs to draw itself from nothing."""
        shown = dict.fromkeys(chat_id for phone in self._phones.values() for chat_id in phone.chat_ids)
        return {
            "type": "state",
            "bot": self._api.bot.as_json(),
            "people": self._people(),
            "chats": [self._chat_state(chat_id) for chat_id in shown],
            "hints": [asdict(hint) for hint in self._hints],
        }

    def shown(self, event: Event) -> dict[str, Any] | None:
        """Return what the page is told about an event; None when it concerns none of its chats."""
        if event.kind == "chat" or "migrate_to_chat_id" in event.data:
            return self.state()
        if event.kind in {"commands", "language"}:
            return {"type": "people", "people": self._people()}
        chats = {chat.id for phone in self._phones.values() for id_ in phone.chat_ids for chat in self._chats(id_)}
        if event.kind not in FORWARDED or event.chat_id not in chats:
            return None
        return {"type": "event", "kind": event.kind, "chat_id": event.chat_id, "data": event.data}

    def act(self, order: Any) -> None:
        """Do what a person did on their phone.

        Raises:
            TypeError, ValueError, LookupError: when the order makes no sense, with a sentence for the page.
        """
        if not isinstance(order, dict):
            raise TypeError("the page sent something that is no order")
        acts = {"send": self._send, "press": self._press, "language": self._speak}
        act = acts.get(str(order.get("type")))
        phone = self._phones.get(_integer(order, "user_id"))
        if act is None or phone is None:
            raise ValueError("the page sent an order that nobody knows")
        act(phone, order)

    def _send(self, phone: Phone, order: dict[str, Any]) -> None:
        reply_to = order.get("reply_to")
        quoted = reply_to if isinstance(reply_to, int) else None
        self._api.send_text(phone.user_id, self._open_chat(phone, order), str(order.get("text", "")), reply_to=quoted)

    def _press(self, phone: Phone, order: dict[str, Any]) -> None:
        chat_id = self._open_chat(phone, order)
        self._api.press(phone.user_id, chat_id, _integer(order, "message_id"), str(order.get("data")))

    def _speak(self, phone: Phone, order: dict[str, Any]) -> None:
        code = str(order.get("code"))
        if code not in LANGUAGES:
            raise ValueError("the page speaks no such language")
        self._api.set_language(phone.user_id, code)

    def _open_chat(self, phone: Phone, order: dict[str, Any]) -> int:
        chat_id = _integer(order, "chat_id")
        if chat_id not in {chat.id for id_ in phone.chat_ids for chat in self._chats(id_)}:
            raise ValueError("this phone does not show that chat")
        return chat_id

    def _people(self) -> list[dict[str, Any]]:
        return [self._person_state(phone) for phone in self._phones.values()]

    def _person_state(self, phone: Phone) -> dict[str, Any]:
        user = self._api.people.users[phone.user_id]
        chats = {chat_id: self._chats(chat_id)[-1] for chat_id in phone.chat_ids}
        menus = {id_: self._api.commands.seen_by(chat, user.id, user.language_code) for id_, chat in chats.items()}
        return {"user": user.as_json(), "chat_ids": list(phone.chat_ids), "menus": menus}

    def _chat_state(self, chat_id: int) -> dict[str, Any]:
        chats = self._chats(chat_id)
        messages = [message.as_seen() for one in chats for message in self._api.messages.of_chat(one.id)]
        return {
            "id": chat_id,
            "ids": [chat.id for chat in chats],
            "chat": {**chats[-1].as_json(), "member_count": len(chats[-1].members) + 1},
            "messages": messages,
        }

    def _chats(self, chat_id: int) -> list[Chat]:
        """Return the chat and what became of it when it was upgraded, in this order."""
        chats = [self._api.people.chats[chat_id]]
        while (next_id := chats[-1].migrated_to) is not None:
            chats.append(self._api.people.chats[next_id])
        return chats


def _integer(order: dict[str, Any], name: str) -> int:
    value = order.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be a number")
    return value

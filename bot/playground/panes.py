"""What the chat page shows and does: a person in a chat, their history, and their acts.

Turns state and events into the page's JSON, and the page's JSON into acts on the BotApi. No HTTP here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.playground.botapi import BotApi
from bot.playground.events import Event
from bot.playground.people import Chat

FORWARDED = frozenset({"message", "edit", "delete", "answer", "action"})
REDRAWING = frozenset({"commands", "chat"})


@dataclass(frozen=True, slots=True)
class Pane:
    """One side of the page: what ``user_id`` sees in ``chat_id``. For a private chat both are the same."""

    title: str
    user_id: int
    chat_id: int


class PaneBoard:
    """All panes of a page over one BotApi."""

    def __init__(self, api: BotApi, panes: Sequence[Pane], suggestions: Sequence[str] = ()) -> None:
        self._api = api
        self._panes = list(panes)
        self._suggestions = list(suggestions)

    def state(self) -> dict[str, Any]:
        """Return everything the page needs to draw itself from nothing."""
        panes = [self._pane_state(pane) for pane in self._panes]
        return {"type": "state", "bot": self._api.bot.as_json(), "panes": panes, "suggestions": self._suggestions}

    def shown(self, event: Event) -> dict[str, Any] | None:
        """Return what the page is told about an event; None when it concerns none of its chats."""
        if event.kind in REDRAWING or "migrate_to_chat_id" in event.data:
            return self.state()
        chats = {chat.id for pane in self._panes for chat in self._chats(pane)}
        if event.kind not in FORWARDED or event.chat_id not in chats:
            return None
        return {"type": "event", "kind": event.kind, "chat_id": event.chat_id, "data": event.data}

    def act(self, order: Any) -> None:
        """Do what the person at a pane did.

        Raises:
            TypeError, ValueError, LookupError: when the order makes no sense, with a sentence for the page.
        """
        if not isinstance(order, dict):
            raise TypeError("the page sent something that is no order")
        pane = self._panes[_integer(order, "pane")]
        if order.get("type") == "send":
            self._send(pane, str(order.get("text", "")), order.get("reply_to"))
        elif order.get("type") == "press":
            self._press(pane, order)
        else:
            raise ValueError("the page sent an order that nobody knows")

    def _send(self, pane: Pane, text: str, reply_to: Any) -> None:
        quoted = reply_to if isinstance(reply_to, int) else None
        self._api.send_text(pane.user_id, self._chats(pane)[-1].id, text, reply_to=quoted)

    def _press(self, pane: Pane, order: dict[str, Any]) -> None:
        chat_id = _integer(order, "chat_id")
        if chat_id not in {chat.id for chat in self._chats(pane)}:
            raise ValueError("this pane does not show that chat")
        self._api.press(pane.user_id, chat_id, _integer(order, "message_id"), str(order.get("data")))

    def _pane_state(self, pane: Pane) -> dict[str, Any]:
        user, chats = self._api.people.users[pane.user_id], self._chats(pane)
        chat = chats[-1]
        messages = [message.as_seen() for one in chats for message in self._api.messages.of_chat(one.id)]
        return {
            "title": pane.title,
            "user": user.as_json(),
            "chat": {**chat.as_json(), "member_count": len(chat.members) + 1},
            "chat_ids": [one.id for one in chats],
            "commands": self._api.commands.seen_by(chat, user.id, user.language_code),
            "messages": messages,
        }

    def _chats(self, pane: Pane) -> list[Chat]:
        """Return the chat and what became of it when it was upgraded, in this order."""
        chats = [self._api.people.chats[pane.chat_id]]
        while (next_id := chats[-1].migrated_to) is not None:
            chats.append(self._api.people.chats[next_id])
        return chats


def _integer(order: dict[str, Any], name: str) -> int:
    value = order.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be a number")
    return value

"""What Telegram's updates and messages look like, as far as the benchmarks need them; each chat is a person's own."""

import time
from dataclasses import dataclass

from benchmarks.far_end import BOT

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Button:
    """A button as its chat sees it, and the message it is on."""

    data: str
    message_id: int


def message(chat: int, message_id: int, **more: object) -> Json:
    """Return a message in a private chat."""
    return {
        "message_id": message_id,
        "date": int(time.time()),
        "chat": {"id": chat, "type": "private", "first_name": "Person"},
        "text": "a card",
        **more,
    }


def _person(chat: int) -> Json:
    return {"id": chat, "is_bot": False, "first_name": "Person", "language_code": "en"}


def typed(chat: int, text: str) -> Json:
    """Return an update: a command that somebody typed."""
    entity = {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}
    return {"message": message(chat, 1, **{"from": _person(chat), "text": text, "entities": [entity]})}


def pressed(chat: int, button: Button) -> Json:
    """Return an update: a button that somebody pressed."""
    shown = message(chat, button.message_id, **{"from": BOT})
    return {
        "callback_query": {
            "id": f"{chat}",
            "from": _person(chat),
            "message": shown,
            "chat_instance": "1",
            "data": button.data,
        }
    }

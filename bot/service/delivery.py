"""How handing a message to Telegram can end: the words the outbox and the chat share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from bot.store.outbox import Message


class Delivery(Enum):
    """What became of a message."""

    SENT = "sent"
    NOTHING_TO_DO = "nothing to do"  # an edit that changes nothing, or news that are no longer true
    LATER = "later"  # throttled
    MAYBE = "maybe"  # no answer: it may have been delivered
    REFUSED = "refused"  # this message will never be taken
    GONE = "gone"  # this chat does not take messages from us
    MOVED = "moved"  # the group has a new chat id


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message; ``new_chat_id`` with MOVED, ``retry_after`` with LATER."""

    delivery: Delivery
    message_id: int | None = None
    retry_after: timedelta = timedelta(0)
    new_chat_id: int | None = None
    error: str = ""


Deliver = Callable[[Message], Awaitable[Receipt]]

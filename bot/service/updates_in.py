"""Raw updates on their way into the inbox, fetched or brought by the webhook. Nothing in them is believed yet."""

from typing import Any

from bot.store import inbox
from bot.store.database import Store

LARGEST_ID = 2**62


def order_key(update: dict[str, Any]) -> int:
    """Return the chat within which this update's order matters; 0 when it names none."""
    for part in update.values():
        for holder in (part, _get(part, "message")):
            chat_id = _get(_get(holder, "chat"), "id")
            if isinstance(chat_id, int) and abs(chat_id) < LARGEST_ID:
                return chat_id
    return 0


def _get(holder: Any, name: str) -> Any:
    return holder.get(name) if isinstance(holder, dict) else None


async def keep(store: Store, updates: list[dict[str, Any]], *, in_order: bool = True) -> None:
    """Store raw updates, in one transaction; fetched ones with the new offset."""
    triples = [(int(update["update_id"]), order_key(update), update) for update in updates]
    await store.tx(lambda tx: inbox.store(tx, triples, in_order=in_order))

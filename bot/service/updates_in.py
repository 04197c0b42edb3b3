"""Raw updates on their way into the inbox, fetched or brought by the webhook. Nothing in them is believed yet."""

from typing import Any

from bot.store import inbox
from bot.store.database import Store


def order_key(update: dict[str, Any]) -> int:
    """Return the chat within which this update's order matters; 0 when it names none."""
    for part in update.values():
        if isinstance(part, dict):
            chat = part.get("chat") or (part.get("message") or {}).get("chat") or {}
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                return int(chat["id"])
    return 0


async def keep(store: Store, updates: list[dict[str, Any]], *, in_order: bool = True) -> None:
    """Store raw updates, in one transaction; fetched ones with the new offset."""
    triples = [(int(update["update_id"]), order_key(update), update) for update in updates]
    await store.tx(lambda tx: inbox.store(tx, triples, in_order=in_order))

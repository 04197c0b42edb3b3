"""Keyed hashes of personal data: equal for equal texts, telling nothing without the key."""

import hmac

from bot.store import facts
from bot.store.database import Tx

HASH_KEY = "hash_key"


def keyed(tx: Tx, text: str) -> bytes:
    """Return the hash of a text under this database's own key."""
    key = facts.put_once(tx.conn, HASH_KEY, tx.mint.key().hex())
    return hmac.digest(bytes.fromhex(key), text.encode(), "sha256")

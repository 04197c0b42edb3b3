"""Telling the admins, once each, that the disk is nearly full and that it is no longer."""

from bot.domain.policy import Policy
from bot.service import telling
from bot.store import audit, facts
from bot.store.database import Tx

CRAMPED, YES, NO = "cramped", "1", "0"


def note(tx: Tx, policy: Policy) -> None:
    """Tell every admin if the disk became nearly full, or has room again. Run from time to time."""
    before = facts.get(tx.conn, CRAMPED) == YES
    if tx.cramped == before:
        return
    facts.put(tx.conn, CRAMPED, YES if tx.cramped else NO)
    name = "disk_nearly_full" if tx.cramped else "disk_has_room"
    audit.append(tx, name.replace("_", " "), "bot")
    for chat_id in telling.every_admin_chat(tx, policy):
        telling.notice(tx, chat_id, name)

"""Whether the audit trail is what was written: each row's hash covers it and the row before."""

import structlog

from bot.domain.policy import Policy
from bot.service import telling
from bot.store import audit, people
from bot.store.database import Tx

log = structlog.get_logger(__name__)


def check(tx: Tx, policy: Policy) -> None:
    """Verify the whole chain; a break is told to those who decide in each till, and nothing is mended."""
    broken = audit.first_break(tx.conn)
    if broken is None:
        return
    log.error("the audit trail was changed", row=broken)
    chats = {
        chat for desk in people.open_desks(tx.conn) for chat in telling.admin_chats(tx, policy, desk.id, but=set())
    }
    for chat_id in sorted(chats):
        telling.notice(tx, chat_id, "trail_broken", dedupe=f"trail:{broken}:{chat_id}", row=broken)

"""A group that nobody opens as a till is none of the bot's business: it leaves it after a day."""

from datetime import timedelta

from bot.domain.policy import Policy
from bot.service import roles
from bot.store import audit, outbox, people, visits
from bot.store.database import Tx
from bot.store.outbox import Form, Lane

STAY = timedelta(hours=24)


def note(tx: Tx, policy: Policy, chat_id: int) -> None:
    """Keep since when the bot is in a group that is not its till."""
    if not _is_ours(tx, policy, chat_id):
        visits.note(tx, chat_id)


def leave_unopened(tx: Tx, policy: Policy) -> None:
    """Leave every group that was not opened for a day; one that was opened meanwhile is forgotten as a visit."""
    for chat_id in visits.longer_than(tx, STAY // timedelta(milliseconds=1)):
        visits.end(tx, chat_id)
        if not _is_ours(tx, policy, chat_id):
            audit.append(tx, "group left", "clock", chat=chat_id)
            outbox.add(tx, chat_id, Form.LEAVE, Lane.PROGRESS)


def _is_ours(tx: Tx, policy: Policy, chat_id: int) -> bool:
    """Tell whether a chat is a till, open or shut, the admins', or a person's own."""
    if chat_id > 0 or people.moved_to(tx.conn, chat_id) != chat_id:
        return True
    return chat_id == roles.admin_chat(tx, policy) or people.desk_of_chat(tx.conn, chat_id, closed_too=True) is not None

"""Who came to a chat and who went: a role rests while its holder is away, and a till closes without the bot."""

from datetime import datetime

from bot.domain.policy import Policy
from bot.service import roles, seats, staff, telling, undelivered, visits
from bot.store import audit, memberships, people
from bot.store import visits as rows
from bot.store.database import Tx
from bot.store.people import Grant


def person_seen(tx: Tx, policy: Policy, chat_id: int, user_id: int, at: datetime, *, by: int, away: bool) -> None:
    """Take that somebody came to a till's group or to the admins' chat, or went; by whom.

    What a person who went had not sent yet is stopped. Owners' roles come from the settings and never rest.
    """
    chat_id = people.moved_to(tx.conn, chat_id)
    if not _concerns_us(tx, policy, chat_id) or not memberships.note(tx, chat_id, user_id, at, away=away):
        return
    if user_id in policy.owners or not [g for g in people.grants(tx.conn, user_id) if _rests(tx, policy, g, chat_id)]:
        return
    audit.append(tx, "left" if away else "back", f"user:{by}", user=user_id, chat=chat_id, desk=_desk_id(tx, chat_id))
    stopped = staff.stop_unsent(tx, policy, user_id, None) if away else 0
    who = people.label_of(tx.conn, user_id)
    for chat in telling.every_admin_chat(tx, policy):
        telling.notice(tx, chat, "person_left" if away else "person_back", who=who, stopped=stopped)


def _concerns_us(tx: Tx, policy: Policy, chat_id: int) -> bool:
    return chat_id == roles.admin_chat(tx, policy) or people.desk_of_chat(tx.conn, chat_id, closed_too=True) is not None


def _rests(tx: Tx, policy: Policy, grant: Grant, chat_id: int) -> bool:
    return chat_id in roles.homes(tx.conn, policy, grant)


def _desk_id(tx: Tx, chat_id: int) -> int | None:
    desk = people.desk_of_chat(tx.conn, chat_id, closed_too=True)
    return None if desk is None else desk.id


def bot_removed(tx: Tx, policy: Policy, chat_id: int, by: int) -> None:
    """The bot was put out of a chat: its till closes until an owner opens it again; a person is not written to."""
    if chat_id > 0:
        undelivered.blocked(tx, policy, chat_id)
        return
    rows.end(tx, chat_id)
    chat_id = people.moved_to(tx.conn, chat_id)
    desk = people.desk_of_chat(tx.conn, chat_id)
    if desk is not None:
        seats.shut(tx, desk, f"user:{by}")
        _tell(tx, policy, "bot_removed", till=desk.title)
    elif chat_id == roles.admin_chat(tx, policy):
        audit.append(tx, "bot put out of the admins' chat", f"user:{by}", chat=chat_id)
        _tell(tx, policy, "bot_removed", till=None, owners_only=True)


def bot_added(tx: Tx, policy: Policy, chat_id: int) -> None:
    """The bot was put into a chat, perhaps again: a till that was shut meanwhile says how it is opened."""
    visits.note(tx, policy, chat_id)
    chat_id = people.moved_to(tx.conn, chat_id)
    desk = people.desk_of_chat(tx.conn, chat_id, closed_too=True)
    if desk is not None and people.is_closed(tx.conn, desk.id):
        telling.notice(tx, chat_id, "added_again", till=desk.title)


def _tell(tx: Tx, policy: Policy, notice: str, *, till: str | None, owners_only: bool = False) -> None:
    owners = [owner for owner in sorted(policy.owners) if people.has_started(tx.conn, owner)]
    chats = owners if owners_only else sorted({*owners, *telling.every_admin_chat(tx, policy)})
    for chat_id in chats:
        telling.notice(tx, chat_id, notice, till=till)

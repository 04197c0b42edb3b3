"""How roles change, and what that stops."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.policy import Policy
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right, Role, allows
from bot.service import roles, telling
from bot.store import audit, people, transactions
from bot.store.database import Tx
from bot.store.people import EVERY_DESK


@dataclass(frozen=True, slots=True)
class Member:
    """One line of the staff list; ``desk`` is None where the role holds everywhere. ``away``: it rests."""

    label: str
    role: Role
    desk: str | None
    since: datetime | None
    away: bool = False


def change(
    tx: Tx, policy: Policy, by: int, user_id: int, role: Role | None, desk_id: int, *, told_in: int | None = None
) -> int:
    """Give or (None) take a role, by an owner; return how many transactions that stopped.

    The admins are told, in all chats but *told_in*.

    A person who may no longer move money loses what is not sent yet: drafts, approvals, what is ready.
    """
    if by not in policy.owners:
        raise Refusal(Why.OWNERS_ONLY)
    if user_id in policy.owners:
        raise Refusal(Why.OWNER_ROLE_FIXED)
    if role is None:
        people.revoke(tx, user_id, desk_id)
    else:
        people.grant(tx, user_id, desk_id, role, by)
    _announce(tx, policy, by, user_id, role, desk_id, told_in)
    audit.append(tx, "role", f"user:{by}", user=user_id, desk=desk_id, role=role)
    return stop_unsent(tx, policy, user_id, None if desk_id == EVERY_DESK else desk_id)


def _announce(
    tx: Tx, policy: Policy, by: int, user_id: int, role: Role | None, desk_id: int, told_in: int | None
) -> None:
    desk = None if desk_id == EVERY_DESK else people.desk(tx.conn, desk_id).title
    for chat_id in telling.admin_chats(tx, policy, desk_id, but={by}):
        if chat_id != told_in:
            who, changed_by = people.label_of(tx.conn, user_id), people.label_of(tx.conn, by)
            telling.notice(tx, chat_id, "role_changed", who=who, role=role, desk=desk, by=changed_by)


def stop_unauthorised(tx: Tx, policy: Policy) -> None:
    """At start: stop what is not sent yet of people who lost their right while the bot was away, as ex-owners do."""
    for maker_id in transactions.makers_of_unsent(tx.conn):
        stop_unsent(tx, policy, maker_id, None)


def stop_unsent(tx: Tx, policy: Policy, user_id: int, desk_id: int | None) -> int:
    """Stop what a person has not sent yet and may no longer send, in one desk or all; return how many."""
    unsent = [
        txn
        for txn in transactions.unsent(tx.conn, maker_id=user_id, desk_id=desk_id)
        if not allows(roles.role_of(tx.conn, policy, user_id, txn.desk_id), Right.MOVE)
    ]
    for txn in unsent:
        telling.stop(tx, txn, "role change", "ROLE_TAKEN")
    return len(unsent)


def members(tx: Tx, policy: Policy) -> list[Member]:
    """Return who has which role since when, owners first."""
    owners = [Member(people.label_of(tx.conn, user_id), Role.OWNER, None, None) for user_id in policy.owners]
    return owners + [
        Member(
            people.label_of(tx.conn, grant.user_id),
            grant.role,
            None if grant.desk_id == EVERY_DESK else people.desk(tx.conn, grant.desk_id).title,
            grant.granted_at,
            away=not roles.counts(tx.conn, policy, grant),
        )
        for grant in people.grants(tx.conn)
    ]

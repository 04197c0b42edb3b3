"""Who has which role, and who may decide. How roles change is in ``staff``."""

import sqlite3

from bot.domain.policy import Policy
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right, Role, allows
from bot.store import people
from bot.store.database import Tx
from bot.store.people import EVERY_DESK

RANK = (Role.OWNER, Role.ADMIN, Role.CASHIER, Role.AUDITOR)


def role_of(conn: sqlite3.Connection, policy: Policy, user_id: int, desk_id: int | None) -> Role | None:
    """Return a person's highest role in a desk; without a desk, the one that holds in every desk."""
    if user_id in policy.owners:
        return Role.OWNER
    places = {EVERY_DESK, desk_id}
    held = {grant.role for grant in people.grants(conn, user_id) if grant.desk_id in places}
    return next((role for role in RANK if role in held), None)


def approvers(tx: Tx, policy: Policy, desk_id: int) -> set[int]:
    """Return who may decide on transactions of a desk now: owners, and admins not too fresh."""
    fresh_since = tx.now - policy.new_admin_delay
    admins = {
        grant.user_id
        for grant in people.grants(tx.conn)
        if grant.role is Role.ADMIN and grant.desk_id in (EVERY_DESK, desk_id) and grant.granted_at <= fresh_since
    }
    return admins | policy.owners


def demand(tx: Tx, policy: Policy, user_id: int, desk_id: int, right: Right, *, closed_too: bool = False) -> None:
    """Raise a refusal unless the desk is open (or *closed_too*) and this person has this right in it now."""
    if not closed_too and people.is_closed(tx.conn, desk_id):
        raise Refusal(Why.DESK_CLOSED)
    if not allows(role_of(tx.conn, policy, user_id, desk_id), right):
        raise Refusal(Why.NOT_AN_APPROVER if right is Right.APPROVE else Why.NO_ROLE)


def admin_chat(tx: Tx, policy: Policy) -> int | None:
    """Return the admins' chat, wherever it has moved since the settings were written; None when there is none."""
    return None if policy.admin_chat_id is None else people.moved_to(tx.conn, policy.admin_chat_id)

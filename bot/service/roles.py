"""Who has which role, and who may decide. How roles change is in ``staff``."""

import sqlite3
from collections.abc import Iterable

from bot.domain.policy import Policy
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right, Role, allows
from bot.store import memberships, people
from bot.store.database import Tx
from bot.store.people import EVERY_DESK, Grant

RANK = (Role.OWNER, Role.ADMIN, Role.CASHIER, Role.AUDITOR)


def role_of(conn: sqlite3.Connection, policy: Policy, user_id: int, desk_id: int | None) -> Role | None:
    """Return a person's highest role in a desk; without a desk, the one that holds in every desk."""
    held = of_person(conn, policy, user_id)
    here = [role for place, role in held.items() if place in (EVERY_DESK, desk_id)]
    return highest(here) if here else None


def of_person(conn: sqlite3.Connection, policy: Policy, user_id: int) -> dict[int, Role]:
    """Return which roles of a person hold now, by desk."""
    if user_id in policy.owners:
        return {EVERY_DESK: Role.OWNER}
    return {grant.desk_id: grant.role for grant in people.grants(conn, user_id) if counts(conn, policy, grant)}


def held(tx: Tx, policy: Policy) -> dict[int, dict[int, Role]]:
    """Return for each person with a role, by desk, which one holds now."""
    found: dict[int, dict[int, Role]] = {}
    for grant in people.grants(tx.conn):
        if counts(tx.conn, policy, grant):
            found.setdefault(grant.user_id, {})[grant.desk_id] = grant.role
    return found | {owner: {EVERY_DESK: Role.OWNER} for owner in policy.owners}


def highest(some: Iterable[Role]) -> Role:
    """Return the highest of some roles."""
    return min(some, key=RANK.index)


def homes(conn: sqlite3.Connection, policy: Policy, grant: Grant) -> set[int]:
    """Return the chats whose leaving makes a role rest: the till's group, and the admins' chat for what it decides."""
    chats = set() if grant.desk_id == EVERY_DESK else {people.desk(conn, grant.desk_id).chat_id}
    if policy.admin_chat_id is not None and (grant.desk_id == EVERY_DESK or grant.role is Role.ADMIN):
        chats.add(people.moved_to(conn, policy.admin_chat_id))
    return chats


def counts(conn: sqlite3.Connection, policy: Policy, grant: Grant) -> bool:
    """Tell whether a role holds now: not while its holder is known to have left the chat it belongs to."""
    if grant.user_id in policy.owners:
        return True
    return not any(memberships.is_away(conn, chat, grant.user_id) for chat in homes(conn, policy, grant))


def rests(conn: sqlite3.Connection, policy: Policy, user_id: int) -> bool:
    """Tell whether a person has a role that rests because they left."""
    return any(not counts(conn, policy, grant) for grant in people.grants(conn, user_id))


def approvers(tx: Tx, policy: Policy, desk_id: int) -> set[int]:
    """Return who may decide on transactions of a desk now: owners, and admins not too fresh."""
    admins = {
        grant.user_id
        for grant in people.grants(tx.conn)
        if grant.role is Role.ADMIN and grant.desk_id in (EVERY_DESK, desk_id)
        if not _is_fresh(tx, policy, grant) and counts(tx.conn, policy, grant)
    }
    return admins | policy.owners


def _is_fresh(tx: Tx, policy: Policy, grant: Grant) -> bool:
    # Where nobody has to wait, a clock set back to before somebody became admin makes nobody wait either.
    return bool(policy.new_admin_delay) and grant.granted_at > tx.now - policy.new_admin_delay


def deciders(tx: Tx, policy: Policy) -> set[int]:
    """Return who may decide now in any open desk: what concerns all of them, any of these may decide."""
    return set(policy.owners).union(*(approvers(tx, policy, desk.id) for desk in people.open_desks(tx.conn)))


def has_anywhere(tx: Tx, policy: Policy, user_id: int, right: Right) -> bool:
    """Tell whether a person has a right in any desk, closed or not."""
    held = {grant.role for grant in people.grants(tx.conn, user_id) if counts(tx.conn, policy, grant)}
    return user_id in policy.owners or any(allows(role, right) for role in held)


def demand(tx: Tx, policy: Policy, user_id: int, desk_id: int, right: Right, *, closed_too: bool = False) -> None:
    """Raise a refusal unless the desk is open (or *closed_too*) and this person has this right in it now."""
    if not closed_too and people.is_closed(tx.conn, desk_id):
        raise Refusal(Why.DESK_CLOSED)
    if not allows(role_of(tx.conn, policy, user_id, desk_id), right):
        if rests(tx.conn, policy, user_id):
            raise Refusal(Why.AWAY)
        raise Refusal(Why.NOT_AN_APPROVER if right is Right.APPROVE else Why.NO_ROLE)


def admin_chat(tx: Tx, policy: Policy) -> int | None:
    """Return the admins' chat, wherever it has moved since the settings were written; None when there is none."""
    return None if policy.admin_chat_id is None else people.moved_to(tx.conn, policy.admin_chat_id)

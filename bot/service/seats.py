"""Where a person sits: which desk a chat speaks for, and with which role."""

from dataclasses import dataclass, replace

from bot.domain.policy import Policy
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right, Role, allows
from bot.service import roles, telling
from bot.store import audit, people, transactions
from bot.store.database import Tx
from bot.store.people import EVERY_DESK, Desk


@dataclass(frozen=True, slots=True)
class Seat:
    """A person in a chat. ``choices``: the desks to choose from, when a private chat could mean several.

    ``rests``: they have a role, but are known to have left the chat it belongs to.
    """

    user_id: int
    chat_id: int
    desk: Desk | None
    role: Role | None
    choices: tuple[Desk, ...] = ()
    sees_all: bool = False
    rests: bool = False

    @property
    def nobody(self) -> Refusal:
        """Why somebody without a role is refused; one that rests is another matter than none."""
        return Refusal(Why.AWAY if self.rests else Why.NO_ROLE)

    def demand(self, right: Right) -> Desk:
        """Return the desk, or refuse: no desk, no role, or a role without this right."""
        refusal = self.refusal(right)
        if refusal is not None or self.desk is None:
            raise refusal or self.nobody
        return self.desk

    def refusal(self, right: Right) -> Refusal | None:
        """Return why this right is refused here, or None when it is not."""
        if self.sees_all:
            return Refusal(Why.ADMIN_CHAT_IS_NO_DESK)
        if self.desk is None or self.role is None:
            return self.nobody
        if not allows(self.role, right):
            return Refusal(Why.OWNERS_ONLY if right is Right.RULE else Why.ROLE_NOT_ENOUGH, role=self.role)
        return None


def seat(tx: Tx, policy: Policy, user_id: int, chat_id: int, *, private: bool) -> Seat:
    """Find the desk this chat speaks for and the person's role there.

    A group is its own desk and never another one. A private chat needs no opening: it works for the desk
    the person has a role in; with several, for the one chosen last.
    """
    found = _seat(tx, policy, user_id, people.moved_to(tx.conn, chat_id), private=private)
    return replace(found, rests=found.role is None and roles.rests(tx.conn, policy, user_id))


def _seat(tx: Tx, policy: Policy, user_id: int, chat_id: int, *, private: bool) -> Seat:
    if chat_id == roles.admin_chat(tx, policy):
        role = roles.role_of(tx.conn, policy, user_id, None)
        return Seat(user_id, chat_id, None, role, sees_all=allows(role, Right.APPROVE))
    own = people.desk_of_chat(tx.conn, chat_id)
    if own is not None or not private:
        role = roles.role_of(tx.conn, policy, user_id, own.id) if own else None
        return Seat(user_id, chat_id, own, role)
    return _private_seat(tx, policy, user_id, chat_id)


def _private_seat(tx: Tx, policy: Policy, user_id: int, chat_id: int) -> Seat:
    desks = desks_of(tx, policy, user_id)
    remembered = people.remembered_desk(tx.conn, user_id)
    chosen = [desk for desk in desks if desk.id == remembered] or desks
    if len(chosen) == 1:
        return Seat(user_id, chat_id, chosen[0], roles.role_of(tx.conn, policy, user_id, chosen[0].id))
    return Seat(user_id, chat_id, None, None, choices=tuple(desks))


def desks_of(tx: Tx, policy: Policy, user_id: int) -> list[Desk]:
    """Return the desks a person has a role in; somebody else's private desk only when there is no other."""
    held = roles.of_person(tx.conn, policy, user_id)
    mine = [desk for desk in people.open_desks(tx.conn) if EVERY_DESK in held or desk.id in held] if held else []
    return [desk for desk in mine if desk.chat_id < 0] or mine


def open_desk(tx: Tx, policy: Policy, by: int, chat_id: int, title: str) -> Desk:
    """Open a chat as a desk, by an owner."""
    if by not in policy.owners:
        raise Refusal(Why.OWNERS_ONLY)
    if chat_id == roles.admin_chat(tx, policy):
        raise Refusal(Why.ADMIN_CHAT_IS_NO_DESK)
    already = people.desk_of_chat(tx.conn, chat_id)
    desk = people.open_desk(tx, chat_id, title, by)
    if already is None:
        audit.append(tx, "desk opened", f"user:{by}", desk=desk.id)
    return desk


def close_desk(tx: Tx, policy: Policy, by: int, desk: Desk) -> int:
    """Shut a desk, by an owner; return how many transactions that stopped.

    What was not sent is stopped; what may be on its way is still followed to its end.
    """
    if by not in policy.owners:
        raise Refusal(Why.OWNERS_ONLY)
    return shut(tx, desk, f"user:{by}")


def shut(tx: Tx, desk: Desk, actor: str) -> int:
    """Shut a desk, whoever made it so; return how many transactions that stopped."""
    unsent = transactions.unsent(tx.conn, desk_id=desk.id)
    for txn in unsent:
        telling.stop(tx, txn, actor, "DESK_CLOSED")
    transactions.close_sending(tx, desk.id)
    people.close_desk(tx, desk.id)
    audit.append(tx, "desk closed", actor, desk=desk.id)
    return len(unsent)


def demand_desk(tx: Tx, chat_id: int) -> Desk:
    """Return the open desk of a chat, or refuse."""
    desk = people.desk_of_chat(tx.conn, chat_id)
    if desk is None:
        raise Refusal(Why.NO_ROLE)
    return desk

"""Stopping all sending, and letting it go on. What calls for a stop by itself is in ``anomalies``.

While one is in force no attempt is made, first or later; lookups, callbacks and messages go on. It is a row, so a
restart changes nothing, and the schema refuses attempts by itself.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.domain.freezing import AGREEMENTS, ALONE_WAITS, Cause, Freeze
from bot.domain.policy import Policy
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right
from bot.domain.transactions import State
from bot.service import hashing, roles, telling
from bot.store import audit, freezes, people, transactions
from bot.store.bells import Bell
from bot.store.database import Tx
from bot.store.times import to_ms

LONGEST_REASON = 200

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Thawed:
    """What an agreement led to: sending goes on; or somebody else must agree; or (``until``) it waits."""

    goes_on: bool
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stopped:
    """A stop in force, as people are told of it; for how many minutes already."""

    cause: Cause
    reason: str
    by: str | None
    minutes: int


def stop(
    tx: Tx, policy: Policy, cause: Cause, reason: str, *, by: int | None = None, txn_id: int | None = None
) -> bool:
    """Stop all sending from this transaction on, and say so to everybody; False when this cause has stopped it already.

    A cause that comes again after somebody agreed to go on is a stop of its own: what was agreed to was less.
    """
    before = freezes.all_in_force(tx.conn)
    if any(old.cause is cause and not freezes.agreed(tx.conn, old.id) for old in before):
        return False
    freeze = freezes.begin(tx, cause, reason, by, txn_id)
    actor = "bot" if by is None else f"user:{by}"
    audit.append(tx, "freeze", actor, txn_id=txn_id, freeze=freeze.id, cause=cause, reason=_hash(tx, reason))
    log.error("sending is stopped", cause=cause.value, by=by)
    _announce(tx, policy, "frozen", freeze, desks_too=not before, by=_name(tx, by), txn_id=txn_id)
    _show_waiting(tx)
    return True


def by_person(tx: Tx, policy: Policy, user_id: int, reason: str) -> bool:
    """Stop all sending because an admin of any till, however fresh, or an owner says so; False when it is already."""
    if not roles.has_anywhere(tx, policy, user_id, Right.APPROVE):
        raise Refusal(Why.NOT_AN_APPROVER)
    return stop(tx, policy, Cause.PERSON, reason[:LONGEST_REASON], by=user_id)


def stopped(tx: Tx) -> Stopped | None:
    """Return what stops sending now, for people to read, or None."""
    freeze = freezes.in_force(tx.conn)
    if freeze is None:
        return None
    return Stopped(freeze.cause, freeze.reason, _name(tx, freeze.by), (tx.now - freeze.at) // timedelta(minutes=1))


def demand_moving(tx: Tx) -> None:
    """Refuse while sending is stopped."""
    now = stopped(tx)
    if now is not None:
        raise Refusal(Why.FROZEN, **asdict(now))


def thaw(tx: Tx, policy: Policy, user_id: int) -> Thawed:
    """One person agrees that sending goes on; the second one makes it so.

    In a shop where nobody else may decide, the one who does waits half an hour that is announced to all.
    """
    able = roles.deciders(tx, policy)
    if user_id not in able:
        raise Refusal(Why.NOT_AN_APPROVER)
    frozen = freezes.all_in_force(tx.conn)
    if not frozen:
        raise Refusal(Why.NOT_FROZEN)
    until = tx.now + ALONE_WAITS if len(able) < AGREEMENTS else None
    new = [freeze for freeze in frozen if _agree(tx, freeze, user_id, until)]
    if not new:
        raise Refusal(Why.AGREED_ALREADY)
    if _end_agreed(tx, policy, by=user_id):
        return Thawed(goes_on=True)
    until_ms = None if until is None else to_ms(until)
    _announce(tx, policy, "thaw_waits", new[-1], desks_too=until is not None, by=_name(tx, user_id), until_ms=until_ms)
    return Thawed(goes_on=False, until=until)


def thaw_waited(tx: Tx, policy: Policy) -> None:
    """Let sending go on where the one person who may decide has waited long enough. Run from time to time."""
    _end_agreed(tx, policy, by=None)


def _agree(tx: Tx, freeze: Freeze, user_id: int, until: datetime | None) -> bool:
    """Note an agreement; False when it is there already. One given before the wait was needed must be given again."""
    agreed = user_id in freezes.agreed(tx.conn, freeze.id)
    if agreed and (until is None or freezes.waits_until(tx.conn, freeze.id) is not None):
        return False
    freezes.agree(tx, freeze.id, user_id, until)
    audit.append(tx, "thaw agreed", f"user:{user_id}", freeze=freeze.id, alone=until is not None)
    return True


def _end_agreed(tx: Tx, policy: Policy, by: int | None) -> bool:
    """End every stop that enough people have agreed on; True when sending goes on."""
    frozen = freezes.all_in_force(tx.conn)
    able = roles.deciders(tx, policy) if frozen else set()
    ended = [freeze for freeze in frozen if _is_agreed(tx, freeze, able)]
    for freeze in ended:
        freezes.end(tx, freeze.id)
        audit.append(tx, "thaw", "clock" if by is None else f"user:{by}", freeze=freeze.id)
    goes_on = bool(ended) and len(ended) == len(frozen)
    if goes_on:
        names = [people.name_of(tx.conn, user) for user in freezes.agreed(tx.conn, ended[-1].id) if user in able]
        _announce(tx, policy, "thawed", ended[-1], desks_too=True, by=" and ".join(names))
        _show_waiting(tx)
        tx.rings(Bell.READY)
        tx.rings(Bell.MONEY)
    return goes_on


def _is_agreed(tx: Tx, freeze: Freeze, able: set[int]) -> bool:
    """Count only those who may still decide; the word of one is enough only as long as nobody else may."""
    if len(able & set(freezes.agreed(tx.conn, freeze.id))) >= AGREEMENTS:
        return True
    until = freezes.waits_until(tx.conn, freeze.id)
    return len(able) < AGREEMENTS and until is not None and until <= tx.now


def _announce(
    tx: Tx,
    policy: Policy,
    name: str,
    freeze: Freeze,
    *,
    desks_too: bool,
    **facts: Any,
) -> None:
    desks = [desk.chat_id for desk in people.open_desks(tx.conn)] if desks_too else []
    named = _chats_that_may_know(tx, policy, facts.pop("txn_id", None))
    for chat_id in dict.fromkeys([*telling.every_admin_chat(tx, policy), *desks]):
        about: dict[str, Any] = {"txn_id": named[chat_id]} if chat_id in named else {}
        telling.notice(tx, chat_id, name, cause=freeze.cause, reason=freeze.reason, **about, **facts)


def _chats_that_may_know(tx: Tx, policy: Policy, txn_id: int | None) -> dict[int, int]:
    """Return the chats in which a transaction may be named, with its id: one till's are not named in another's."""
    if txn_id is None:
        return {}
    desk_id = transactions.get(tx.conn, txn_id).desk_id
    return dict.fromkeys(telling.admin_chats(tx, policy, desk_id, but=set()), txn_id)


def _show_waiting(tx: Tx) -> None:
    """Have the cards of what waits to be sent say whether it may be."""
    for txn in transactions.unsent(tx.conn):
        if txn.state is State.READY:
            telling.card_changed(tx, txn)


def _name(tx: Tx, user_id: int | None) -> str | None:
    return None if user_id is None else people.name_of(tx.conn, user_id)


def _hash(tx: Tx, text: str) -> str:
    return hashing.keyed(tx, text).hex()

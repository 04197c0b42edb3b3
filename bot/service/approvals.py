"""Two people for one payment: asking, approving, rejecting."""

from dataclasses import replace
from typing import NamedTuple

from bot.domain.policy import Policy
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right
from bot.domain.transactions import APPROVE_WITHIN, SEND_WITHIN, State, Transaction
from bot.service import first, freeze, limits, refundable, roles, telling
from bot.store import audit, decisions, people, transactions
from bot.store.cards import Card
from bot.store.database import Tx


class Decided(NamedTuple):
    """A decision's effect: the transaction as it is now, and how many approvals are still missing."""

    txn: Transaction
    missing: int


def demand_somebody(tx: Tx, policy: Policy, txn: Transaction) -> None:
    """Refuse at once when nobody but the maker could approve, or nobody could be asked."""
    able = roles.approvers(tx, policy, txn.desk_id) - _left_out(txn)
    if len(able) < txn.approvals_needed or not _where_to_ask(tx, policy, txn):
        raise Refusal(Why.NOBODY_CAN_APPROVE)


def _left_out(txn: Transaction) -> set[int]:
    return set() if txn.self_approval else {txn.maker_id}


def _where_to_ask(tx: Tx, policy: Policy, txn: Transaction) -> list[int]:
    return telling.admin_chats(tx, policy, txn.desk_id, but=_left_out(txn))


def ask(tx: Tx, policy: Policy, txn: Transaction, actor: str) -> None:
    """Have a confirmed draft wait for its approvals, with a card for those who decide."""
    expires_at = tx.now + APPROVE_WITHIN
    transactions.move(tx, txn, State.AWAITING_APPROVAL, actor, expires_at=expires_at, confirmed_at=tx.now)
    for chat_id in _where_to_ask(tx, policy, txn):
        telling.show_to_deciders(tx, txn, chat_id)
    telling.card_changed(tx, txn, answering=True)


def approve(tx: Tx, policy: Policy, user_id: int, card: Card) -> Decided:
    """One approval. The last one needed makes the transaction ready to be sent."""
    txn = _demand_decidable(tx, policy, user_id, card)
    freeze.demand_moving(tx)
    refundable.demand_left(tx, txn)
    limits.demand_room(tx, policy, txn)
    decisions.add(tx, txn.id, user_id, "approve")
    audit.append(tx, "approve", f"user:{user_id}", txn_id=txn.id)
    # Who approved and has lost the right since does not count any more.
    missing = txn.approvals_needed - len(
        roles.approvers(tx, policy, txn.desk_id).intersection(decisions.approvers(tx.conn, txn.id))
    )
    if missing <= 0:
        charged = limits.charge(tx, policy, txn)
        send_by = tx.now + SEND_WITHIN
        transactions.move(tx, txn, State.READY, f"user:{user_id}", send_by=send_by, next_at=tx.now, **charged)
    telling.card_changed(tx, txn, answering=True)
    return Decided(transactions.get(tx.conn, txn.id), missing)


def reject(tx: Tx, policy: Policy, user_id: int, card: Card) -> Decided:
    """Stop a transaction that waits for approval; the maker is told by whom."""
    txn = _demand_decidable(tx, policy, user_id, card)
    decisions.add(tx, txn.id, user_id, "reject")
    audit.append(tx, "reject", f"user:{user_id}", txn_id=txn.id)
    transactions.move(tx, txn, State.CANCELLED, f"user:{user_id}", failure_code="APPROVAL_REFUSED")
    telling.card_changed(tx, txn, answering=True)
    telling.ended(tx, replace(txn, state=State.CANCELLED), by=people.name_of(tx.conn, user_id))
    return Decided(transactions.get(tx.conn, txn.id), 0)


def give_reason(tx: Tx, user_id: int, card: Card, reason: str) -> bool:
    """Pass a rejecter's reason on to the maker; False when this person did not reject this transaction."""
    if decisions.rejecter(tx.conn, card.txn_id) != user_id:
        return False
    txn = transactions.get(tx.conn, card.txn_id)
    telling.notice_maker(tx, txn, "rejected_because", once=False, by=people.name_of(tx.conn, user_id), reason=reason)
    return True


def _demand_decidable(tx: Tx, policy: Policy, user_id: int, card: Card) -> Transaction:
    txn = transactions.get(tx.conn, card.txn_id)
    if user_id in _left_out(txn):
        raise Refusal(Why.OWN_APPROVAL)
    if user_id not in roles.approvers(tx, policy, txn.desk_id):
        raise Refusal(Why.AWAY if roles.rests(tx.conn, policy, user_id) else Why.NOT_AN_APPROVER)
    roles.demand(tx, policy, user_id, txn.desk_id, Right.APPROVE)
    if txn.state is not State.AWAITING_APPROVAL or decisions.has_decided(tx.conn, txn.id, user_id):
        raise first.already(tx, txn)
    if txn.expires_at <= tx.now:
        raise Refusal(Why.CARD_EXPIRED)
    return txn


def remind(tx: Tx, policy: Policy) -> None:
    """Remind those who decide, once, of what has waited for half of its time."""
    for txn in transactions.awaiting(tx, tx.now + APPROVE_WITHIN / 2):
        for chat_id in _where_to_ask(tx, policy, txn):
            telling.notice(tx, chat_id, "still_waiting", dedupe=f"remind:{txn.id}:{chat_id}", txn_id=txn.id)

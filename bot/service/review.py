"""Transactions that need a person: handed over by an admin, closed as never sent by two."""

from datetime import timedelta

from bot.domain import settling
from bot.domain.policy import Policy
from bot.domain.refusals import Refusal, Why
from bot.domain.transactions import State, Transaction
from bot.service import first, roles, telling
from bot.store import audit, observations, transactions
from bot.store.cards import Card
from bot.store.database import Tx

CLOSERS = 2
NOT_FOUND_NEEDED = 5
REST_NEEDED = timedelta(minutes=15)


def hand_over(tx: Tx, policy: Policy, user_id: int, card: Card) -> None:
    """Give an attempt nobody can tell the end of to people: it is never posted again. By an admin."""
    txn = transactions.get(tx.conn, card.txn_id)
    _demand_admin(tx, policy, user_id, txn)
    if not settling.can_retry(txn, tx.now):
        raise first.already(tx, txn)
    transactions.move(tx, txn, State.REVIEW, f"user:{user_id}", failure_code="HANDED_OVER", next_at=tx.now)
    telling.card_changed(tx, txn, answering=True)
    telling.ended(tx, transactions.get(tx.conn, txn.id))


def show_new(tx: Tx, policy: Policy) -> None:
    """Show what came into REVIEW to those who may close it."""
    for txn in transactions.unseen_reviews(tx.conn):
        for chat_id in telling.admin_chats(tx, policy, txn.desk_id, but=set()):
            telling.show_to_deciders(tx, txn, chat_id)


def close_as_unsent(tx: Tx, policy: Policy, user_id: int, card: Card) -> int:
    """One admin says that MTN never had it; return how many more must say so. The last one closes it.

    Refused while MTN may still show it: it must have said "not found" five times, the last attempt be 15 minutes ago.
    """
    txn = transactions.get(tx.conn, card.txn_id)
    _demand_admin(tx, policy, user_id, txn)
    if txn.state is not State.REVIEW or str(user_id) in observations.people(tx.conn, txn.id):
        raise first.already(tx, txn)
    rested = txn.last_sent_at is not None and tx.now - txn.last_sent_at >= REST_NEEDED
    if not rested or txn.not_found < NOT_FOUND_NEEDED:
        raise Refusal(Why.MTN_MAY_STILL_KNOW)
    observation_id = observations.add(tx, txn.id, "HUMAN", actor=str(user_id))
    audit.append(tx, "says unsent", f"user:{user_id}", txn_id=txn.id, observation_id=observation_id)
    able = {str(decider) for decider in roles.approvers(tx, policy, txn.desk_id)}
    missing = CLOSERS - len(observations.people(tx.conn, txn.id) & able)
    if missing <= 0:
        transactions.move(tx, txn, State.UNSENT, f"user:{user_id}", observation_id=observation_id)
        telling.ended(tx, transactions.get(tx.conn, txn.id))
    telling.card_changed(tx, txn, answering=True)
    return max(missing, 0)


def _demand_admin(tx: Tx, policy: Policy, user_id: int, txn: Transaction) -> None:
    if user_id not in roles.approvers(tx, policy, txn.desk_id):
        raise Refusal(Why.NOT_AN_APPROVER)

"""What a maker does with a transaction before it is sent, and with one nobody can tell the end of.

Draft, confirm, cancel, retry: each is one function run inside one database transaction.
"""

import hashlib
import json
from dataclasses import dataclass
from enum import Enum

from bot.domain import schedule, settling
from bot.domain.policy import DRAFTS_PER_PERSON, Policy
from bot.domain.refusals import Refusal, Why
from bot.domain.roles import Right
from bot.domain.transactions import (
    BEFORE_SENDING,
    CONFIRM_WITHIN,
    SAME_AGAIN_WITHIN,
    SEND_WITHIN,
    Kind,
    State,
    Transaction,
)
from bot.service import approvals, first, freeze, hashing, limits, refundable, roles, telling
from bot.store import audit, cards, forgotten, transactions
from bot.store.cards import Card, CardRole
from bot.store.database import Tx
from bot.store.transactions import NewTransaction
from momo import Money, Msisdn


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was asked: a chat, perhaps a topic in it, and the message to answer."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """What a person asked for, read and checked."""

    kind: Kind
    msisdn: Msisdn
    amount: Money
    note: str
    original_id: int | None = None
    payee_name: str | None = None


class Confirmed(Enum):
    """What a press on Confirm led to."""

    SENDING = "sending"
    ASKING_APPROVAL = "asking approval"
    ASKING_AGAIN = "asking again"


def draft(
    tx: Tx, policy: Policy, maker_id: int, desk_id: int, place: Place, intent: Intent, update_id: int
) -> Transaction:
    """Write a DRAFT and its card; nothing moves before the maker confirms it."""
    roles.demand(tx, policy, maker_id, desk_id, Right.MOVE)
    freeze.demand_moving(tx)
    if tx.cramped:
        raise Refusal(Why.DISK_NEARLY_FULL)
    if transactions.drafts_of(tx.conn, maker_id) >= DRAFTS_PER_PERSON:
        raise Refusal(Why.TOO_MANY_DRAFTS, most=DRAFTS_PER_PERSON)
    reference_id = tx.mint.reference_id()
    txn = transactions.insert(
        tx,
        NewTransaction(
            kind=intent.kind,
            amount=intent.amount,
            decimals=policy.market.decimals,
            msisdn=intent.msisdn,
            payee_name=intent.payee_name,
            note=intent.note,
            desk_id=desk_id,
            maker_id=maker_id,
            original_id=intent.original_id,
            approvals_needed=policy.approvals_needed(intent.kind, intent.amount),
            self_approval=policy.may_approve_own(intent.kind, maker_id),
            src_update_id=update_id,
            expires_at=tx.now + CONFIRM_WITHIN,
            reference_id=reference_id,
            party_hash=party_hash(tx, intent.msisdn),
            body_sha256=body_sha256(reference_id, intent.kind, intent.amount, intent.msisdn, intent.note),
        ),
    )
    limits.demand_room(tx, policy, txn)
    audit.append(tx, "draft", f"user:{maker_id}", txn_id=txn.id, after=State.DRAFT, kind=txn.kind)
    card = cards.add(tx, txn.id, CardRole.MAKER, place.chat_id, thread_id=place.thread_id, reply_to=place.reply_to)
    telling.show_card(tx, card, answering=True)
    return txn


def party_hash(tx: Tx, msisdn: Msisdn) -> bytes:
    """Return a keyed hash of a number: equal for equal numbers, telling nothing without the key."""
    return hashing.keyed(tx, str(msisdn))


def body_sha256(reference_id: str, kind: Kind, amount: Money, msisdn: Msisdn, note: str) -> bytes:
    """Return the hash of what is asked of MTN: every attempt must have the same one."""
    body = [reference_id, kind.value, amount.wire(), amount.currency, str(msisdn), note]
    return hashlib.sha256(json.dumps(body).encode()).digest()


def confirm(tx: Tx, policy: Policy, user_id: int, card: Card, *, again: bool = False) -> Confirmed:
    """The maker confirms a draft. *again*: the press answers the second question, about a repeat."""
    txn = transactions.get(tx.conn, card.txn_id)
    _demand_makers_draft(tx, policy, user_id, txn)
    freeze.demand_moving(tx)
    refundable.demand_left(tx, txn)
    limits.demand_room(tx, policy, txn)
    if txn.approvals_needed:
        approvals.demand_somebody(tx, policy, txn)
    if txn.repeat_asked != again or (not again and _same_again(tx, txn)):
        _ask_about_repeat(tx, txn, card)
        return Confirmed.ASKING_AGAIN
    if txn.approvals_needed:
        approvals.ask(tx, policy, txn, f"user:{user_id}")
        return Confirmed.ASKING_APPROVAL
    charged = limits.charge(tx, policy, txn)
    send_by, actor = tx.now + SEND_WITHIN, f"user:{user_id}"
    transactions.move(tx, txn, State.READY, actor, confirmed_at=tx.now, send_by=send_by, next_at=tx.now, **charged)
    telling.card_changed(tx, txn, answering=True)
    return Confirmed.SENDING


def _demand_makers_draft(tx: Tx, policy: Policy, user_id: int, txn: Transaction) -> None:
    if user_id != txn.maker_id:
        raise Refusal(Why.NOT_YOUR_CARD)
    roles.demand(tx, policy, user_id, txn.desk_id, Right.MOVE)
    if txn.state is not State.DRAFT:
        raise first.already(tx, txn)
    if txn.expires_at <= tx.now:
        raise Refusal(Why.CARD_EXPIRED)
    if txn.payee_name is None:
        raise Refusal(Why.STILL_ASKING_NAME)


def _same_again(tx: Tx, txn: Transaction) -> bool:
    since = tx.now - SAME_AGAIN_WITHIN
    return transactions.same_again(tx, txn, since) is not None or forgotten.same_again(tx, txn, since)


def _ask_about_repeat(tx: Tx, txn: Transaction, card: Card) -> None:
    """Put the second question, with a nonce of its own: the first button can only put it again."""
    transactions.change(tx, txn, repeat_asked=True)
    cards.ask_about_repeat(tx, card.id)
    telling.show_card(tx, card, answering=True)


def cancel(tx: Tx, policy: Policy, user_id: int, card: Card) -> Transaction:
    """Stop a transaction before it is sent; once tried, only stop trying on.

    Returns the transaction as it is now: CANCELLED, or UNKNOWN with nothing more to be sent.
    """
    txn = transactions.get(tx.conn, card.txn_id)
    demand_maker_or_admin(tx, policy, user_id, txn, closed_too=True)
    actor = f"user:{user_id}"
    if txn.state in BEFORE_SENDING:
        transactions.move(tx, txn, State.CANCELLED, actor)
    elif txn.may_be_sent_again:
        transactions.change(tx, txn, send_closed=True, **schedule.at_once(txn.hinted_at, tx.now))
        audit.append(tx, "send closed", actor, txn_id=txn.id)
    else:
        raise first.already(tx, txn)
    telling.card_changed(tx, txn, answering=True)
    return transactions.get(tx.conn, txn.id)


def retry(tx: Tx, policy: Policy, user_id: int, card: Card) -> None:
    """Open the send window again, under the same reference id: it cannot pay twice."""
    txn = transactions.get(tx.conn, card.txn_id)
    demand_maker_or_admin(tx, policy, user_id, txn)
    roles.demand(tx, policy, txn.maker_id, txn.desk_id, Right.MOVE)
    if not settling.can_retry(txn, tx.now):
        raise first.already(tx, txn)
    freeze.demand_moving(tx)
    # The schedule starts over, or a lookup that fails now would put the next one behind the window's end.
    reopened = {"send_by": tx.now + SEND_WITHIN, "held": False, "last_answer": None, "polls": 0}
    transactions.change(tx, txn, **reopened, **schedule.at_once(txn.hinted_at, tx.now))
    audit.append(tx, "retry", f"user:{user_id}", txn_id=txn.id)
    telling.card_changed(tx, txn, answering=True)


def demand_maker_or_admin(tx: Tx, policy: Policy, user_id: int, txn: Transaction, *, closed_too: bool = False) -> None:
    """Refuse everybody but the maker and those who may decide in this desk; *closed_too*: even if it is shut."""
    right = Right.MOVE if user_id == txn.maker_id else Right.APPROVE
    if right is Right.APPROVE and user_id not in roles.approvers(tx, policy, txn.desk_id):
        raise Refusal(Why.NOT_YOUR_CARD)
    roles.demand(tx, policy, user_id, txn.desk_id, right, closed_too=closed_too)

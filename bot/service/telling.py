"""What a change has to tell, written as messages in the change's own transaction.

Which words are used is the chat's affair: here are only the chats, the kinds of message and the facts.
"""

from typing import Any

from bot.domain.policy import Policy
from bot.domain.transactions import State, Transaction
from bot.service import roles
from bot.store import cards, outbox, people, transactions, wishes
from bot.store.cards import Card, CardRole
from bot.store.contacts import Contact
from bot.store.database import Tx
from bot.store.outbox import Form, Lane


def show_card(tx: Tx, card: Card, *, answering: bool = False, trace: str | None = None) -> None:
    """Have a card brought up to date; at once when it answers a person or is not shown yet."""
    lane = Lane.ANSWER if answering or card.message_id is None else Lane.PROGRESS
    outbox.add(tx, card.chat_id, Form.CARD, lane, subject=f"card:{card.id}", trace=trace, card_id=card.id)


def show_to_deciders(tx: Tx, txn: Transaction, chat_id: int) -> None:
    """Show a transaction where somebody must decide about it."""
    card = cards.add(tx, txn.id, CardRole.CHECKER, chat_id, thread_id=news_thread(tx, chat_id))
    show_card(tx, card, trace=txn.trace)


def card_changed(tx: Tx, txn: Transaction, *, answering: bool = False) -> None:
    """Have every card of a transaction brought up to date."""
    for card in cards.of(tx.conn, txn.id):
        show_card(tx, card, answering=answering, trace=txn.trace)


def contact_changed(tx: Tx, contact: Contact) -> None:
    """Have the message that tells of a saved contact brought up to date."""
    subject = f"contact:{contact.id}"
    outbox.add(tx, contact.chat_id, Form.CONTACT, Lane.ANSWER, subject=subject, contact_id=contact.id)


def ended(tx: Tx, txn: Transaction, **facts: Any) -> None:
    """Push a transaction's end to the chat it was asked in, once per state."""
    for card in cards.of(tx.conn, txn.id, CardRole.MAKER):
        outbox.add(
            tx,
            card.chat_id,
            Form.END,
            Lane.END,
            dedupe=f"end:{txn.id}:{txn.state}:{card.id}",
            trace=txn.trace,
            card_id=card.id,
            state=txn.state,
            **facts,
        )


def stop(tx: Tx, txn: Transaction, actor: str, why: str) -> None:
    """Cancel what was not sent, for a reason that is not its maker's, and say so."""
    transactions.move(tx, txn, State.CANCELLED, actor, failure_code=why)
    card_changed(tx, txn)
    ended(tx, transactions.get(tx.conn, txn.id))


def notice(tx: Tx, chat_id: int, name: str, *, dedupe: str | None = None, lane: Lane = Lane.END, **facts: Any) -> None:
    """Have the sentence *name* said in a chat, with facts to fill it; in the topic for news, if none is named."""
    facts.setdefault("thread_id", news_thread(tx, chat_id))
    outbox.add(tx, chat_id, Form.NOTICE, lane, dedupe=dedupe, notice=name, **facts)


def news_thread(tx: Tx, chat_id: int) -> int | None:
    """Return the topic in which a chat takes what answers nobody there, or None."""
    return wishes.thread_of(tx.conn, people.moved_to(tx.conn, chat_id))


def notice_maker(tx: Tx, txn: Transaction, name: str, *, once: bool = True, **facts: Any) -> None:
    """Have a sentence about a transaction said where it was asked for; *once* as long as its state is the same."""
    for card in cards.of(tx.conn, txn.id, CardRole.MAKER):
        notice(
            tx,
            card.chat_id,
            name,
            dedupe=f"{name}:{txn.id}:{txn.version}:{card.id}" if once else None,
            trace=txn.trace,
            txn_id=txn.id,
            reply_to=card.message_id,
            thread_id=card.thread_id,
            to=txn.maker_id,
            **facts,
        )


def notice_about(tx: Tx, txn_id: int, name: str) -> None:
    """Have a sentence about a transaction said where it was asked for."""
    notice_maker(tx, transactions.get(tx.conn, txn_id), name)


def every_admin_chat(tx: Tx, policy: Policy) -> list[int]:
    """Return where admins are told what concerns every desk: their chat, else in private each who may decide."""
    admins = roles.admin_chat(tx, policy)
    if admins is not None:
        return [admins]
    return sorted(user_id for user_id in roles.deciders(tx, policy) if people.has_started(tx.conn, user_id))


def admin_chats(tx: Tx, policy: Policy, desk_id: int, *, but: set[int]) -> list[int]:
    """Return where admins are asked: the admins' chat, else the private chat of each who may decide here."""
    admins = roles.admin_chat(tx, policy)
    if admins is not None:
        return [admins]
    deciders = roles.approvers(tx, policy, desk_id) - but
    return sorted(user_id for user_id in deciders if people.has_started(tx.conn, user_id))

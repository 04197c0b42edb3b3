"""Who is spoken to, and in which language: the one they chose, Telegram's, the till's, the house's.

A message in a private chat is for its person. In a group a card, its end and a balance are for whoever asked for
them; what is for everybody there is said in the till's language, and in the admins' chat in the house's.
"""

from telegram import Update

from bot.chat.language import known
from bot.domain.policy import Policy
from bot.service import seats
from bot.store import balances, cards, contacts, languages, people, transactions
from bot.store.cards import CardRole
from bot.store.database import Tx
from bot.store.outbox import Form, Message


def of_sender(tx: Tx, policy: Policy, update: Update) -> str:
    """Return the language in which an update is answered."""
    user, chat = update.effective_user, update.effective_chat
    chat_id = chat.id if chat else 0
    if user is None:
        return of_chat(tx, policy, chat_id)
    # Telegram tells it with each update: what is remembered may be older.
    chosen, _told = languages.of_person(tx.conn, user.id)
    return known(chosen) or known(user.language_code) or _of_desk(tx, policy, user.id, chat_id)


def of_message(tx: Tx, policy: Policy, message: Message) -> str:
    """Return the language in which a message of the outbox is written."""
    person = message.chat_id if message.chat_id > 0 else _asked_by(tx, message)
    return of_chat(tx, policy, message.chat_id) if person is None else of_person(tx, policy, person, message.chat_id)


def of_chat(tx: Tx, policy: Policy, chat_id: int) -> str:
    """Return the language for everybody in a chat."""
    return of_person(tx, policy, chat_id, chat_id) if chat_id > 0 else _of_desk(tx, policy, 0, chat_id)


def of_person(tx: Tx, policy: Policy, user_id: int, chat_id: int) -> str:
    """Return the language for one person in a chat."""
    chosen, told = languages.of_person(tx.conn, user_id)
    return known(chosen) or known(told) or _of_desk(tx, policy, user_id, chat_id)


def _of_desk(tx: Tx, policy: Policy, user_id: int, chat_id: int) -> str:
    if chat_id > 0:
        desk = seats.seat(tx, policy, user_id, chat_id, private=True).desk
    else:
        desk = people.desk_of_chat(tx.conn, people.moved_to(tx.conn, chat_id), closed_too=True)
    return known(languages.of_desk(tx.conn, desk.id) if desk else None) or policy.language


def _asked_by(tx: Tx, message: Message) -> int | None:
    """Return who in a group a message is for; None: everybody."""
    match message.form:
        case Form.END if message.also:  # of several people's
            return None
        case Form.CARD | Form.END:
            card = cards.get(tx.conn, message.payload["card_id"])
            return transactions.get(tx.conn, card.txn_id).maker_id if card.role is CardRole.MAKER else None
        case Form.BALANCE:
            return balances.view(tx.conn, message.payload["view_id"]).asked_by
        case Form.CONTACT:
            contact = contacts.get(tx.conn, message.payload["contact_id"])
            return None if contact is None else contact.added_by
        case _:
            return message.payload.get("to")

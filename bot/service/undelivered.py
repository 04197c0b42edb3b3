"""What to do about a message that a chat will never take: somebody else must know."""

from bot.domain.policy import Policy
from bot.domain.transactions import State
from bot.service import telling
from bot.store import audit, cards, outbox, people, transactions
from bot.store.cards import CardRole
from bot.store.database import Tx
from bot.store.outbox import Form, Message


def fall_back(tx: Tx, policy: Policy, message: Message) -> None:
    """Tell the maker that nobody was asked for approval, the owners of an end nobody heard, the chat of a file."""
    audit.append(tx, "message given up", "bot", kind=message.form, chat=message.chat_id, message=message.id)
    if message.form is Form.CARD:
        _nobody_asked(tx, message)
    elif message.form is Form.END and not message.payload.get("fallback"):
        _tell_others(tx, policy, message)
    elif message.form is Form.DOCUMENT:
        telling.notice(tx, message.chat_id, "document_not_taken", dedupe=f"not taken:{message.id}")


def _nobody_asked(tx: Tx, message: Message) -> None:
    dead = cards.get(tx.conn, message.payload["card_id"])
    others = cards.of(tx.conn, dead.txn_id, CardRole.CHECKER)
    reached = [card for card in others if card.id != dead.id and not outbox.is_dead(tx.conn, f"card:{card.id}")]
    waits = transactions.get(tx.conn, dead.txn_id).state is State.AWAITING_APPROVAL
    if waits and dead.role is CardRole.CHECKER and dead.message_id is None and not reached:
        telling.notice_about(tx, dead.txn_id, "nobody_reached")


def _tell_others(tx: Tx, policy: Policy, message: Message) -> None:
    """Tell the owners; where none of them can be written to, those who decide."""
    owners = [owner for owner in sorted(policy.owners) if people.has_started(tx.conn, owner)]
    for chat_id in owners or telling.every_admin_chat(tx, policy):
        if chat_id != message.chat_id:
            outbox.add(
                tx,
                chat_id,
                Form.END,
                message.lane,
                dedupe=f"fallback:{message.id}:{chat_id}",
                **{**message.payload, "fallback": True},
            )


def blocked(tx: Tx, policy: Policy, user_id: int) -> None:
    """Remember that a person blocked the bot, and tell those who decide, once, if the person works here."""
    knew = people.has_started(tx.conn, user_id)
    people.stopped(tx, user_id)
    if not knew or not (user_id in policy.owners or people.grants(tx.conn, user_id)):
        return
    for chat_id in telling.every_admin_chat(tx, policy):
        telling.notice(tx, chat_id, "blocked", who=people.label_of(tx.conn, user_id))


def dead_letter(tx: Tx, update_id: int, chat_id: int, thread_id: int | None = None) -> None:
    """Tell a chat, in the topic it came from, that its update will not be carried out."""
    audit.append(tx, "dead letter", "bot", update=update_id, chat=chat_id)
    if chat_id:
        telling.notice(tx, chat_id, "dead_letter", dedupe=f"dead:{update_id}", thread_id=thread_id)

"""What an admin says really happened to a transaction that is over. The transaction itself is never edited."""

from bot.domain.policy import Policy
from bot.domain.refusals import Refusal, Why
from bot.domain.transactions import FINAL, Transaction
from bot.service import hashing, telling
from bot.store import audit, corrections, people
from bot.store.database import Tx

LONGEST = 500


def add(tx: Tx, policy: Policy, user_id: int, txn: Transaction, text: str) -> None:
    """Keep a person's word about a transaction and tell the admins. The trail gets its keyed hash only."""
    if txn.state not in FINAL:
        raise Refusal(Why.NOT_OVER_YET, txn=txn)
    correction = corrections.add(tx, txn.id, user_id, text[:LONGEST])
    text_hash = hashing.keyed(tx, text[:LONGEST]).hex()
    audit.append(tx, "correction", f"user:{user_id}", txn_id=txn.id, correction=correction, text=text_hash)
    by = people.label_of(tx.conn, user_id)
    for chat_id in telling.admin_chats(tx, policy, txn.desk_id, but=set()):
        telling.notice(tx, chat_id, "corrected", txn_id=txn.id, by=by, text=text[:LONGEST])

"""Changing what a chat is told. Who may is the chat's affair; that it was changed, and by whom, is in the trail."""

from dataclasses import fields

from bot.domain.policy import Policy
from bot.domain.wishes import Wishes
from bot.service import digest
from bot.store import audit, people, wishes
from bot.store.database import Tx


def put(tx: Tx, policy: Policy, user_id: int, chat_id: int, wished: Wishes) -> None:
    """Keep a chat's wishes; a closing at another time begins with the next one."""
    before = wishes.of(tx.conn, chat_id)
    if wished == before:
        return
    wishes.put(tx, chat_id, wished)
    pairs = {field.name: (getattr(before, field.name), getattr(wished, field.name)) for field in fields(wished)}
    changed = {name: str(new) for name, (old, new) in pairs.items() if new != old}
    audit.append(tx, "notify", f"user:{user_id}", chat=chat_id, changed=changed)
    desk = people.desk_of_chat(tx.conn, chat_id)
    if desk is not None and digest.closing_time(policy, wished) != digest.closing_time(policy, before):
        digest.begin_with_the_next(tx, policy, desk, wished)

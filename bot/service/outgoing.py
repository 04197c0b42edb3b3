"""Taking a message into work: how its chat wishes to be told, and which ends are told together with it.

Decided at the last moment, in the transaction that claims it: what a chat wishes now counts, also for what waits.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain import wishes as rules
from bot.domain.policy import Policy
from bot.domain.transactions import State
from bot.domain.wishes import Event, Manner
from bot.service import stale
from bot.store import cards, outbox, transactions, wishes
from bot.store.cards import Card
from bot.store.database import Tx
from bot.store.outbox import Form, Message

# So many ends in a row are read; more are a flood, and told in one message.
MOST_SINGLE = 5
# What fits one message, however long each is.
MOST_TOGETHER = 6
MOST_LOOKED_AT = 60


def claim(tx: Tx, policy: Policy, message: Message, *, away: bool = False) -> Message | None:
    """Take a message into work, complete with how it is to be handed over; None: it is not, or not now.

    *away*: Telegram has taken nothing lately.
    """
    match message.form:
        case Form.END:
            return _claim_end(tx, policy, message, away=away)
        case Form.NOTICE:
            return _claim_notice(tx, policy, message)
        case _:
            return message if outbox.mark_sending(tx, message.id) else None


def _claim_notice(tx: Tx, policy: Policy, message: Message) -> Message | None:
    if not stale.still_so(tx, message.payload):
        outbox.skip(tx, message.id)
        return None
    manner = _manner(tx, policy, message, rules.of_notice(message.payload["notice"]), 0)
    if manner is Manner.UNSAID:
        outbox.skip(tx, message.id)
        return None
    return replace(message, silent=manner is Manner.SILENT) if outbox.mark_sending(tx, message.id) else None


def _claim_end(tx: Tx, policy: Policy, message: Message, *, away: bool) -> Message | None:
    manner = _manner_of_end(tx, policy, message)
    if manner is Manner.UNSAID:
        outbox.skip(tx, message.id)
        return None
    if manner is Manner.HELD and not message.held:
        event, local = rules.of_end(State(message.payload["state"])), tx.now.astimezone(policy.zone)
        outbox.hold(tx, message.id, rules.held_until(event, wishes.of(tx.conn, message.chat_id), local))
        return None
    if not outbox.mark_sending(tx, message.id):
        return None
    also = _told_together(tx, policy, message, away=away)
    for one in also:
        outbox.mark_sending(tx, one.id)
    manners = [manner, *(_manner_of_end(tx, policy, one) for one in also)]
    doubtful = any(one.doubtful for one in (message, *also))
    return replace(message, silent=Manner.LOUD not in manners, also=tuple(also), doubtful=doubtful)


def _told_together(tx: Tx, policy: Policy, message: Message, *, away: bool) -> Sequence[Message]:
    """Return the ends to be told in one message with this one: what was held for it, or the rest of a flood."""
    topic = _card(tx, message).thread_id
    others = [
        one
        for one in outbox.ends_due(tx, message.chat_id, MOST_LOOKED_AT, away=away)
        if one.id != message.id and _card(tx, one).thread_id == topic and _is_said_now(tx, policy, one)
    ]
    if len(others) < MOST_SINGLE:
        others = [one for one in others if one.held and message.held]
    return others[: MOST_TOGETHER - 1]


def _is_said_now(tx: Tx, policy: Policy, message: Message) -> bool:
    manner = _manner_of_end(tx, policy, message)
    return manner in (Manner.LOUD, Manner.SILENT) or (manner is Manner.HELD and message.held)


def _manner_of_end(tx: Tx, policy: Policy, message: Message) -> Manner:
    """Decide about an end. Told to somebody else because its chat takes nothing, or shown on no card, it is said."""
    card = _card(tx, message)
    if message.payload.get("fallback") or card.message_id is None:
        return Manner.LOUD
    txn = transactions.get(tx.conn, card.txn_id)
    event = rules.of_end(State(message.payload["state"]))
    return _manner(tx, policy, message, event, txn.amount.minor_units(txn.decimals))


def _card(tx: Tx, message: Message) -> Card:
    return cards.get(tx.conn, message.payload["card_id"])


def _manner(tx: Tx, policy: Policy, message: Message, event: Event, minor: int) -> Manner:
    at = tx.now.astimezone(policy.zone).time()
    return rules.decide(event, minor, wishes.of(tx.conn, message.chat_id), at)

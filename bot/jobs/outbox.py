"""Delivering messages: at least once, in order within a chat, within Telegram's pace."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from bot import tracing
from bot.domain import schedule
from bot.domain.mint import Entropy
from bot.domain.policy import Policy
from bot.jobs.pace import Pace, Reach
from bot.jobs.worklist import Look, WorkList
from bot.service import chats, outgoing, undelivered, unreached
from bot.service.delivery import Deliver, Delivery, Receipt
from bot.store import balances, cards, contacts, exports, outbox, searches
from bot.store.database import Store, Tx
from bot.store.outbox import Form, Lane, Message

log = structlog.get_logger(__name__)

AT_ONCE = 64
JITTER = (0.8, 1.2)


class Postman:
    """Takes messages from the outbox to Telegram."""

    def __init__(
        self, store: Store, policy: Policy, deliver: Deliver, clock: Callable[[], datetime], entropy: Entropy
    ) -> None:
        self._store = store
        self._policy = policy
        self._deliver = deliver
        self._clock = clock
        self._entropy = entropy
        self._pace = Pace()
        self._reach = Reach()
        self._in_hand: set[tuple[int, bool]] = set()

    def worklist(self, bell: asyncio.Event) -> WorkList[Message]:
        """Return the loop that delivers; one message of a chat at a time, while a file of it may be on its way."""
        return WorkList(
            "outbox",
            look=self._look,
            key=_key,
            work=self.send,
            bell=bell,
            clock=self._clock,
            most=AT_ONCE,
        )

    async def _look(self) -> Look[Message]:
        now = self._clock()
        if self._reach.holds(now):
            return Look([], self._reach.held_until)
        heads, later = await self._store.tx(lambda tx: (outbox.heads(tx, AT_ONCE * 4), outbox.next_later_at(tx)))
        waiting = [*heads, *await self._beside(heads)]
        # Nothing is waited for from here on: what ends meanwhile would count for nothing.
        now = self._clock()
        free = {message.id: self._pace.free_at(message, now) for message in waiting}
        due = self._reach.let_go([message for message in waiting if free[message.id] <= now])
        waits = [at for at in (later, *free.values()) if at is not None and at > now]
        return self._with_room(due, waits, now)

    async def _beside(self, heads: Sequence[Message]) -> list[Message]:
        """Return the first answer and edit of each chat whose first message must wait: they need not."""
        now, may_hold = self._clock(), [one for one in heads if one.lane is Lane.END or one.waited]
        full = {message.chat_id for message in may_hold if self._pace.free_at(message, now) > now}
        if not full:
            return []
        lanes, known = (Lane.ANSWER, Lane.PROGRESS), {message.id for message in heads}
        found = await self._store.tx(lambda tx: [outbox.heads(tx, AT_ONCE * 4, lane) for lane in lanes])
        return [one for first in found for one in first if one.chat_id in full and one.id not in known]

    def _with_room(self, due: Sequence[Message], waits: list[datetime], now: datetime) -> Look[Message]:
        """Leave out what Telegram would not take in one moment, whichever chats it is for."""
        answers = [message for message in due if message.lane is Lane.ANSWER]
        pushed = [message for message in due if message.lane is not Lane.ANSWER and _key(message) not in self._in_hand]
        room = self._pace.room(now)
        if len(pushed) > room:
            waits.append(self._pace.room_at(now))
        return Look([*answers, *pushed[:room]], min(waits, default=None))

    async def send(self, message: Message) -> None:
        """Claim a message, hand it to Telegram, write down what became of it."""
        self._pace.begin(message, self._clock())
        self._in_hand.add(_key(message))
        try:
            await self._send(message)
        finally:
            self._in_hand.discard(_key(message))

    async def _send(self, message: Message) -> None:
        away = self._reach.is_away
        claimed = await self._store.tx(lambda tx: outgoing.claim(tx, self._policy, message, away=away))
        if claimed is None:
            return
        tracing.follow(claimed.trace)
        self._reach.begin(claimed)
        receipt = await self._handed_over(claimed)
        now = self._clock()
        self._pace.count(claimed, now)
        self._reach.end(receipt, now)
        jitter = self._entropy.uniform(*JITTER)
        await self._store.tx(lambda tx: self._write_down(tx, claimed, receipt, jitter, away=away))
        log.info("message", outbox_id=claimed.id, form=claimed.form, delivery=receipt.delivery.value)

    def _write_down(self, tx: Tx, message: Message, receipt: Receipt, jitter: float, *, away: bool) -> None:
        # Before the message is marked as sent: it is among what could not be told.
        if receipt.delivery not in (Delivery.LATER, Delivery.MAYBE):
            unreached.heard(tx, delivered=True)
        elif self._reach.is_away:
            unreached.missed(tx)
        record(tx, self._policy, message, receipt, jitter, away=away)

    async def _handed_over(self, message: Message) -> Receipt:
        try:
            return await self._deliver(message)
        except Exception as error:
            # A message nobody can write must not stay claimed, nor stop the others.
            log.exception("message not written", outbox_id=message.id)
            return Receipt(Delivery.MAYBE, error=type(error).__name__)


def _key(message: Message) -> tuple[int, bool]:
    """Return what two messages in work must not share."""
    return message.chat_id, message.form is Form.DOCUMENT


def record(tx: Tx, policy: Policy, message: Message, receipt: Receipt, jitter: float, *, away: bool = False) -> None:
    """Write down what became of a message and of those told with it.

    *away*: Telegram took nothing before either, so the try does not count.
    """
    for one in (message, *message.also):
        _record(tx, policy, one, receipt, jitter, away=away)


def _record(tx: Tx, policy: Policy, message: Message, receipt: Receipt, jitter: float, *, away: bool) -> None:
    match receipt.delivery:
        case Delivery.SENT | Delivery.NOTHING_TO_DO:
            outbox.mark_sent(tx, message.id, receipt.message_id)
            _remember_where(tx, message, receipt.message_id)
        case Delivery.MOVED if receipt.new_chat_id is not None:
            chats.move(tx, message.chat_id, receipt.new_chat_id)
            outbox.retry_now(tx, message.id)
        case Delivery.LATER | Delivery.MAYBE:
            _put_back(tx, policy, message, receipt, jitter, away=away)
        case _:
            _give_up(tx, policy, message, receipt)


def _give_up(tx: Tx, policy: Policy, message: Message, receipt: Receipt) -> None:
    log.warning("message given up", outbox_id=message.id, form=message.form, error=receipt.error)
    outbox.mark_dead(tx, message.id, receipt.error)
    if receipt.delivery is Delivery.GONE and message.chat_id > 0:
        undelivered.blocked(tx, policy, message.chat_id)
    undelivered.fall_back(tx, policy, message)


def _remember_where(tx: Tx, message: Message, message_id: int | None) -> None:
    """Let the card or view know which message shows it, so that the next one is an edit."""
    what, _, row_id = (message.subject or "").partition(":")
    if message_id is None:
        return
    if what == "card":
        cards.set_message(tx, int(row_id), message_id, chat_id=message.chat_id)
    elif what == "balance":
        balances.set_message(tx, int(row_id), message_id, chat_id=message.chat_id)
    elif what == "contact":
        contacts.set_message(tx, int(row_id), message_id, chat_id=message.chat_id)
    elif what == "finding":
        searches.set_message(tx, int(row_id), message_id, chat_id=message.chat_id)
    elif what == "export":
        exports.set_message(tx, int(row_id), message_id, chat_id=message.chat_id)


def _put_back(tx: Tx, policy: Policy, message: Message, receipt: Receipt, jitter: float, *, away: bool) -> None:
    maybe, aside = receipt.delivery is Delivery.MAYBE, message.tries >= schedule.HOLDS_ITS_CHAT
    if not maybe:
        delay: timedelta | None = receipt.retry_after  # not this message's fault: everybody waits
    elif away:
        # Telegram's fault, or that of this message alone: after some tries it steps aside for the others.
        delay = schedule.ASIDE if aside else receipt.retry_after
    else:
        delay = schedule.delivery_delay(message.tries, jitter)
    if delay is None:
        _give_up(tx, policy, message, receipt)
        return
    outbox.put_back(
        tx,
        message,
        tx.now + delay,
        receipt.error,
        doubtful=maybe,
        counts=maybe and not (away and aside),
        holds_chat=not aside,
    )

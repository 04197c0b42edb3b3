"""When a message may go: Telegram's pace for each chat and for all, and whether Telegram takes messages at all."""

from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain import schedule
from bot.service.delivery import Delivery, Receipt
from bot.store.outbox import Lane, Message

GAP = timedelta(seconds=1)
# Where messages wait, after an outage say, edits count too, and leave room for the news of ends.
GROUP_WINDOW, GROUP_MOST, GROUP_MOST_EDITS = timedelta(minutes=1), 20, 15
# Telegram takes thirty calls a second in all; the rest is for answers, and for what arrives closer than it left: what
# leaves within 1.3 s may arrive within one.
BURST_WINDOW, BURST_MOST = timedelta(milliseconds=200), 4


class Pace:
    """Telegram's pace: in a chat one call a second, in a group twenty new messages a minute, in all 20 calls a second.

    Answers go at once and are not counted. What they have held up for too long keeps its distance from them no more.
    """

    def __init__(self) -> None:
        self._last: dict[int, datetime] = {}
        self._pushed: dict[int, datetime] = {}  # ... that was no answer
        self._new: defaultdict[int, deque[datetime]] = defaultdict(lambda: deque(maxlen=GROUP_MOST))
        self._called: defaultdict[int, deque[datetime]] = defaultdict(lambda: deque(maxlen=GROUP_MOST))
        self._begun: deque[datetime] = deque()

    def free_at(self, message: Message, now: datetime) -> datetime:
        """Return when this message may go as far as its chat is concerned: now, or later."""
        chat_id = message.chat_id
        last = (self._pushed if message.waited else self._last).get(chat_id)
        if message.lane is Lane.ANSWER or last is None:
            return now
        at = max(last + GAP, now)
        return max(at, self._room_in_group(message, now)) if chat_id < 0 else at

    def _room_in_group(self, message: Message, now: datetime) -> datetime:
        """Return when the group's minute has room for this message."""
        most = GROUP_MOST if message.lane is Lane.END else GROUP_MOST_EDITS
        counted = (self._called if message.waited else self._new)[message.chat_id]
        limited = message.waited or message.lane is Lane.END
        return counted[-most] + GROUP_WINDOW if limited and len(counted) >= most else now

    def room(self, now: datetime) -> int:
        """Return how many messages that are no answers may begin now."""
        while self._begun and self._begun[0] <= now - BURST_WINDOW:
            self._begun.popleft()
        return max(BURST_MOST - len(self._begun), 0)

    def room_at(self, now: datetime) -> datetime:
        """Return when there is room for one more."""
        return now if self.room(now) else self._begun[0] + BURST_WINDOW

    def begin(self, message: Message, now: datetime) -> None:
        """Count a message that is about to be handed over."""
        if message.lane is not Lane.ANSWER:
            self._begun.append(now)

    def count(self, message: Message, now: datetime) -> None:
        """Count a message that was handed over; progress is shown by edits, which are no new messages."""
        self._last[message.chat_id] = now
        if message.lane is not Lane.ANSWER:
            self._pushed[message.chat_id] = now
        self._called[message.chat_id].append(now)
        if message.lane is not Lane.PROGRESS:
            self._new[message.chat_id].append(now)


class Reach:
    """Whether Telegram takes messages: its own wish to be left alone, and several failures in a row."""

    def __init__(self) -> None:
        self.held_until: datetime | None = None
        self._failures = 0
        self._handing_over = 0
        # The order in which messages were tried while it was away: the next try is somebody else's turn.
        self._tried: dict[int, int] = {}

    @property
    def is_away(self) -> bool:
        """Whether so many failed in a row that it is Telegram's fault and not a message's."""
        return self._failures >= schedule.AWAY_AFTER_FAILURES

    def holds(self, now: datetime) -> bool:
        """Tell whether nobody may go now."""
        return self.held_until is not None and now < self.held_until

    def let_go(self, waiting: Sequence[Message]) -> Sequence[Message]:
        """Return which of *waiting* may go: all, or, while it is away, one at a time, each in its turn."""
        if not self.is_away:
            return waiting
        if self._handing_over or not waiting:
            return []
        return [min(waiting, key=lambda message: self._tried.get(message.id, 0))]

    def begin(self, message: Message) -> None:
        """Note that a message is being handed over."""
        self._handing_over += 1
        self._tried[message.id] = max(self._tried.values(), default=0) + 1

    def end(self, receipt: Receipt, now: datetime) -> None:
        """Take what the receipt says about Telegram."""
        self._handing_over -= 1
        if receipt.delivery is Delivery.LATER:
            self._hold(now + receipt.retry_after)
        elif receipt.delivery is Delivery.MAYBE:
            self._failures += 1
            self._hold(now + schedule.away_pause(self._failures))
        else:
            self._failures = 0
            self._tried.clear()

    def _hold(self, until: datetime) -> None:
        self.held_until = max(until, self.held_until or until)

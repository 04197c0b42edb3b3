"""The queue of updates for the bot, and how it is read: held polls or a webhook, never both.

Knows nothing of what is in an update but its type. The HTTP calls to a webhook are made in webhook.py.
"""

import asyncio
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from bot.playground.refusals import Refusal, bad_request, conflict

# Sources: core.telegram.org/bots/api#getting-updates, #setwebhook; the clamping of limit and timeout and the
# words of the conflicts are those of the public telegram-bot-api server.
MOST_UPDATES = 100
LONGEST_POLL_SECONDS = 50
UPDATES_KEPT_SECONDS = 24 * 60 * 60
ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LONGEST_SECRET = 256

OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@dataclass(slots=True)
class Webhook:
    """Where updates are posted to, and how that went."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    last_error_date: int | None = None
    last_error_message: str | None = None

    def __post_init__(self) -> None:
        if not re.match(r"https?://[^/\s]+", self.url):
            raise bad_request("invalid webhook URL specified")
        # Telegram itself insists on https; like its own local server we take http, but only on loopback.
        if not re.match(r"https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/]", self.url + "/"):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if len(self.secret_token) > LONGEST_SECRET:
            raise bad_request("secret token is too long")
        if not re.fullmatch(r"[A-Za-z0-9_-]*", self.secret_token):
            raise bad_request("secret token contains unallowed characters")


@dataclass(frozen=True, slots=True)
class _Waiting:
    update: dict[str, Any]
    made_at: float

    @property
    def update_id(self) -> int:
        return int(self.update["update_id"])


class UpdateQueue:
    """Updates that the bot has not confirmed yet.

    ``poll_second`` is the length of one second of a held poll; tests make it shorter.
    """

    def __init__(self, clock: Callable[[], float], first_update_id: int, poll_second: float = 1.0) -> None:
        self._clock = clock
        self.next_id = first_update_id
        self._poll_second = poll_second
        self._waiting: list[_Waiting] = []
        self._held: asyncio.Future[None] | None = None
        self.allowed: Collection[str] = ()
        self.webhook: Webhook | None = None
        self.changed = asyncio.Event()

    @property
    def pending(self) -> list[dict[str, Any]]:
        """The updates that wait, oldest first. Telegram keeps none longer than a day."""
        oldest = self._clock() - UPDATES_KEPT_SECONDS
        self._waiting = [waiting for waiting in self._waiting if waiting.made_at > oldest]
        return [waiting.update for waiting in self._waiting]

    def add(self, kind: str, content: dict[str, Any]) -> int | None:
        """Make an update; None when the bot did not ask for this type at the time."""
        if not self._is_wanted(kind):
            return None
        update_id = self.next_id
        self.add_raw({"update_id": update_id, kind: content})
        return update_id

    def add_raw(self, update: dict[str, Any]) -> None:
        """Put a whole update into the queue, as it is."""
        self.next_id = max(self.next_id, update["update_id"] + 1)
        self._waiting.append(_Waiting(update, self._clock()))
        self._wake()

    def _is_wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in ONLY_ON_REQUEST

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Remember which types the bot wants from now on; None keeps the previous choice."""
        if kinds is not None:
            self.allowed = frozenset(kinds)

    def confirm(self, update_id: int) -> None:
        """Delete every update up to and including this one."""
        self._waiting = [waiting for waiting in self._waiting if waiting.update_id > update_id]

    def remove(self, update_id: int) -> None:
        """Delete one update: a webhook took it."""
        self._waiting = [waiting for waiting in self._waiting if waiting.update_id != update_id]

    def clear(self) -> None:
        """Delete all updates."""
        self._waiting.clear()

    async def poll(self, offset: int = 0, limit: int = MOST_UPDATES, timeout: int = 0) -> list[dict[str, Any]]:
        """Return the next updates, waiting up to ``timeout`` seconds for the first.

        Raises:
            Refusal: 409 when a webhook is set, and in the older of two polls.
        """
        if self.webhook is not None:
            raise conflict(WEBHOOK_ACTIVE)
        self._move_to(offset)
        self._end_held_poll(conflict(OTHER_POLL))
        if not self.pending and timeout > 0:
            await self._hold(min(timeout, LONGEST_POLL_SECONDS) * self._poll_second)
        return self.pending[: min(max(limit, 1), MOST_UPDATES)]

    def _move_to(self, offset: int) -> None:
        if offset < 0:
            self._waiting = self._waiting[offset:]
        elif offset > 0:
            self.confirm(offset - 1)

    async def _hold(self, seconds: float) -> None:
        held = self._held = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await held
        except TimeoutError:
            return
        finally:
            if self._held is held:
                self._held = None

    def _wake(self) -> None:
        self.changed.set()
        if self._held is not None and not self._held.done():
            self._held.set_result(None)

    def _end_held_poll(self, refusal: Refusal) -> None:
        if self._held is not None and not self._held.done():
            self._held.set_exception(refusal)
        self._held = None

    def release(self) -> None:
        """Let a held poll return at once with what there is: the server is stopping."""
        self._wake()

    def set_webhook(self, webhook: Webhook | None) -> None:
        """Switch to a webhook, or back to polling with None."""
        if webhook is not None:
            self._end_held_poll(conflict("terminated by setWebhook request"))
        self.webhook = webhook
        self.changed.set()

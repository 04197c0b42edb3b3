"""Between the inbox and PTB: raw updates in, one stored update through the handlers."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from telegram import Update
from telegram.error import BadRequest, Conflict, NetworkError, RetryAfter

from bot.chat import addressee
from bot.chat.context import App
from bot.chat.language import speak
from bot.chat.persistence import StorePersistence
from bot.service import anomalies, undelivered, unreached
from bot.store.database import Tx
from bot.store.inbox import Stored

ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member", "chat_member"]
POLL_SECONDS = 30
ANSWER_SECONDS = 10


class Dispatcher:
    """What the inbox needs of Telegram."""

    def __init__(self, app: App) -> None:
        self._app = app
        # Since when every answer was that another program fetches the updates; None after a good one.
        self._rival_since: datetime | None = None
        # Whether somebody must still be told that Telegram answers, if it was away.
        self._was_lost = True

    async def fetch(self, offset: int) -> list[dict[str, Any]]:
        """Ask Telegram for raw updates from *offset* on, waiting a while for one.

        They are not parsed here: one that cannot be parsed must not stop the others.
        """
        wanted: dict[str, Any] = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": ALLOWED_UPDATES}
        try:
            result: object = await self._app.bot.do_api_request(
                "getUpdates", api_kwargs=wanted, read_timeout=POLL_SECONDS + ANSWER_SECONDS
            )
        except RetryAfter as error:
            await asyncio.sleep(_seconds(error))
            return []
        except Conflict as error:
            if "webhook" in error.message.lower():  # somebody set one; updates are fetched here
                await self._app.bot.delete_webhook(drop_pending_updates=False)
            else:
                await self._meet_rival()
            raise
        except NetworkError as error:
            if not isinstance(error, BadRequest):  # it did not answer
                await self._app.bot_data.store.tx(unreached.missed)
                self._was_lost = True
            raise
        self._rival_since = None
        if self._was_lost:
            self._was_lost = not await self._app.bot_data.store.tx(lambda tx: unreached.heard(tx, delivered=False))
        return list(result) if isinstance(result, list) else []

    async def _meet_rival(self) -> None:
        till, since = self._app.bot_data, self._rival_since
        self._rival_since = await till.store.tx(lambda tx: anomalies.met_rival(tx, till.policy, since))

    async def handle(self, stored: Stored) -> Callable[[Tx], None]:
        """Handle one update; raises what its handler raised, for the inbox to decide on.

        Returns what is left to write with the mark that it is done: the conversation's step.
        """
        update = Update.de_json(stored.body, self._app.bot)
        till = self._app.bot_data
        language = await till.store.tx(lambda tx: addressee.of_sender(tx, till.policy, update))
        with speak(language):
            await self._app.process_update(update)
        await self._app.update_persistence()
        saving = cast("StorePersistence", self._app.persistence).saving(
            update.effective_user.id if update.effective_user else 0
        )
        failure = self._app.bot_data.failures.pop(stored.update_id, None)
        if failure is not None:
            raise failure
        return saving


def give_up(tx: Tx, stored: Stored) -> None:
    """Tell the chat that its update will not be carried out."""
    undelivered.dead_letter(tx, stored.update_id, stored.chat_id, _topic(stored.body))


def _topic(body: dict[str, Any]) -> int | None:
    """Return the topic an update comes from; read by hand, since it may be one that nothing else can read."""
    press = body.get("callback_query")
    message = (press if isinstance(press, dict) else body).get("message")
    thread = message.get("message_thread_id") if isinstance(message, dict) and message.get("is_topic_message") else None
    return thread if isinstance(thread, int) else None


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()

"""Posts updates to the bot's webhook: one after the other, again until it takes them.

What is in the queue and which webhook is set is decided in updates.py.
"""

import asyncio
import contextlib
from typing import Any

import aiohttp

from bot.playground.botapi import BotApi
from bot.playground.updates import Webhook

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
ANSWER_SECONDS = 10
# Telegram publishes no schedule for its repetitions; ours begins fast, for a demo on one machine.
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 5.0


class WebhookSender:
    """Delivers to the webhook while one is set."""

    def __init__(self, api: BotApi, first_pause_seconds: float = FIRST_PAUSE_SECONDS) -> None:
        self._api = api
        self._first_pause = first_pause_seconds
        self._pause = first_pause_seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to deliver in the background."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop at once; what was not taken stays in the queue."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                self._api.updates.changed.clear()
                if not await self.deliver_pending(session):
                    await asyncio.sleep(self._pause)
                    self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
                    continue
                self._pause = self._first_pause
                await self._api.updates.changed.wait()

    async def deliver_pending(self, session: aiohttp.ClientSession) -> bool:
        """Post what waits, oldest first; False as soon as one update was not taken."""
        while (webhook := self._api.updates.webhook) and (pending := self._api.updates.pending):
            if not await self._deliver(session, webhook, pending[0]):
                return False
            self._api.updates.remove(pending[0]["update_id"])
        return True

    async def _deliver(self, session: aiohttp.ClientSession, webhook: Webhook, update: dict[str, Any]) -> bool:
        headers = {SECRET_HEADER: webhook.secret_token} if webhook.secret_token else {}
        try:
            async with session.post(webhook.url, json=update, headers=headers, allow_redirects=False) as response:
                taken = 200 <= response.status < 300
                problem = None if taken else f"Wrong response from the webhook: {response.status}"
        except (aiohttp.ClientError, TimeoutError) as error:
            problem = f"Connection failed: {type(error).__name__}"
        if problem is not None:
            webhook.last_error_date, webhook.last_error_message = self._api.now(), problem
        return problem is None

"""Telegram's webhook on loopback: what waits is posted to the bot, again and again until it answers with 2xx.

Nothing of the project is imported here. What waits is known to `telegram_chats`, the methods that set a webhook are
in `foreign_telegram`.
"""

import asyncio
import re
from dataclasses import dataclass, field

import aiohttp

from .telegram_chats import Json
from .waiting import Bell

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
# Telegram tells nobody its schedule.
_PAUSE = 0.3


class BadWebhookError(Exception):
    """What Telegram says of an address it will not call."""


@dataclass
class Webhook:
    """Where updates go; `last_error` is what came of the last call, empty when it was taken."""

    url: str
    secret: str
    last_error: str = ""

    @classmethod
    def of(cls, params: Json) -> "Webhook":
        """Read what setWebhook was given; plain http does for this machine only."""
        url, secret = str(params.get("url", "")), str(params.get("secret_token") or "")
        if not re.match(r"https://|http://127\.0\.0\.1[:/]", url):
            raise BadWebhookError("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise BadWebhookError("secret token contains unallowed characters")
        return cls(url, secret)


@dataclass
class Courier:
    """Brings what waits, oldest first, while a webhook is set; `lost` of the answers 200 get lost on the way back."""

    bell: Bell
    waiting: list[Json]
    webhook: Webhook | None = None
    lost: int = 0
    # Every call: the update, and the status the bot gave it or 0 for none.
    calls: list[tuple[int, int]] = field(default_factory=list)

    def statuses(self, update_id: int) -> list[int]:
        """Return what the bot answered to an update, call by call."""
        return [status for brought, status in self.calls if brought == update_id]

    async def run(self) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
            while True:
                webhook = await self.bell.wait_for(lambda: self.waiting and self.webhook, None)
                if webhook and not await self._brought(http, webhook, self.waiting[0]):
                    await asyncio.sleep(_PAUSE)

    async def _brought(self, http: aiohttp.ClientSession, webhook: Webhook, update: Json) -> bool:
        headers = {SECRET_HEADER: webhook.secret} if webhook.secret else {}
        try:
            async with http.post(webhook.url, json=update, headers=headers, allow_redirects=False) as answer:
                status, webhook.last_error = answer.status, f"Wrong response from the webhook: {answer.status}"
        except (aiohttp.ClientError, TimeoutError) as error:
            status, webhook.last_error = 0, f"Connection failed: {type(error).__name__}"
        self.calls.append((update["update_id"], status))
        taken = 200 <= status < 300 and not self.lost
        if taken:
            webhook.last_error = ""
            self.waiting[:] = [u for u in self.waiting if u is not update]
        elif 200 <= status < 300:
            self.lost -= 1
        self.bell.ring()
        return taken

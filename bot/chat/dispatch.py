"""One stored update through PTB: parse, handle, save the conversation's step, report what went wrong."""

from typing import Any

from telegram import Update

from bot.chat.context import App
from bot.service import telling
from bot.store.inbox import Stored

ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"]
POLL_SECONDS = 30
ANSWER_SECONDS = 10


class Dispatcher:
    """What the inbox needs of Telegram: raw updates in, handled updates out."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def fetch(self, offset: int) -> list[dict[str, Any]]:
        """Ask Telegram for raw updates from *offset* on, waiting a while for one.

        They are not parsed here: one that cannot be parsed must not stop the others.
        """
        wanted: dict[str, Any] = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": ALLOWED_UPDATES}
        result: object = await self._app.bot.do_api_request(
            "getUpdates", api_kwargs=wanted, read_timeout=POLL_SECONDS + ANSWER_SECONDS
        )
        return list(result) if isinstance(result, list) else []

    async def handle(self, stored: Stored) -> None:
        """Handle one update; raises what its handler raised, for the inbox to decide on."""
        update = Update.de_json(stored.body, self._app.bot)
        await self._app.process_update(update)
        # Before the inbox marks it done: a step whose state were lost would be asked twice.
        await self._app.update_persistence()
        failure = self._app.bot_data.failures.pop(stored.update_id, None)
        if failure is not None:
            raise failure

    async def give_up(self, stored: Stored) -> None:
        """Tell the chat that its update will not be carried out."""
        if stored.chat_id:
            store = self._app.bot_data.store
            dedupe = f"dead:{stored.update_id}"
            await store.tx(lambda tx: telling.notice(tx, stored.chat_id, "dead_letter", dedupe=dedupe))

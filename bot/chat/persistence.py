"""Where step-by-step commands stand, kept in the till's own database instead of PTB's pickle file."""

from collections import defaultdict
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from telegram.ext import BasePersistence, PersistenceInput

from bot.store import conversations
from bot.store.database import Store, Tx

Forms = dict[int, dict[str, Any]]


class StorePersistence(BasePersistence[dict[str, Any], dict[str, Any], Any]):
    """PTB's persistence over the store: conversations and what was typed; nothing else is PTB's to keep.

    What PTB hands over is written in the transaction that marks its update done: a step that is replayed after
    a crash finds the conversation as it was.
    """

    def __init__(self, store: Store) -> None:
        super().__init__(PersistenceInput(bot_data=False, chat_data=False, user_data=True, callback_data=False))
        self._store = store
        self._forms: Forms = {}
        self._unsaved: defaultdict[int, list[Callable[[Tx], None]]] = defaultdict(list)

    async def get_conversations(self, name: str) -> dict[Any, Any]:
        """Return the open conversations of this name."""
        return await self._store.tx(lambda tx: conversations.load_states(tx.conn, name))

    async def update_conversation(self, name: str, key: tuple[int | str, ...], new_state: object | None) -> None:
        """Note where a conversation stands; written by ``saving`` with the update that led there."""
        state = new_state if isinstance(new_state, int) else None
        user_id = int(key[-1])
        self._unsaved[user_id].append(lambda tx: conversations.save_state(tx, name, key, state))

    def saving(self, user_id: int) -> Callable[[Tx], None]:
        """Return what writes down all that was noted of a person since the last time."""
        writes = self._unsaved.pop(user_id, [])

        def save(tx: Tx) -> None:
            for write in writes:
                write(tx)

        return save

    async def get_user_data(self) -> Forms:
        """Return what people typed so far."""
        self._forms = await self._store.tx(lambda tx: conversations.load_forms(tx.conn))
        return deepcopy(self._forms)  # PTB changes its own in place

    async def update_user_data(self, user_id: int, data: dict[str, Any]) -> None:
        """Note what a person typed, when it changed: PTB calls this for everybody it hears from."""
        if self._forms.get(user_id, {}) != data:
            self._forms[user_id] = data
            self._unsaved[user_id].append(lambda tx: conversations.save_form(tx, user_id, data))

    async def drop_user_data(self, user_id: int) -> None:
        """Forget what a person typed."""
        await self.update_user_data(user_id, {})

    async def get_chat_data(self) -> dict[int, dict[str, Any]]:
        """Return nothing: not kept."""
        return {}

    async def get_bot_data(self) -> Any:
        """Return nothing: not kept."""
        return None

    async def get_callback_data(self) -> None:
        """Return nothing: not kept."""

    async def update_chat_data(self, chat_id: int, data: dict[str, Any]) -> None:
        """Keep nothing."""

    async def update_bot_data(self, data: Any) -> None:
        """Keep nothing."""

    async def update_callback_data(self, data: Any) -> None:
        """Keep nothing."""

    async def drop_chat_data(self, chat_id: int) -> None:
        """Keep nothing."""

    async def refresh_user_data(self, user_id: int, user_data: dict[str, Any]) -> None:
        """Do nothing: this process is the only writer."""

    async def refresh_chat_data(self, chat_id: int, chat_data: dict[str, Any]) -> None:
        """Do nothing: not kept."""

    async def refresh_bot_data(self, bot_data: Any) -> None:
        """Do nothing: not kept."""

    async def flush(self) -> None:
        """Do nothing: everything was written when it changed."""

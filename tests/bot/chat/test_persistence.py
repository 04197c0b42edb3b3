"""Where step-by-step commands stand is kept in the till's own database."""

from copy import deepcopy
from typing import Any

from bot.chat.persistence import StorePersistence
from tests.support.clock import Clock
from tests.support.store import MemoryStore

USER = 1002
KEY = (-5001, USER)


class Process:
    """A persistence, and the inbox that writes what it notes with the update's mark."""

    def __init__(self, store: MemoryStore) -> None:
        self.store, self.persistence = store, StorePersistence(store)

    async def stands(self, state: int | None) -> None:
        await self.persistence.update_conversation("forms", KEY, state)
        self.store.do(self.persistence.saving(USER))

    async def typed(self, form: dict[str, Any]) -> None:
        # PTB hands over a copy of its own.
        await self.persistence.update_user_data(USER, deepcopy(form))
        self.store.do(self.persistence.saving(USER))


async def test_a_conversation_is_found_again_by_the_next_process() -> None:
    store = MemoryStore(Clock())
    await Process(store).stands(2)
    assert await StorePersistence(store).get_conversations("forms") == {KEY: 2}
    assert await StorePersistence(store).get_conversations("others") == {}


async def test_a_conversation_that_ended_is_forgotten() -> None:
    store = MemoryStore(Clock())
    for state in (2, None):
        await Process(store).stands(state)
    assert await StorePersistence(store).get_conversations("forms") == {}


async def test_what_was_typed_is_found_again_by_the_next_process() -> None:
    store = MemoryStore(Clock())
    typed = {"-5001": {"command": "pay", "msisdn": "46733123999"}}
    await Process(store).typed(typed)
    assert await StorePersistence(store).get_user_data() == {USER: typed}


async def test_what_was_typed_later_replaces_it() -> None:
    store = MemoryStore(Clock())
    process = Process(store)
    await process.typed({"-5001": {"command": "pay"}})
    await process.typed({"-5001": {"command": "pay", "amount": "5"}})
    assert (await StorePersistence(store).get_user_data())[USER]["-5001"]["amount"] == "5"


async def test_a_form_loaded_and_changed_in_place_is_still_kept() -> None:
    store = MemoryStore(Clock())
    await Process(store).typed({"-5001": {"command": "pay"}})
    process = Process(store)
    loaded = (await process.persistence.get_user_data())[USER]
    loaded["-5001"]["amount"] = "5"
    await process.typed(loaded)
    assert (await StorePersistence(store).get_user_data())[USER]["-5001"]["amount"] == "5"


async def test_a_form_dropped_is_gone() -> None:
    store = MemoryStore(Clock())
    process = Process(store)
    await process.typed({"-5001": {"command": "pay"}})
    await process.persistence.drop_user_data(USER)
    store.do(process.persistence.saving(USER))
    assert await StorePersistence(store).get_user_data() == {}


async def test_what_is_noted_of_one_person_is_not_written_with_anothers_update() -> None:
    store = MemoryStore(Clock())
    persistence = StorePersistence(store)
    await persistence.update_conversation("forms", KEY, 2)
    store.do(persistence.saving(USER + 1))
    assert await persistence.get_conversations("forms") == {}


async def test_nothing_else_is_kept() -> None:
    persistence = StorePersistence(MemoryStore(Clock()))
    kept = persistence.store_data
    assert (kept.user_data, kept.chat_data, kept.bot_data, kept.callback_data) == (True, False, False, False)
    assert await persistence.get_chat_data() == {}
    assert await persistence.get_bot_data() is None

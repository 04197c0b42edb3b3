"""What is said straight to Telegram when the database failed: a short try, whatever the network does."""

import asyncio
import json
from typing import Any

from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from bot.chat import lastwords
from bot.store import soundness

GONE, HANGING, MOVED, NEW = -1, -2, -3, -1003
ANSWER = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}


class Wire(BaseRequest):
    """Telegram for one message a chat: one is gone, one never answers, one has another id by now."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, str]] = []
        self.open = False

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        self.open = True

    async def shutdown(self) -> None:
        self.open = False

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        assert request_data is not None
        said = request_data.parameters
        if said["chat_id"] == GONE:
            raise NetworkError("gone")
        if said["chat_id"] == HANGING:
            await asyncio.Event().wait()
        if said["chat_id"] == MOVED:
            answer = {"ok": False, "description": "upgraded", "parameters": {"migrate_to_chat_id": NEW}}
            return 400, json.dumps(answer).encode()
        self.heard.append((said["chat_id"], said["text"]))
        return 200, json.dumps({"ok": True, "result": ANSWER}).encode()


async def say(wire: Wire, *chats: int) -> list[int]:
    await lastwords.say("1000001:TEST", "https://telegram.example", chats, "I have stopped.", wire, seconds=0.2)
    assert not wire.open
    return [chat for chat, _ in wire.heard]


def test_the_last_words_say_what_happened_what_to_do_and_that_nothing_is_lost() -> None:
    said = lastwords.words("the disk is full", "free space on it", "en")
    for part in ("I have stopped", "the disk is full", "free space on it", "start me again", "Nothing is lost"):
        assert part in said


async def test_a_chat_that_is_gone_does_not_keep_the_others_from_hearing() -> None:
    assert await say(Wire(), GONE, 5, 6) == [5, 6]


async def test_a_chat_that_became_a_supergroup_hears_it_there() -> None:
    assert await say(Wire(), MOVED) == [NEW]


async def test_a_telegram_that_does_not_answer_does_not_hold_up_the_end() -> None:
    assert await say(Wire(), HANGING, 5) == [5]


def test_the_last_words_know_every_cause_and_remedy_in_each_language() -> None:
    said = {*soundness.REASONS.values(), *soundness.REMEDIES.values(), soundness.LOOK}
    assert said == set(lastwords.CAUSES_AND_REMEDIES)

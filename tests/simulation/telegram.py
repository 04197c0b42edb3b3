"""The way to Telegram: PTB's calls carried to the playground's Bot API in memory, as badly as the knobs say.

Telegram belongs to the world: what was put on its way is carried out, whether or not the bot still lives.
"""

import asyncio
import contextlib
import json
import sqlite3
from typing import TYPE_CHECKING, Any

from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.playground import methods
from bot.playground.botapi import BotApi, Query
from bot.playground.parameters import Parameters
from bot.playground.refusals import Refusal, conflict, too_many_requests
from bot.playground.updates import OTHER_POLL
from bot.service import updates_in
from tests.simulation import cast

if TYPE_CHECKING:
    from tests.simulation.life import Life
    from tests.simulation.world import World

TOKEN = "1000001:SIMULATION"
URL = "https://telegram.test"
READ_TIMEOUT = 10.0
# A held poll in the last phase lasts so many times longer: nothing happens then for days.
PATIENCE = 720.0
Reply = tuple[int, bytes] | TelegramError


class Line(BaseRequest):
    """What PTB in one life of the bot calls its HTTP."""

    def __init__(self, life: "Life") -> None:
        self._life = life

    @property
    def read_timeout(self) -> float:
        """How long PTB believes that it waits for an answer."""
        return READ_TIMEOUT

    async def initialize(self) -> None:
        """Nothing is to be opened."""

    async def shutdown(self) -> None:
        """Nothing is open."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: object, **__: object
    ) -> tuple[int, bytes]:
        """Carry one call there and its answer back."""
        await self._life.boundary("telegram>")
        values = request_data.parameters if request_data else {}
        reply = await self._life.world.telegram.send(url.rpartition("/")[2], values)
        await self._life.boundary("telegram<")
        if isinstance(reply, TelegramError):
            raise reply
        return reply


class Telegram:
    """The playground's Bot API behind a bad line."""

    def __init__(self, world: "World") -> None:
        self._world, self._knobs, self._loop = world, world.knobs, world.loop
        self._r = world.chance("telegram")
        self.api = BotApi(TOKEN, world.clock.stamp, enforce_limits=world.knobs.limits)
        self.seen = 0
        self.delivered_in_doubt = 0
        self._redeliverable: list[dict[str, Any]] = []
        for user_id, name in cast.NAMES.items():
            self.api.add_user(user_id, name)
            self.api.people.chats[user_id].bot = "member" if user_id != cast.OUTSIDER else "stranger"
        for chat_id, title in {**cast.DESKS, cast.ADMINS: "Admins"}.items():
            members = [user_id for user_id in cast.NAMES if chat_id != cast.ADMINS or user_id <= cast.SECOND]
            self.api.add_group(chat_id, title, members)
        self.api.add_group(cast.FOREIGN, "Elsewhere", [cast.OUTSIDER])

    # One call

    async def send(self, method: str, values: dict[str, Any]) -> Reply:
        """Put a call on its way; what comes back, and when."""
        answer: asyncio.Future[Reply] = self._loop.create_future()
        self._world.spawn(self._carry(method, Parameters(values), answer))
        return await answer

    async def _carry(self, method: str, given: Parameters, answer: "asyncio.Future[Reply]") -> None:
        await asyncio.sleep(self._travel())
        reply = self._instead(method) or await self._carried_out(method, given)
        wait = READ_TIMEOUT if isinstance(reply, TimedOut) else self._travel()
        await asyncio.sleep(wait)
        if not answer.done():
            answer.set_result(reply)

    def _instead(self, method: str) -> Reply | None:
        """Return what comes back of a call that does not arrive, or None."""
        knobs = self._knobs
        if self._is_out():
            return NetworkError("nobody there")
        if method == "getUpdates" and self._chance(knobs.conflict):
            self._world.alarms.expect("token_elsewhere")
            return _refused(conflict(OTHER_POLL))
        if self._chance(knobs.drop_before):
            return TimedOut("no answer")
        if self._chance(knobs.flood):
            return _refused(too_many_requests(self._r.choice((1, 3, 20, 120, 600))))
        if self._chance(knobs.telegram_error):
            return self._r.choice(
                (_refused(Refusal(500, "Internal Server Error")), (502, methods.BAD_GATEWAY.encode()))
            )
        return None

    async def _carried_out(self, method: str, given: Parameters) -> Reply:
        fetching = method == "getUpdates"
        if fetching:
            self._world.judge.acknowledged(given.integer("offset") or 0)
        answer = await methods.answer(self.api, TOKEN, method, given)
        body = answer.body
        if fetching and isinstance(body, dict) and body["ok"]:
            self._redeliver(body["result"])
        self.look_at_news()
        if self._chance(self._knobs.fetch_lost if fetching else self._knobs.drop_after):
            self.delivered_in_doubt += not fetching
            return TimedOut("no answer")
        return answer.status, (json.dumps(body) if isinstance(body, dict) else body).encode()

    async def bring(self) -> None:
        """Bring updates to the webhook while there is one, each again until it is taken."""
        updates = self.api.updates
        while True:
            await updates.changed.wait()
            updates.changed.clear()
            while updates.webhook is not None and updates.pending:
                await asyncio.sleep(self._travel())
                for update in updates.pending[:1]:
                    await self._bring(update)

    async def _bring(self, update: dict[str, Any]) -> None:
        life = self._world.life
        if life is None or life.dead or self._is_out() or self._chance(self._knobs.drop_before):
            await asyncio.sleep(self._r.uniform(1, 10))
            return
        with contextlib.suppress(TimeoutError, sqlite3.DatabaseError):
            async with asyncio.timeout(READ_TIMEOUT):
                await updates_in.keep(life.store, [update], in_order=False)
            if not self._chance(self._knobs.fetch_lost):
                self.api.updates.remove(update["update_id"])
                self._world.judge.taken(update["update_id"])

    def look_at_news(self) -> None:
        """Show what happened in the chats since to the judge and to the people."""
        events = self.api.transcript
        while self.seen < len(events):
            event = events[self.seen]
            self.seen += 1
            if event.by_bot and event.kind in ("message", "edit", "answer"):
                self._world.note(event.kind, f"{event.chat_id} {event.text[:60]!r}")
                self._world.sayings.told(event)
                self._world.people.see(event)

    # What may happen to it

    def _redeliver(self, updates: list[dict[str, Any]]) -> None:
        """Put an update that was handled long ago before the others."""
        if self._redeliverable and self._chance(self._knobs.redelivered):
            updates.insert(0, self._r.choice(self._redeliverable))
        self._redeliverable += updates

    def _chance(self, rate: float) -> bool:
        return self._world.faults and self._r.random() < rate

    def _is_out(self) -> bool:
        out = self._knobs.telegram_outage
        return self._world.faults and out is not None and out[0] <= self._loop.time() < out[1]

    def _travel(self) -> float:
        return self._r.uniform(0.01, 0.3)

    def hold(self, times: float) -> None:
        """Let polls be held so many times longer from now on."""
        self.api.updates._poll_second = times

    # What people do

    def press(self, user_id: int, chat_id: int, message_id: int, data: str) -> int | None:
        """Press a button, also one that is no longer there, or never was: clients can send any data.

        Return the id of the update that the bot gets, or None.
        """
        message = self.api.messages.find(chat_id, message_id)
        if message is None:
            return None
        query = Query(str(len(self.api.queries) + 1), self.api.people.users[user_id], message, data, self.api.clock())
        self.api.queries[query.id] = query
        self._world.note("press", f"{user_id} {data}")
        self._world.judge.pressed(user_id, data)
        return self.api.updates.add("callback_query", query.as_json(str(chat_id)))

    def write(self, user_id: int, chat_id: int, text: str, reply_to: int | None = None) -> int | None:
        """Write as a person; return the id of the update that the bot gets, or None."""
        chat = self.api.people.chats[chat_id]
        where, before = chat.migrated_to or chat_id, self.api.updates.next_id
        self._world.note("write", f"{user_id} {where} {text!r}")
        still_there = self.api.messages.find(where, reply_to) is not None  # not in a chat that has moved
        self.api.send_text(user_id, where, text, reply_to=reply_to if still_there else None)
        # Whoever writes to a bot they had blocked lets it in again: that is an update of its own, before the words.
        return self.api.updates.next_id - 1 if self.api.updates.next_id > before else None


def _refused(refusal: Refusal) -> Reply:
    return refusal.code, json.dumps(refusal.as_json()).encode()

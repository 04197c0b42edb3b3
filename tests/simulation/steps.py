"""People who are asked step by step: they type an answer or press what is offered, and sometimes go back."""

import asyncio
import re
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.playground.events import Event
from tests.simulation import cast
from tests.simulation.invariants import Typed

if TYPE_CHECKING:
    from tests.simulation.world import World

MOST_SECONDS_FOR_A_QUESTION, MOST_QUESTIONS = 90, 8
PRESSING, PRESSING_OLD, GOING_BACK = 0.4, 0.2, 0.1
TOO_LATE = "This question is over."
ASKS = (
    ("msisdn", re.compile(r"Whom |Who |Into whose ")),
    ("amount", re.compile(r"How much")),
    ("note", re.compile("A note")),
)


class Steps:
    """The conversations people hold with the bot, one at a time for each person in a chat."""

    def __init__(self, world: "World") -> None:
        self._world, self._r = world, world.chance("steps")
        self._questions: defaultdict[tuple[int, int], list[Event]] = defaultdict(list)
        self._asking: set[tuple[int, int]] = set()
        # What each person means now in a chat; what was meant before each pick, by the press; and before the last one,
        # as long as nobody has said whether it counts.
        self._meant: dict[tuple[int, int], Typed] = {}
        self._before: dict[str, tuple[int, Typed]] = {}
        self._unanswered: dict[tuple[int, int], Typed] = {}

    def hear(self, event: Event) -> None:
        """Take a pick back where it came too late: the question had its answer already."""
        if event.data["id"] in self._before:
            chat, typed = self._before.pop(event.data["id"])
            self._unanswered.pop((typed.user_id, chat), None)
            if event.text == TOO_LATE:
                self._meant[typed.user_id, chat] = typed

    def see(self, event: Event) -> None:
        """Remember a question of the bot's for whoever is asked."""
        if event.kind == "message" and _field(event):
            chat = event.chat_id or 0
            self._questions[chat if chat > 0 else _asked(event), chat].append(event)

    def are_free(self, maker: int, chat: int) -> bool:
        """Tell whether nobody has begun to ask this person here."""
        return (maker, chat) not in self._asking

    async def take(self, chat: int, command: str, typed: Typed, note: str) -> None:
        """Type a command and answer each question, until the last one is answered or none comes."""
        who = typed.user_id, chat
        self._asking.add(who)
        self._meant[who] = typed
        self._unanswered.pop(who, None)
        known = len(self._questions[who])
        self._write(chat, command, typed, None)
        for count in range(MOST_QUESTIONS):
            asked = await self._question(typed.user_id, chat, known + count)
            if asked is None:
                break
            self._answer(chat, asked, self._meant[who], note)
            if _field(asked) == "note":
                break
        self._asking.discard(who)

    def _answer(self, chat: int, asked: Event, typed: Typed, note: str) -> None:
        """Press what is offered, which changes what is meant; or type what was meant; or go back."""
        field, message_id, offered = _field(asked), asked.data["message_id"], _offered(asked)
        if self._r.random() < PRESSING_OLD:
            self._press_old(typed.user_id, chat)
        if field == "amount" and self._r.random() < GOING_BACK:
            self._write(chat, "/back", typed, None)
        elif offered and self._r.random() < PRESSING:
            button = self._r.choice(offered)
            self._pick(chat, message_id, button["callback_data"], typed, _picked(typed, field, button["text"]))
        else:
            answers = {"msisdn": typed.msisdn, "amount": str(typed.amount)}
            self._write(chat, answers.get(field, note), typed, message_id)

    def _pick(self, chat: int, message_id: int, data: str, typed: Typed, picked: Typed) -> None:
        update_id, who = self._world.telegram.press(typed.user_id, chat, message_id, data), (typed.user_id, chat)
        if update_id is None:  # the chat has moved: there is nothing to press any more
            return
        self._note(chat, update_id, picked)
        self._meant[who], self._unanswered[who] = picked, typed
        self._before[str(len(self._world.telegram.api.queries))] = chat, typed

    def _press_old(self, maker: int, chat: int) -> None:
        """Press a button of a question that is over: it must not answer the one that is open."""
        old = [(event, button) for event in self._questions[maker, chat][:-1] for button in _offered(event)]
        if old:
            event, button = self._r.choice(old)
            self._world.telegram.press(maker, chat, event.data["message_id"], button["callback_data"])

    def _write(self, chat: int, text: str, typed: Typed, reply_to: int | None) -> None:
        self._note(chat, self._world.telegram.write(typed.user_id, chat, text, reply_to), typed)

    def _note(self, chat: int, update_id: int | None, typed: Typed) -> None:
        if update_id is not None:
            self._world.judge.typed[update_id] = typed
            self._world.judge.or_typed[update_id] = self._unanswered.get((typed.user_id, chat), typed)

    async def _question(self, maker: int, chat: int, known: int) -> Event | None:
        """Wait for this person's next question here."""
        for _ in range(MOST_SECONDS_FOR_A_QUESTION):
            await asyncio.sleep(1)
            if len(self._questions[maker, chat]) > known:
                return self._questions[maker, chat][-1]
        return None


def _field(event: Event) -> str:
    """Return what a message asks for, or nothing."""
    return next((field for field, words in ASKS if words.search(event.text)), "")


def _offered(event: Event) -> list[dict[str, str]]:
    """Return the buttons that give an answer."""
    rows = event.data.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row if button["callback_data"].startswith(("pick:", "skip:"))]


def _asked(event: Event) -> int:
    """Return whom a question in a group is put to: whoever is replied to or, after a press, named."""
    replied = event.data.get("reply_to_message", {}).get("from", {}).get("id", 0)
    named = (user_id for user_id, name in cast.NAMES.items() if event.text.startswith(f"{name}: "))
    return int(replied) or next(named, 0)


def _picked(typed: Typed, field: str, label: str) -> Typed:
    """Return what is meant after a press on this label; in groups a number shows its last four digits only."""
    if field == "msisdn":
        return replace(typed, msisdn=cast.ORDINARY[0][:-4] + label[-4:])
    if field == "amount":
        return replace(typed, amount=Decimal(label.split()[0].replace(",", "")))
    return typed

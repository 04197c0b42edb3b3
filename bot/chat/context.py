"""What handlers are given: the till, and how to commit and answer."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardMarkup, Message, Update
from telegram.error import TelegramError
from telegram.ext import Application, CallbackContext, ExtBot

from bot.chat.caps import Caps
from bot.domain.policy import Policy
from bot.domain.refusals import Refusal, Why
from bot.service import seats, visits
from bot.service.payments import Place
from bot.service.seats import Seat
from bot.store import conversations, inbox, outbox, people
from bot.store.database import Store, Tx
from bot.store.outbox import Form, Lane

T = TypeVar("T")

# A command that was typed longer ago than this is shown back instead of being carried out.
FRESH = timedelta(minutes=5)
# The name of the one conversation, in which /pay, /request and /refund are asked step by step.
FORMS = "forms"


@dataclass(slots=True)
class Till:
    """What every handler may use; the same for all of them."""

    store: Store
    policy: Policy
    zone: ZoneInfo
    # What went wrong with an update, for the inbox to try again: PTB itself would only log it.
    failures: dict[int, BaseException] = field(default_factory=dict)
    # Answers to presses on their way; a task nobody holds may be collected.
    answers: set[asyncio.Task[None]] = field(default_factory=set)
    # How much each person may type and press in a minute.
    caps: Caps = field(default_factory=Caps)


App = Application[ExtBot[None], "Context", dict[str, Any], dict[str, Any], Till, Any]


class Context(CallbackContext[ExtBot[None], dict[str, Any], dict[str, Any], Till]):
    """One update's context. Its answers are outbox rows; with ``commit`` they and the effect are one."""

    origin: Update
    _said = 0

    @classmethod
    def from_update(cls, update: object, application: Any) -> Self:
        """Build the context and remember the update: answers need its id and its chat."""
        context = super().from_update(update, application)
        if isinstance(update, Update):
            context.origin = update
        return context

    @property
    def till(self) -> Till:
        """The shared services."""
        return self.bot_data

    @property
    def policy(self) -> Policy:
        """The house rules."""
        return self.bot_data.policy

    @property
    def message(self) -> Message:
        """The message this update is, or the one its button is on."""
        message = self.origin.effective_message
        if message is None:
            raise LookupError("this update has no message")
        return message

    @property
    def user_id(self) -> int:
        """Who acts: a numeric id, the only thing that counts."""
        user = self.origin.effective_user
        return 0 if user is None else user.id

    @property
    def is_private(self) -> bool:
        """Whether this is a person's own chat with the bot."""
        return self.message.chat.type == "private"

    @property
    def place(self) -> Place:
        """Where to answer: in groups as a reply, so that everybody sees to whom."""
        message = self.message
        thread = message.message_thread_id if message.is_topic_message else None
        pressed = self.origin.callback_query is not None
        return Place(message.chat.id, thread, None if self.is_private or pressed else message.message_id)

    @property
    def form(self) -> dict[str, Any]:
        """What this person typed so far in this chat, step by step."""
        if self.user_data is None:
            raise LookupError("this update has no user")
        form: dict[str, Any] = self.user_data.setdefault(str(self.message.chat.id), {})
        return form

    def clear_form(self) -> None:
        """Forget what was typed so far."""
        if self.user_data is not None:
            self.user_data.pop(str(self.message.chat.id), None)

    def arguments(self) -> str:
        """Return what was typed behind the command."""
        words = (self.message.text or "").split(maxsplit=1)
        return words[1].strip() if len(words) > 1 else ""

    def seat(self, tx: Tx) -> Seat:
        """Return which desk this chat speaks for and the person's role there."""
        self.meet(tx)
        return seats.seat(tx, self.policy, self.user_id, self.message.chat.id, private=self.is_private)

    def meet(self, tx: Tx) -> None:
        """Remember who acts: their name, and in private that we may write to them."""
        user = self.origin.effective_user
        if user is not None:
            people.meet(tx, user.id, user.full_name, user.language_code, private=self.is_private)
            visits.note(tx, self.policy, self.message.chat.id)

    def demand_fresh(self, tx: Tx) -> None:
        """Refuse a command that waited too long: what was wanted then may not be wanted now."""
        if tx.now - self.message.date > FRESH:
            raise Refusal(Why.TOO_OLD, text=self.message.text or "")

    async def commit(self, fn: Callable[[Tx], T], *, ends_form: bool = False) -> T:
        """Run *fn* and mark this update done, in one transaction: its effect happens exactly once.

        *ends_form*: the open question is over with it, too, or a later word would be taken for its answer.
        """

        def both(tx: Tx) -> T:
            result = fn(tx)
            if ends_form:
                self._leave_form(tx)
            inbox.mark_done(tx.conn, self.origin.update_id)
            return result

        result = await self.till.store.tx(both)
        if ends_form:
            self.clear_form()
        return result

    def _leave_form(self, tx: Tx) -> None:
        chat_id = self.message.chat.id
        conversations.save_state(tx, FORMS, (chat_id, self.user_id), None)
        others = {chat: form for chat, form in (self.user_data or {}).items() if chat != str(chat_id)}
        conversations.save_form(tx, self.user_id, others)

    def say(
        self,
        tx: Tx,
        text: str,
        *,
        keyboard: InlineKeyboardMarkup | None = None,
        ask: bool = False,
        subject: str | None = None,
    ) -> None:
        """Queue an answer in this chat; *ask*: the person's next message is the reply to it."""
        place = self.place
        self._said += 1
        outbox.add(
            tx,
            place.chat_id,
            Form.TEXT,
            Lane.ANSWER,
            dedupe=f"answer:{self.origin.update_id}:{self._said}",
            subject=subject,
            text=text,
            keyboard=keyboard.to_dict() if keyboard else None,
            ask=ask and not self.is_private,
            thread_id=place.thread_id,
            reply_to=place.reply_to,
        )

    async def reply(self, text: str, *, keyboard: InlineKeyboardMarkup | None = None, ask: bool = False) -> None:
        """Answer with a sentence; the update is marked done only after the conversation's step is saved."""
        await self.till.store.tx(lambda tx: self.say(tx, text, keyboard=keyboard, ask=ask))

    def answer_press(self, text: str | None = None, *, alert: bool = False) -> None:
        """Stop the button's spinner, with words or without. Best effort, and nothing waits for it."""
        query = self.origin.callback_query
        if query is not None:
            task = asyncio.create_task(_answer(query.answer, text, alert=alert))
            self.till.answers.add(task)
            task.add_done_callback(self.till.answers.discard)


async def _answer(answer: Callable[..., Any], text: str | None, *, alert: bool) -> None:
    try:
        await answer(text=text, show_alert=alert)
    except TelegramError:
        return  # too old, or Telegram is away: the decision is committed, the card tells it

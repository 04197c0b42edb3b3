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
from bot.chat.checkups import Checkups
from bot.chat.formats import escape
from bot.domain.policy import Policy
from bot.domain.refusals import Refusal, Why
from bot.service import seats, visits
from bot.service.payments import Place
from bot.service.seats import Seat
from bot.store import conversations, inbox, outbox, people
from bot.store.database import Store, Tx
from bot.store.outbox import Lane

T = TypeVar("T")
Form = dict[str, Any]

# A command that was typed longer ago than this is shown back instead of being carried out.
FRESH = timedelta(minutes=5)
# The name of the one conversation, in which /pay, /request and /refund are asked step by step.
FORMS = "forms"


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a step-by-step command stands: what was typed so far, and the step asked now; None: it is over."""

    form: Form
    step: int | None


OVER = Turn({}, None)


@dataclass(slots=True)
class Till:
    """What every handler may use; the same for all of them."""

    store: Store
    policy: Policy
    zone: ZoneInfo
    checkups: Checkups
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
    def form(self) -> Form:
        """What this person typed so far in this chat, step by step; empty when no question is open."""
        form: Form = (self.user_data or {}).get(str(self.message.chat.id), {})
        return form

    def asked_of_another(self, is_meant: Callable[[Form], bool]) -> bool:
        """Tell whether an open question in this chat that fits is somebody else's."""
        chat = str(self.message.chat.id)
        others = (forms for user_id, forms in self.application.user_data.items() if user_id != self.user_id)
        return any(is_meant(forms.get(chat, {})) for forms in others)

    def keep_form(self, form: Form) -> None:
        """Remember what was typed so far; nothing when it is over."""
        if self.user_data is not None:
            self.user_data.pop(str(self.message.chat.id), None)
            self.user_data.update({str(self.message.chat.id): form} if form else {})

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

    async def commit(self, fn: Callable[[Tx], T]) -> T:
        """Run *fn* and mark this update done, in one transaction: its effect happens exactly once."""

        def both(tx: Tx) -> T:
            result = fn(tx)
            inbox.mark_done(tx.conn, self.origin.update_id)
            return result

        return await self.till.store.tx(both)

    async def take_step(self, fn: Callable[[Tx], Turn]) -> Turn:
        """Commit *fn* together with where it leaves the step-by-step command: a replay finds nothing half done."""
        chat_id, user_id = self.message.chat.id, self.user_id

        def both(tx: Tx) -> Turn:
            turn = fn(tx)
            conversations.save_state(tx, FORMS, (chat_id, user_id), turn.step)
            conversations.save_form_of(tx, user_id, chat_id, turn.form)
            return turn

        turn = await self.commit(both)
        self.keep_form(turn.form)
        return turn

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
            outbox.Form.TEXT,
            Lane.ANSWER,
            dedupe=outbox.answer_to(self.origin.update_id, self._said),
            subject=subject,
            text=text,
            keyboard=keyboard.to_dict() if keyboard else None,
            ask=ask and not self.is_private,
            thread_id=place.thread_id,
            reply_to=place.reply_to,
        )

    def rewrite(self, tx: Tx, text: str, *, keyboard: InlineKeyboardMarkup | None = None) -> None:
        """Queue an edit of the message whose button was pressed: its new text and, if any, buttons."""
        message = self.message
        outbox.add(
            tx,
            message.chat.id,
            outbox.Form.TEXT,
            Lane.ANSWER,
            text=text,
            keyboard=keyboard.to_dict() if keyboard else None,
            edits=[message.chat.id, message.message_id],
        )

    def show_choice(self, tx: Tx) -> None:
        """Let the message whose button was pressed show what was chosen, in place of its buttons."""
        self.rewrite(tx, f"{escape(self.message.text or '')}\n→ <b>{escape(self._label())}</b>")

    def _label(self) -> str:
        """Return what is written on the button that was pressed."""
        query, markup = self.origin.callback_query, self.message.reply_markup
        rows = markup.inline_keyboard if markup else ()
        labels = (button.text for row in rows for button in row if query and button.callback_data == query.data)
        return next(labels, "")

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

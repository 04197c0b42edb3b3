"""Hands outbox rows to Telegram: writes them, sends or edits, and names what Telegram made of it.

Cards and ends are written when they are handed over, from the rows as they are then: what is told is true.
"""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Bot, ForceReply, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.chat import addressee, balances, card_buttons, cards, histories, keyboards, phonebook, uploads
from bot.chat.documents import export, making
from bot.chat.documents.desk import Desk
from bot.chat.filters import Here, parse_filters
from bot.chat.formats import escape, plain
from bot.chat.language import _, later, speak
from bot.chat.notices import notice
from bot.chat.together import linked, together
from bot.domain.finding import Cursor
from bot.domain.policy import Policy
from bot.domain.schedule import LONGEST_AWAY_PAUSE
from bot.domain.transactions import State
from bot.service import searching, views
from bot.service.delivery import Deliver, Delivery, Receipt
from bot.service.views import CardView
from bot.store import contacts, exports, searches, transactions
from bot.store.database import Store
from bot.store.outbox import Form, Message

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
REPEAT = later("(repeat)")
LONGEST = 4000
# Telegram's words for a chat that will never take a message of ours again.
GONE = ("chat not found", "user is deactivated", "group chat was deleted", "not enough rights to send")
# ... for a topic that takes no messages any more
NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted", "topic closed", "topic deleted")
# ... and for a message that can no longer be edited: somebody deleted it, or it is too old.
NO_LONGER_THERE = ("message to edit not found", "message can't be edited", "message_id_invalid")


class Notifier:
    """Delivers one message at a time; never raises what Telegram or the network may do."""

    def __init__(self, bot: Bot, store: Store, policy: Policy, zone: ZoneInfo, folder: Path) -> None:
        self._bot = bot
        self._store = store
        self._policy = policy
        self._zone = zone
        self._folder = folder
        self._ways: dict[Form, Deliver] = {
            Form.TEXT: self._text,
            Form.CARD: self._card,
            Form.END: self._end,
            Form.BALANCE: self._balance,
            Form.CONTACT: self._contact,
            Form.FINDING: self._finding,
            Form.NOTICE: self._notice,
            Form.PROGRESS: self._progress,
            Form.DOCUMENT: self._document,
            Form.LEAVE: self._leave,
        }

    async def deliver(self, message: Message) -> Receipt:
        """Send or edit, and return what became of it."""
        try:
            language = await self._store.tx(lambda tx: addressee.of_message(tx, self._policy, message))
            with speak(language):
                return await self._hand_over(message)
        except TelegramError as error:
            return receipt_of(error)

    async def _hand_over(self, message: Message) -> Receipt:
        return await self._ways[message.form](message)

    async def _leave(self, message: Message) -> Receipt:
        await self._bot.leave_chat(message.chat_id)
        return Receipt(Delivery.SENT)

    async def _text(self, message: Message) -> Receipt:
        if "edits" in message.payload:
            return await self._rewrite(message)
        return await self._send(message, message.payload["text"], message.payload)

    async def _card(self, message: Message) -> Receipt:
        view = await self._view(message)
        text = cards.card(view, self._zone, sandbox=self._policy.is_sandbox)
        where = {"thread_id": view.card.thread_id, "reply_to": view.card.reply_to}
        return await self._show(message, view.card.message_id, text, card_buttons.of_card(view), where)

    async def _end(self, message: Message) -> Receipt:
        ends = [await self._end_text(one, alone=not message.also) for one in (message, *message.also)]
        told = [text for text in ends if text is not None]
        if not told:
            return Receipt(Delivery.NOTHING_TO_DO)
        text = told[0] if len(told) == 1 else together(told)
        if message.payload.get("fallback"):
            return await self._send(message, text, {})
        card = (await self._view(message)).card
        reply_to = None if message.also else card.message_id
        return await self._send(message, text, {"thread_id": card.thread_id, "reply_to": reply_to})

    async def _end_text(self, message: Message, *, alone: bool) -> str | None:
        """Return what is said of one end; None if it is no longer so. With others it links to its card."""
        view, state = await self._view(message), State(message.payload["state"])
        if view.txn.state is not state:
            return None
        text, card = cards.end(view, state, message.payload.get("by")), view.card
        if message.payload.get("fallback"):  # to an owner, since the chat it belongs to takes no messages
            who = escape(view.maker if card.chat_id > 0 else view.desk)
            text = _("{desk} takes no messages:").format(desk=who) + f"\n{text}"
        elif alone:  # it is a reply to its card
            return text
        return linked(text, card.chat_id, card.message_id, card.thread_id)

    async def _view(self, message: Message) -> CardView:
        return await self._store.tx(lambda tx: views.card(tx, self._policy, message.payload["card_id"]))

    async def _balance(self, message: Message) -> Receipt:
        currency = self._policy.market.currency
        shown = await self._store.tx(lambda tx: views.balance(tx, message.payload["view_id"], currency))
        text = balances.balance(shown, self._zone, sandbox=self._policy.is_sandbox)
        return await self._show(message, shown.view.message_id, text, None, {"thread_id": shown.view.thread_id})

    async def _contact(self, message: Message) -> Receipt:
        contact = await self._store.tx(lambda tx: contacts.get(tx.conn, message.payload["contact_id"]))
        if contact is None:
            return Receipt(Delivery.NOTHING_TO_DO)
        text = phonebook.saved(contact, private=message.chat_id > 0)
        keyboard = phonebook.buttons(contact)
        return await self._show(message, contact.message_id, text, keyboard, {"thread_id": contact.thread_id})

    async def _finding(self, message: Message) -> Receipt:
        kept = await self._store.tx(lambda tx: searches.get(tx.conn, message.payload["finding_id"]))
        if kept is None:
            return Receipt(Delivery.NOTHING_TO_DO)
        wanted = parse_filters("history", kept.typed, Here(self._policy.market, kept.at, self._zone))
        cursor = Cursor(message.payload["row"], newer=message.payload["newer"])
        page = await searching.read(self._store, self._policy, kept, wanted, cursor)
        text = histories.page(page, wanted, self._zone, masked=message.payload["masked"])
        where = {"thread_id": kept.thread_id, "reply_to": kept.reply_to}
        return await self._show(message, kept.message_id, text, keyboards.of_page(page, kept.nonce), where)

    async def _notice(self, message: Message) -> Receipt:
        facts = {**message.payload, "zone": self._zone}
        txn_id = facts.get("txn_id")
        txn = await self._store.tx(lambda tx: transactions.get(tx.conn, txn_id)) if txn_id else None
        return await self._send(message, notice(facts["notice"], facts, txn.short_code if txn else None), facts)

    async def _document(self, message: Message) -> Receipt:
        desk = Desk(self._store, self._policy, self._zone, self._bot.username, self._folder)
        paper = await making.make(desk, message.payload)
        if paper is None:
            return Receipt(Delivery.NOTHING_TO_DO)
        if paper.file is None:
            return await self._send(message, paper.text, message.payload)
        sent = await uploads.send(self._bot, message.chat_id, paper.file, paper.text, message.payload)
        await asyncio.to_thread(paper.file.sent)
        return Receipt(Delivery.SENT, sent)

    async def _progress(self, message: Message) -> Receipt:
        shown = await self._store.tx(lambda tx: exports.get(tx.conn, message.payload["export_id"]))
        where = {"thread_id": shown.wanted.thread_id, "reply_to": shown.wanted.reply_to}
        with speak(shown.wanted.language):
            return await self._show(message, shown.message_id, export.progress(shown), None, where)

    async def _show(
        self,
        message: Message,
        message_id: int | None,
        text: str,
        keyboard: InlineKeyboardMarkup | None,
        where: dict[str, Any],
    ) -> Receipt:
        """Edit the message that shows this, or send one if there is none any more."""
        if message_id is not None and await self._edit(message.chat_id, message_id, text, keyboard):
            return Receipt(Delivery.SENT, message_id)
        return await self._send(message, text, {**where, "keyboard": keyboard})

    async def _rewrite(self, message: Message) -> Receipt:
        """Edit the message whose button was pressed; where there is none any more, nobody misses it."""
        chat_id, message_id = message.payload["edits"]
        keyboard = _markup(message.payload)
        if chat_id != message.chat_id or isinstance(keyboard, ForceReply):
            return Receipt(Delivery.NOTHING_TO_DO)  # the group moved: there, this id is another message's
        await self._edit(chat_id, message_id, message.payload["text"], keyboard)
        return Receipt(Delivery.SENT, message_id)

    async def _edit(self, chat_id: int, message_id: int, text: str, keyboard: InlineKeyboardMarkup | None) -> bool:
        """Edit a message; False when it is no longer there."""
        try:
            await self._bot.edit_message_text(
                text,
                chat_id=chat_id,
                message_id=message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                link_preview_options=NO_PREVIEW,
            )
        except BadRequest as error:
            if not _says(error, *NO_LONGER_THERE, *NO_TOPIC):
                raise
            return False
        return True

    async def _send(self, message: Message, text: str, extras: dict[str, Any]) -> Receipt:
        repeat = f"\n{_(REPEAT)}" if message.doubtful and message.form in (Form.END, Form.NOTICE) else ""
        try:
            return await self._send_as(ParseMode.HTML, message, text + repeat, extras)
        except BadRequest as error:
            if receipt_of(error).delivery is not Delivery.REFUSED:
                raise
            topic = extras.get("thread_id") if _says(error, *NO_TOPIC) else None
        if topic is not None:  # told in the group then, where nothing of the topic can be replied to
            text = linked(text, message.chat_id, extras.get("reply_to"), topic)
            return await self._send(message, text, {**extras, "thread_id": None, "reply_to": None})
        # Text that Telegram cannot read: told plainly beats not told.
        return await self._send_as(None, message, plain(text + repeat)[:LONGEST], extras)

    async def _send_as(
        self, parse_mode: ParseMode | None, message: Message, text: str, extras: dict[str, Any]
    ) -> Receipt:
        sent = await self._bot.send_message(
            message.chat_id,
            text,
            parse_mode=parse_mode,
            message_thread_id=extras.get("thread_id"),
            reply_parameters=_reply_to(extras.get("reply_to")),
            reply_markup=_markup(extras),
            link_preview_options=NO_PREVIEW,
            disable_notification=message.silent,
        )
        return Receipt(Delivery.SENT, sent.message_id)


def _says(error: TelegramError, *sentences: str) -> bool:
    return any(sentence in error.message.lower() for sentence in sentences)


def _reply_to(message_id: int | None) -> ReplyParameters | None:
    return None if message_id is None else ReplyParameters(message_id, allow_sending_without_reply=True)


def _markup(extras: dict[str, Any]) -> InlineKeyboardMarkup | ForceReply | None:
    if extras.get("ask"):
        return ForceReply(selective=True)
    keyboard = extras.get("keyboard")
    return InlineKeyboardMarkup.de_json(keyboard) if isinstance(keyboard, dict) else keyboard


def receipt_of(error: TelegramError) -> Receipt:
    """Return what an error of Telegram means for the message.

    The order matters: BadRequest is a NetworkError to the library, and must not be tried for ever.
    """
    words = error.message.lower()
    match error:
        case ChatMigrated():
            return Receipt(Delivery.MOVED, new_chat_id=error.new_chat_id, error=words)
        case RetryAfter():
            return Receipt(Delivery.LATER, retry_after=_timedelta(error.retry_after), error=words)
        case Forbidden():
            return Receipt(Delivery.GONE, error=words)
        case BadRequest():
            if "not modified" in words:
                return Receipt(Delivery.NOTHING_TO_DO)
            return Receipt(Delivery.GONE if _says(error, *GONE) else Delivery.REFUSED, error=words)
        case InvalidToken() | Conflict():
            return Receipt(Delivery.LATER, retry_after=LONGEST_AWAY_PAUSE, error=words)
        case _:  # no answer, or one that nobody can read: it may have been delivered
            return Receipt(Delivery.MAYBE, error=words)


def _timedelta(wait: int | timedelta) -> timedelta:
    """Return Telegram's wish as a duration; the library says seconds or a timedelta, by a switch of its own."""
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)

"""The playground's Telegram: its state, and what people do in it.

``BotApi`` is what tests, the tour and the chat page act on: they write, press and block as people. What the bot
does goes through methods.py. No socket is opened here, and no time read but from the given clock.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.playground.commands import CommandBook
from bot.playground.entities import LONGEST_TEXT, plain, utf16_units
from bot.playground.events import Event, EventLog
from bot.playground.faults import Faults, RateLimits
from bot.playground.messages import Message, MessageBook
from bot.playground.parameters import Upload
from bot.playground.people import ANONYMOUS_ADMIN, STRANGER, Chat, People, User
from bot.playground.updates import UpdateQueue


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What the bot answered to a button press."""

    text: str
    show_alert: bool


@dataclass(slots=True)
class Query:
    """A button press on its way: ``answer`` is None until the bot has answered."""

    id: str
    user: User
    message: Message
    data: str
    made_at: float
    answer: CallbackAnswer | None = None
    _done: asyncio.Event = field(default_factory=asyncio.Event)

    def close(self, answer: CallbackAnswer) -> None:
        """Take the bot's answer."""
        self.answer = answer
        self._done.set()

    async def answered(self) -> CallbackAnswer:
        """Wait for the bot's answer. Waits for ever: put ``asyncio.timeout`` around it."""
        while self.answer is None:
            await self._done.wait()
        return self.answer

    def as_json(self, chat_instance: str) -> dict[str, Any]:
        """Return the CallbackQuery object of the Bot API."""
        shown = self.message.as_json()
        head = {"id": self.id, "from": self.user.as_json(), "message": shown}
        return {**head, "chat_instance": chat_instance, "data": self.data}


class BotApi:
    """One bot's Telegram.

    Args:
        token: the bot's token, ``<bot id>:<secret>``.
        clock: seconds since 1970; every date comes from it.
        username: the bot's name behind the @.
        first_update_id: where the row of update ids begins.
        privacy: whether groups show the bot only what concerns it (Telegram's default).
        enforce_limits: whether sending too fast is refused with 429.
        poll_second: how long a second of a held poll lasts.
    """

    def __init__(
        self,
        token: str,
        clock: Callable[[], float] = time.time,
        *,
        username: str = "momo_desk_bot",
        first_update_id: int = 1000,
        privacy: bool = True,
        enforce_limits: bool = False,
        poll_second: float = 1.0,
    ) -> None:
        self.token = token
        self.clock = clock
        self.privacy = privacy
        self.bot = User(int(token.split(":")[0]), "MoMo Desk", username=username, is_bot=True)
        self.people = People(self.bot)
        self.messages = MessageBook()
        self.commands = CommandBook()
        self.updates = UpdateQueue(clock, first_update_id, poll_second)
        self.log = EventLog(clock)
        self.faults = Faults()
        self.limits = RateLimits(clock) if enforce_limits else None
        self.queries: dict[str, Query] = {}
        self.files: dict[str, Upload] = {}
        self._query_numbers = count(1)

    # Who is there

    def add_user(
        self,
        id: int,  # noqa: A002 - Telegram's own word
        first_name: str,
        language_code: str | None = "en",
        username: str | None = None,
    ) -> User:
        """Add a person. The bot may write to them only after they wrote to it."""
        return self.people.add_user(User(id, first_name, language_code, username))

    def add_group(
        self,
        id: int,  # noqa: A002 - Telegram's own word
        title: str,
        members: Iterable[int],
        admins: Iterable[int] = (),
    ) -> Chat:
        """Add a group with the bot in it. Ids down to -10^12 are basic groups, below are supergroups."""
        return self.people.add_group(id, title, members, admins)

    # What people do

    def send_text(
        self,
        user_id: int,
        chat_id: int,
        text: str,
        *,
        reply_to: int | None = None,
        forward_of: int | None = None,
        edit_of: int | None = None,
        anonymous: bool = False,
        thread_id: int | None = None,
    ) -> Message:
        """Write as a person.

        ``reply_to`` and ``edit_of`` are message ids of the chat; ``forward_of`` is the id of the user whose
        words are forwarded; ``anonymous`` writes as a group's admins can, in the name of the group.
        """
        chat = self._chat_of(user_id, chat_id)
        if edit_of is not None:
            return self._edit_text(user_id, chat, edit_of, text)
        if chat.migrated_to is not None:
            raise ValueError(f"chat {chat_id} was upgraded: people write in {chat.migrated_to} now")
        self._meet(chat)
        message = self._new_message(chat, ANONYMOUS_ADMIN if anonymous else self.people.users[user_id], _words(text))
        message.reply_to = self._message(chat, reply_to) if reply_to is not None else None
        message.anonymous, message.thread_id = anonymous, thread_id
        message.forward_origin = self._origin(forward_of) if forward_of is not None else None
        return self._post(message)

    def _edit_text(self, user_id: int, chat: Chat, message_id: int, text: str) -> Message:
        message = self._message(chat, message_id)
        if message.sender.id != user_id:
            raise ValueError("people edit only their own messages")
        message.content, message.edit_date = _words(text), self.now()
        self.log.add("edit", message.as_seen(), chat_id=chat.id)
        self._tell_bot("edited_message", message)
        return message

    def press(self, user_id: int, chat_id: int, message_id: int, button: str) -> Query:
        """Press an inline button as a person.

        ``button`` is the callback data, the text, or the beginning of the text.
        """
        message = self._message(self._chat_of(user_id, chat_id), message_id)
        pressed = _find_button(message, button)
        number = str(next(self._query_numbers))
        query = Query(number, self.people.users[user_id], message, pressed["callback_data"], self.clock())
        self.queries[query.id] = query
        shown = query.as_json(str(chat_id))
        self.log.add("press", {**shown, "button": pressed["text"]}, chat_id=chat_id)
        self.updates.add("callback_query", shown)
        return query

    def block(self, user_id: int) -> None:
        """Block the bot as a person."""
        self._move_bot(self.people.chats[user_id], "kicked", by=user_id)

    def unblock(self, user_id: int) -> None:
        """Let the bot write again."""
        self._move_bot(self.people.chats[user_id], "member", by=user_id)

    def kick(self, chat_id: int, by: int) -> None:
        """Put the bot out of a group."""
        self._move_bot(self.people.chats[chat_id], "kicked", by=by)

    def invite(self, chat_id: int, by: int) -> None:
        """Bring the bot into a group, perhaps again."""
        chat = self.people.chats[chat_id]
        self._move_bot(chat, "member", by=by)
        self._service(chat, self.people.users[by], {"new_chat_members": [self.bot.as_json()]})

    def migrate(self, chat_id: int, by: int | None = None) -> Chat:
        """Upgrade a basic group to a supergroup, as Telegram does on its own; returns the new chat."""
        old, new = self.people.chats[chat_id], self.people.upgrade(chat_id)
        author = self.people.users[by] if by is not None else ANONYMOUS_ADMIN
        self._service(old, author, {"migrate_to_chat_id": new.id})
        self._service(new, author, {"migrate_from_chat_id": old.id})
        return new

    def set_language(self, user_id: int, code: str) -> None:
        """Change the language of a person's app; the bot learns it with what they do next."""
        self.people.users[user_id].language_code = code
        self.log.add("language", {"user_id": user_id, "language_code": code})

    def push(self, update: dict[str, Any]) -> int:
        """Give the bot an update made by hand: forged presses, channel posts, nonsense. Returns its id."""
        whole = {"update_id": self.updates.next_id, **update}
        self.updates.add_raw(whole)
        return int(whole["update_id"])

    # What can be watched

    @property
    def transcript(self) -> list[Event]:
        """Everything that happened so far."""
        return self.log.all

    def subscribe(self, after: int | None = None) -> AsyncIterator[Event]:
        """Return the events from number ``after`` on, without end; by default those still to come."""
        return self.log.subscribe(after)

    # What the bot's methods use too

    def now(self) -> int:
        """Return the time as Telegram writes it into messages."""
        return int(self.clock())

    def post_as_bot(self, message: Message) -> Message:
        """Show a message of the bot. Bots get no updates about their own messages."""
        self.messages.add(message)
        self.log.add("message", message.as_seen(), chat_id=message.chat.id, by_bot=True)
        return message

    def new_bot_message(self, chat: Chat, content: dict[str, Any]) -> Message:
        """Return a message by the bot that is not shown yet."""
        return self._new_message(chat, self.bot, content)

    def keep_file(self, upload: Upload) -> str:
        """Keep an uploaded file and return its id."""
        file_id = f"file-{len(self.files) + 1}"
        self.files[file_id] = upload
        return file_id

    def move_bot_out(self, chat: Chat) -> None:
        """Let the bot leave a group by itself."""
        self._move_bot(chat, "left", by=self.bot.id)

    def _new_message(self, chat: Chat, sender: User, content: dict[str, Any]) -> Message:
        return Message(self.messages.next_id(chat), chat, self.now(), sender, content)

    def _post(self, message: Message) -> Message:
        self.messages.add(message)
        self.log.add("message", message.as_seen(), chat_id=message.chat.id)
        self._tell_bot("message", message)
        return message

    def _service(self, chat: Chat, author: User, content: dict[str, Any]) -> None:
        self._post(self._new_message(chat, author, content))

    def _tell_bot(self, kind: str, message: Message) -> None:
        if message.chat.bot in {"member", "administrator"} and self._concerns_bot(message):
            self.updates.add(kind, message.as_json())

    def _concerns_bot(self, message: Message) -> bool:
        # Source: core.telegram.org/bots/features#privacy-mode.
        if message.chat.is_private or message.chat.bot == "administrator" or not self.privacy:
            return True
        if "text" not in message.content:
            return True
        if message.reply_to is not None and message.reply_to.sender.id == self.bot.id:
            return True
        return _is_command_for(message.text, self.bot.username or "")

    def _meet(self, chat: Chat) -> None:
        if chat.is_private and chat.bot == STRANGER:
            chat.bot = "member"
        elif chat.is_private and chat.bot == "kicked":
            self.unblock(chat.id)  # as the apps do: writing to a blocked bot lets it write again

    def _move_bot(self, chat: Chat, status: str, *, by: int) -> None:
        before, chat.bot = self.people.status(chat, self.bot.id), status
        change = {
            "chat": chat.as_json(),
            "from": self.people.users[by].as_json(),
            "date": self.now(),
            "old_chat_member": self._membership(before),
            "new_chat_member": self._membership(status),
        }
        self.log.add("chat", change, chat_id=chat.id)
        self.updates.add("my_chat_member", change)

    def _membership(self, status: str) -> dict[str, Any]:
        banned = {"until_date": 0} if status == "kicked" else {}
        return {"user": self.bot.as_json(), "status": status, **banned}

    def _chat_of(self, user_id: int, chat_id: int) -> Chat:
        chat = self.people.chats[chat_id]
        if user_id not in chat.members:
            raise ValueError(f"user {user_id} is not a member of chat {chat_id}")
        return chat

    def _message(self, chat: Chat, message_id: int) -> Message:
        message = self.messages.find(chat.id, message_id)
        if message is None:
            raise LookupError(f"chat {chat.id} has no message {message_id}")
        return message

    def _origin(self, user_id: int) -> dict[str, Any]:
        return {"type": "user", "sender_user": self.people.users[user_id].as_json(), "date": self.now()}


def _words(text: str) -> dict[str, Any]:
    found = plain(text.strip())
    if not 0 < utf16_units(found.text) <= LONGEST_TEXT:
        raise ValueError(f"people send texts of 1 to {LONGEST_TEXT} units")
    return {"text": found.text} | ({"entities": found.entities} if found.entities else {})


def _is_command_for(text: str, username: str) -> bool:
    if not text.startswith("/"):
        return False
    addressee = text.split()[0].partition("@")[2]
    return addressee.lower() in {"", username.lower()}


def _find_button(message: Message, wanted: str) -> dict[str, Any]:
    buttons = [button for button in message.buttons if "callback_data" in button]
    exact = [button for button in buttons if wanted in (button["callback_data"], button["text"])]
    beginning = [button for button in buttons if button["text"].startswith(wanted)]
    for button in exact + beginning:
        return button
    raise LookupError(f"message {message.message_id} has no button {wanted!r}; it has {[b['text'] for b in buttons]}")

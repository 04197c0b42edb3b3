"""Users and chats of the playground, and where the bot stands in each chat.

Only who is who and who is where. Messages, updates and the bot's methods live elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.playground.refusals import bad_request, forbidden

SUPERGROUP_IDS_END = -1_000_000_000_000
"""Chat ids below this one are supergroups; between it and zero are basic groups."""

STRANGER = "stranger"
"""Where the bot stands with a person who never wrote to it: it may not begin."""


@dataclass(slots=True)
class User:
    """A person, or the bot itself."""

    id: int
    first_name: str
    language_code: str | None = None
    username: str | None = None
    is_bot: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the User object of the Bot API."""
        optional = {"username": self.username, "language_code": self.language_code}
        given = {name: value for name, value in optional.items() if value is not None}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name, **given}


# Telegram's own account for admins who post anonymously; the person behind it cannot be known.
ANONYMOUS_ADMIN = User(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)


@dataclass(slots=True)
class Chat:
    """A private chat or a group.

    ``bot`` is the bot's standing: "member", "administrator", "left", "kicked" (blocked, in a private chat),
    or STRANGER. ``members`` maps user ids to "creator", "administrator" or "member".
    """

    id: int
    type: str
    bot: str
    title: str | None = None
    person: User | None = None
    members: dict[int, str] = field(default_factory=dict)
    threads: set[int] = field(default_factory=set)
    closed_threads: set[int] = field(default_factory=set)
    migrated_to: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the Chat object of the Bot API."""
        if self.person is not None:
            name = {"first_name": self.person.first_name}
            if self.person.username:
                name["username"] = self.person.username
            return {"id": self.id, "type": self.type, **name}
        topics = {"is_forum": True} if self.threads else {}
        return {"id": self.id, "type": self.type, "title": self.title, **topics}

    @property
    def is_private(self) -> bool:
        """Whether this is a chat of one person with the bot."""
        return self.type == "private"

    def refuse_unless_bot_is_inside(self) -> None:
        """Raise Telegram's refusal when the bot cannot see this group."""
        if self.migrated_to is not None:
            text = "group chat was upgraded to a supergroup chat"
            raise bad_request(text, migrate_to_chat_id=self.migrated_to)
        if self.bot == "kicked" and not self.is_private:
            raise forbidden(f"bot was kicked from the {self.type} chat")
        if self.bot == "left":
            raise forbidden(f"bot is not a member of the {self.type} chat")

    def refuse_unless_bot_may_write(self) -> None:
        """Raise Telegram's refusal when the bot cannot write here."""
        self.refuse_unless_bot_is_inside()
        if self.bot == STRANGER:
            raise forbidden("bot can't initiate conversation with a user")
        if self.bot == "kicked":
            raise forbidden("bot was blocked by the user")


class People:
    """Every user and every chat there is."""

    def __init__(self, bot: User) -> None:
        self.bot = bot
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}

    def add_user(self, user: User) -> User:
        """Add a person, with a private chat in which the bot is still a stranger."""
        self.users[user.id] = user
        self.chats[user.id] = Chat(user.id, "private", bot=STRANGER, person=user, members={user.id: "member"})
        return user

    def add_group(self, chat_id: int, title: str, members: Iterable[int], admins: Iterable[int] = ()) -> Chat:
        """Add a group the bot is a member of; the id decides whether it is a supergroup."""
        if chat_id >= 0:
            raise ValueError("the id of a group is negative")
        kind = "supergroup" if chat_id <= SUPERGROUP_IDS_END else "group"
        standing = dict.fromkeys(members, "member") | dict.fromkeys(admins, "administrator")
        chat = Chat(chat_id, kind, bot="member", title=title, members=standing)
        self.chats[chat_id] = chat
        return chat

    def upgrade(self, chat_id: int) -> Chat:
        """Turn a basic group into a supergroup: a new chat with a new id and the same people."""
        old = self.chats[chat_id]
        if old.type != "group" or old.migrated_to is not None:
            raise ValueError(f"{chat_id} is not a basic group that could be upgraded")
        new = Chat(SUPERGROUP_IDS_END + chat_id, "supergroup", old.bot, old.title, members=dict(old.members))
        self.chats[new.id] = new
        old.migrated_to = new.id
        return new

    def visible(self, chat_id: int) -> Chat:
        """Return a chat the bot can look at, or refuse as Telegram does."""
        chat = self._known(chat_id)
        chat.refuse_unless_bot_is_inside()
        return chat

    def writable(self, chat_id: int) -> Chat:
        """Return a chat the bot can write to, or refuse."""
        chat = self._known(chat_id)
        chat.refuse_unless_bot_may_write()
        return chat

    def _known(self, chat_id: int) -> Chat:
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def status(self, chat: Chat, user_id: int) -> str:
        """Return the standing of a user in a chat, in the words of ChatMember."""
        if user_id == self.bot.id:
            return "left" if chat.bot == STRANGER else chat.bot
        return chat.members.get(user_id, "left")

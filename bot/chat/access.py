"""Which messages may start anything: a person's own, plain, new words."""

from telegram import Message
from telegram.ext import filters


class _OwnWords(filters.MessageFilter):
    """A message a person wrote: not forwarded, not through another bot, not in a channel's or group's name."""

    def filter(self, message: Message) -> bool:
        person = message.from_user
        return (
            person is not None
            and not person.is_bot
            and message.sender_chat is None
            and message.forward_origin is None
            and message.via_bot is None
            and not message.is_automatic_forward
        )


class _Answer(filters.MessageFilter):
    """Words that may answer a question: in a group only a reply to a bot's message, as people there talk to people."""

    def filter(self, message: Message) -> bool:
        replied = message.reply_to_message
        to_bot = replied is not None and replied.from_user is not None and replied.from_user.is_bot
        return message.chat.type == "private" or to_bot


# UpdateType.MESSAGE leaves edited messages and channel posts out: an edited /pay must not fire again.
OWN_WORDS = filters.UpdateType.MESSAGE & _OwnWords(name="own words")
OWN_TEXT = OWN_WORDS & filters.TEXT & ~filters.COMMAND
ANSWER = OWN_TEXT & _Answer(name="answer")

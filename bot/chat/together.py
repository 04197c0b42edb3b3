"""Several ends told in one message, and links to the cards they belong to."""

from collections.abc import Sequence

from bot.chat.formats import escape
from bot.chat.language import _, ngettext

# Ids of supergroups are this and then the number by which links name them.
SUPERGROUP = "-100"


def together(ends: Sequence[str]) -> str:
    """Return one message of several transactions' ends, each whole."""
    count = len(ends)
    title = ngettext("📬 <b>{n} end at once</b>", "📬 <b>{n} ends at once</b>", count).format(n=count)
    return "\n\n".join([title, *ends])


def linked(text: str, chat_id: int, message_id: int | None, thread_id: int | None = None) -> str:
    """Return *text* with a link to a message of a supergroup; as it is where Telegram has no links."""
    link = address(chat_id, message_id, thread_id)
    return text if link is None else f'{text} <a href="{escape(link)}">{_("Card")}</a>'


def address(chat_id: int, message_id: int | None, thread_id: int | None = None) -> str | None:
    """Return the address of a message, for members of its supergroup; other chats' messages have none."""
    digits = str(chat_id)
    if message_id is None or not digits.startswith(SUPERGROUP) or len(digits) <= len(SUPERGROUP):
        return None
    topic = f"{thread_id}/" if thread_id is not None else ""
    return f"https://t.me/c/{digits.removeprefix(SUPERGROUP)}/{topic}{message_id}"

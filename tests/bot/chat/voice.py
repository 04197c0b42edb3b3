"""People of the town: one person in one chat, who types, presses and sees. What they expect is the tests' business."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.playground.botapi import Query
from bot.playground.events import Event
from bot.playground.messages import Message

if TYPE_CHECKING:
    from tests.bot.chat.town import Town

# Answered by the bot to anybody with a role and to nobody else's advantage: it shows that all before it was handled.
MARK = "/cancel"
MARK_ANSWER = "no open question"
# Bounds only a failure: the machine may be busy with other things.
PATIENCE_SECONDS = 60.0


class Voice:
    """A person in a chat. What they see is what came after they last typed or pressed."""

    def __init__(self, town: "Town", user_id: int, chat_id: int) -> None:
        self.town, self.user_id, self.chat_id = town, user_id, chat_id
        self.since = 0

    def elsewhere(self, chat_id: int) -> "Voice":
        """Return the same person in another chat."""
        return Voice(self.town, self.user_id, chat_id)

    def type(self, text: str, **how: Any) -> Message:
        """Type; *how* as the playground's ``send_text`` takes it."""
        self.since = len(self.town.api.transcript)
        return self.town.api.send_text(self.user_id, self.chat_id, text, **how)

    async def answer(self, text: str, *question: str) -> Message:
        """Wait for a question and reply to it, as Telegram's apps make one do."""
        asked = await self.sees(*question)
        return self.type(text, reply_to=asked.data["message_id"])

    async def sees(self, *words: str, button: str = "") -> Event:
        """Wait for a message or edit by the bot with all of these words, and a button that begins so."""
        return await self.town.until(
            self.town.api.log.first(lambda event: self._fits(event, words, button), after=self.since)
        )

    def _fits(self, event: Event, words: tuple[str, ...], button: str) -> bool:
        if not event.by_bot or event.kind not in ("message", "edit") or event.chat_id != self.chat_id:
            return False
        return all(word in event.text for word in words) and (not button or button_of(event, button) is not None)

    async def press(self, shown: Event, button: str) -> str:
        """Press the button that a message showed then, and return what the bot answers."""
        self.since = len(self.town.api.transcript)
        data = button_of(shown, button)
        where, message_id = shown.data["chat"]["id"], shown.data["message_id"]
        now = self.town.api.messages.find(where, message_id)
        if now is not None and data in {one.get("callback_data") for one in now.buttons}:
            query = self.town.api.press(self.user_id, where, message_id, str(data))
            return await _text(query)
        return await self.forge(str(data), shown)

    async def forge(self, data: str, shown: Event) -> str:
        """Press a button that the message does not have, or no longer; return the bot's answer."""
        api = self.town.api
        message = api.messages.find(shown.data["chat"]["id"], shown.data["message_id"])
        assert message is not None
        kept, message.markup = message.markup, {"inline_keyboard": [[{"text": "forged", "callback_data": data}]]}
        query = api.press(self.user_id, message.chat.id, message.message_id, data)
        message.markup = kept
        return await _text(query)

    async def hears_nothing_until(self, mark: str = MARK, answer: str = MARK_ANSWER) -> None:
        """Check that the bot said nothing here since; a harmless command marks the end."""
        since = self.since
        self.type(mark)
        end = await self.sees(answer)
        said = [event.text for event in self.heard(since) if event.number < end.number]
        assert not said, said

    def heard(self, since: int | None = None) -> list[Event]:
        """Return all that the bot said here since."""
        first = self.since if since is None else since
        return [event for event in self.town.api.transcript[first:] if self._fits(event, (), "")]

    async def in_french(self) -> "Voice":
        """Choose French; return the same person."""
        self.type("/language fr")
        await self.sees("Je vous parle désormais en français.")
        return self

    # Whole stretches

    async def card(self, text: str, button: str = "Confirm") -> Event:
        """Type a command and wait for its card."""
        self.type(text)
        return await self.sees(button=button)

    async def confirmed(self, text: str) -> Event:
        """Type a command and confirm its card; return the card."""
        card = await self.card(text)
        await self.press(card, "Confirm")
        return card

    async def paid(self, amount: str) -> Event:
        """Pay an amount, and return its card once it shows success."""
        await self.confirmed(f"/pay 46733123999 {amount}")
        return await self.sees(amount, "Successful.")

    async def done(self, text: str) -> str:
        """Type a command, confirm it, see it succeed, and return its short code."""
        await self.confirmed(text)
        return code_of(await self.sees("was successful"))


@dataclass
class Shop:
    """A till with its people; the admin sits in the admins' chat."""

    town: "Town"
    desk_id: int
    chat_id: int
    title: str
    cashier: Voice = field(init=False)
    admin: Voice = field(init=False)
    owner: Voice = field(init=False)


def button_of(event: Event, label: str) -> str | None:
    """Return the data of the button that begins with *label*, or None."""
    rows = event.data.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row if "callback_data" in button]
    return next((button["callback_data"] for button in buttons if button["text"].startswith(label)), None)


def labels_of(event: Event) -> list[str]:
    """Return the labels of a message's buttons."""
    rows = event.data.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def code_of(event: Event) -> str:
    """Return the short code in a message."""
    return event.text.partition("Reference: ")[2][:6]


async def _text(query: Query) -> str:
    async with asyncio.timeout(PATIENCE_SECONDS):
        return (await query.answered()).text


async def all_of(*presses: Any) -> list[str]:
    """Press at the same time; return the answers."""
    return list(await asyncio.gather(*presses))

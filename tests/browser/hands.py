"""What a person does and sees at the page: phones, their chats, messages and keys."""

import re
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

# MTN's sandbox settles within seconds; a machine under load may need much longer than a person would wait.
PATIENCE_MS = 30_000
REFERENCE = re.compile(r"[0-9A-Z]{6}")

expect.set_options(timeout=PATIENCE_MS)


@dataclass(frozen=True, slots=True)
class PhoneInHand:
    """One phone of the page; the first is number 0."""

    page: Page
    number: int = 0

    @property
    def root(self) -> Locator:
        """The phone as a whole."""
        return self.page.locator(".phone").nth(self.number)

    @property
    def chat(self) -> Locator:
        """The chat that is open."""
        return self.root.locator(".chat:visible")

    @property
    def field(self) -> Locator:
        """The writing field."""
        return self.chat.get_by_role("textbox")

    @property
    def rows(self) -> Locator:
        """The messages of the open chat."""
        return self.chat.locator(".row")

    def said(self, words: str | re.Pattern[str]) -> Locator:
        """Return the messages with these words."""
        return self.rows.filter(has_text=words)

    def key(self, name: str) -> Locator:
        """Return the newest inline button of this name."""
        return self.chat.locator(".keys").get_by_role("button", name=name).last

    async def take(self, person: str, chat: str | None = None) -> None:
        """Take somebody's phone in hand, and open a chat."""
        await self.root.locator(".people").get_by_role("tab", name=person).click()
        if chat is not None:
            await self.open(chat)

    async def open(self, chat: str) -> None:
        """Open a chat."""
        await self.root.locator(".chats").get_by_role("tab", name=chat).click()

    async def write(self, text: str) -> None:
        """Write a message and send it."""
        await self.field.fill(text)
        await self.chat.get_by_role("button", name=re.compile("^(Send|Envoyer)$")).click()

    async def order(self, text: str, confirm: str = "Confirm") -> str:
        """Write a command that makes a card, press its Confirm, and return its reference."""
        await self.write(text)
        await self.key(confirm).click()
        card = self.rows.filter(has=self.page.locator("code")).last
        return REFERENCE.findall(await card.locator("code").last.inner_text())[-1]

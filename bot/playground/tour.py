"""``make tour``: a conversation played through against the real bot, printed as it happens.

Each step waits for what the chat is told and then asks the sandbox's own books whether it is true. At the end
stands a line for each claim; the exit code is 0 only if all of them held.
"""

import asyncio
import re
import tempfile
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from bot.playground.events import Event
from bot.playground.world import ADMIN, ADMINS, APPROVAL_LIMIT, MERCHANT, OWNER, SHOP, World

SETTLE_SECONDS = 0.5
PATIENCE = 40.0
NAMES = {OWNER: "Owner", MERCHANT: "Merchant", ADMIN: "Admin"}
PAYEE, FAILING, PAYER = "46733123999", "46733123450", "46733123888"
REFERENCE = re.compile(r"Reference: (\w{6})")
# The merchant works in the private chat with the bot: it speaks for the one shop she has a role in.
DESK = MERCHANT
PLACES = {ADMINS: " [admins]", SHOP: " [shop]"}
COLUMN = 10


def main() -> int:
    """Play the tour; return 0 if every claim held."""
    return asyncio.run(_tour())


async def _tour() -> int:
    with tempfile.TemporaryDirectory(prefix="momo-desk-tour-") as folder:
        world = World(Path(folder), settle_after=SETTLE_SECONDS)
        tour = Tour(world)
        try:
            await world.start()
            await tour.play()
        except TimeoutError:
            tour.print_events()
            tour.claim("everything happened within its time", held=False)
            print(f"\nThe bot's log:\n{world.log.read_text()}")
        finally:
            await world.stop()
        return tour.report()


@dataclass
class Tour:
    """The script, and what was seen to hold."""

    world: World
    claims: list[tuple[str, bool]] = field(default_factory=list)
    printed: int = 0

    async def play(self) -> None:
        """Play every scene in order."""
        await self.see_the_balance()
        await self.pay()
        await self.pay_what_mtn_fails()
        request = await self.ask_for_money()
        await self.refund(request)
        await self.pay_over_the_limit()
        await self.lose_an_answer()
        await self.be_killed()

    async def see_the_balance(self) -> None:
        """The balance comes at once and is then MTN's."""
        self.scene("The balance")
        seen = self.type("/balance")
        await self.told(DESK, "1,000,000 EUR", seen)
        self.claim("the balance shown is MTN's", held=True)

    async def pay(self) -> None:
        """A payment: card, Confirm, end."""
        self.scene("A payment")
        await self.confirm("/pay 46733123999 25 books", "was successful")
        self.claim("a confirmed payment moved money once", held=self.effects("transfer", 25) == 1)

    async def pay_what_mtn_fails(self) -> None:
        """A payment that MTN takes and then fails, with the reason in plain words."""
        self.scene("A payment that MTN fails")
        await self.confirm(f"/pay {FAILING} 30", "failed")
        self.claim("a payment that MTN failed moved nothing", held=self.effects("transfer", 30) == 0)

    async def ask_for_money(self) -> str:
        """A request to pay; returns its short code."""
        self.scene("A request to pay")
        end = await self.confirm(f"/request {PAYER} 40 lunch", "was successful")
        self.claim("a request to pay brought money in once", held=self.effects("request_to_pay", 40) == 1)
        return self.reference(end)

    async def refund(self, code: str) -> None:
        """A refund: asked by the merchant, refused to its maker, approved by the admin."""
        self.scene("A refund")
        seen = self.now
        card = await self.card(f"/refund {code} 15 one plate too many")
        self.press(MERCHANT, card, "Confirm")
        asked = await self.told(ADMINS, "Asked by: Merchant", seen)
        own = self.world.api.press(MERCHANT, ADMINS, asked.data["message_id"], "Approve")
        answer = await asyncio.wait_for(own.answered(), PATIENCE)
        self.claim("the maker of a refund cannot approve it", held="yourself" in answer.text)
        self.claim("nothing moves before the approval", held=self.effects("refund", 15) == 0)
        self.press(ADMIN, asked, "Approve")
        await self.told(DESK, "Refund of 15 EUR", seen, also="was successful")
        self.claim("an approved refund moved money once", held=self.effects("refund", 15) == 1)
        await self.refuse_more_than_is_left(code)

    async def refuse_more_than_is_left(self, code: str) -> None:
        """A second refund over the rest is refused, and the sentence names what is left."""
        seen = self.type(f"/refund {code} 30")
        await self.told(DESK, "Only 25 EUR", seen)
        self.claim("a refund over the rest is refused, and the rest is named", held=True)

    async def pay_over_the_limit(self) -> None:
        """A payment above the limit waits for an admin, who rejects it."""
        self.scene("A payment over the limit")
        seen, amount = self.now, APPROVAL_LIMIT + 50
        card = await self.card(f"/pay {PAYEE} {amount} stock")
        self.press(MERCHANT, card, "Confirm")
        asked = await self.told(ADMINS, f"Pay {amount} EUR", seen)
        self.press(ADMIN, asked, "Reject")
        await self.told(DESK, "was rejected by Admin", seen)
        self.claim("a rejected payment moved nothing", held=self.effects("transfer", amount) == 0)

    async def lose_an_answer(self) -> None:
        """MTN takes the payment, but its answer is lost on the way."""
        self.scene("An answer lost on the way")
        self.world.sandbox.faults.add("lose_answer", operation="transfer")
        await self.confirm(f"/pay {PAYEE} 12 the answer is lost", "was successful")
        self.claim(
            "a lost answer did not pay twice, and the chat knows the end", held=self.effects("transfer", 12) == 1
        )

    async def be_killed(self) -> None:
        """SIGKILL while the payment is in the air; the next start finds out how it ended."""
        self.scene("Killed in mid-payment")
        self.world.sandbox.faults.add("slow", operation="transfer", args={"seconds": 5.0})
        seen = self.now
        card = await self.card(f"/pay {PAYEE} 17 the bot is killed")
        self.press(MERCHANT, card, "Confirm")
        await self.until_at_mtn(17)
        await self.world.kill_bot()
        self.print_events()
        say("--", "the bot is killed with SIGKILL while MTN has not answered yet")
        await self.world.start_bot()
        say("--", "and started again")
        await self.told(DESK, "Payment of 17 EUR", seen, also="was successful")
        self.claim("a bot killed in mid-payment paid once and told the chat", held=self.effects("transfer", 17) == 1)

    # What people do and see

    @property
    def now(self) -> int:
        """The number of the next event."""
        return len(self.world.api.transcript)

    def type(self, text: str) -> int:
        """Type as the merchant; return the number of the next event."""
        seen = self.now
        self.world.api.send_text(MERCHANT, DESK, text)
        return seen

    async def card(self, text: str) -> Event:
        """Type a command and wait for its card with the Confirm button."""
        seen = self.type(text)
        return await self.world.first(
            lambda event: event.chat_id == DESK and has_button(event, "Confirm"), seen, PATIENCE
        )

    def press(self, who: int, shown: Event, button: str) -> None:
        """Press a button on a message as somebody."""
        self.world.api.press(who, shown.data["chat"]["id"], shown.data["message_id"], button)

    async def confirm(self, text: str, end: str) -> Event:
        """Type a command, press Confirm, and wait for the message that tells its end."""
        seen = self.now
        card = await self.card(text)
        self.press(MERCHANT, card, "Confirm")
        return await self.told(DESK, end, seen)

    async def told(self, chat_id: int, words: str, after: int, *, also: str = "") -> Event:
        """Wait until the bot says *words* (and *also*) in a chat."""

        def says(event: Event) -> bool:
            return event.by_bot and event.chat_id == chat_id and words in event.text and also in event.text

        return await self.world.first(says, after, PATIENCE)

    async def until_at_mtn(self, amount: int) -> None:
        """Wait until the sandbox has taken a transaction of this amount."""
        async with asyncio.timeout(PATIENCE):
            taken = self.world.sandbox.transactions
            while not any(tx.order.amount == Decimal(amount) for tx in taken.values()):
                await asyncio.sleep(0.05)  # the sandbox has no event to wait for
                taken = self.world.sandbox.transactions

    def effects(self, operation: str, amount: int) -> int:
        """Count, in the sandbox's own books, how often this amount was moved."""
        moved = self.world.sandbox.ledger.effects
        return sum(effect.operation.startswith(operation) and effect.amount == amount for effect in moved)

    def reference(self, end: Event) -> str:
        """Return the short code in a message."""
        found = REFERENCE.search(end.text)
        return found[1] if found else ""

    # What is printed

    def scene(self, name: str) -> None:
        """Print what happened so far, then the name of the next scene."""
        self.print_events()
        heading(name)

    def print_events(self) -> None:
        """Print what people and the bot did since the last time."""
        for event in self.world.api.transcript[self.printed :]:
            line(event)
        self.printed = self.now

    def claim(self, text: str, *, held: bool) -> None:
        """Note whether a claim held."""
        self.claims.append((text, held))

    def report(self) -> int:
        """Print a line for each claim; return the exit code."""
        self.print_events()
        heading("What was checked")
        for text, held in self.claims:
            print(f"  {'ok  ' if held else 'FAIL'}  {text}")
        failed = sum(not held for _, held in self.claims)
        print(f"\n{len(self.claims) - failed} of {len(self.claims)} claims held.", flush=True)
        return 1 if failed else 0


def has_button(event: Event, label: str) -> bool:
    """Tell whether a message carries a button that begins with *label*."""
    rows = event.data.get("reply_markup", {}).get("inline_keyboard", [])
    return event.by_bot and any(button["text"].startswith(label) for row in rows for button in row)


def heading(text: str) -> None:
    """Print the name of a scene."""
    print(f"\n== {text} ==", flush=True)


def say(who: str, text: str) -> None:
    """Print one speaker's lines."""
    first, *rest = text.splitlines() or [""]
    print(f"{who:>{COLUMN}} | {first}")
    for more in rest:
        print(f"{'':>{COLUMN}} | {more}")


def line(event: Event) -> None:
    """Print an event, if it is something a person would see."""
    where = PLACES.get(event.chat_id or 0, "")
    who = "Till" if event.by_bot else NAMES.get(event.data.get("from", {}).get("id", 0), "")
    if event.kind == "press":
        say(who, f"presses [{event.data['button']}]{where}")
    elif event.kind in ("message", "edit") and event.text:
        edited = " (edited)" if event.kind == "edit" else ""
        buttons = [b["text"] for row in event.data.get("reply_markup", {}).get("inline_keyboard", []) for b in row]
        say(
            f"{who}{edited and '*'}",
            event.text + where + (f"\n{' '.join(f'[{b}]' for b in buttons)}" if buttons else ""),
        )
    elif event.kind == "answer" and event.text:
        say("Till", f"answers the press: {event.text}{where}")

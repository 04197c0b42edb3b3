"""Short scripted stories, told once for every boundary at which the bot can die.

Nothing else goes wrong in them: whatever is found here is found by death alone.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from bot.playground.events import Event
from tests.simulation import cast
from tests.simulation.invariants import Typed
from tests.simulation.knobs import Knobs
from tests.simulation.life import At
from tests.simulation.world import Outcome, World, no_garbage

SEED = 1
LONGEST_WAIT = 400
AFTERWARDS = 12.0
# Boundaries after the first death within which the second falls.
LONGEST_RECOVERY = 80


@dataclass(frozen=True, slots=True)
class Button:
    """A button somebody saw."""

    verb: str
    chat_id: int
    message_id: int
    data: str


class Players:
    """People who do what a story says, once each, however long the bot takes."""

    def __init__(self, world: World, story: "Story") -> None:
        self.world, self._story = world, story
        self._buttons: list[Button] = []

    async def live(self) -> None:
        """Play the story, and see a little of what becomes of it."""
        await self._story(self)
        await asyncio.sleep(AFTERWARDS)

    def see(self, event: Event) -> None:
        """Remember the buttons that are shown."""
        rows = event.data.get("reply_markup", {}).get("inline_keyboard", [])
        for data in (button["callback_data"] for row in rows for button in row if "callback_data" in button):
            verb = data.partition(":")[0]
            self._buttons.append(Button(verb, event.chat_id or 0, event.data["message_id"], data))

    def type(self, user_id: int, text: str, kind: str, amount: str) -> None:
        """Type a command in the shop."""
        update_id = self.world.telegram.write(user_id, cast.SHOP, text)
        if update_id is not None:
            typed = Typed(user_id, kind, cast.ORDINARY[0], Decimal(amount))
            self.world.judge.typed[update_id] = typed

    async def button(self, verb: str, besides: int = 0) -> Button:
        """Wait for a button of this verb, on another message than the first so many."""
        for _ in range(LONGEST_WAIT):
            shown = {button.data: button for button in self._buttons if button.verb == verb}
            if len(shown) > besides:
                return list(shown.values())[-1]
            await asyncio.sleep(1)
        raise TimeoutError(f"no button {verb}")

    def press(self, user_id: int, button: Button) -> None:
        """Press a button."""
        self.world.telegram.press(user_id, button.chat_id, button.message_id, button.data)

    async def state(self, wanted: str) -> str:
        """Wait until a transaction is in a state; return its code."""
        for _ in range(LONGEST_WAIT):
            row = self.world.conn.execute("SELECT short_code FROM txn WHERE state = ?", (wanted,)).fetchone()
            if row is not None:
                return str(row["short_code"])
            await asyncio.sleep(1)
        raise TimeoutError(f"nothing became {wanted}")


Story = Callable[[Players], Awaitable[None]]


async def pay(people: Players) -> None:
    """A cashier pays; the second press of Confirm comes at the same moment."""
    people.type(cast.SHOP_CASHIER, f"/pay {cast.ORDINARY[0]} 12.50 rent", "transfer", "12.50")
    confirm = await people.button("ok")
    people.press(cast.SHOP_CASHIER, confirm)
    people.press(cast.SHOP_CASHIER, confirm)


async def refund(people: Players) -> None:
    """Money comes in and is given back; two admins approve at once, and the maker tries to."""
    people.type(cast.ADMIN, f"/request {cast.ORDINARY[0]} 20 rent", "request_to_pay", "20")
    people.press(cast.ADMIN, await people.button("ok"))
    code = await people.state("SUCCESSFUL")
    people.type(cast.ADMIN, f"/refund {code} 20 broken", "refund", "20")
    people.press(cast.ADMIN, await people.button("ok", besides=1))
    approve = await people.button("yes")
    for user_id in (cast.ADMIN, cast.SECOND, cast.OWNER):
        people.press(user_id, approve)


async def cancel_race(people: Players) -> None:
    """A cashier confirms and cancels at the same moment."""
    people.type(cast.SHOP_CASHIER, f"/pay {cast.ORDINARY[0]} 12.50 rent", "transfer", "12.50")
    confirm = await people.button("ok")
    people.press(cast.SHOP_CASHIER, confirm)
    people.press(cast.SHOP_CASHIER, await people.button("no"))


async def callback_first(people: Players) -> None:
    """MTN is done, and calls back, before its answer to the request arrives."""
    await pay(people)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story and the world it is told in."""

    name: str
    story: Story
    knobs: Knobs

    def play(self, seed: int, *kills: int) -> Outcome:
        """Tell the story with a death at each of these boundaries."""
        with no_garbage():
            world = World(seed, self.knobs, At(*kills))
            return world.run(Players(world, self.story))

    def every(self, step: int = 1) -> Iterable[tuple[int, Outcome]]:
        """Tell it with a death at every boundary there is, or every so many-th; the first has none."""
        alive = self.play(SEED)
        yield 0, alive
        for k in range(1, alive.boundaries + 1, step):
            yield k, self.play(SEED, k)

    def pairs(self, seeds: Iterable[int]) -> Iterable[tuple[tuple[int, int], Outcome]]:
        """Tell it with two deaths, the second while the first is recovered from; pairs are drawn by seed."""
        most = self.play(SEED).boundaries
        for seed in seeds:
            r = random.Random(f"{seed} pair")
            first = r.randint(1, most)
            second = first + r.randint(1, LONGEST_RECOVERY)
            yield (first, second), self.play(SEED, first, second)


def _quiet(**changes: float) -> Knobs:
    knobs = Knobs(failing=0.0, settle_soon=6.0, callback_latest=2.0, slowest=0.4)
    for name, value in changes.items():
        setattr(knobs, name, value)
    return knobs


SCENARIOS = (
    Scenario("pay", pay, _quiet()),
    Scenario("refund", refund, _quiet()),
    Scenario("cancel race", cancel_race, _quiet()),
    Scenario("callback first", callback_first, _quiet(settle_soon=0.21, callback_latest=0.05, slowest=3.0)),
)

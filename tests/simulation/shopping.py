"""Cashiers who trade all day, most of them in private chats: they type, confirm, and press Retry when they are told to.

Nobody errs and nobody meddles. What they see is kept, and asked of MTN's books by whoever plays the scenario.
"""

from collections.abc import Iterator
from decimal import Decimal

from bot.domain.roles import Role
from bot.playground.events import Event
from bot.store import people
from bot.store.database import Tx, run
from tests.simulation import cast
from tests.simulation.invariants import Typed
from tests.simulation.knobs import Knobs
from tests.simulation.life import At
from tests.simulation.loop import START
from tests.simulation.world import Outcome, World

FIRST_CASHIER = 2001
HESITATION = 1.0
GROUP_SEATS = ((cast.SHOP_CASHIER, cast.SHOP), (cast.MARKET_CASHIER, cast.MARKET))
COMMANDS = (("pay", "transfer"), ("request", "request_to_pay"))
# No two are the same, so that nobody is asked whether the same is meant once more.
FIRST_AMOUNT, STEP = Decimal("1.00"), Decimal("0.01")
REWIND_EVERY = 30.0


class LongDay(World):
    """A world in which nothing kills the bot, and that is looked back on before it is over."""

    def __init__(self, seed: int, knobs: Knobs) -> None:
        super().__init__(seed, knobs, At())

    def last(self, people: "Cashiers") -> Outcome:
        """Let it all happen."""
        self._looking_back = people.look_back
        return self.run(people)

    async def settle(self) -> None:
        """Let everything come to rest, and look back."""
        await super().settle()
        self._looking_back()


class Cashiers:
    """The people of one world, and what their chats show now."""

    def __init__(self, world: World, count: int) -> None:
        self.world = world
        self._ids = range(FIRST_CASHIER, FIRST_CASHIER + count)
        self._typed = 0
        self._buttons: dict[tuple[int, int, int], dict[str, str]] = {}  # of each message, by verb
        self._confirmed: set[str] = set()
        run(Tx(world.conn, START, world.mint), self._hire)
        self._private = [(user_id, user_id) for user_id in self._ids]
        for user_id in self._ids:
            world.telegram.api.add_user(user_id, f"Cashier {user_id}")
            world.telegram.api.people.chats[user_id].bot = "member"
            world.judge.granted.add((user_id, self._desk(user_id), "cashier"))
        self._turn()

    def _desk(self, user_id: int) -> int:
        return (cast.SHOP_DESK, cast.MARKET_DESK)[user_id % 2]

    def _hire(self, tx: Tx) -> None:
        for user_id in self._ids:
            people.grant(tx, user_id, self._desk(user_id), Role.CASHIER, cast.OWNER)
            people.meet(tx, user_id, f"Cashier {user_id}", "en", private=True)

    def _turn(self) -> None:
        """Go on for ever: so long a day has more turns than anything that is stuck."""
        self.world.loop.rewind()
        self.world.loop.call_later(REWIND_EVERY, self._turn)

    async def live(self) -> None:
        """Do what they came for."""
        raise NotImplementedError

    def look_back(self) -> None:
        """Hold what was said and done against what there is."""
        raise NotImplementedError

    # What they do

    def order(self, *, in_group: bool = False) -> None:
        """Have the next cashier type the next payment or request."""
        n, self._typed = self._typed, self._typed + 1
        seats = GROUP_SEATS if in_group else self._private
        (user_id, chat_id), (command, kind) = seats[n % len(seats)], COMMANDS[(n + n // len(seats)) % len(COMMANDS)]
        number, amount = cast.ORDINARY[n % len(cast.ORDINARY)], FIRST_AMOUNT + n * STEP
        update_id = self.world.telegram.write(user_id, chat_id, f"/{command} {number} {amount} rent")
        if update_id is not None:
            self.world.judge.typed[update_id] = Typed(user_id, kind, number, amount)

    def see(self, event: Event) -> None:
        """Look at what the bot shows, and confirm it."""
        rows = event.data.get("reply_markup", {}).get("inline_keyboard", [])
        if event.kind == "answer" or event.chat_id is None:
            return
        shown = {data.partition(":")[0]: data for row in rows for data in _data(row)}
        place = _whose(event), event.chat_id, event.data["message_id"]
        self._buttons[place] = shown
        confirm = shown.get("ok")
        if confirm is not None and confirm not in self._confirmed:
            self._confirmed.add(confirm)
            self.world.loop.call_later(HESITATION, self.world.telegram.press, *place, confirm)

    def press_retries(self, every: float) -> int:
        """Have each Retry that is offered pressed, one after another; return how many there are."""
        offered = [(*where, shown["retry"]) for where, shown in self._buttons.items() if "retry" in shown]
        for place, press in enumerate(offered):
            self.world.loop.call_later(place * every, self.world.telegram.press, *press)
        return len(offered)


def _whose(event: Event) -> int:
    """Return who may press what a message shows: in a group, whoever it answers."""
    chat_id = event.chat_id or 0
    return chat_id if chat_id > 0 else int(event.data.get("reply_to_message", {}).get("from", {}).get("id", 0))


def _data(row: list[dict[str, str]]) -> Iterator[str]:
    return (button["callback_data"] for button in row if "callback_data" in button)

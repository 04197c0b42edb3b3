"""The people of the world: they type payments, requests and refunds, and press what the bot shows them.

Makers confirm, sometimes five times at once, or change their minds; admins decide, sometimes two at once and
differently. What people do on purpose to harm is in `mischief.py`.
"""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.playground.events import Event
from tests.simulation import cast
from tests.simulation.invariants import Typed
from tests.simulation.knobs import HOUR, MINUTE
from tests.simulation.mischief import Mischief, Story
from tests.simulation.steps import Steps

if TYPE_CHECKING:
    from tests.simulation.world import World

MOST_PRESSES = 160
AMOUNTS = ("5", "12.50", "20", "33.30", "75", "120")
KINDS = {"pay": "transfer", "deposit": "deposit", "request": "request_to_pay"}
DECIDERS = (cast.OWNER, cast.ADMIN, cast.SECOND)


class Crowd:
    """Everybody, each at random, all from one seed."""

    def __init__(self, world: "World") -> None:
        self._world, self._knobs = world, world.knobs
        self._r = world.chance("people")
        self._mischief = Mischief(world)
        self._presses = 0
        self._reacted: set[tuple[int, int, tuple[str, ...]]] = set()
        self._steps = Steps(world)

    async def live(self) -> None:
        """Let everybody do what they came for."""
        knobs, r = self._knobs, self._r
        stories = [self._order] * knobs.payments + [self._refund] * (knobs.payments // 2) + self._mischief.stories()
        await asyncio.gather(*(self._sometime(story) for story in stories))
        await asyncio.sleep(r.uniform(0.5, 5) * MINUTE)

    async def _sometime(self, story: Story) -> None:
        await asyncio.sleep(self._r.uniform(0.5, self._knobs.span))
        await story()

    # Typing

    async def _order(self) -> None:
        r = self._r
        (maker, chat), command = r.choice(cast.SEATS), r.choice(("pay", "deposit", "request", "request", "request"))
        number = self._number()
        amount = Decimal(r.choice(AMOUNTS))
        typed = Typed(maker, KINDS[command], number, amount)
        if r.random() < self._knobs.step_by_step and self._steps.are_free(maker, chat):
            await self._steps.take(chat, f"/{command}", typed, "rent")
        else:
            self._type(maker, chat, f"/{command} {number} {amount} rent", typed)

    def _number(self) -> str:
        x = self._r.random()
        if x < 0.03:
            return cast.NEVER_ENDING
        if x < 0.08:
            return cast.LATE
        if x < 0.16:
            return self._r.choice(cast.REFUSED)
        return self._r.choice(cast.FAILING if x < 0.22 else cast.ORDINARY)

    async def _refund(self) -> None:
        """Give a payment back that came in, or a part; sometimes twice, sometimes too much."""
        original = await self._paid()
        if original is None:
            return
        r, desk = self._r, original["desk_id"]
        seats = [seat for seat in cast.SEATS if seat[1] == (cast.SHOP if desk == cast.SHOP_DESK else cast.MARKET)]
        paid = Decimal(original["amount_minor"]) / 100
        for _ in range(r.choice((1, 1, 1, 2, 3))):
            maker, chat = r.choice(seats)
            amount = r.choice((paid, paid, (paid / 2).quantize(Decimal("0.01")), paid + 1))
            typed = Typed(maker, "refund", original["msisdn"], amount)
            self._type(maker, chat, f"/refund {original['short_code']} {amount} broken", typed)

    async def _paid(self) -> Any:
        for _ in range(8):
            rows = self._world.conn.execute(
                "SELECT txn.*, p.msisdn FROM txn JOIN txn_party p ON p.txn_id = txn.id"
                " WHERE kind = 'request_to_pay' AND state = 'SUCCESSFUL' ORDER BY txn.id"
            ).fetchall()
            if rows:
                return self._r.choice(rows)
            await asyncio.sleep(self._r.uniform(20, 60))
        return None

    def _type(self, user_id: int, chat_id: int, text: str, typed: Typed) -> None:
        update_id = self._world.telegram.write(user_id, chat_id, text)
        if update_id is not None:
            self._world.judge.typed[update_id] = typed

    # Pressing

    def see(self, event: Event) -> None:
        """Look at what the bot shows; perhaps do something about it, soon or late."""
        if event.kind == "answer":
            self._steps.hear(event)
            return
        chat_id, message_id = event.chat_id or 0, event.data["message_id"]
        self._steps.see(event)
        rows = event.data.get("reply_markup", {}).get("inline_keyboard", [])
        shown = tuple(button["callback_data"] for row in rows for button in row if "callback_data" in button)
        if not shown or (chat_id, message_id, shown) in self._reacted:
            return
        self._reacted.add((chat_id, message_id, shown))
        hesitation = self._hesitation(patient=shown[0].startswith("unsent"))
        self._world.loop.call_later(hesitation, self._react, chat_id, message_id, shown)

    def _hesitation(self, *, patient: bool) -> float:
        r = self._r
        if r.random() < self._knobs.sleepy or (patient and r.random() < 0.7):
            return r.choice((r.uniform(30, 400), r.uniform(400, 1500), r.uniform(HOUR, 5 * HOUR)))
        return r.uniform(0.3, 12)

    def _react(self, chat_id: int, message_id: int, shown: tuple[str, ...]) -> None:
        by_verb = {data.partition(":")[0]: data for data in shown}
        code = shown[0].split(":")[1]
        row = self._world.conn.execute("SELECT maker_id FROM txn WHERE short_code = ?", (code,)).fetchone()
        maker = row["maker_id"] if row else max(chat_id, cast.OWNER)  # a restore may have undone it
        react = getattr(self, f"_on_{shown[0].partition(':')[0]}", None)
        for place, (user_id, verb) in enumerate(react(maker, chat_id) if react else []):
            if verb in by_verb and self._presses < MOST_PRESSES:
                self._presses += 1
                press = partial(self._world.telegram.press, user_id, chat_id, message_id, by_verb[verb])
                self._press(press, user_id, verb, first=place == 0)

    def _press(self, press: Callable[[], None], user_id: int, verb: str, *, first: bool) -> None:
        """Press now; where two must approve, those who are not the first take their time."""
        if verb != "yes" or self._knobs.two_from is None:
            press()
        elif first:
            press()
            self._mischief.approved(user_id)
        else:
            self._world.loop.call_later(self._r.choice((0.0, 1.0, 1.0)) * self._r.uniform(10, 300), press)

    def _times(self) -> int:
        return self._r.randint(2, 5) if self._r.random() < self._knobs.careless else 1

    def _somebody(self, chat_id: int) -> int:
        """Return anybody who can press here; in a private chat that is one person."""
        return chat_id if chat_id > 0 else self._r.choice(tuple(cast.NAMES))

    def _on_ok(self, maker: int, chat_id: int) -> list[tuple[int, str]]:
        r = self._r
        presses = [(maker, "ok")] * self._times() if r.random() < 0.9 else []
        if r.random() < self._knobs.careless:
            presses.insert(r.randint(0, len(presses)), (self._somebody(chat_id), "ok"))
        if r.random() < self._knobs.hasty_cancel:
            presses.insert(r.randint(0, len(presses)), (maker, "no"))
        return presses

    def _on_again(self, maker: int, chat_id: int) -> list[tuple[int, str]]:
        x = self._r.random()
        return [(maker, "again")] * self._times() if x < 0.7 else [(maker, "no")] if x < 0.85 else []

    def _on_no(self, maker: int, chat_id: int) -> list[tuple[int, str]]:
        if self._r.random() >= self._knobs.hasty_cancel:
            return []
        return [(maker if self._r.random() < 0.7 else self._somebody(chat_id), "no")] * self._times()

    def _on_retry(self, maker: int, chat_id: int) -> list[tuple[int, str]]:
        r = self._r
        who = maker if r.random() < 0.6 or chat_id > 0 else r.choice((cast.ADMIN, cast.OWNER, cast.OUTSIDER))
        x = r.random()
        if x < 0.7:
            return [(who, "retry")] * self._times()
        admin = chat_id if chat_id > 0 else r.choice(DECIDERS)
        return [(maker, "no")] if x < 0.8 else [(admin, "review")] * self._times() if x < 0.92 else []

    def _on_unsent(self, maker: int, chat_id: int) -> list[tuple[int, str]]:
        """Say that MTN never had it, also when it may have: the bot must know better."""
        first, second = (chat_id, chat_id) if chat_id > 0 else self._r.sample(DECIDERS, 2)
        presses = [(first, "unsent")] * self._times() + [(second, "unsent")]
        return presses if self._r.random() < 0.7 else presses[:1]

    def _on_yes(self, maker: int, chat_id: int) -> list[tuple[int, str]]:
        r = self._r
        first, second = (chat_id, chat_id) if chat_id > 0 else r.sample(DECIDERS, 2)
        presses = r.choices(
            (
                [(first, "yes")] * self._times(),
                [(first, "yes"), (second, "yes")],
                [(first, "yes"), (second, "stop")],
                [(second, "stop"), (first, "yes")],
                [(first, "stop")],
                [(maker, "yes"), (first, "yes")] if chat_id < 0 else [],
                [],
            ),
            (60, 12, 6, 6, 5, 8, 3) if self._knobs.two_from is None else (15, 65, 4, 4, 4, 5, 3),
        )[0]
        if chat_id < 0 and r.random() < self._knobs.careless:
            presses = [(r.choice((maker, cast.OUTSIDER, cast.SHOP_CASHIER)), "yes"), *presses]
        return presses

    def _on_desk(self, maker: int, chat_id: int) -> list[tuple[int, str]]:
        return [(chat_id, "desk")]

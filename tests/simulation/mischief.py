"""What happens around the payments: forgers and outsiders, roles taken away, chats that move, operators who stop.

Nothing here may have an effect on money that its doer had no right to.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from tests.simulation import cast
from tests.simulation.alarms import has_stops
from tests.simulation.knobs import MINUTE
from tests.simulation.wire import callback_url

if TYPE_CHECKING:
    from tests.simulation.world import World

VERBS = ("ok", "again", "no", "retry", "yes", "stop", "read", "desk", "skip", "", "drop")


Story = Callable[[], Coroutine[Any, Any, None]]


class Mischief:
    """Everybody who is in the way."""

    def __init__(self, world: "World") -> None:
        self._world, self._knobs = world, world.knobs
        self._r = world.chance("mischief")

    def stories(self) -> list[Story]:
        """Return what will happen, each at some time."""
        knobs, r = self._knobs, self._r
        stories: list[Story] = [self._forged_callbacks, self._outsider, self._forged_presses, self._questions]
        if r.random() < knobs.role_changes:
            stories.append(self._role_taken)
        if r.random() < knobs.role_changes:
            stories.append(self._role_given)
        if r.random() < knobs.freezes:
            stories.append(self._frozen)
        if r.random() < knobs.alone:
            stories.append(self._left_alone)
        stories.append(self._wardens)
        if r.random() < knobs.blocks:
            stories.append(self._blocked)
        if r.random() < knobs.migrates:
            stories.append(self._migrated)
        if r.random() < knobs.stop_rate:
            stories.append(self._stopped)
        return stories

    async def _forged_callbacks(self) -> None:
        """Ring for transactions, known and unknown, in MTN's name."""
        for _ in range(self._knobs.forged_callbacks):
            await asyncio.sleep(self._r.uniform(0, 10))
            tokens = [row[0] for row in self._world.conn.execute("SELECT callback_token FROM txn ORDER BY id")]
            unknown = "".join(self._r.choices("ABCDefgh0123_-", k=self._r.choice((43, 43, 12))))
            token = self._r.choice([*tokens, unknown])
            self._world.network.call_back(callback_url(token), self._r.choice(("SUCCESSFUL", "FAILED")))

    async def _outsider(self) -> None:
        """Try commands without the right to them."""
        tries = (
            (cast.OUTSIDER, cast.MARKET, "/pay 46733123901 5 mine"),
            (cast.OUTSIDER, cast.FOREIGN, "/pay 46733123901 5 in a group that is no till"),
            (cast.OUTSIDER, cast.SHOP, "/role 1008 admin"),
            (cast.OUTSIDER, cast.SHOP, "/pay"),
            (cast.AUDITOR, cast.SHOP, "/pay 46733123901 5 not mine to pay"),
            (cast.MARKET_CASHIER, cast.SHOP, "/request 46733123901 5 not my till"),
        )
        for who, where, text in self._r.sample(tries, 3):
            await asyncio.sleep(self._r.uniform(0, 60))
            self._write(who, where, text)

    async def _forged_presses(self) -> None:
        """Press what no button says: real nonces in other chats, other verbs, noise."""
        for _ in range(7):
            await asyncio.sleep(self._r.uniform(0, 90))
            cards = self._world.conn.execute(
                "SELECT c.nonce, c.chat_id, c.message_id, t.short_code FROM card c JOIN txn t ON t.id = c.txn_id"
                " WHERE c.message_id IS NOT NULL ORDER BY c.id"
            ).fetchall()
            if cards:
                self._forge(self._r.choice(cards), self._r.choice(cards))

    def _forge(self, card: Any, other: Any) -> None:
        r = self._r
        data = r.choice(
            (
                f"{r.choice(VERBS)}:{card['short_code']}:{card['nonce']}",
                f"{r.choice(VERBS)}:{other['short_code']}:{card['nonce']}",
                f"yes:{card['short_code']}:{other['nonce']}",
                f"ok:{card['short_code']}:{card['nonce'][:-1]}",
                "".join(r.choices("okyes:0123456789\x00 é", k=r.randint(1, 30))),
            )
        )
        user = cast.OUTSIDER if other["chat_id"] < 0 else other["chat_id"]
        self._world.telegram.press(user, other["chat_id"], other["message_id"], data)

    async def _questions(self) -> None:
        """Ask where payments stand."""
        for _ in range(self._r.randint(0, 3)):
            await asyncio.sleep(self._r.uniform(0, 3) * MINUTE)
            rows = self._world.conn.execute("SELECT * FROM txn ORDER BY id").fetchall()
            if rows:
                row = self._r.choice(rows)
                chat = cast.SHOP if row["desk_id"] == cast.SHOP_DESK else cast.MARKET
                self._world.judge.callbacks_of[row["callback_token"]] += 1
                self._write(cast.ADMIN, chat, f"/status {row['short_code']}")
        self._write(cast.OWNER, cast.MARKET, "/balance")

    async def _role_taken(self) -> None:
        """Take somebody's role away in mid-flight; perhaps give it back."""
        user, chat, role = self._r.choice(
            (
                (cast.SHOP_CASHIER, cast.SHOP, "cashier"),
                (cast.MARKET_CASHIER, cast.MARKET, "cashier"),
                (cast.SECOND, cast.OWNER, "admin"),
                (cast.ADMIN, cast.OWNER, "admin"),
            )
        )
        self._write(cast.OWNER, chat, f"/role {user} none")
        await asyncio.sleep(self._r.uniform(0.5, 10) * MINUTE)
        self._write(cast.OWNER, chat, f"/role {user} {role}")

    async def _role_given(self) -> None:
        """Make a cashier an admin of the till."""
        self._world.judge.granted.add((cast.MARKET_CASHIER, cast.MARKET_DESK, "admin"))
        self._write(cast.OWNER, cast.MARKET, f"/role {cast.MARKET_CASHIER} admin")
        await asyncio.sleep(self._r.uniform(1, 10) * MINUTE)
        self._world.judge.granted.add((cast.MARKET_CASHIER, cast.MARKET_DESK, "auditor"))
        self._write(cast.OWNER, cast.MARKET, f"/role {cast.MARKET_CASHIER} auditor")

    async def _frozen(self) -> None:
        """Stop all sending, as an admin who is afraid of something; somebody without the right tries it too."""
        who = self._r.choice((cast.ADMIN, cast.SECOND, cast.OWNER))
        self._world.alarms.expect("person")
        self._write(cast.SHOP_CASHIER, cast.SHOP, "/freeze not mine to stop")
        self._write(who, self._r.choice((who, cast.MARKET)), "/freeze something is strange")
        await asyncio.sleep(self._r.uniform(0, 60))
        self._write(who, who, "/thaw")
        self._write(cast.MARKET_CASHIER, cast.MARKET, "/thaw")

    async def _left_alone(self) -> None:
        """Stop all sending while nobody but the owner may decide; the others come back much later."""
        self._world.alarms.expect("person")
        for user in (cast.ADMIN, cast.SECOND):
            self._write(cast.OWNER, cast.OWNER, f"/role {user} none")
        await asyncio.sleep(self._r.uniform(5, 60))
        self._write(cast.OWNER, cast.OWNER, "/freeze nobody else is here")
        await asyncio.sleep(self._r.uniform(5, 60))
        self._write(cast.OWNER, cast.OWNER, "/thaw")
        await asyncio.sleep(self._r.uniform(10, 40) * MINUTE)
        for user in (cast.ADMIN, cast.SECOND):
            self._write(cast.OWNER, cast.OWNER, f"/role {user} admin")

    def approved(self, user: int) -> None:
        """Take the right from whoever has just approved, before somebody else does; give it back later."""
        if user in (cast.ADMIN, cast.SECOND) and self._r.random() < self._knobs.hasty_role_changes:
            self._world.spawn(self._taken_for_a_while(user))

    async def _taken_for_a_while(self, user: int) -> None:
        await asyncio.sleep(self._r.uniform(1, 10))
        self._write(cast.OWNER, cast.OWNER, f"/role {user} none")
        await asyncio.sleep(self._r.uniform(2, 6) * MINUTE)
        self._write(cast.OWNER, cast.OWNER, f"/role {user} admin")

    async def _wardens(self) -> None:
        """Look now and then whether sending is stopped, and agree to go on: some alone, some twice, some together."""
        for _ in range(6):
            await asyncio.sleep(self._r.uniform(0.5, 4) * MINUTE)
            if has_stops(self._world.conn):
                for user_id in self._r.choices((cast.OWNER, cast.ADMIN, cast.SECOND), k=self._r.randint(1, 3)):
                    self._write(user_id, user_id, "/thaw")

    async def _blocked(self) -> None:
        """Block the bot for a while."""
        api, user = self._world.telegram.api, self._r.choice((cast.SHOP_CASHIER, cast.SECOND))
        api.block(user)
        await asyncio.sleep(self._r.uniform(1, 10) * MINUTE)
        if api.people.chats[user].bot == "kicked":
            api.unblock(user)

    async def _migrated(self) -> None:
        """Let the basic group become a supergroup."""
        self._world.telegram.api.migrate(cast.SHOP, by=cast.OWNER)

    async def _stopped(self) -> None:
        """Stop the bot politely, as operators do."""
        life = self._world.life
        if life is not None and not life.dead:
            self._world.spawn(life.stop())

    def _write(self, user_id: int, chat_id: int, text: str) -> None:
        self._world.telegram.write(user_id, chat_id, text)

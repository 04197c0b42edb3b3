"""The same world, driven by hypothesis: it chooses what people do, what fails and when, and shrinks what it finds.

A program of rules is played on one world; after each rule nothing may be broken, and in the end it must rest.
"""

from contextlib import ExitStack
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import engine
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.playground.events import Event
from tests.simulation import cast
from tests.simulation.invariants import Typed
from tests.simulation.knobs import DAY, HOUR, MINUTE, Knobs
from tests.simulation.wire import callback_url
from tests.simulation.world import Doctored, World

KINDS = {"pay": "transfer", "request": "request_to_pay"}
VERBS = ("ok", "yes", "no", "again", "retry", "stop", "unsent")
PRESSERS = (cast.ADMIN, cast.SECOND, cast.SHOP_CASHIER, cast.OUTSIDER)
DECIDERS = (cast.OWNER, cast.ADMIN, cast.SECOND)
# What can be wrong with MTN and with Telegram: knobs, each all the way up, or nothing.
MTN = ("", "refused", "lost", "late", "answer_lost", "definite", "error_after", "overloaded", "hidden", "look_stale")
TELEGRAM = ("", "telegram_error", "drop_before", "drop_after")
SHORT, LONG = 6.0, (15.0, 40.0, 6 * MINUTE, 11 * MINUTE, HOUR, 5 * HOUR, DAY + HOUR)
# A program that breaks something is made shorter for so many seconds; the shortest so far is shown.
LONGEST_SHRINKING = 40
# Sending goes on more easily than it stops: most programs would end in a stop otherwise.
THAWS = ("thaw",) * 5
doctored: list[Doctored] = []


class AtWill:
    """Death when somebody wants it: at one of the next boundaries."""

    def __init__(self) -> None:
        self.struck, self.after = 0, -1

    def strikes(self, number: int, where: str) -> bool:
        """Tell whether the bot dies at this boundary."""
        self.after -= 1
        self.struck += self.after == 0
        return self.after == 0


class Onlooker:
    """Remembers the buttons that are shown: (chat, message, data)."""

    def __init__(self) -> None:
        self.buttons: list[tuple[int, int, str]] = []

    async def live(self) -> None:
        """Do nothing by oneself."""

    def see(self, event: Event) -> None:
        """Remember what can be pressed."""
        rows = event.data.get("reply_markup", {}).get("inline_keyboard", [])
        for data in (button["callback_data"] for row in rows for button in row if "callback_data" in button):
            button = (event.chat_id or 0, event.data["message_id"], data)
            if button not in self.buttons:
                self.buttons.append(button)


class Till(RuleBasedStateMachine):
    """People, time, faults and deaths, in any order."""

    @initialize(limit=st.sampled_from((None, 130)))
    def begin(self, limit: int | None) -> None:
        """Open a world in which nothing goes wrong by itself."""
        self.knobs, self.kills, self.people = Knobs(failing=0.0, settle_soon=20.0), AtWill(), Onlooker()
        self.knobs.person_limit = limit
        self.world = World(0, self.knobs, self.kills, *doctored)
        self.lasting = ExitStack()
        self.lasting.enter_context(self.world.lasting(self.people))
        self.world.start_bot()
        self._pass(SHORT)

    def _pass(self, seconds: float) -> None:
        self.world.let(self.world.passing(seconds))

    @rule(command=st.sampled_from(sorted(KINDS)), amount=st.sampled_from(("5", "30", "120")), seat=st.integers(0, 6))
    def type_order(self, command: str, amount: str, seat: int) -> None:
        """Somebody types a payment or a request."""
        user_id, chat_id = cast.SEATS[seat]
        typed = Typed(user_id, KINDS[command], cast.ORDINARY[0], Decimal(amount))
        self._write(user_id, chat_id, f"/{command} {cast.ORDINARY[0]} {amount} rent", typed)

    @rule(command=st.sampled_from(sorted(KINDS)), amount=st.sampled_from(("5", "120")), seat=st.sampled_from((0, 5, 6)))
    def order_and_confirm(self, command: str, amount: str, seat: int) -> None:
        """Somebody types a payment or a request and presses Confirm."""
        self.type_order(command, amount, seat)
        self.press("ok", "maker", 1)

    @precondition(lambda self: any(data.startswith("yes:") for _, _, data in self.people.buttons))
    @rule(by=st.sampled_from(("maker", *DECIDERS)))
    def approve(self, by: str | int) -> None:
        """Somebody presses the last Approve."""
        self.press("yes", by, 1)

    @precondition(lambda self: self._paid())
    @rule(maker=st.sampled_from((cast.ADMIN, cast.BOTH_CASHIER)), whole=st.booleans())
    def type_refund(self, maker: int, whole: bool) -> None:
        """Somebody wants to give money back."""
        paid = self._paid()[-1]
        chat = cast.SHOP if paid["desk_id"] == cast.SHOP_DESK else cast.MARKET
        amount = Decimal(paid["amount_minor"]) / 100 / (1 if whole else 2)
        typed = Typed(maker, "refund", cast.ORDINARY[0], amount)
        self._write(maker, chat, f"/refund {paid['short_code']} {amount} broken", typed)

    def _paid(self) -> list[Any]:
        query = "SELECT * FROM txn WHERE kind = 'request_to_pay' AND state = 'SUCCESSFUL' ORDER BY id"
        return list(self.world.conn.execute(query).fetchall())

    @rule(who=st.sampled_from((*DECIDERS, cast.SHOP_CASHIER)), what=st.sampled_from(("freeze strange", *THAWS)))
    def stop_or_go_on(self, who: int, what: str) -> None:
        """Somebody stops all sending, or agrees that it goes on."""
        self.world.alarms.expect("person")
        self._write(who, who, f"/{what}")

    @rule(user=st.sampled_from((cast.SHOP_CASHIER, cast.BOTH_CASHIER)), role=st.sampled_from(("none", "cashier")))
    def change_role(self, user: int, role: str) -> None:
        """An owner takes a cashier's role in the shop away, or gives it back."""
        self._write(cast.OWNER, cast.SHOP, f"/role {user} {role}")

    def _write(self, user_id: int, chat_id: int, text: str, typed: Typed | None = None) -> None:
        update_id = self.world.telegram.write(user_id, chat_id, text)
        if update_id is not None and typed is not None:
            self.world.judge.typed[update_id] = typed
        self._pass(SHORT)

    @precondition(lambda self: self.people.buttons)
    @rule(verb=st.sampled_from(VERBS), by=st.sampled_from(("maker", *PRESSERS)), times=st.sampled_from((1, 3)))
    def press(self, verb: str, by: str | int, times: int) -> None:
        """Somebody presses the last button of a kind, perhaps several times at once."""
        shown = [button for button in self.people.buttons if button[2].startswith(f"{verb}:")]
        if not shown:
            return
        chat_id, message_id, data = shown[-1]
        user_id = self._maker(data) if by == "maker" else int(by)
        for _ in range(times):
            self.world.telegram.press(user_id if chat_id < 0 else chat_id, chat_id, message_id, data)
        self._pass(SHORT)

    def _maker(self, data: str) -> int:
        code = data.split(":")[1]
        row = self.world.conn.execute("SELECT maker_id FROM txn WHERE short_code = ?", (code,)).fetchone()
        return int(row["maker_id"]) if row else cast.OWNER

    @rule(seconds=st.sampled_from(LONG))
    def time_passes(self, seconds: float) -> None:
        """Nobody does anything for a while."""
        self._pass(seconds)

    @rule(trouble=st.sampled_from(MTN))
    def mtn_gets(self, trouble: str) -> None:
        """One thing goes wrong at MTN from now on; or nothing does."""
        for name in MTN[1:]:
            setattr(self.knobs, name, 1.0 if name == trouble else 0.0)

    @rule(trouble=st.sampled_from(TELEGRAM))
    def telegram_gets(self, trouble: str) -> None:
        """The same with Telegram."""
        for name in TELEGRAM[1:]:
            setattr(self.knobs, name, 0.5 if name == trouble else 0.0)

    @rule(boundary=st.integers(1, 40))
    def die_soon(self, boundary: int) -> None:
        """The bot dies at one of the next boundaries."""
        self.kills.after = boundary

    @rule(status=st.sampled_from(("SUCCESSFUL", "FAILED")))
    def forge_callback(self, status: str) -> None:
        """Somebody knows the address of the last transaction and knocks in MTN's name."""
        row = self.world.conn.execute("SELECT callback_token FROM txn ORDER BY id DESC LIMIT 1").fetchone()
        if row is not None:
            self.world.network.call_back(callback_url(row["callback_token"]), status)
        self._pass(SHORT)

    @invariant()
    def nothing_is_broken(self) -> None:
        """Demand that no predicate was broken so far."""
        if hasattr(self, "world"):
            assert self.world.judge.violations == []

    def teardown(self) -> None:
        """Let the faults stop: the world must come to rest, and everything must add up."""
        if hasattr(self, "world"):
            if not self.world.judge.violations:
                self.world.let(self.world.settle())
            self.lasting.close()
            assert self.world.judge.violations == []


def play(programs: int, steps: int, *, derandomize: bool = False) -> None:
    """Play so many programs of at most so many steps; raise what the shortest bad one breaks, after printing it."""
    engine.MAX_SHRINKING_SECONDS = LONGEST_SHRINKING
    how = settings(
        max_examples=programs,
        stateful_step_count=steps,
        derandomize=derandomize,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(Till, settings=how)

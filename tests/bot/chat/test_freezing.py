"""/freeze, /thaw and /correct as people type them, and another program that fetches our updates."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from telegram.error import Conflict

from bot.chat import cards
from bot.chat.dispatch import Dispatcher
from bot.domain.freezing import Anomaly
from bot.domain.transactions import State
from bot.store import freezes
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.samples import KAMPALA, UNTIL, view
from tests.bot.chat.town import Town
from tests.bot.chat.voice import Shop
from tests.support.clock import Clock
from tests.support.store import MemoryStore
from tests.support.till import POLICY

pytestmark = JOURNEY


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def moving(town: Town) -> AsyncIterator[None]:
    """Let sending go on after each test: a stop is of the whole bot."""
    yield
    await town.store.tx(lambda tx: tx.conn.execute("DROP TRIGGER IF EXISTS freeze_ends"))
    await town.store.tx(lambda tx: [freezes.end(tx, freeze.id) for freeze in freezes.all_in_force(tx.conn)])


async def test_a_stop_is_told_in_the_till_and_two_people_let_it_go_on(shop: Shop) -> None:
    shop.admin.type("/freeze phone <lost>")
    await shop.owner.sees("Sending is stopped by Admin: phone <lost>.")
    shop.cashier.type("/pay 46733123101 5 Milk")
    await shop.cashier.sees("Sending is stopped, for", "by Admin: phone <lost>", "Nothing is lost")
    shop.admin.type("/thaw")
    await shop.admin.sees("Admin agrees that sending goes on. One more person")
    shop.owner.type("/thaw")
    await shop.cashier.sees("Sending goes on; Admin and Owner agreed.")
    assert await shop.cashier.done("/pay 46733123101 5 Milk")


async def test_a_card_confirmed_before_says_that_it_waits_and_leaves_when_sending_goes_on(shop: Shop) -> None:
    card = await shop.cashier.card("/pay 46733123102 6 Milk")
    shop.owner.type("/freeze")
    await shop.cashier.sees("Sending is stopped by Owner.")
    assert "Sending is stopped" in await shop.cashier.press(card, "Confirm")
    shop.owner.type("/thaw")
    await shop.owner.sees("one more person must agree")
    shop.admin.type("/thaw")
    await shop.admin.sees("Done: sending goes on.")
    await shop.cashier.press(card, "Confirm")
    await shop.cashier.sees("was successful")


@pytest.mark.parametrize("command", ["/freeze", "/thaw", "/correct ABC234 x"])
async def test_a_cashier_stops_and_corrects_nothing(shop: Shop, command: str) -> None:
    shop.cashier.type(command)
    await shop.cashier.sees("Your role here, cashier, does not include this.")


async def test_a_correction_is_shown_with_the_transaction(shop: Shop) -> None:
    code = await shop.cashier.done("/pay 46733123103 7 Milk")
    admin = shop.admin.elsewhere(shop.chat_id)
    admin.type(f"/correct {code} Paid back in cash")
    await admin.sees(f"Noted with {code}")
    shop.cashier.type(f"/status {code}")
    await shop.cashier.sees("It is successful", "Admin: Paid back in cash")
    admin.type(f"/correct {code}")
    await admin.sees("What really happened?")


async def test_the_card_of_what_waits_says_that_sending_is_stopped_and_until_when() -> None:
    waiting = replace(view(state=State.READY, send_by=UNTIL), frozen=True)
    assert "sending is stopped" in cards.card(waiting, KAMPALA, sandbox=True)
    assert "before 12:05." in cards.card(waiting, KAMPALA, sandbox=True)


class OtherProgram:
    """A Telegram that always says the same about getUpdates; and the application around it."""

    def __init__(self, words: str) -> None:
        self.words: str | None = words
        self.clock = Clock()
        self.bot = self.bot_data = self
        self.store, self.policy = MemoryStore(self.clock), POLICY
        self.webhooks_deleted = 0

    async def do_api_request(self, *_: object, **__: object) -> list[object]:
        if self.words is not None:
            raise Conflict(self.words)
        return []

    async def delete_webhook(self, **_: object) -> None:
        self.webhooks_deleted += 1

    async def polls(self, *pauses: int) -> list[str]:
        """Poll after each of these pauses, in seconds; return the anomalies."""
        dispatcher = self.dispatcher = getattr(self, "dispatcher", None) or Dispatcher(self)  # type: ignore[arg-type]
        for pause in pauses:
            self.clock.forward(seconds=pause)
            try:
                await dispatcher.fetch(0)
            except Conflict:
                continue
        return [row["kind"] for row in self.store.conn.execute("SELECT kind FROM anomaly")]


RIVAL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


async def test_two_of_our_polls_a_minute_apart_that_meet_another_program_stop_all_sending() -> None:
    telegram = OtherProgram(RIVAL)
    assert await telegram.polls(0, 30, 29) == []
    assert await telegram.polls(1) == [Anomaly.TOKEN_ELSEWHERE]


async def test_a_good_poll_in_between_begins_the_minute_anew() -> None:
    telegram = OtherProgram(RIVAL)
    await telegram.polls(0)
    telegram.words = None
    await telegram.polls(30)
    telegram.words = RIVAL
    assert await telegram.polls(30, 59) == []


async def test_a_webhook_somebody_set_is_taken_away_and_stops_nothing() -> None:
    telegram = OtherProgram(WEBHOOK)
    assert await telegram.polls(0, 60, 60) == []
    assert telegram.webhooks_deleted == 3

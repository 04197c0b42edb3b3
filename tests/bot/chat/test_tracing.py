"""The log of a payment can be followed by one name, from what somebody typed to the message that tells its end."""

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from bot import logs
from tests.bot.chat.conftest import JOURNEY
from tests.bot.chat.town import Town
from tests.bot.chat.voice import Shop

pytestmark = JOURNEY


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """The log, put back afterwards."""
    root, hook, kept = logging.getLogger(), sys.excepthook, structlog.get_config()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    logs.configure("INFO", stream=stream)
    yield stream
    sys.excepthook = hook
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.configure(**kept)


async def test_a_payment_keeps_its_trace_over_presses_and_restarts(town: Town, shop: Shop, out: io.StringIO) -> None:
    card = await shop.cashier.card("/pay 46733123999 5.55 rent")
    await town.restart()
    await shop.cashier.press(card, "Confirm")
    await shop.cashier.sees("was successful")
    shop.cashier.type("/cancel")
    await shop.cashier.sees("no open question")  # what is told before was logged before

    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    (trace,) = {line["trace"] for line in lines if "txn" in line}
    ours = [line["event"] for line in lines if line.get("trace") == trace]
    assert ours.count("update handled") == 2
    assert set(ours) == {"update handled", "name asked", "attempt", "lookup", "message"}
    assert {line["event"] for line in lines if "trace" not in line} & set(ours) == set()
    assert len({line["trace"] for line in lines if "trace" in line}) == 2  # the other is of /cancel

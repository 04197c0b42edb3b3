"""Which document is made how, by the name its outbox row gives."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.chat.documents import export, receipt, report
from bot.chat.documents.desk import Desk
from bot.chat.documents.paper import Paper
from bot.chat.language import speak

Maker = Callable[[Desk, dict[str, Any]], Awaitable[Paper | None]]

MAKERS: dict[str, Maker] = {
    "receipt text": receipt.words,
    "receipt": receipt.page,
    "report": report.chart,
    "export": export.part,
}


async def make(desk: Desk, order: dict[str, Any]) -> Paper | None:
    """Make what an outbox row asks for, in the language it was asked in; None: there is nothing to send now."""
    with speak(order["language"]):
        return await MAKERS[order["document"]](desk, order)

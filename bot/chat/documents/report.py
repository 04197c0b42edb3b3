"""The report of a period: a chart with its totals, or the totals alone where there is nothing to draw."""

import asyncio
from datetime import date
from typing import Any

from bot.chat import reports
from bot.chat.documents.desk import Desk
from bot.chat.documents.paper import File, Paper
from bot.chat.language import _, current
from bot.domain.periods import Period
from bot.service import reports as added_up


async def chart(desk: Desk, order: dict[str, Any]) -> Paper:
    """Return the picture of a period, captioned with its totals."""
    period = Period(date.fromisoformat(order["first"]), date.fromisoformat(order["last"]), desk.zone)
    report = await added_up.compose(desk.store, desk.policy, order["desk_id"], period)
    caption = reports.caption(report, sandbox=desk.sandbox)
    if not report.done:
        return Paper(caption)
    title = _("In and out per day, {currency}").format(currency=report.currency)
    picture = await asyncio.to_thread(_render, report.days, title, _("In"), _("Out"), current())
    return Paper(caption, File(picture, f"report-{period.first}-{period.last}.png", is_picture=True))


def _render(*what: Any) -> bytes:
    """Draw the picture; called away from the event loop, since the first import takes its time."""
    from bot.chat.documents import chart as drawing  # not paid for until a report is wanted

    return drawing.render(*what)

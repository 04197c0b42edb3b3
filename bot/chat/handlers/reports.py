"""/report and /export: money in and out of a period, as a chart and as a table."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.handlers.desk import seat_to_read
from bot.chat.language import current
from bot.chat.periods import demand_at_most, parse_period
from bot.service import exports, reports
from bot.store.database import Tx

LONGEST_REPORT_DAYS = 366


async def report(_update: Update, context: Context) -> None:
    """Have the chart of a period sent here; of today, if none is named."""

    def ask(tx: Tx) -> None:
        seat = seat_to_read(tx, context)
        if seat is None:
            return
        period = parse_period(context.arguments() or "today", tx.now, context.till.zone, "/report")
        demand_at_most(LONGEST_REPORT_DAYS, period, "/report")
        reports.ask(tx, context.place, seat.desk.id if seat.desk else None, period, language=current())

    await context.commit(ask)


async def export(_update: Update, context: Context) -> None:
    """Have a table of a period sent here; a workbook of this month, unless another form or other days are named."""

    def ask(tx: Tx) -> None:
        seat = seat_to_read(tx, context)
        if seat is None:
            return
        form, days = _form_and_days(context.arguments())
        period = parse_period(days or "month", tx.now, context.till.zone, f"/export {form}")
        exports.ask(tx, seat, context.place, form, period, language=current())

    await context.commit(ask)


def _form_and_days(typed: str) -> tuple[str, str]:
    """Take the form, if one is named first or last, and the days apart."""
    words = typed.split()
    for place in (0, -1):
        if words and words[place].lower() in exports.FORMS:
            form = words.pop(place).lower()
            return form, " ".join(words)
    return exports.FORMS[0], typed

"""/report: money in and out of a period."""

from telegram import Update

from bot.chat.context import Context
from bot.chat.handlers.desk import seat_to_read
from bot.chat.language import current
from bot.chat.periods import demand_at_most, parse_period
from bot.service import reports
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

"""What a report says under its chart. All of it is HTML."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from babel.dates import format_date

from bot.chat.formats import escape, money
from bot.chat.language import _, current, later, ngettext
from bot.domain.periods import Period
from bot.domain.transactions import Kind, State
from bot.service.reports import Report

T = TypeVar("T", Kind, State)

LONGEST_TILL = 100
DONE = {
    Kind.REQUEST_TO_PAY: later("Requests: {n}"),
    Kind.TRANSFER: later("Payments: {n}"),
    Kind.DEPOSIT: later("Deposits: {n}"),
    Kind.REFUND: later("Refunds: {n}"),
    Kind.WITHDRAW: later("Withdrawals: {n}"),
}
NOT_DONE = {
    State.FAILED: later("failed: {n}"),
    State.REJECTED: later("refused by MTN: {n}"),
    State.UNSENT: later("never reached MTN: {n}"),
    State.CANCELLED: later("cancelled: {n}"),
    State.EXPIRED: later("not confirmed or approved in time: {n}"),
}


def caption(report: Report, *, sandbox: bool) -> str:
    """Return the totals of a period."""
    till = escape(report.till[:LONGEST_TILL]) if report.till else _("Every till")
    world = [f"⚠️ {_('Sandbox: no real money moved.')}"] if sandbox else []
    return "\n".join([f"📊 <b>{till}</b>, {days(report.period)}", *world, *_sums(report), *_counts(report)])


def _sums(report: Report) -> list[str]:
    if not report.done:
        return [_("Nothing went through in these days.")]
    fees = [_("Fees by your table: {amount}").format(amount=money(report.fees, current()))] if report.fees else []
    return [
        _("In: {amount}").format(amount=f"<b>{money(report.money_in, current())}</b>"),
        _("Out: {amount}").format(amount=f"<b>{money(report.money_out, current())}</b>"),
        _("Net: {amount}").format(amount=f"<b>{money(report.net, current())}</b>"),
        *fees,
    ]


def _counts(report: Report) -> list[str]:
    lines = [_named(report.done, DONE)] if report.done else []
    if report.not_done:
        lines.append(_("Did not go through: {what}").format(what=_named(report.not_done, NOT_DONE)))
    if report.open_count:
        n = report.open_count
        lines.append(
            ngettext("{n} is still open and not counted.", "{n} are still open and not counted.", n).format(n=n)
        )
    return lines


def _named(counts: Counter[T], words: Mapping[T, str]) -> str:
    return ", ".join(_(sentence).format(n=counts[what]) for what, sentence in words.items() if counts[what])


def days(period: Period) -> str:
    """Return the days of a period as people write them."""
    if period.first == period.last:
        return day(period.first)
    return f"{day(period.first)} – {day(period.last)}"


def day(one: date) -> str:
    """Return a day as people write it."""
    return format_date(one, "d MMM y", locale=current())

"""/audit: the trail, for those who may read it."""

from telegram import Update

from bot.chat import trails
from bot.chat.context import Context
from bot.chat.formats import escape, money, number
from bot.chat.handlers.desk import choose_desk
from bot.chat.language import _
from bot.chat.parsing import parse_reference
from bot.chat.words import kind_word
from bot.domain.roles import Role
from bot.service import history, trail
from bot.service.seats import Seat
from bot.store.database import Tx

# A short code has six characters, also when all of them are digits.
LONGEST_PAGE_NUMBER = 4


async def audit(_update: Update, context: Context) -> None:
    """Show the last events of this till, or all of one transaction; a number behind it turns the page."""

    def show(tx: Tx) -> None:
        seat = trail.scope(tx, context.policy, context.seat(tx))
        if seat is None:
            choose_desk(tx, context)
            return
        reference, number = _typed(context.arguments())
        page = trail.read(tx, seat, reference, number)
        context.say(tx, trails.page(page, context.till.zone, _title(tx, seat, reference)))

    await context.commit(show)


def _typed(arguments: str) -> tuple[str | None, int]:
    """Take the reference and the number of the page apart; either may be missing."""
    words = arguments.split()
    turned = bool(words) and words[-1].isdecimal() and words[-1].isascii() and len(words[-1]) <= LONGEST_PAGE_NUMBER
    number = max(int(words.pop()), 1) if turned else 1
    return (parse_reference(" ".join(words)) if words else None), number


def _title(tx: Tx, seat: Seat, reference: str | None) -> str:
    if reference is None:
        own = seat.desk if not seat.sees_all else None
        return _("The trail of {desk}").format(desk=escape(own.title)) if own else _("The trail of every till")
    txn = history.find(tx, seat, reference)
    shown = number(txn.msisdn, masked=seat.role is Role.AUDITOR)
    return _("The trail of {code}: {kind}, {amount}, {number}").format(
        code=txn.short_code, kind=kind_word(txn.kind), amount=money(txn.amount), number=shown
    )

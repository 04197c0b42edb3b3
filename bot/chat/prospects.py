"""The lines on a card for whoever decides: the amount in words, the fee, what is left of the limits, the balance."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.balances import age
from bot.chat.formats import clock_time, money
from bot.chat.language import _
from bot.chat.spelling import spell
from bot.service.prospects import Prospects
from bot.service.views import CardView


def in_words(view: CardView) -> list[str]:
    """Return the amount in words, while it can still be stopped."""
    txn = view.txn
    return [] if view.prospects is None else [f"<i>{spell(txn.amount, txn.decimals)}</i>"]


def lines(view: CardView, zone: ZoneInfo) -> list[str]:
    """Return what confirming would mean, as far as it is known."""
    what = view.prospects
    if what is None:
        return []
    fee = [] if what.fee is None else [_("Fee: {fee} (by your own table)").format(fee=money(what.fee))]
    left = [] if what.left is None else [_("Left of today's limit after this: {left}").format(left=money(what.left))]
    return [*fee, *left, *_balance(what, view.now, zone)]


def _balance(what: Prospects, now: datetime, zone: ZoneInfo) -> list[str]:
    if what.balance is None:
        return []
    known = {"time": clock_time(what.balance.at, zone), "age": age(now, what.balance.at)}
    if what.after is None:
        sentence = _("⚠️ The account held less than this: {amount} (at {time}, {age})")
        return [sentence.format(amount=money(what.balance.available), **known)]
    return [_("Balance after this: {amount} (going by {time}, {age})").format(amount=money(what.after), **known)]
